/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "collect/follow.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/time.h"
#include "collect/packed.h"
#include "lang/err_collect.h"

enum {
    READ_STEP = 128 * 1024,
    QUIET_POLLS = 5,     /* of the old file, before the new one is read */
    SIBLINGS_MAX = 4096, /* names looked at when a rotated file is searched */
};

/* Constant: it is stored. */
#define HEAD_SEED UINT64_C(0x63616e68)

void follow_cursor_write(const struct follow *f, struct buf *out)
{
    const struct follow_cursor *c = &f->cursor;

    buf_printf(out, "1 %llx %llu %llu %llu %u %llx", (unsigned long long)c->dev,
               (unsigned long long)c->ino, (unsigned long long)c->generation,
               (unsigned long long)c->offset, c->head_n, (unsigned long long)c->head);
}

int follow_cursor_read(struct slice s, struct follow_cursor *ret)
{
    struct follow_cursor c = {.dev = 0};
    uint64_t head_n = 0;
    struct slice part[7];

    for (size_t i = 0; i < CANH_LEN(part); i++)
        if (!slice_cut(&s, ' ', &part[i]))
            return -CE_SYNTAX;
    if (s.n || !slice_is(part[0], "1") || num_hex(part[1], &c.dev) < 0 ||
        num_u64(part[2], &c.ino) < 0 || num_u64(part[3], &c.generation) < 0 ||
        num_u64(part[4], &c.offset) < 0 || num_u64(part[5], &head_n) < 0 ||
        num_hex(part[6], &c.head) < 0 || head_n > FOLLOW_HEAD || c.offset > INT64_MAX)
        return -CE_SYNTAX;
    c.head_n = (uint32_t)head_n;
    *ret = c;
    return 0;
}

void follow_base(const struct follow *f, struct buf *out)
{
    buf_printf(out, "%llx:%llu:%llu", (unsigned long long)f->cursor.dev,
               (unsigned long long)f->cursor.ino, (unsigned long long)f->cursor.generation);
}

static int open_log(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

    if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
        fd_closep(&fd);
        errno = EINVAL;
        return -1;
    }
    return fd;
}

static bool head_hash(int fd, uint32_t n, uint64_t *ret)
{
    uint8_t head[FOLLOW_HEAD];

    if (n > FOLLOW_HEAD || pread(fd, head, n, 0) != (ssize_t)n)
        return false;
    *ret = hash_bytes(head, n, HEAD_SEED);
    return true;
}

/* Whether the file's first bytes are those of the cursor's. */
static bool same_head(int fd, const struct follow_cursor *c)
{
    uint64_t h;

    return c->head_n == 0 || (head_hash(fd, c->head_n, &h) && h == c->head);
}

