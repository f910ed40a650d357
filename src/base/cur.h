/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_CUR_H
#define CANH_BASE_CUR_H
/*
 * Reads a binary format from left to right, little-endian. The first read past the end sets `bad`;
 * later ones give zeros: read freely, check once. Varints are LEB128, at most 10 bytes; signed ones
 * are zigzag.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

struct cur {
    const uint8_t *p, *end;
    bool bad;
};

CANH_INLINE struct cur cur_of(struct slice s)
{
    return (struct cur){.p = s.p, .end = s.p ? s.p + s.n : NULL};
}

CANH_INLINE size_t cur_left(const struct cur *c)
{
    return (size_t)(c->end - c->p);
}

/* The next n bytes, borrowed; empty and bad when there are fewer. */
CANH_INLINE struct slice cur_bytes(struct cur *c, size_t n)
{
    struct slice s = {c->p, n};

    if (c->bad || cur_left(c) < n) {
        c->bad = true;
        return SLICE_NULL;
    }
    c->p += n;
    return s;
}

CANH_INLINE void cur_copy(struct cur *c, void *to, size_t n)
{
    struct slice s = cur_bytes(c, n);

    if (s.n == n && n)
        memcpy(to, s.p, n);
    else
        memset(to, 0, n);
}

CANH_INLINE uint64_t cur_uint(struct cur *c, size_t bytes)
{
    struct slice s = cur_bytes(c, bytes);
    uint64_t v = 0;

    for (size_t i = s.n; i-- > 0;)
        v = v << 8 | s.p[i];
    return v;
}

CANH_INLINE uint8_t cur_u8(struct cur *c)
{
    return (uint8_t)cur_uint(c, 1);
}

CANH_INLINE uint16_t cur_u16(struct cur *c)
{
    return (uint16_t)cur_uint(c, 2);
}

CANH_INLINE uint32_t cur_u32(struct cur *c)
{
    return (uint32_t)cur_uint(c, 4);
}

CANH_INLINE uint64_t cur_u64(struct cur *c)
{
    return cur_uint(c, 8);
}

CANH_INLINE uint64_t cur_varint(struct cur *c)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t b = cur_u8(c);

        if (shift == 63 && b > 1)
            break;
        v |= (uint64_t)(b & 0x7F) << shift;
        if (b < 0x80)
            return v;
    }
    c->bad = true;
    return 0;
}

CANH_INLINE int64_t cur_zigzag(struct cur *c)
{
    uint64_t v = cur_varint(c);

    return (int64_t)(v >> 1 ^ (~(v & 1) + 1));
}

/* The other direction: appends to a buffer. */
CANH_INLINE void write_uint(struct buf *b, uint64_t v, size_t bytes)
{
    uint8_t *to = buf_reserve(b, bytes);

    if (to == NULL)
        return;
    for (size_t i = 0; i < bytes; i++, v >>= 8)
        to[i] = (uint8_t)v;
    b->len += bytes;
}

CANH_INLINE void write_varint(struct buf *b, uint64_t v)
{
    uint8_t *to = buf_reserve(b, 10);
    size_t n = 0;

    if (to == NULL)
        return;
    for (; v >= 0x80; v >>= 7)
        to[n++] = (uint8_t)(v | 0x80);
    to[n++] = (uint8_t)v;
    b->len += n;
}

CANH_INLINE void write_zigzag(struct buf *b, int64_t v)
{
    write_varint(b, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

#endif
