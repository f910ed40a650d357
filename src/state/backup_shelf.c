/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "base/time.h"
#include "state/backup.h"

enum { STAMP_CHARS = 18 }; /* 2026-11-22T073000Z */

void state_backup_shelf(struct slice state, struct buf *out)
{
    while (state.n > 1 && state.p[state.n - 1] == '/')
        state.n--;
    buf_append_slice(out, state);
    buf_puts(out, "-backup");
}

void state_backup_stamp(int64_t now, struct buf *out)
{
    struct civil c;

    time_to_civil(now, 0, &c);
    buf_printf(out, "/%04d-%02u-%02uT%02u%02u%02uZ", c.year, c.month, c.day, c.hour, c.minute,
               c.second);
}

/* The time that a name tells; 0: it is none of ours. */
static int64_t time_of(const char *name)
{
    struct buf text = BUF_INIT(40);
    int64_t t = 0;

    if (strlen(name) == STAMP_CHARS && name[10] == 'T')
        buf_printf(&text, "%.13s:%.2s:%.2sZ", name, name + 13, name + 15);
    if (text.len == 0 || time_parse(buf_slice(&text), 0, &t, NULL) < 0)
        t = 0;
    buf_done(&text);
    return t;
}

static uint64_t bytes_of(const char *folder, const char *name)
{
    struct buf path = BUF_INIT(4096);
    struct stat st;
    bool there;

    buf_printf(&path, "%s/%s/state.db", folder, name);
    there = stat(buf_cstr(&path), &st) == 0;
    buf_done(&path);
    return there ? (uint64_t)st.st_size : 0;
}

/* Puts it where it belongs, the newest first; what is older than all falls off the end. */
static void shelf_insert(struct state_backup_item *list, size_t *n, size_t most,
                         const struct state_backup_item *x)
{
    size_t at = *n;

    while (at > 0 && strcmp(list[at - 1].name, x->name) < 0)
        at--;
    if (at == most)
        return;
    *n = CANH_MIN(*n + 1, most);
    memmove(&list[at + 1], &list[at], (*n - at - 1) * sizeof(*list));
    list[at] = *x;
}

size_t state_backup_list(const char *shelf, struct state_backup_item *list, size_t most)
{
    DIR *d = opendir(shelf);
    struct dirent *e;
    size_t n = 0;

    while (d != NULL && most > 0 && (e = readdir(d)) != NULL) {
        struct state_backup_item x = {.made_at = 0};
        size_t chars = strlen(e->d_name);

        if (chars >= sizeof(x.name) || strchr(e->d_name, '.') != NULL)
            continue;
        memcpy(x.name, e->d_name, chars + 1);
        shelf_insert(list, &n, most, &x);
    }
    if (d != NULL)
        (void)closedir(d);
    for (size_t i = 0; i < n; i++) {
        list[i].made_at = time_of(list[i].name);
        list[i].bytes = bytes_of(shelf, list[i].name);
    }
    return n;
}
