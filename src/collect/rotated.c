/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "collect/rotated.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "collect/packed.h"

enum { PATH_BYTES = 2048 };

/* A file beside the log. */
struct sibling {
    const char *path, *suffix; /* suffix: what its name has more than the log's */
    int fd;                    /* whoever takes it sets it to -1 */
    struct stat st;
};

/* A look for one of them. */
struct rotated_look {
    const struct rotated_log *log;
    bool (*fits)(const struct rotated_look *look, const struct sibling *x);
    const struct stat *read, *path;
    struct timespec written;
    int64_t since;
    bool first;     /* the one written first, else the one written last */
    uint64_t count; /* of those that fit but are packed, where they are counted */
    int found;
    struct timespec best;
};

static bool is_later(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

static void take_better(struct rotated_look *look, struct sibling *x)
{
    const struct timespec *t = &x->st.st_mtim;

    if (look->found >= 0 && !(look->first ? is_later(&look->best, t) : is_later(t, &look->best)))
        return;
    fd_closep(&look->found);
    look->found = fd_take(&x->fd);
    look->best = *t;
}

static void each_sibling(struct rotated_look *look,
                         void (*visit)(struct rotated_look *look, struct sibling *x))
{
    size_t n = strlen(look->log->name);
    DIR *d = opendir(look->log->folder);
    struct dirent *e;

    for (unsigned i = 0; d && i < ROTATED_NAMES && (e = readdir(d)) != NULL; i++) {
        char path[PATH_BYTES];
        struct sibling x = {.path = path, .suffix = e->d_name + n};

        if (strncmp(e->d_name, look->log->name, n) != 0 || e->d_name[n] == 0)
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", look->log->folder, e->d_name);
        x.fd = follow_open(path, &x.st);
        if (x.fd >= 0 && look->fits(look, &x))
            visit(look, &x);
        fd_closep(&x.fd);
    }
    if (d)
        (void)closedir(d);
}

static int find_sibling(struct rotated_look *look)
{
    look->found = -1;
    each_sibling(look, take_better);
    return look->found;
}

static bool is_same(const struct rotated_look *look, const struct sibling *x)
{
    const struct follow_cursor *c = look->log->cursor;

    return x->st.st_dev == c->dev && x->st.st_ino == c->ino &&
           (uint64_t)x->st.st_size >= c->offset && follow_begins_as(x->fd, c);
}

int rotated_same(const struct rotated_log *log)
{
    return find_sibling(&(struct rotated_look){.log = log, .fits = is_same});
}

static bool is_copy(const struct rotated_look *look, const struct sibling *x)
{
    const struct follow_cursor *c = look->log->cursor;

    return c->head_n > 0 && (uint64_t)x->st.st_size >= c->offset && follow_begins_as(x->fd, c);
}

int rotated_copy(const struct rotated_log *log)
{
    return find_sibling(&(struct rotated_look){.log = log, .fits = is_copy});
}

static bool begins_as(int fd, const void *cursor)
{
    return follow_begins_as(fd, cursor);
}

static bool is_packed(const struct rotated_look *look, const struct sibling *x)
{
    return look->log->cursor->head_n > 0 && is_packed_name(x->suffix);
}

/* Only one that would be better is unpacked. */
static void take_unpacked(struct rotated_look *look, struct sibling *x)
{
    const struct follow_cursor *c = look->log->cursor;
    struct sibling unpacked = *x;

    if (look->found >= 0 && !is_later(&x->st.st_mtim, &look->best))
        return;
    unpacked.fd = packed_open(x->path, c->offset, c->head_n, begins_as, c);
    if (unpacked.fd >= 0)
        take_better(look, &unpacked);
}

int rotated_packed(const struct rotated_log *log, struct timespec *ret_written)
{
    struct rotated_look look = {.log = log, .fits = is_packed, .found = -1};

    each_sibling(&look, take_unpacked);
    *ret_written = look.best;
    return look.found;
}

/* What a rotation adds to a name: .1, -20261129, .2026-11-29 … */
static size_t rotated_suffix(const char *suffix)
{
    return strspn(suffix, "0123456789.-_");
}

static bool is_rotated_name(const char *suffix)
{
    return suffix[0] && suffix[rotated_suffix(suffix)] == 0;
}

/* The same, and packed: .1.gz … */
static bool is_packed_rotation(const char *suffix)
{
    return is_packed_name(suffix) && strrchr(suffix, '.') + 1 == suffix + rotated_suffix(suffix);
}

static bool is_next(const struct rotated_look *look, const struct sibling *x)
{
    return is_rotated_name(x->suffix) &&
           (x->st.st_dev != look->path->st_dev || x->st.st_ino != look->path->st_ino) &&
           is_later(&x->st.st_mtim, &look->read->st_mtim);
}

int rotated_next(const struct rotated_log *log, const struct stat *read, const struct stat *path)
{
    return find_sibling(&(struct rotated_look){
        .log = log, .fits = is_next, .read = read, .path = path, .first = true});
}

static bool is_packed_later(const struct rotated_look *look, const struct sibling *x)
{
    return is_packed_rotation(x->suffix) && is_later(&x->st.st_mtim, &look->written);
}

static void count_one(struct rotated_look *look, struct sibling *x)
{
    (void)x;
    look->count++;
}

uint64_t rotated_packed_later(const struct rotated_log *log, const struct timespec *written)
{
    struct rotated_look look = {.log = log,
                                .fits = is_packed_later,
                                .written = *written,
                                .found = -1};

    each_sibling(&look, count_one);
    return look.count;
}

/* When the file came into being; 0: the file system does not say. */
static int64_t log_born(int fd)
{
    struct statx st;

    if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &st) < 0 || !(st.stx_mask & STATX_BTIME))
        return 0;
    return st.stx_btime.tv_sec * TIME_SECOND + st.stx_btime.tv_nsec;
}

static bool is_unseen(const struct rotated_look *look, const struct sibling *x)
{
    return (is_packed_name(x->suffix) || is_rotated_name(x->suffix)) &&
           log_born(x->fd) > look->since;
}

static void take_unseen(struct rotated_look *look, struct sibling *x)
{
    if (is_packed_name(x->suffix))
        look->count++;
    else
        take_better(look, x);
}

int rotated_unseen(const struct rotated_log *log, int64_t since, uint64_t *lost)
{
    struct rotated_look look = {
        .log = log, .fits = is_unseen, .since = since, .first = true, .found = -1};

    each_sibling(&look, take_unseen);
    *lost += look.count;
    return look.found;
}
