/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "collect/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "base/err.h"
#include "base/num.h"
#include "collect/zstd_frame.h"

enum { INPUT = 32 * 1024, ZSTD_WINDOW_LOG = 26 };

/* A step consumes and gives what it can. */
enum step { STEP_MORE, STEP_ENDED /* the stream */, STEP_BAD };

struct unpack_kind {
    const char *suffix;
    struct slice magic;
    int (*begin)(struct unpacker *u); /* a stream: 0, -CE_BUSY, -CE_CORRUPT */
    enum step (*step)(struct unpacker *u);
    void (*end)(struct unpacker *u);
};

struct unpacker {
    const struct unpack_kind *kind;
    int fd;
    uint64_t at;  /* of the packed file */
    bool running; /* within a stream */
    bool full;    /* it may have more to give without more input */
    bool bad;     /* damaged, or over a bound: nothing more comes */
    uint8_t *out;
    size_t out_n, in_n;
    const uint8_t *in;
    union {
        z_stream gzip;
        lzma_stream xz;
        bz_stream bzip2;
        ZSTD_DStream *zstd;
    };
    uint8_t bytes[INPUT];
};

/* In this process. */
static unsigned open_now;

static void step_moved(struct unpacker *u, size_t in_left, size_t out_left)
{
    u->in += u->in_n - in_left;
    u->in_n = in_left;
    u->out += u->out_n - out_left;
    u->out_n = out_left;
}

static int gzip_begin(struct unpacker *u)
{
    u->gzip = (z_stream){.next_in = NULL};
    return inflateInit2(&u->gzip, 16 + MAX_WBITS) == Z_OK ? 0 : -CE_CORRUPT;
}

static enum step gzip_step(struct unpacker *u)
{
    int r;

    u->gzip.next_in = (Bytef *)(uintptr_t)u->in;
    u->gzip.avail_in = (uInt)u->in_n;
    u->gzip.next_out = u->out;
    u->gzip.avail_out = (uInt)u->out_n;
    r = inflate(&u->gzip, Z_NO_FLUSH);
    step_moved(u, u->gzip.avail_in, u->gzip.avail_out);
    if (r == Z_STREAM_END)
        return STEP_ENDED;
    return r == Z_OK || r == Z_BUF_ERROR ? STEP_MORE : STEP_BAD;
}

static void gzip_end(struct unpacker *u)
{
    (void)inflateEnd(&u->gzip);
}

static int xz_begin(struct unpacker *u)
{
    u->xz = (lzma_stream)LZMA_STREAM_INIT;
    return lzma_stream_decoder(&u->xz, UNPACK_MEMORY, 0) == LZMA_OK ? 0 : -CE_CORRUPT;
}

static enum step xz_step(struct unpacker *u)
{
    lzma_ret r;

    u->xz.next_in = u->in;
    u->xz.avail_in = u->in_n;
    u->xz.next_out = u->out;
    u->xz.avail_out = u->out_n;
    r = lzma_code(&u->xz, LZMA_RUN);
    step_moved(u, u->xz.avail_in, u->xz.avail_out);
    if (r == LZMA_STREAM_END)
        return STEP_ENDED;
    return r == LZMA_OK || r == LZMA_BUF_ERROR ? STEP_MORE : STEP_BAD;
}

static void xz_end(struct unpacker *u)
{
    lzma_end(&u->xz);
}

static int bzip2_begin(struct unpacker *u)
{
    u->bzip2 = (bz_stream){.next_in = NULL};
    return BZ2_bzDecompressInit(&u->bzip2, 0, 0) == BZ_OK ? 0 : -CE_CORRUPT;
}

static enum step bzip2_step(struct unpacker *u)
{
    int r;

    u->bzip2.next_in = (char *)(uintptr_t)u->in;
    u->bzip2.avail_in = (unsigned)u->in_n;
    u->bzip2.next_out = (char *)u->out;
    u->bzip2.avail_out = (unsigned)u->out_n;
    r = BZ2_bzDecompress(&u->bzip2);
    step_moved(u, u->bzip2.avail_in, u->bzip2.avail_out);
    if (r == BZ_STREAM_END)
        return STEP_ENDED;
    return r == BZ_OK ? STEP_MORE : STEP_BAD;
}

static void bzip2_end(struct unpacker *u)
{
    (void)BZ2_bzDecompressEnd(&u->bzip2);
}

static int zstd_begin(struct unpacker *u)
{
    uint8_t magic[ZSTD_FRAME_MAGIC];
    ssize_t n = pread(u->fd, magic, sizeof(magic), (off_t)(u->at - u->in_n));

    if (n < 0 || !zstd_frame_begins(slice_of(magic, (size_t)n)))
        return -CE_CORRUPT;
    if (n < ZSTD_FRAME_MAGIC)
        return -CE_BUSY;
    u->zstd = ZSTD_createDStream();
    if (u->zstd &&
        !ZSTD_isError(ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG)))
        return 0;
    (void)ZSTD_freeDStream(u->zstd);
    return -CE_CORRUPT;
}

