/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "collect/follow_internal.h"
#include "collect/rotated.h"
#include "lang/err_collect.h"

enum {
    READ_STEP = 128 * 1024,
    QUIET_POLLS = 5, /* of the old file, before the new one is read */
};

void follow_base(const struct follow *f, struct buf *out)
{
    buf_printf(out, "%llx:%llu:%llu", (unsigned long long)f->cursor.dev,
               (unsigned long long)f->cursor.ino, (unsigned long long)f->cursor.generation);
}

/* Takes the first bytes into the cursor once there are more of them. */
static void note_head(struct follow *f, uint64_t size)
{
    uint32_t n = (uint32_t)CANH_MIN(size, (uint64_t)FOLLOW_HEAD);
    uint64_t h;

    if (f->cursor.head_n < FOLLOW_HEAD && n > f->cursor.head_n && follow_head(f->fd, n, &h)) {
        f->cursor.head_n = n;
        f->cursor.head = h;
    }
}

static void drop_read(struct follow *f)
{
    buf_clear(&f->have);
    f->have_at = 0;
    f->have_bytes = 0;
    f->ended = false;
}

static void forget_read(struct follow *f)
{
    drop_read(f);
    layout_clear(&f->layout);
    f->skipping = false;
    f->quiet = 0;
}

/* x is read now; NULL: nothing is. */
static void follow_take(struct follow *f, const struct rotated_file *x)
{
    fd_closep(&f->fd);
    f->packed = packed_close(f->packed);
    rotated_sized_end(&f->sized);
    f->fd = x ? x->fd : -1;
    f->packed = x ? x->packed : NULL;
}

/* It is read from its beginning: another content, another generation. */
static void begin_file(struct follow *f, const struct rotated_file *x, bool rotated)
{
    struct stat st;

    follow_take(f, x);
    f->recovering = rotated;
    f->cursor = (struct follow_cursor){.dev = x->st.st_dev,
                                       .ino = x->st.st_ino,
                                       .generation = f->cursor.generation + 1,
                                       .written = x->written};
    forget_read(f);
    if (fstat(f->fd, &st) == 0)
        note_head(f, (uint64_t)st.st_size);
}

/* The same of the file behind the path. */
static void begin_new(struct follow *f, int fd, const struct stat *st)
{
    begin_file(f, &(struct rotated_file){.fd = fd, .st = *st, .written = follow_written(st)},
               false);
}

static void note_written(struct follow *f, const struct stat *read)
{
    if (f->packed == NULL)
        f->cursor.written = follow_written(read);
}

/* Whether names may have come since the last look; the clock of a folder is a coarse one. */
static bool folder_changed(struct follow *f)
{
    int64_t now = time_now(), last = f->scanned;
    struct stat st;

    if (stat(f->folder, &st) < 0)
        return false;
    f->scanned = now;
    return follow_written(&st) > last - TIME_SECOND;
}

static struct rotated_log log_of(struct follow *f)
{
    return (struct rotated_log){.folder = f->folder,
                                .name = strrchr(f->path, '/') + 1,
                                .cursor = &f->cursor,
                                .sized = &f->sized};
}

/* The content that was followed has gone from the path: go on in the file itself under its new
 * name, else in a copy, else in what was packed. A file that was copied, truncated and then renamed
 * is only in the copy. What cannot be unpacked is not tried again before the folder changes. */
static enum rotated_found follow_recover(struct follow *f)
{
    struct rotated_log log = log_of(f);
    struct rotated_file x;
    enum rotated_found found = ROTATED_NONE;

    if (rotated_same(&log, &x) || rotated_copy(&log, &x))
        found = ROTATED_FOUND;
    else if (folder_changed(f))
        found = rotated_packed(&log, &x);
    if (found == ROTATED_WAIT)
        f->scanned = 0;
    if (found != ROTATED_FOUND)
        return found;
    follow_take(f, &x);
    f->recovering = true;
    f->cursor.written = x.written;
    drop_read(f);
    return found;
}

/*
 * What was read is at its end, or lost: a rotated file that came after it is next, else what the
 * path leads to (fd, which is taken; -1: nothing). 1: it begins; 0: one has to be waited for, or
 * nothing is there.
 */
