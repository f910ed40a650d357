/* SPDX-License-Identifier: Apache-2.0 */
/* JSONTestSuite: y_ must be accepted, n_ refused, i_ anything but a crash. */
#include <dirent.h>
#include <stdio.h>

#include "base/file.h"
#include "decode/json/json.h"
#include "err_words.h"
#include "json_text.h"
#include "tap.h"

static void run_file(struct json_decoder *d, const char *dir, const char *name)
{
    struct buf content = BUF_INIT(1 << 20);
    struct err err = ERR_INIT;
    char path[5000];
    struct event e;
    uint8_t *p;
    int r;

    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    if (file_read(path, &content, &err) < 0) {
        ok(false, "%s: %s", name, err_words(&err));
        return;
    }
    p = padded(buf_slice(&content));
    r = json_decode(d, slice_of(p, content.len), &e, &err);
    ok(name[0] == 'i' || (name[0] == 'y') == (r == 0), "%s", name);
    free(p);
    buf_done(&content);
}

int main(void)
{
    const char *data = tap_data_dir();
    struct keys *keys = keys_new();
    struct json_decoder *d = json_decoder_new(keys, &decode_default_limits);
    struct dirent **names;
    char dir[4200];
    int n;

    (void)snprintf(dir, sizeof(dir), "%s/jsontestsuite/test_parsing", data ? data : "");
    n = data ? scandir(dir, &names, NULL, alphasort) : -1;
    if (n < 0)
        tap_skip("no JSONTestSuite");
    for (int i = 0; i < n; i++) {
        if (strstr(names[i]->d_name, ".json") != NULL)
            run_file(d, dir, names[i]->d_name);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    json_decoder_free(d);
    keys_free(keys);
    return tap_done();
}