static enum step zstd_step(struct unpacker *u)
{
    ZSTD_inBuffer in = {.src = u->in, .size = u->in_n};
    ZSTD_outBuffer out = {.dst = u->out, .size = u->out_n};
    size_t r = ZSTD_decompressStream(u->zstd, &out, &in);

    step_moved(u, in.size - in.pos, out.size - out.pos);
    if (ZSTD_isError(r))
        return STEP_BAD;
    return r == 0 ? STEP_ENDED : STEP_MORE;
}

static void zstd_end(struct unpacker *u)
{
    (void)ZSTD_freeDStream(u->zstd);
}

static const struct unpack_kind kinds[] = {
    {".gz", SLICE_INIT("\x1f\x8b\x08"), gzip_begin, gzip_step, gzip_end},
    {".xz",
     SLICE_INIT("\xfd"
                "7zXZ\0"),
     xz_begin, xz_step, xz_end},
    {".zst", SLICE_INIT("\x28\xb5\x2f\xfd"), zstd_begin, zstd_step, zstd_end},
    {".bz2", SLICE_INIT("BZh"), bzip2_begin, bzip2_step, bzip2_end},
};

bool is_packed_name(const char *name)
{
    struct slice s = slice_str(name);

    for (size_t i = 0; i < CANH_LEN(kinds); i++)
        if (slice_ends(s, slice_str(kinds[i].suffix)))
            return s.n > strlen(kinds[i].suffix);
    return false;
}

static bool begins_as(const struct unpack_kind *kind, struct slice head)
{
    size_t n = CANH_MIN(head.n, kind->magic.n);

    return n == 0 || memcmp(head.p, kind->magic.p, n) == 0 ||
           (kind->step == zstd_step && zstd_frame_begins(head));
}

const struct unpack_kind *unpack_kind_of(struct slice head, bool *ret_sure)
{
    for (size_t i = 0; i < CANH_LEN(kinds); i++) {
        size_t n = CANH_MIN(head.n, kinds[i].magic.n);

        if (!begins_as(&kinds[i], head))
            continue;
        *ret_sure = n == kinds[i].magic.n;
        return &kinds[i];
    }
    *ret_sure = true;
    return NULL;
}

bool unpack_is_gzip(const struct unpack_kind *kind)
{
    return kind == &kinds[0];
}

bool unpack_has_room(void)
{
    return open_now < UNPACK_OPEN;
}

struct unpacker *unpack_open(const struct unpack_kind *kind, int fd)
{
    struct unpacker *u = calloc(1, sizeof(*u));

    if (u == NULL)
        return NULL;
    u->kind = kind;
    u->fd = fd;
    open_now++;
    return u;
}

static void end_stream(struct unpacker *u)
{
    if (u->running)
        u->kind->end(u);
    u->running = u->full = false;
}

struct unpacker *unpack_close(struct unpacker *u)
{
    if (u == NULL)
        return NULL;
    end_stream(u);
    free(u);
    open_now--;
    return NULL;
}

/* More of the file, where nothing is left of what was read. 1; 0: not now; -CE_IO. */
static int need_input(struct unpacker *u)
{
    ssize_t n;

    if (u->in_n > 0 || u->full)
        return 1;
    n = pread(u->fd, u->bytes, sizeof(u->bytes), (off_t)u->at);
    if (n < 0)
        return -CE_IO;
    u->in = u->bytes;
    u->in_n = (size_t)n;
    u->at += (uint64_t)n;
    return n > 0;
}

/* Zeros may stand between streams, and behind them. 0: one runs, or nothing is left; -CE_BUSY: too
 * little of the next is there; -CE_CORRUPT: none begins. */
static int need_stream(struct unpacker *u)
{
    int r;

    while (!u->running && u->in_n > 0 && *u->in == 0) {
        u->in++;
        u->in_n--;
    }
    if (u->running || u->in_n == 0)
        return 0;
    r = u->kind->begin(u);
    u->running = r == 0;
    return r;
}

static void take_step(struct unpacker *u)
{
    enum step step = u->kind->step(u);

    u->full = u->out_n == 0;
    u->bad = step == STEP_BAD;
    if (step != STEP_MORE)
        end_stream(u);
}

int unpack_read(struct unpacker *u, uint8_t *to, size_t room)
{
    uint64_t from = u->at;

    u->out = to;
    u->out_n = room;
    while (u->out_n == room && !u->bad) {
        int r = need_input(u);

        if (r <= 0)
            return r == 0 && u->running ? -CE_BUSY : r;
        r = need_stream(u);
        if (r < 0)
            return r;
        if (u->running)
            take_step(u);
        u->bad = u->bad || u->at - from > UNPACK_BARREN;
    }
    return u->out_n < room ? (int)(room - u->out_n) : -CE_CORRUPT;
}