static int begin_next(struct follow *f, int fd, const struct stat *path)
{
    struct rotated_log log = log_of(f);
    int64_t written = f->cursor.written;
    struct rotated_file next;
    enum rotated_found found = rotated_next(&log, written, fd >= 0 ? path : NULL, &next);

    if (found == ROTATED_WAIT || (found == ROTATED_NONE && fd < 0)) {
        fd_closep(&fd);
        return 0;
    }
    f->lost += rotated_unread(&log, written, found ? next.written : INT64_MAX);
    if (found == ROTATED_FOUND) {
        fd_closep(&fd);
        begin_file(f, &next, true);
    } else {
        begin_new(f, fd, path);
    }
    return 1;
}

/* What was read is nowhere. */
static int begin_behind_lost(struct follow *f, int fd, const struct stat *path)
{
    uint64_t before = f->lost;
    int r = 1;

    if (f->cursor.written)
        r = begin_next(f, fd, path);
    else
        begin_new(f, fd, path);
    f->lost += r == 1 && f->lost == before;
    return r;
}

/* Whether there never was a file; then *ret_since says since when that is known. */
static bool never_had(const struct follow_cursor *c, int64_t *ret_since)
{
    *ret_since = (int64_t)CANH_MIN(c->head, (uint64_t)INT64_MAX);
    return c->ino == 0 && c->offset == 0 && c->head_n == 0;
}

/* The first file that is to be read of a path that had none: *fd (-1: the path has none now), or
 * one that was there meanwhile and has been rotated away. */
static void begin_first(struct follow *f, int *fd, struct stat *st)
{
    enum rotated_found found = ROTATED_NONE;
    struct rotated_log log = log_of(f);
    struct rotated_file unseen;
    int64_t since;

    if (never_had(&f->cursor, &since) && since && folder_changed(f))
        found = rotated_unseen(&log, since, &unseen);
    if (found == ROTATED_WAIT) {
        f->scanned = 0;
        fd_closep(fd);
    } else if (found == ROTATED_FOUND) {
        fd_closep(fd);
        f->lost += rotated_unread(&log, since, unseen.written);
        begin_file(f, &unseen, true);
    } else if (*fd >= 0) {
        f->lost += since ? rotated_unread(&log, since, INT64_MAX) : 0;
        begin_new(f, fd_take(fd), st);
    }
}

/* Opens for the first time in this process: goes on at the cursor. */
static int open_at_cursor(struct follow *f, struct err *err)
{
    struct stat st;
    int fd = follow_open(f->path, &st);

    if (fd < 0) {
        int sys = errno;

        if (f->cursor.ino && follow_recover(f) != ROTATED_NONE)
            return 0;
        if (sys != ENOENT)
            return err_fail_sys(err, sys, ERR_BASE_FILE, f->path);
        begin_first(f, &fd, &st);
        return 0;
    }
    if (f->cursor.ino == 0 && f->cursor.offset == 0) {
        begin_first(f, &fd, &st);
        return 0;
    }
    if (st.st_dev == f->cursor.dev && st.st_ino == f->cursor.ino &&
        (uint64_t)st.st_size >= f->cursor.offset && follow_begins_as(fd, &f->cursor)) {
        f->fd = fd;
        return 0;
    }
    if (follow_recover(f) == ROTATED_NONE)
        (void)begin_behind_lost(f, fd, &st);
    else
        fd_closep(&fd);
    return 0;
}

/* First sight: the lines that are there were read by nobody and are left so. */
static void skip_to_end(struct follow *f)
{
    struct stat st;

    if (f->fd < 0 || fstat(f->fd, &st) < 0)
        return;
    f->cursor.offset = (uint64_t)st.st_size;
    if (layout_begin(&f->layout, f->fd) > 0 && f->layout.encoding != UTF_8)
        f->cursor.offset &= ~UINT64_C(1);
    note_head(f, (uint64_t)st.st_size);
}

