/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_PACK_H
#define CANH_HUNT_PACK_H
/*
 * What workers keep of events, as bytes: records in a row, each with its length before it, numbers
 * and texts inside. Only this process reads them again.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* Begins a record; pack_end() with what it returned fills in the length. */
CANH_INLINE size_t pack_begin(struct buf *out)
{
    uint32_t n = 0;

    buf_append(out, &n, sizeof(n));
    return out->len;
}

CANH_INLINE void pack_end(struct buf *out, size_t began)
{
    uint32_t n = (uint32_t)(out->len - began);

    if (out->err == 0)
        memcpy(out->p + began - sizeof(n), &n, sizeof(n));
}

CANH_INLINE void pack_u64(struct buf *out, uint64_t v)
{
    buf_append(out, &v, sizeof(v));
}

CANH_INLINE void pack_text(struct buf *out, struct slice s)
{
    uint32_t n = (uint32_t)s.n;

    buf_append(out, &n, sizeof(n));
    buf_append_slice(out, s);
}

/* A text that is appended piece by piece. */
CANH_INLINE void pack_text_end(struct buf *out, size_t began)
{
    pack_end(out, began);
}

CANH_INLINE uint64_t unpack_u64(struct slice *in)
{
    uint64_t v = 0;

    if (in->n >= sizeof(v))
        memcpy(&v, in->p, sizeof(v));
    *in = slice_from(*in, sizeof(v));
    return v;
}

/* A text, or a whole record. */
CANH_INLINE struct slice unpack_text(struct slice *in)
{
    struct slice s;
    uint32_t n = 0;

    if (in->n >= sizeof(n))
        memcpy(&n, in->p, sizeof(n));
    *in = slice_from(*in, sizeof(n));
    s = slice_head(*in, n);
    *in = slice_from(*in, n);
    return s;
}

#endif
