/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "collect/evtx_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "base/time.h"
#include "decode/decoder.h"
#include "decode/evtx/evtx.h"
#include "lang/err_collect.h"

enum {
    CHUNKS_MAX = 1 << 17, /* 8 GiB; Windows allows 4 */
    HEADER = 128,         /* of a chunk, as much as its numbers need */
};

#define SETTLE_TIME (2 * TIME_SECOND)
#define AT_LATEST   TIME_MINUTE

struct evtx_chunk_place {
    uint64_t offset, first;
};

struct evtx_pass {
    int fd;
    struct keys *keys;
    struct evtx_decoder *decoder;
    struct evtx_chunk_place *chunks; /* to be read, by their first number */
    size_t count, at;
    bool in_chunk;
    struct evtx_chunk_report report;
    struct buf text, base;
    uint8_t bytes[EVTX_CHUNK + DECODE_PADDING];
};

void evtx_log_cursor_write(const struct evtx_log *l, struct buf *out)
{
    buf_printf(out, "1 %llu %lld %d", (unsigned long long)l->cursor.last, (long long)l->cursor.time,
               l->cursor.caught_up);
}

int evtx_log_cursor_read(struct slice s, struct evtx_log_cursor *ret)
{
    struct slice part[4];
    struct evtx_log_cursor c = {.last = 0};

    for (size_t i = 0; i < CANH_LEN(part); i++)
        if (!slice_cut(&s, ' ', &part[i]))
            return -CE_SYNTAX;
    if (s.n || !slice_is(part[0], "1") || num_u64(part[1], &c.last) < 0 ||
        num_i64(part[2], &c.time) < 0)
        return -CE_SYNTAX;
    c.caught_up = slice_is(part[3], "1");
    *ret = c;
    return 0;
}

int evtx_log_init(struct evtx_log *l, const char *path, struct slice cursor, uint32_t record_max,
                  struct err *err)
{
    *l = (struct evtx_log){.record_max = record_max};
    if (strlen(path) >= sizeof(l->path))
        return err_fail(err, CE_RANGE, ERR_COLLECT_PATH_TOO_LONG, path);
    (void)snprintf(l->path, sizeof(l->path), "%s", path);
    if (cursor.n && evtx_log_cursor_read(cursor, &l->cursor) < 0)
        return err_fail(err, CE_CORRUPT, ERR_COLLECT_POSITION_CANNOT_READ, path);
    return 0;
}

static struct evtx_pass *pass_free(struct evtx_pass *p)
{
    if (p == NULL)
        return NULL;
    fd_closep(&p->fd);
    p->decoder = evtx_decoder_free(p->decoder);
    p->keys = keys_free(p->keys);
    free(p->chunks);
    buf_done(&p->text);
    buf_done(&p->base);
    free(p);
    return NULL;
}

void evtx_log_done(struct evtx_log *l)
{
    l->pass = pass_free(l->pass);
}

static struct slice read_at(int fd, uint64_t offset, uint8_t *to, size_t n)
{
    size_t have = 0;
    ssize_t r;

    while (have < n && (r = pread(fd, to + have, n - have, (off_t)(offset + have))) > 0)
        have += (size_t)r;
    return slice_of(to, have);
}

static int by_first(const void *a, const void *b)
{
    const struct evtx_chunk_place *x = a, *y = b;

    return x->first != y->first ? (x->first < y->first ? -1 : 1)
                                : (x->offset < y->offset ? -1 : x->offset > y->offset);
}

/* Chunks in which there may be records after `last`. The highest number that one states. */
static uint64_t chunks_find(struct evtx_pass *p, uint64_t size, uint64_t last)
{
    uint64_t highest = 0;

    p->count = p->at = 0;
    for (uint64_t at = EVTX_FILE_HEADER; at < size && p->count < CHUNKS_MAX; at += EVTX_CHUNK) {
        struct slice header = read_at(p->fd, at, p->bytes, HEADER);
        uint64_t first = UINT64_MAX, to = UINT64_MAX;

        if (evtx_chunk_numbers(header, &first, &to))
            highest = CANH_MAX(highest, to);
        else
            first = to = UINT64_MAX; /* states nothing: looked at after all others */
        if (header.n == HEADER && to >= last)
            p->chunks[p->count++] = (struct evtx_chunk_place){at, first};
    }
    qsort(p->chunks, p->count, sizeof(*p->chunks), by_first);
    return highest;
}

static int open_log(const char *path, struct stat *ret, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    if (fstat(fd, ret) == 0 && S_ISREG(ret->st_mode))
        return fd;
    fd_closep(&fd);
    return err_fail(err, CE_UNKNOWN, ERR_BASE_FILE_NOT_REGULAR, path);
}

static struct evtx_pass *pass_new(uint64_t size, uint32_t record_max)
{
    struct evtx_pass *p = calloc(1, sizeof(*p));
    size_t chunks = (size_t)CANH_MIN(size / EVTX_CHUNK + 1, (uint64_t)CHUNKS_MAX);

    if (p == NULL)
        return NULL;
    p->fd = -1;
    p->text = BUF_INIT(record_max);
    p->base = BUF_INIT(EVTX_LOG_BASE_MAX);
    p->keys = keys_new();
    p->chunks = malloc(chunks * sizeof(*p->chunks));
    if (p->keys)
        p->decoder = evtx_decoder_new(p->keys, &decode_default_limits);
    return p->decoder && p->chunks ? p : pass_free(p);
}