/* Whether the path leads to another file than the one that is read; *ret_fd: that one, or -1. */
static bool path_moved(struct follow *f, int *ret_fd, struct stat *st)
{
    *ret_fd = follow_open(f->path, st);
    if (*ret_fd < 0)
        return false;
    if (f->recovering || st->st_dev != f->cursor.dev || st->st_ino != f->cursor.ino)
        return true;
    fd_closep(ret_fd);
    return false;
}

/* At the end of what is read: shortened, replaced? */
static int search_around(struct follow *f, const struct stat *read, struct err *err)
{
    uint64_t size = (uint64_t)read->st_size;
    struct stat st;
    int fd = -1;

    if (!f->recovering && (size < f->cursor.offset || !follow_begins_as(f->fd, &f->cursor))) {
        enum rotated_found found = follow_recover(f);

        if (found != ROTATED_NONE)
            return found == ROTATED_FOUND;
        fd = follow_open(f->path, &st);
        if (fd < 0)
            return err_fail_sys(err, errno, ERR_BASE_FILE, f->path);
        return begin_behind_lost(f, fd, &st);
    }
    note_written(f, read);
    if (!path_moved(f, &fd, &st)) /* while it leads nowhere, only a rotated one can come next */
        return f->recovering && ++f->quiet % QUIET_POLLS == 0 ? begin_next(f, -1, &st) : 0;
    if (f->quiet++ < QUIET_POLLS) {
        fd_closep(&fd);
        return 0;
    }
    if (follow_end_line(f)) {
        fd_closep(&fd);
        return 1;
    }
    return begin_next(f, fd, &st);
}

int follow_init(struct follow *f, const char *path, struct slice cursor, bool all, int64_t since,
                uint32_t record_max, struct err *err)
{
    int r = 0;

    *f = (struct follow){.fd = -1, .record_max = record_max};
    f->have = BUF_INIT((size_t)record_max + 2 * READ_STEP);
    f->bytes = BUF_INIT(READ_STEP);
    f->record = BUF_INIT((size_t)record_max + LAYOUT_NAMES_MAX);
    f->layout = LAYOUT_INIT;
    if (strlen(path) >= FOLLOW_PATH || path[0] != '/')
        return err_fail(err, CE_TOO_BIG, ERR_COLLECT_PATH_TOO_LONG, path);
    (void)snprintf(f->path, sizeof(f->path), "%s", path);
    (void)snprintf(f->folder, sizeof(f->folder), "%s", path);
    *strrchr(f->folder, '/') = 0;
    if (f->folder[0] == 0)
        (void)snprintf(f->folder, sizeof(f->folder), "/");
    if (cursor.n)
        r = follow_cursor_read(cursor, &f->cursor);
    else
        f->cursor.head = (uint64_t)since;
    if (r < 0)
        return err_fail(err, CE_CORRUPT, ERR_COLLECT_POSITION_CANNOT_READ, path);
    r = open_at_cursor(f, err);
    if (cursor.n == 0 && !all)
        skip_to_end(f);
    if (cursor.n == 0 && f->cursor.generation == 0)
        f->cursor.generation = 1; /* looked, and there was no file: the one that comes is all new */
    return r;
}

int follow_forget(struct follow *f, int64_t now)
{
    if (f->fd < 0 || f->packed)
        return 0;
    if (follow_end_line(f))
        return -CE_BUSY;
    f->cursor = (struct follow_cursor){.generation = f->cursor.generation, .head = (uint64_t)now};
    follow_take(f, NULL);
    forget_read(f);
    return 1;
}

void follow_done(struct follow *f)
{
    follow_take(f, NULL);
    buf_done(&f->have);
    buf_done(&f->bytes);
    buf_done(&f->record);
    layout_done(&f->layout);
}

/* Drops what was given. */
static void follow_compact(struct follow *f)
{
    if (f->have_at == 0)
        return;
    memmove(f->have.p, f->have.p + f->have_at, f->have.len - f->have_at);
    f->have.len -= f->have_at;
    f->have_at = 0;
}

