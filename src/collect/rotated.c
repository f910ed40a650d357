/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "collect/rotated.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { PATH_BYTES = 2048, NO_WRAP = 4 << 20 /* gzip of so much holds less than 4 GiB */ };

/* A file beside the log. */
struct sibling {
    const char *suffix; /* what its name has more than the log's */
    int fd;
    struct stat st;
    bool packed; /* by its name */
    enum packed_state state;
    struct packed_about about;
    int64_t written; /* the log */
};

/* Which of them is wanted, and what was found of it. */
struct rotated_query {
    const struct rotated_log *log;
    /* By its name and what stat() says alone; by what is in it. */
    bool (*may_fit)(struct rotated_query *q, const struct sibling *x);
    bool (*fits)(struct rotated_query *q, const struct sibling *x);
    const struct stat *path;
    int64_t from, to;
    bool first;     /* the one written first, else the one written last */
    bool crowded;   /* no more may be unpacked */
    int64_t coming; /* when one was written that fits but has to be waited for; INT64_MAX: none */
    uint64_t count;
    unsigned names; /* of files that may fit */
    struct rotated_file best;
};

void rotated_done(struct rotated_file *x)
{
    fd_closep(&x->fd);
    x->packed = packed_close(x->packed);
}

void rotated_sized_end(struct rotated_sized *s)
{
    if (s->counting)
        s->dev = s->ino = 0;
    s->counting = packed_close(s->counting);
}

static bool sibling_look(struct sibling *x, const char *path)
{
    x->packed = is_packed_name(x->suffix);
    return lstat(path, &x->st) == 0 && S_ISREG(x->st.st_mode);
}

static bool sibling_open(struct sibling *x, const char *path)
{
    x->fd = follow_open(path, &x->st);
    if (x->fd < 0)
        return false;
    x->state = x->packed ? packed_about(x->fd, &x->about) : PACKED_NOT;
    x->written = follow_written(&x->st);
    /* what gzip noted has no fractions */
    if (x->about.written && x->about.written < x->written - TIME_SECOND)
        x->written = x->about.written;
    return true;
}

static void each_sibling(struct rotated_query *q,
                         void (*visit)(struct rotated_query *q, struct sibling *x))
{
    size_t n = strlen(q->log->name);
    DIR *d = opendir(q->log->folder);
    struct dirent *e;

    q->crowded = !packed_has_room() && (q->log->sized == NULL || q->log->sized->counting == NULL);
    while (d && (e = readdir(d)) != NULL) {
        char path[PATH_BYTES];
        struct sibling x = {.suffix = e->d_name + n, .fd = -1};

        if (strncmp(e->d_name, q->log->name, n) != 0 || e->d_name[n] == 0)
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", q->log->folder, e->d_name);
        if (!sibling_look(&x, path) || !q->may_fit(q, &x) || ++q->names > ROTATED_NAMES)
            continue;
        if (sibling_open(&x, path) && q->fits(q, &x))
            visit(q, &x);
        fd_closep(&x.fd);
    }
    if (d)
        (void)closedir(d);
}

static bool is_better(const struct rotated_query *q, const struct sibling *x)
{
    if (q->best.fd < 0)
        return true;
    return q->first ? x->written < q->best.written : x->written > q->best.written;
}

static void take_file(struct rotated_query *q, struct sibling *x, struct rotated_file *file)
{
    rotated_done(&q->best);
    q->best = *file;
    q->best.st = x->st;
    q->best.written = x->written;
}

static void take_plain(struct rotated_query *q, struct sibling *x)
{
    struct rotated_file file = {.fd = x->fd};

    if (!is_better(q, x))
        return;
    x->fd = -1;
    take_file(q, x, &file);
}

static bool rotated_find(struct rotated_query *q,
                         void (*visit)(struct rotated_query *q, struct sibling *x),
                         struct rotated_file *ret)
{
    q->best = (struct rotated_file){.fd = -1};
    each_sibling(q, visit);
    *ret = q->best;
    return ret->fd >= 0;
}

static bool may_be_same(struct rotated_query *q, const struct sibling *x)
{
    const struct follow_cursor *c = q->log->cursor;

    return x->st.st_dev == c->dev && x->st.st_ino == c->ino && (uint64_t)x->st.st_size >= c->offset;
}

static bool is_same(struct rotated_query *q, const struct sibling *x)
{
    return may_be_same(q, x) && follow_begins_as(x->fd, q->log->cursor);
}

