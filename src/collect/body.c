/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/body.h"

#include <zlib.h>
#include <zstd.h>

#include "collect/zstd_frame.h"

enum {
    STEP = 64 * 1024,
    ZLIB_ANY = 15 + 32 /* gzip or zlib, by the first bytes */,
    WINDOW_LOG = 23
};

/* Room for more; 0: out is full. One byte beyond the maximum is never asked for. */
static uint8_t *body_room(struct buf *out, size_t *ret_n)
{
    *ret_n = CANH_MIN((size_t)STEP, out->max - out->len);
    return *ret_n ? buf_reserve(out, *ret_n) : NULL;
}

/* Whether a stream that is not at its end would give at least one byte more. */
static int body_full(struct buf *out)
{
    return out->err ? out->err : -CE_TOO_BIG;
}

static int inflate_step(z_stream *z, struct buf *out)
{
    uint8_t spare;
    size_t n;
    uint8_t *to = body_room(out, &n);
    int r;

    if (to == NULL && out->err)
        return out->err;
    z->next_out = to ? to : &spare;
    z->avail_out = to ? (uInt)n : 1;
    r = inflate(z, Z_NO_FLUSH);
    if (to)
        out->len += n - z->avail_out;
    else if (z->avail_out == 0)
        return body_full(out);
    if (r == Z_STREAM_END)
        return 1;
    if (r == Z_BUF_ERROR)
        return -CE_TRUNCATED;
    return r == Z_OK ? 0 : r == Z_MEM_ERROR ? -CE_NOMEM : -CE_CORRUPT;
}

static int decode_zlib(struct slice in, struct buf *out)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)in.p, .avail_in = (uInt)in.n};
    int r;

    if (in.n > UINT32_MAX)
        return -CE_TOO_BIG;
    if (inflateInit2(&z, ZLIB_ANY) != Z_OK)
        return -CE_NOMEM;
    for (;;) {
        r = inflate_step(&z, out);
        if (r < 0 || (r == 1 && z.avail_in == 0))
            break;
        if (r == 1 && inflateReset(&z) != Z_OK) {
            r = -CE_CORRUPT;
            break;
        }
    }
    (void)inflateEnd(&z);
    return r < 0 ? r : 0;
}

static int zstd_step(ZSTD_DCtx *z, ZSTD_inBuffer *in, struct buf *out, size_t *ret_left)
{
    uint8_t spare;
    size_t n, r;
    uint8_t *to = body_room(out, &n);
    ZSTD_outBuffer b = {to ? to : &spare, to ? n : 1, 0};

    if (to == NULL && out->err)
        return out->err;
    r = ZSTD_decompressStream(z, &b, in);
    if (ZSTD_isError(r))
        return -CE_CORRUPT;
    if (to)
        out->len += b.pos;
    else if (b.pos)
        return body_full(out);
    *ret_left = r;
    if (in->pos < in->size)
        return 0;
    if (r == 0)
        return 1; /* a frame ended with the input */
    return b.pos == b.size ? 0 : -CE_TRUNCATED;
}

static int decode_zstd(struct slice in, struct buf *out)
{
    ZSTD_DCtx *z = ZSTD_createDCtx();
    ZSTD_inBuffer b = {in.p, in.n, 0};
    size_t left = 0;
    int r = 0;

    if (z == NULL)
        return -CE_NOMEM;
    if (ZSTD_isError(ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG)))
        r = -CE_NOMEM;
    while (r == 0)
        r = left > 0 || zstd_frame_begins(slice_from(in, b.pos)) ? zstd_step(z, &b, out, &left)
                                                                 : -CE_CORRUPT;
    (void)ZSTD_freeDCtx(z);
    return r < 0 ? r : 0;
}

int body_decode(struct slice coding, struct slice in, struct buf *out)
{
    coding = slice_trim(coding);
    if (coding.n == 0 || slice_eq_nocase(coding, SLICE("identity"))) {
        buf_append_slice(out, in);
        return out->err;
    }
    if (slice_eq_nocase(coding, SLICE("gzip")) || slice_eq_nocase(coding, SLICE("x-gzip")) ||
        slice_eq_nocase(coding, SLICE("deflate")))
        return decode_zlib(in, out);
    if (slice_eq_nocase(coding, SLICE("zstd")))
        return decode_zstd(in, out);
    return -CE_UNKNOWN;
}