/* Takes the first bytes into the cursor once there are more of them. */
static void note_head(struct follow *f, uint64_t size)
{
    uint32_t n = (uint32_t)CANH_MIN(size, (uint64_t)FOLLOW_HEAD);
    uint64_t h;

    if (f->cursor.head_n < FOLLOW_HEAD && n > f->cursor.head_n && head_hash(f->fd, n, &h)) {
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

/* The file behind the path is read from its beginning: another content, another generation. */
static void begin_new(struct follow *f, int fd, const struct stat *st)
{
    fd_closep(&f->fd);
    f->fd = fd;
    f->recovering = f->packed = false;
    f->cursor = (struct follow_cursor){.dev = st->st_dev,
                                       .ino = st->st_ino,
                                       .generation = f->cursor.generation + 1};
    forget_read(f);
    note_head(f, (uint64_t)st->st_size);
}

static bool is_later(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

/* Whether the file continues the cursor: as the same file, or as a copy of it that begins alike. */
static bool follow_continues(int fd, const struct stat *st, const struct follow_cursor *c,
                             bool copies)
{
    return (uint64_t)st->st_size >= c->offset && same_head(fd, c) &&
           (copies ? c->head_n > 0 : st->st_dev == c->dev && st->st_ino == c->ino);
}

/*
 * A file beside the followed one that continues the cursor: the same file under another name, or,
 * with copies, a copy; of several that begin alike the last written one.
 */
static int find_sibling(const struct follow *f, bool copies)
{
    const char *name = strrchr(f->path, '/') + 1;
    size_t n = strlen(name);
    DIR *d = opendir(f->folder);
    struct timespec best = {0};
    struct dirent *e;
    int found = -1;

    for (unsigned i = 0; d && i < SIBLINGS_MAX && (e = readdir(d)) != NULL; i++) {
        char path[2 * FOLLOW_PATH];
        struct stat st;
        int fd;

        if (strncmp(e->d_name, name, n) != 0 || e->d_name[n] == 0)
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", f->folder, e->d_name);
        fd = open_log(path);
        if (fd >= 0 && fstat(fd, &st) == 0 && follow_continues(fd, &st, &f->cursor, copies) &&
            (found < 0 || is_later(&st.st_mtim, &best))) {
            fd_closep(&found);
            found = fd_take(&fd);
            best = st.st_mtim;
        }
        fd_closep(&fd);
    }
    if (d)
        (void)closedir(d);
    return found;
}

static bool begins_alike(int fd, const void *cursor)
{
    return same_head(fd, cursor);
}

/* Whether names may have come since the last look; the clock of a folder is a coarse one. */
static bool folder_changed(struct follow *f)
{
    int64_t now = time_now(), last = f->scanned;
    struct stat st;

    if (stat(f->folder, &st) < 0)
        return false;
    f->scanned = now;
    return st.st_mtim.tv_sec * TIME_SECOND + st.st_mtim.tv_nsec > last - TIME_SECOND;
}

/*
 * The rest of a log that was packed when nobody looked; *ret_written: when it was written last. One
 * that cannot be unpacked is not tried again before the folder changes.
 */
static int find_packed(struct follow *f, struct timespec *ret_written)
{
    const char *name = strrchr(f->path, '/') + 1;
    size_t n = strlen(name);
    DIR *d = f->cursor.head_n > 0 && folder_changed(f) ? opendir(f->folder) : NULL;
    struct dirent *e;
    int found = -1;

    for (unsigned i = 0; d && i < SIBLINGS_MAX && found < 0 && (e = readdir(d)) != NULL; i++) {
        char path[2 * FOLLOW_PATH];
        struct stat st;

        if (strncmp(e->d_name, name, n) != 0 || !is_packed_name(e->d_name + n))
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", f->folder, e->d_name);
        if (lstat(path, &st) < 0)
            continue;
        found = packed_open(path, f->cursor.offset, f->cursor.head_n, begins_alike, &f->cursor);
        *ret_written = st.st_mtim;
    }
    if (d)
        (void)closedir(d);
    return found;
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

/* Whole files that came after the one that was read out of a packed one and are packed, too. */
static uint64_t count_packed_later(const struct follow *f)
{
    const char *name = strrchr(f->path, '/') + 1;
    size_t n = strlen(name);
    DIR *d = f->packed ? opendir(f->folder) : NULL;
    struct dirent *e;
    uint64_t ret = 0;

    for (unsigned i = 0; d && i < SIBLINGS_MAX && (e = readdir(d)) != NULL; i++) {
        char path[2 * FOLLOW_PATH];
        struct stat st;

        if (strncmp(e->d_name, name, n) != 0 || !is_packed_rotation(e->d_name + n))
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", f->folder, e->d_name);
        ret += lstat(path, &st) == 0 && S_ISREG(st.st_mode) && is_later(&st.st_mtim, &f->written);
    }
    if (d)
        (void)closedir(d);
    return ret;
}

/*
 * Several rotations passed unseen: of the rotated files that were written after the one that is
 * read, the oldest; -1 when there is none.
 */
static int find_next(const struct follow *f, const struct stat *read, const struct stat *path)
{
    const char *name = strrchr(f->path, '/') + 1;
    size_t n = strlen(name);
    DIR *d = opendir(f->folder);
    struct stat best = {.st_size = 0};
    struct dirent *e;
    int found = -1;

    for (unsigned i = 0; d && i < SIBLINGS_MAX && (e = readdir(d)) != NULL; i++) {
        char sibling[2 * FOLLOW_PATH];
        struct stat st;
        int fd;

        if (strncmp(e->d_name, name, n) != 0 || !is_rotated_name(e->d_name + n))
            continue;
        (void)snprintf(sibling, sizeof(sibling), "%s/%s", f->folder, e->d_name);
        fd = open_log(sibling);
        if (fd >= 0 && fstat(fd, &st) == 0 &&
            (st.st_dev != path->st_dev || st.st_ino != path->st_ino) &&
            is_later(&st.st_mtim, &read->st_mtim) &&
            (found < 0 || is_later(&best.st_mtim, &st.st_mtim))) {
            fd_closep(&found);
            found = fd_take(&fd);
            best = st;
        }
        fd_closep(&fd);
    }
    if (d)
        (void)closedir(d);
    return found;
}

/* When the file came into being; 0: the file system does not say. */
static int64_t follow_born(int fd)
{
    struct statx st;

    if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &st) < 0 || !(st.stx_mask & STATX_BTIME))
        return 0;
    return st.stx_btime.tv_sec * TIME_SECOND + st.stx_btime.tv_nsec;
}

/*
 * There never was a file at the path, as far as is known since `since`: of rotated files that were
 * born later, the one written first; -1 when there is none. Packed ones are counted as lost.
 */
static int find_unseen(struct follow *f, int64_t since)
{
    const char *name = strrchr(f->path, '/') + 1;
    size_t n = strlen(name);
    DIR *d = opendir(f->folder);
    struct stat best = {.st_size = 0};
    struct dirent *e;
    int found = -1;

    for (unsigned i = 0; d && i < SIBLINGS_MAX && (e = readdir(d)) != NULL; i++) {
        char path[2 * FOLLOW_PATH];
        struct stat st;
        bool packed;
        int fd;

        if (strncmp(e->d_name, name, n) != 0 || e->d_name[n] == 0)
            continue;
        packed = is_packed_name(e->d_name + n);
        if (!packed && !is_rotated_name(e->d_name + n))
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", f->folder, e->d_name);
        fd = open_log(path);
        if (fd >= 0 && follow_born(fd) > since && packed) {
            f->lost++;
        } else if (fd >= 0 && follow_born(fd) > since && fstat(fd, &st) == 0 &&
                   (found < 0 || is_later(&best.st_mtim, &st.st_mtim))) {
            fd_closep(&found);
            found = fd_take(&fd);
            best = st;
        }
        fd_closep(&fd);
    }
    if (d)
        (void)closedir(d);
    return found;
}

/* The content that was followed has gone from the path: go on in the file itself under its new
 * name, else in a copy. A file that was copied, truncated and then renamed is only in the copy. */
static bool follow_recover(struct follow *f)
{
    int fd = find_sibling(f, false);

    if (fd < 0)
        fd = find_sibling(f, true);
    f->packed = fd < 0 ? (fd = find_packed(f, &f->written)) >= 0 : false;
    if (fd < 0)
        return false;
    fd_closep(&f->fd);
    f->fd = fd;
    f->recovering = true;
    drop_read(f);
    return true;
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
    int64_t since;
    int unseen = -1;
    struct stat at;

    if (never_had(&f->cursor, &since) && since && folder_changed(f))
        unseen = find_unseen(f, since);

    if (unseen >= 0 && fstat(unseen, &at) == 0) {
        fd_closep(fd);
        begin_new(f, unseen, &at);
        f->recovering = true;
        return;
    }
    fd_closep(&unseen);
    if (*fd >= 0)
        begin_new(f, fd_take(fd), st);
}

/* Opens for the first time in this process: goes on at the cursor. */
static int open_at_cursor(struct follow *f, struct err *err)
{
    struct stat st;
    int fd = open_log(f->path);

    if (fd < 0) {
        int sys = errno;

        if (f->cursor.ino && follow_recover(f))
            return 0;
        if (sys != ENOENT)
            return err_fail_sys(err, sys, ERR_BASE_FILE, f->path);
        begin_first(f, &fd, &st);
        return 0;
    }
    if (fstat(fd, &st) < 0) {
        fd_closep(&fd);
        return err_fail_sys(err, errno, ERR_BASE_FILE, f->path);
    }
    if (f->cursor.ino == 0 && f->cursor.offset == 0) {
        begin_first(f, &fd, &st);
        return 0;
    }
    if (st.st_dev == f->cursor.dev && st.st_ino == f->cursor.ino &&
        (uint64_t)st.st_size >= f->cursor.offset && same_head(fd, &f->cursor)) {
        f->fd = fd;
        return 0;
    }
    if (!follow_recover(f)) {
        f->lost++;
        begin_new(f, fd, &st);
        return 0;
    }
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
    *ret_fd = open_log(f->path);
    if (*ret_fd < 0)
        return false;
    if (fstat(*ret_fd, st) == 0 &&
        (f->recovering || st->st_dev != f->cursor.dev || st->st_ino != f->cursor.ino))
        return true;
    fd_closep(ret_fd);
    return false;
}

/* Of the file that was read: when it was written last. */
static bool read_stat(const struct follow *f, struct stat *ret)
{
    if (fstat(f->fd, ret) < 0)
        return false;
    if (f->packed)
        ret->st_mtim = f->written;
    return true;
}

/* The file that was read is at its end: a rotated one that came after it, else what the path leads
 * to (fd). */
static int begin_next(struct follow *f, int fd, struct stat *st)
{
    struct stat read, path = *st;
    int next = read_stat(f, &read) ? find_next(f, &read, &path) : -1;

    f->lost += count_packed_later(f);
    if (next < 0 || fstat(next, st) < 0) {
        fd_closep(&next);
        begin_new(f, fd, &path);
        return 1;
    }
    fd_closep(&fd);
    begin_new(f, next, st);
    f->recovering = true;
    return 1;
}

/* The same while the path leads nowhere: only a rotated one can come next. */
static int begin_rotated(struct follow *f)
{
    struct stat read, none = {.st_size = 0}, st;
    int next = read_stat(f, &read) ? find_next(f, &read, &none) : -1;

    if (next < 0 || fstat(next, &st) < 0) {
        fd_closep(&next);
        return 0;
    }
    f->lost += count_packed_later(f);
    begin_new(f, next, &st);
    f->recovering = true;
    return 1;
}

/* At the end of what is read: shortened, replaced? */
static int look_around(struct follow *f, uint64_t size, struct err *err)
{
    struct stat st;
    int fd = -1;

    if (!f->recovering && (size < f->cursor.offset || !same_head(f->fd, &f->cursor))) {
        if (follow_recover(f))
            return 1;
        f->lost++;
        fd = open_log(f->path);
        if (fd < 0 || fstat(fd, &st) < 0) {
            fd_closep(&fd);
            return err_fail_sys(err, errno, ERR_BASE_FILE, f->path);
        }
        begin_new(f, fd, &st);
        return 1;
    }
    if (!path_moved(f, &fd, &st))
        return f->recovering && ++f->quiet % QUIET_POLLS == 0 ? begin_rotated(f) : 0;
    if (f->quiet++ < QUIET_POLLS) {
        fd_closep(&fd);
        return 0;
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

void follow_done(struct follow *f)
{
    fd_closep(&f->fd);
    f->fd = -1;
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

static struct slice follow_rest(const struct follow *f)
{
    return slice_from(buf_slice(&f->have), f->have_at);
}

/* A record of several lines is there and may go on. */
static bool is_waiting(const struct follow *f)
{
    return f->have_at < f->have.len && slice_find_byte(follow_rest(f), '\n') != SIZE_MAX;
}

static struct slice without_return(struct slice line)
{
    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

/* Bytes of the first record with its last line end, of which `end` is the first; 0: it may go on.
 */
static size_t record_end(const struct follow *f, struct slice rest, size_t end)
{
    const struct format *format = f->layout.format;
    size_t n = end + 1, looked = 0, next; /* formats look at all of the record for each line */

    if (format == NULL || format->joins == NULL)
        return n;
    for (unsigned lines = 1; lines < FOLLOW_LINES; lines++) {
        struct slice record = without_return(slice_head(rest, n - 1)), behind = slice_from(rest, n);

        next = slice_find_byte(behind, '\n');
        if (next == SIZE_MAX) {
            bool whole = f->ended || n + behind.n > f->record_max ||
                         !layout_joins(&f->layout, record, SLICE_NULL);

            return whole ? n : 0;
        }
        looked += n;
        if (n + next > f->record_max || looked > FOLLOW_LOOK ||
            !layout_joins(&f->layout, record, without_return(slice_head(behind, next))))
            return n;
        n += next + 1;
    }
    return n;
}

/* Whether a whole record is there. */
static bool has_record(const struct follow *f)
{
    struct slice rest = follow_rest(f);
    size_t end = slice_find_byte(rest, '\n');

    return end != SIZE_MAX && record_end(f, rest, end) > 0;
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

/* The file's end: 1 when the last record is complete now, 0 while it is waited for. */
static int follow_end(struct follow *f, uint64_t size, struct err *err)
{
    if (is_waiting(f)) {
        f->ended = time_now() - f->grown >= FOLLOW_WAIT || time_now() < f->grown;
        return f->ended;
    }
    f->found_end = f->found_end || !f->recovering;
    return look_around(f, size, err);
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
    if (has_record(f))
        return 1; /* of what was read before, which would be forgotten with its file */
    if (size < f->cursor.offset + f->have_bytes || !same_head(f->fd, &f->cursor)) {
        f->ended = is_waiting(f);
        if (f->ended)
            return 1;
        drop_read(f);
        return look_around(f, size, err);
    }
    n = learn_layout(f, size);
    if (n < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, f->path);
    if (n == 0)
        return follow_end(f, size, err);
    if (f->have.len + 2 * READ_STEP > f->have.max && f->have.len >= f->record_max)
        return 1;
    n = read_more(f, READ_STEP);
    if (n < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, f->path);
    if (n == 0)
        return follow_end(f, size, err);
    f->have_bytes += (uint64_t)n;
    f->ended = false;
    f->grown = time_now();
    f->quiet = 0;
    note_head(f, size);
    return 1;
}

static void follow_emit(struct follow *f, size_t n)
{
    uint64_t bytes = layout_bytes(&f->layout, slice_head(follow_rest(f), n));

    f->have_at += n;
    f->cursor.offset += bytes;
    f->have_bytes -= CANH_MIN(bytes, f->have_bytes);
    f->ended = false;
}

/* Behind the names that the record needs. */
static struct slice with_names(struct follow *f, struct slice text)
{
    const struct buf *names = &f->layout.names;

    if (names->len == 0 || names->err != 0)
        return text;
    buf_clear(&f->record);
    buf_append_slice(&f->record, buf_slice(names));
    buf_append_slice(&f->record, text);
    return buf_slice(&f->record);
}

/* A line over the limit of which the end is not there. */
static bool emit_unended(struct follow *f, struct slice rest, struct follow_line *ret)
{
    bool skipped = f->skipping;

    *ret = (struct follow_line){with_names(f, slice_head(rest, f->record_max)), f->cursor.offset,
                                true};
    follow_emit(f, rest.n);
    f->skipping = true;
    return !skipped;
}

bool follow_next(struct follow *f, struct follow_line *ret)
{
    for (;;) {
        struct slice rest = follow_rest(f), text;
        size_t end = slice_find_byte(rest, '\n'), n;
        bool skipped = f->skipping;

        if (end == SIZE_MAX && (skipped || rest.n >= f->record_max) && rest.n) {
            if (emit_unended(f, rest, ret))
                return true;
            continue;
        }
        n = end == SIZE_MAX ? 0 : skipped ? end + 1 : record_end(f, rest, end);
        if (n == 0)
            return false;
        text = without_return(slice_head(rest, CANH_MIN(n - 1, (size_t)f->record_max)));
        *ret = (struct follow_line){text, f->cursor.offset, n - 1 > f->record_max};
        follow_emit(f, n);
        f->skipping = false;
        if (skipped || text.n == 0 || !layout_is_record(&f->layout, text))
            continue;
        ret->text = with_names(f, text);
        return true;
    }
}
