/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "rules.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "tap.h"

struct walk {
    void (*fn)(void *ctx, struct slice path, struct slice text);
    void *ctx;
    struct buf text;
    unsigned count;
};

static void walk(struct walk *w, const char *folder)
{
    struct dirent **names;
    int n = scandir(folder, &names, NULL, alphasort);

    for (int i = 0; i < n; i++) {
        const char *name = names[i]->d_name;
        char path[4096];

        (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
        if (names[i]->d_type == DT_DIR && name[0] != '.' && strcmp(name, "mapping") != 0)
            walk(w, path);
        buf_clear(&w->text);
        if (slice_ends(slice_str(name), SLICE(".yml")) && file_read(path, &w->text, NULL) >= 0) {
            w->fn(w->ctx, slice_str(path), buf_slice(&w->text));
            w->count++;
        }
        free(names[i]);
    }
    if (n >= 0)
        free(names);
}

unsigned rules_each(void (*fn)(void *ctx, struct slice path, struct slice text), void *ctx)
{
    struct walk w = {.fn = fn, .ctx = ctx, .text = BUF_INIT(1 << 24)};
    char root[4096];

    if (tap_data_dir() == NULL)
        return 0;
    (void)snprintf(root, sizeof(root), "%s/sigma-rules", tap_data_dir());
    walk(&w, root);
    buf_done(&w.text);
    return w.count;
}