bool rotated_same(const struct rotated_log *log, struct rotated_file *ret)
{
    return rotated_find(&(struct rotated_query){.log = log,
                                                .may_fit = may_be_same,
                                                .fits = is_same},
                        take_plain, ret);
}

static bool may_be_copy(struct rotated_query *q, const struct sibling *x)
{
    const struct follow_cursor *c = q->log->cursor;

    return c->head_n > 0 && (uint64_t)x->st.st_size >= c->offset;
}

static bool is_copy(struct rotated_query *q, const struct sibling *x)
{
    return may_be_copy(q, x) && follow_begins_as(x->fd, q->log->cursor);
}

bool rotated_copy(const struct rotated_log *log, struct rotated_file *ret)
{
    return rotated_find(&(struct rotated_query){.log = log,
                                                .may_fit = may_be_copy,
                                                .fits = is_copy},
                        take_plain, ret);
}

static bool may_hold(struct rotated_query *q, const struct sibling *x)
{
    return q->log->cursor->head_n > 0 && x->packed;
}

/* It may hold what was read. */
static bool is_long_enough(struct rotated_query *q, const struct sibling *x)
{
    const struct follow_cursor *c = q->log->cursor;

    return x->state == PACKED_LOG && (!x->about.sized || x->st.st_size >= NO_WRAP ||
                                      packed_is_fresh(&x->st) || x->about.size >= c->offset);
}

static void wait_for(struct rotated_query *q, const struct sibling *x)
{
    q->coming = CANH_MIN(q->coming, x->written);
}

static void take_alike(struct rotated_query *q, struct sibling *x)
{
    struct rotated_file file;

    if (!is_better(q, x))
        return;
    if (q->crowded) {
        wait_for(q, x);
        return;
    }
    file.packed = packed_open(x->fd, PACKED_MAX, &file.fd);
    if (file.packed && file.fd >= 0 && follow_begins_as(file.fd, q->log->cursor))
        take_file(q, x, &file);
    else if (file.packed)
        rotated_done(&file);
}

enum rotated_found rotated_packed(const struct rotated_log *log, struct rotated_file *ret)
{
    struct rotated_query q = {.log = log,
                              .may_fit = may_hold,
                              .fits = is_long_enough,
                              .coming = INT64_MAX};

    if (rotated_find(&q, take_alike, ret))
        return ROTATED_FOUND;
    return q.coming == INT64_MAX ? ROTATED_NONE : ROTATED_WAIT;
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

static bool is_rotation(const struct sibling *x)
{
    return x->packed ? is_packed_rotation(x->suffix) : is_rotated_name(x->suffix);
}

/* No log was written after the file that it was packed into. */
static bool may_be_next(struct rotated_query *q, const struct sibling *x)
{
    return is_rotation(x) && follow_written(&x->st) > q->from;
}

static bool is_next(struct rotated_query *q, const struct sibling *x)
{
    return is_rotation(x) && x->written > q->from &&
           (q->path == NULL || x->st.st_dev != q->path->st_dev || x->st.st_ino != q->path->st_ino);
}

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_LATER };

static void count_step(struct rotated_sized *s)
{
    int r = s->counting ? packed_count_more(s->counting, &s->size) : -CE_NOMEM;

    if (r == 1)
        return;
    if (r < 0)
        s->size = UINT64_MAX;
    s->counting = packed_close(s->counting);
}

static enum answer has_size(struct rotated_sized *s, const struct sibling *x, uint64_t size)
{
    int64_t written = follow_written(&x->st);

    if (s->dev != x->st.st_dev || s->ino != x->st.st_ino || s->written != written) {
        if (s->counting && s->looked) /* one after another */
            return ANSWER_LATER;
        rotated_sized_end(s);
        *s = (struct rotated_sized){.dev = x->st.st_dev,
                                    .ino = x->st.st_ino,
                                    .written = written,
                                    .counting = packed_count_open(x->fd)};
        count_step(s);
    } else if (s->counting) {
        count_step(s);
    }
    s->looked = true;
    return s->counting ? ANSWER_LATER : s->size == size ? ANSWER_YES : ANSWER_NO;
}

/* Whether as much as was read of it is all that it holds, as far as that can be told. */
static enum answer is_read_whole(const struct rotated_log *log, const struct sibling *x)
{
    const struct follow_cursor *c = log->cursor;

    if (!x->packed)
        return (uint64_t)x->st.st_size == c->offset ? ANSWER_YES : ANSWER_NO;
    if (packed_is_fresh(&x->st))
        return ANSWER_YES;
    if (x->about.sized)
        return x->about.size == (uint32_t)c->offset ? ANSWER_YES : ANSWER_NO;
    if (x->written / TIME_SECOND == c->written / TIME_SECOND)
        return ANSWER_YES;
    return has_size(log->sized, x, c->offset);
}

