/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "collect/packed.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/num.h"
#include "base/slice.h"
#include "base/time.h"
#include "collect/follow_cursor.h"
#include "collect/layout.h"

enum {
    PART = 64 * 1024,
    PAGE = 4096,
    BEGINNING = LAYOUT_SAMPLE + 4 /* and a byte order mark */,
    HEAD = 8,
    GZIP_MIN = 18, /* bytes of a packed file */
};

struct packed {
    struct unpacker *from; /* NULL: it ended */
    int fd;                /* its */
    uint64_t at, max;      /* of the log: unpacked, and how much may be */
    uint64_t freed;
};

static uint32_t little_endian(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static enum packed_state about_gzip(int fd, const uint8_t head[HEAD], size_t n,
                                    struct packed_about *ret)
{
    uint8_t size[4];
    struct stat st;

    if (fstat(fd, &st) < 0 || st.st_size < GZIP_MIN || n != HEAD ||
        pread(fd, size, sizeof(size), st.st_size - 4) != sizeof(size))
        return PACKED_BEGUN;
    ret->written = little_endian(head + 4) * TIME_SECOND;
    ret->sized = true;
    ret->size = little_endian(size);
    return PACKED_LOG;
}

enum packed_state packed_about(int fd, struct packed_about *ret)
{
    uint8_t head[HEAD];
    ssize_t n = pread(fd, head, sizeof(head), 0);
    bool sure = false;

    *ret = (struct packed_about){.kind = NULL};
    if (n >= 0)
        ret->kind = unpack_kind_of(slice_of(head, (size_t)n), &sure);
    if (ret->kind == NULL)
        return PACKED_NOT;
    if (!sure)
        return PACKED_BEGUN;
    return unpack_is_gzip(ret->kind) ? about_gzip(fd, head, (size_t)n, ret) : PACKED_LOG;
}

bool packed_is_fresh(const struct stat *st)
{
    int64_t ago = time_now() - follow_written(st);

    return ago >= 0 && ago < PACKED_SETTLED;
}

static bool write_part(int fd, const uint8_t *p, uint64_t at, uint64_t from, uint64_t to)
{
    if (from >= to)
        return true;
    return pwrite(fd, p + (from - at), (size_t)(to - from), (off_t)from) == (ssize_t)(to - from);
}

/* One part: its bytes, of which those of the beginning and those behind `from` are kept. */
static int packed_part(struct packed *p, int log_fd, uint64_t from)
{
    uint8_t bytes[PART];
    int n = unpack_read(p->from, bytes, sizeof(bytes));
    uint64_t at = p->at, end = at + (uint64_t)CANH_MAX(n, 0);
    struct stat st;

    if (n == -CE_BUSY && fstat(p->fd, &st) == 0 && packed_is_fresh(&st))
        return -CE_BUSY;
    if (n <= 0)
        return n == 0 ? 0 : -CE_CORRUPT;
    if (end > p->max || !write_part(log_fd, bytes, at, at, CANH_MIN(end, (uint64_t)BEGINNING)) ||
        !write_part(log_fd, bytes, at, CANH_MAX(at, CANH_MAX(from, (uint64_t)BEGINNING)), end))
        return -CE_CORRUPT;
    p->at = end;
    return 1;
}

/* Whole pages of zeros take no memory. */
static void free_before(struct packed *p, int log_fd, uint64_t from)
{
    uint64_t first = CANH_MAX(p->freed, (uint64_t)BEGINNING + PAGE) / PAGE * PAGE;
    uint64_t to = CANH_MIN(from, p->at) / PAGE * PAGE;

    if (to <= first || fallocate(log_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)first,
                                 (off_t)(to - first)) < 0)
        return;
    p->freed = to;
}

static void packed_end(struct packed *p)
{
    p->from = unpack_close(p->from);
    fd_closep(&p->fd);
}

int packed_more(struct packed *p, int log_fd, uint64_t needed)
{
    uint64_t from = needed > LAYOUT_BACK ? needed - LAYOUT_BACK : 0, began = p->at;
    int r = p->from != NULL;

    while (r == 1 && p->at - began < (p->at < from ? PACKED_SKIP : PACKED_STEP))
        r = packed_part(p, log_fd, from);
    free_before(p, log_fd, from);
    if (r == 0 || r == -CE_CORRUPT)
        packed_end(p);
    return r == 0 && p->at > began ? 1 : r;
}

struct packed *packed_close(struct packed *p)
{
    if (p != NULL)
        packed_end(p);
    free(p);
    return NULL;
}

/* NULL: not packed, no memory, no descriptor. */
static struct packed *packed_new(int fd, uint64_t max)
{
    struct packed *p = calloc(1, sizeof(*p));
    struct packed_about about;

    if (p == NULL || packed_about(fd, &about) != PACKED_LOG) {
        free(p);
        return NULL;
    }
    p->max = max;
    p->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    p->from = p->fd >= 0 ? unpack_open(about.kind, p->fd) : NULL;
    return p->from ? p : packed_close(p);
}

struct packed *packed_open(int fd, uint64_t max, int *ret_fd)
{
    struct packed *p = packed_new(fd, max);
    int r = -CE_NOMEM;

    *ret_fd = -1;
    if (p == NULL)
        return NULL;
    *ret_fd = memfd_create("packed log", MFD_CLOEXEC);
    do {
        r = *ret_fd >= 0 ? packed_part(p, *ret_fd, 0) : r;
    } while (r == 1 && p->at < BEGINNING);
    if (p->at > 0)
        return p;
    fd_closep(ret_fd);
    return r == 0 ? p : packed_close(p);
}

bool packed_has_room(void)
{
    return unpack_has_room();
}

struct packed *packed_count_open(int fd)
{
    return packed_new(fd, PACKED_COUNT_MAX);
}

int packed_count_more(struct packed *p, uint64_t *ret)
{
    uint8_t bytes[PART];
    uint64_t began = p->at;
    int n;

    while ((n = unpack_read(p->from, bytes, sizeof(bytes))) > 0) {
        p->at += (uint64_t)n;
        if (p->at > p->max)
            return -CE_CORRUPT;
        if (p->at - began >= PACKED_COUNT_STEP)
            return 1;
    }
    *ret = p->at;
    return n == 0 ? 0 : -CE_CORRUPT;
}
