/* SPDX-License-Identifier: Apache-2.0 */
/* The files in the program are the files of the source tree, all of them, in order. */
#include "data/data.h"

#include <stdio.h>

#include "base/file.h"
#include "err_words.h"
#include "tap.h"

static void test_file(const struct data_folder *folder, const struct data_file *f)
{
    struct buf text = BUF_INIT(1 << 24);
    struct err err = ERR_INIT;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/%s/%s", tap_source_dir(), folder->name, f->name);
    is_int(file_read(path, &text, &err), 0, "%s/%s is in the tree %s", folder->name, f->name,
           err_words(&err));
    ok(slice_eq(buf_slice(&text), data_bytes(f)), "%s/%s is the same", folder->name, f->name);
    ok(data_find(folder, slice_str(f->name)) == f, "%s/%s is found", folder->name, f->name);
    buf_done(&text);
}

int main(void)
{
    const struct data_folder *mappings = data_folder("mappings");

    ok(mappings != NULL && mappings->count >= 6, "there are mappings");
    ok(data_folder("rules") != NULL && data_folder("rules")->count >= 20, "there are rules");
    ok(data_folder("nothing") == NULL, "there is no other folder");
    for (size_t i = 0; i < data_folder_count; i++)
        for (size_t j = 0; j < data_folders[i].count; j++)
            test_file(&data_folders[i], &data_folders[i].files[j]);
    ok(data_find(mappings, SLICE("windows-sysmon.yml")) != NULL, "found by name");
    ok(data_find(mappings, SLICE("windows-sysmon")) == NULL, "a part of a name is none");
    ok(data_find(mappings, SLICE("zzz")) == NULL, "nothing behind the last");
    ok(data_find(mappings, SLICE("")) == NULL, "nothing before the first");
    return tap_done();
}