/* What was just read, beside its original or being packed: its time is that of the packing then. */
static enum answer is_read(const struct rotated_query *q, const struct sibling *x, int log_fd)
{
    const struct follow_cursor *c = q->log->cursor;
    int64_t written = x->packed ? x->about.written : x->written;

    if ((written != 0 && written / TIME_SECOND != c->written / TIME_SECOND) ||
        !follow_begins_as(log_fd, c))
        return ANSWER_NO;
    return is_read_whole(q->log, x);
}

/* More of it may come, and tell what it is. */
static bool may_come(const struct sibling *x)
{
    return x->state != PACKED_NOT && packed_is_fresh(&x->st);
}

/* Of what cannot be unpacked yet nothing is known: it is waited for. */
static void take_next(struct rotated_query *q, struct sibling *x)
{
    struct rotated_file file;
    enum answer read;

    if (!x->packed) {
        if (is_read(q, x, x->fd) == ANSWER_NO)
            take_plain(q, x);
        return;
    }
    if (x->state == PACKED_NOT || !is_better(q, x))
        return;
    if (q->crowded) {
        wait_for(q, x);
        return;
    }
    file.packed = packed_open(x->fd, PACKED_MAX, &file.fd);
    read = file.packed == NULL ? ANSWER_NO : file.fd < 0 ? ANSWER_YES : is_read(q, x, file.fd);
    if (read != ANSWER_NO) {
        rotated_done(&file);
        if (read == ANSWER_LATER)
            wait_for(q, x);
        return;
    }
    if (file.packed && (x->about.written || !may_come(x))) {
        take_file(q, x, &file);
        return;
    }
    if (file.packed)
        rotated_done(&file);
    if (may_come(x))
        wait_for(q, x);
}

static enum rotated_found find_next(struct rotated_query *q, struct rotated_file *ret)
{
    struct rotated_sized *sized = q->log->sized;
    bool found;

    q->first = true;
    q->coming = INT64_MAX;
    if (!sized->looked) /* it has gone, or nothing depends on it any more */
        rotated_sized_end(sized);
    sized->looked = false;
    found = rotated_find(q, take_next, ret);
    if (q->coming == INT64_MAX || (found && ret->written <= q->coming))
        return found ? ROTATED_FOUND : ROTATED_NONE;
    rotated_done(ret);
    return ROTATED_WAIT;
}

enum rotated_found rotated_next(const struct rotated_log *log, int64_t written,
                                const struct stat *path, struct rotated_file *ret)
{
    return find_next(&(struct rotated_query){.log = log,
                                             .may_fit = may_be_next,
                                             .fits = is_next,
                                             .from = written,
                                             .path = path},
                     ret);
}

/* When the file came into being; 0: the file system does not say. */
static int64_t log_born(int fd)
{
    struct statx st;

    if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &st) < 0 || !(st.stx_mask & STATX_BTIME))
        return 0;
    return st.stx_btime.tv_sec * TIME_SECOND + st.stx_btime.tv_nsec;
}

static bool is_unseen(struct rotated_query *q, const struct sibling *x)
{
    return is_next(q, x) && log_born(x->fd) > q->from;
}

enum rotated_found rotated_unseen(const struct rotated_log *log, int64_t since,
                                  struct rotated_file *ret)
{
    return find_next(&(struct rotated_query){.log = log,
                                             .may_fit = may_be_next,
                                             .fits = is_unseen,
                                             .from = since},
                     ret);
}

static bool is_unread(struct rotated_query *q, const struct sibling *x)
{
    struct rotated_file file;

    if (!x->packed || !is_next(q, x) || x->written >= q->to || may_come(x))
        return false;
    file.packed = packed_open(x->fd, PACKED_MAX, &file.fd);
    if (file.packed == NULL)
        return true;
    rotated_done(&file);
    return false;
}

static void count_one(struct rotated_query *q, struct sibling *x)
{
    (void)x;
    q->count++;
}

uint64_t rotated_unread(const struct rotated_log *log, int64_t from, int64_t to)
{
    struct rotated_query q = {
        .log = log, .may_fit = may_be_next, .fits = is_unread, .from = from, .to = to};

    q.best.fd = -1;
    each_sibling(&q, count_one);
    return q.count + (q.names > ROTATED_NAMES ? q.names - ROTATED_NAMES : 0);
}