static int pass_begin(struct evtx_log *l, struct err *err)
{
    struct err why = ERR_INIT;
    struct evtx_file_info info;
    struct evtx_pass *p;
    struct stat s;
    uint64_t size;
    int fd = open_log(l->path, &s, err), r;

    if (fd < 0)
        return fd;
    size = CANH_MIN((uint64_t)s.st_size, EVTX_FILE_HEADER + (uint64_t)CHUNKS_MAX * EVTX_CHUNK);
    p = pass_new(size, l->record_max);
    if (p == NULL) {
        fd_closep(&fd);
        return err_nomem(err);
    }
    p->fd = fd;
    l->read = s;
    r = evtx_file_header(read_at(fd, 0, p->bytes, HEADER), &info, &why);
    if (r < 0) {
        pass_free(p);
        (void)err_fail(err, (enum ce) - r, ERR_BASE_BOTH, l->path, &why);
        return r;
    }
    evtx_decoder_closed(p->decoder, !info.dirty && !info.bad_crc);
    if (chunks_find(p, size, l->cursor.last) < l->cursor.last) {
        l->cursor.last = 0; /* it was cleared */
        (void)chunks_find(p, size, 0);
    }
    l->pass = p;
    return 0;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Whether the file as it is now is to be read now. */
static bool is_due(struct evtx_log *l, int64_t now)
{
    struct stat s;

    if (lstat(l->path, &s) < 0 || same_file(&s, &l->read))
        return false;
    if (same_file(&l->seen, &l->read))
        l->first = now;
    if (!same_file(&s, &l->seen)) {
        l->seen = s;
        l->changed = now;
    }
    l->changed = CANH_MIN(l->changed, now); /* the clock was set back */
    l->first = CANH_MIN(l->first, now);
    return now - l->changed >= SETTLE_TIME || (l->cursor.last > 0 && now - l->first >= AT_LATEST);
}

int evtx_log_poll(struct evtx_log *l, int64_t now, struct err *err)
{
    int r = 0;

    if (l->pass == NULL) {
        if (!is_due(l, now))
            return 0;
        r = pass_begin(l, err);
        if (r < 0)
            l->read = l->seen; /* told once, until it changes */
    }
    return r < 0 ? r : 1;
}

static bool chunk_begin(struct evtx_pass *p)
{
    struct slice window;

    if (p->at == p->count)
        return false;
    window = read_at(p->fd, p->chunks[p->at].offset, p->bytes, EVTX_CHUNK);
    if (window.n > 0 && evtx_chunk_find(window) == 0) {
        (void)evtx_chunk_begin(p->decoder, window, p->chunks[p->at].offset, &p->report);
        p->in_chunk = true;
    }
    p->at++;
    return true;
}

static void write_base(struct evtx_pass *p, const struct event *e)
{
    const struct field *channel = event_get(e, KEY_CHANNEL), *computer = event_get(e, KEY_COMPUTER);

    buf_clear(&p->base);
    if (channel)
        field_text(channel, &p->base);
    buf_putc(&p->base, '|');
    if (computer)
        field_text(computer, &p->base);
    if (p->base.err) {
        p->base.err = 0;
        p->base.len = 0;
    }
}

/* Whether the record was not read yet. One with the last number at another time: of a log that was
 * cleared and has grown as far again, so that all of it is new. */
static bool is_new(struct evtx_log *l, const struct event *e, int64_t time)
{
    struct evtx_pass *p = l->pass;

    if (e->sequence != l->cursor.last || time == l->cursor.time)
        return e->sequence > l->cursor.last;
    l->cursor.last = 0;
    (void)chunks_find(p, (uint64_t)l->read.st_size, 0);
    p->in_chunk = false;
    return false;
}

static bool evtx_log_read(struct evtx_log *l, const struct event *e, struct evtx_log_record *ret)
{
    struct evtx_pass *p = l->pass;
    int64_t time = event_time(e);

    if (!is_new(l, e, time))
        return false;
    if (l->cursor.last > 0)
        l->lost += e->sequence - l->cursor.last - 1;
    l->cursor.last = e->sequence;
    l->cursor.time = time;
    buf_clear(&p->text);
    p->text.err = 0;
    if (evtx_record_json(p->decoder, &p->text, NULL) < 0 || p->text.err) {
        l->lost++;
        return false;
    }
    write_base(p, e);
    *ret = (struct evtx_log_record){buf_slice(&p->text), buf_slice(&p->base), e->sequence};
    return true;
}

bool evtx_log_next(struct evtx_log *l, struct evtx_log_record *ret)
{
    struct evtx_pass *p = l->pass;
    struct event e;
    int r;

    while (p) {
        if (!p->in_chunk && !chunk_begin(p))
            break;
        r = p->in_chunk ? evtx_next(p->decoder, &e, NULL) : 0;
        p->in_chunk = p->in_chunk && r != 0;
        if (r > 0 && evtx_log_read(l, &e, ret))
            return true;
    }
    if (p)
        l->cursor.caught_up = true;
    l->pass = pass_free(p);
    return false;
}
