/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "collect/packed.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

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
    GZIP_MIN = 18, /* bytes of a packed file */
};

struct packed {
    gzFile z;
    int fd;      /* its */
    uint64_t at; /* of the log, that is unpacked */
    uint64_t freed;
    bool ended;
};

bool is_packed_name(const char *suffix)
{
    static const char *const ends[] = {".gz", ".xz", ".zst", ".bz2"};
    struct slice s = slice_str(suffix);

    for (size_t i = 0; i < CANH_LEN(ends); i++)
        if (slice_ends(s, slice_str(ends[i])))
            return s.n > strlen(ends[i]);
    return false;
}

static uint32_t little_endian(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

enum packed_kind packed_about(int fd, struct packed_about *ret)
{
    static const uint8_t magic[] = {0x1f, 0x8b, Z_DEFLATED};
    uint8_t head[8], size[4];
    ssize_t n = pread(fd, head, sizeof(head), 0);
    struct stat st;

    if (n < 0 || memcmp(head, magic, CANH_MIN((size_t)n, sizeof(magic))) != 0)
        return PACKED_NOT;
    if (fstat(fd, &st) < 0 || st.st_size < GZIP_MIN || n != sizeof(head) ||
        pread(fd, size, sizeof(size), st.st_size - 4) != sizeof(size))
        return PACKED_BEGUN;
    *ret = (struct packed_about){.written = little_endian(head + 4) * TIME_SECOND,
                                 .size = little_endian(size)};
    return PACKED_GZIP;
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
    int n = gzread(p->z, bytes, sizeof(bytes)), why = Z_OK;
    uint64_t at = p->at, end = at + (uint64_t)CANH_MAX(n, 0);
    struct stat st;

    if (n == 0)
        (void)gzerror(p->z, &why);
    if (n == 0 && why == Z_BUF_ERROR && fstat(p->fd, &st) == 0 && packed_is_fresh(&st)) {
        gzclearerr(p->z);
        return -CE_BUSY;
    }
    if (n <= 0)
        return n == 0 && why == Z_OK ? 0 : -CE_CORRUPT;
    if (end > PACKED_MAX ||
        !write_part(log_fd, bytes, at, at, CANH_MIN(end, (uint64_t)BEGINNING)) ||
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

int packed_more(struct packed *p, int log_fd, uint64_t needed)
{
    uint64_t from = needed > LAYOUT_BACK ? needed - LAYOUT_BACK : 0, began = p->at;
    int r = !p->ended;

    while (r == 1 && p->at - began < (p->at < from ? PACKED_SKIP : PACKED_STEP))
        r = packed_part(p, log_fd, from);
    free_before(p, log_fd, from);
    p->ended = r == 0 || r == -CE_CORRUPT;
    return r == 0 && p->at > began ? 1 : r;
}

struct packed *packed_close(struct packed *p)
{
    if (p != NULL)
        (void)gzclose(p->z);
    free(p);
    return NULL;
}

static bool open_gzip(struct packed *p, int fd)
{
    p->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    p->z = p->fd >= 0 ? gzdopen(p->fd, "rb") : NULL;
    if (p->z == NULL)
        fd_closep(&p->fd);
    return p->z != NULL;
}

struct packed *packed_open(int fd, int *ret_fd)
{
    struct packed *p = calloc(1, sizeof(*p));
    struct packed_about about;
    int r = -CE_NOMEM;

    *ret_fd = -1;
    if (p == NULL || packed_about(fd, &about) != PACKED_GZIP || !open_gzip(p, fd)) {
        free(p);
        return NULL;
    }
    *ret_fd = memfd_create("packed log", MFD_CLOEXEC);
    do {
        r = *ret_fd >= 0 ? packed_part(p, *ret_fd, 0) : r;
    } while (r == 1 && p->at < BEGINNING);
    if (p->at > 0)
        return p;
    fd_closep(ret_fd);
    return r == 0 ? p : packed_close(p);
}