static ssize_t read_wide(struct follow *f, size_t room, off_t at)
{
    size_t had = f->have.len, used;
    uint8_t *to;
    ssize_t n;

    buf_clear(&f->bytes);
    to = buf_reserve(&f->bytes, room);
    n = to ? pread(f->fd, to, room, at) : -1;
    if (n <= 0)
        return n;
    used = layout_decode(&f->layout, slice_of(to, (size_t)n), &f->have);
    if (f->have.err == 0)
        return (ssize_t)used;
    f->have.len = had;
    f->have.err = 0;
    errno = ENOMEM;
    return -1;
}

/* Reads behind what is there. How many bytes were used; -1: errno. */
static ssize_t read_more(struct follow *f, size_t room)
{
    off_t at = (off_t)(f->cursor.offset + f->have_bytes);
    uint8_t *to;
    ssize_t n;

    errno = ENOMEM;
    if (f->layout.encoding != UTF_8)
        return read_wide(f, room, at);
    to = buf_reserve(&f->have, room);
    f->have.err = 0;
    n = to ? pread(f->fd, to, room, at) : -1;
    if (n > 0)
        f->have.len += (size_t)n;
    return n;
}

/* The encoding and format, before the first line is given. 1; 0: too little of the file is there;
 * -1: errno. */
static int learn_layout(struct follow *f, uint64_t size)
{
    int r = f->layout.begun ? 1 : layout_begin(&f->layout, f->fd);

    if (r <= 0)
        return r;
    if (f->cursor.offset == 0 && f->have_bytes == 0)
        f->cursor.offset = f->layout.mark;
    if (!f->layout.looked && size > f->cursor.offset + f->have_bytes)
        layout_learn(&f->layout, f->fd, f->cursor.offset);
    return 1;
}

/* More of a packed file. 1; 0: there is none; negative: not now. A damaged one ends where it is. */
static int follow_unpack(struct follow *f)
{
    int r = f->packed ? packed_more(f->packed, f->fd, f->cursor.offset) : 0;

    f->lost += r == -CE_CORRUPT;
    return r == -CE_CORRUPT ? 0 : r;
}

/* The same before the place is reached from which it is read. One that ends before is another. */
static int unpack_to_offset(struct follow *f, uint64_t size)
{
    int r = follow_unpack(f);

    if (r != 0)
        return r > 0;
    f->lost++;
    drop_read(f);
    f->cursor.offset = size;
    return 1;
}

/* The file's end: 1 when the last record is complete now, 0 while it is waited for. */
static int follow_end(struct follow *f, const struct stat *read, struct err *err)
{
    int r = follow_unpack(f);

    if (r != 0)
        return r > 0;
    if (follow_waits(f)) {
        f->ended = time_now() - f->grown >= FOLLOW_WAIT || time_now() < f->grown;
        return f->ended;
    }
    f->found_end = f->found_end || !f->recovering;
    return search_around(f, read, err);
}

int follow_poll(struct follow *f, struct err *err)
{
    struct stat st;
    uint64_t size;
    ssize_t n;

    if (f->fd < 0) {
        int r = open_at_cursor(f, err);

        if (r < 0 || f->fd < 0)
            return r;
    }
    if (fstat(f->fd, &st) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, f->path);
    size = (uint64_t)st.st_size;
    follow_compact(f);
    if (follow_has_record(f))
        return 1; /* of what was read before, which would be forgotten with its file */
    if (f->packed && size < f->cursor.offset)
        return unpack_to_offset(f, size);
    if (size < f->cursor.offset + f->have_bytes || !follow_begins_as(f->fd, &f->cursor)) {
        f->ended = follow_waits(f);
        if (f->ended)
            return 1;
        drop_read(f);
        return search_around(f, &st, err);
    }
    n = learn_layout(f, size);
    if (n < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, f->path);
    if (n == 0)
        return follow_end(f, &st, err);
    if (f->have.len > f->record_max)
        return 1;
    n = read_more(f, READ_STEP);
    if (n < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, f->path);
    if (n == 0)
        return follow_end(f, &st, err);
    note_written(f, &st);
    f->have_bytes += (uint64_t)n;
    f->ended = false;
    f->grown = time_now();
    f->quiet = 0;
    note_head(f, size);
    return 1;
}
