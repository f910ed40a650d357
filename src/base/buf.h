/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_BUF_H
#define CANH_BASE_BUF_H
/*
 * A growing byte buffer, born with its maximum. The first failure (over the maximum, no memory)
 * sticks in err and later appends do nothing: append freely, check once.
 */
#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/slice.h"

struct buf {
    uint8_t *p;
    size_t len, cap, max;
    int err; /* 0 or -CE_* */
};

#define BUF_INIT(maximum) ((struct buf){.max = (maximum)})

/* Frees the bytes; the buffer may be used again with the same maximum. */
void buf_done(struct buf *b);

/* Forgets content and error, keeps the memory. */
CANH_INLINE void buf_clear(struct buf *b)
{
    b->len = 0;
    b->err = 0;
}

CANH_INLINE struct slice buf_slice(const struct buf *b)
{
    return slice_of(b->p, b->len);
}

uint8_t *buf_reserve_slow(struct buf *b, size_t n);

/* Room for n more bytes; NULL (and err set) when there is none. The caller advances len. */
CANH_INLINE uint8_t *buf_reserve(struct buf *b, size_t n)
{
    return b->err == 0 && n <= b->cap - b->len && b->p ? b->p + b->len : buf_reserve_slow(b, n);
}

CANH_INLINE void buf_append(struct buf *b, const void *p, size_t n)
{
    uint8_t *to = n ? buf_reserve(b, n) : NULL;

    if (to == NULL)
        return;
    memcpy(to, p, n);
    b->len += n;
}

CANH_INLINE void buf_putc(struct buf *b, uint8_t c)
{
    uint8_t *to = buf_reserve(b, 1);

    if (to == NULL)
        return;
    *to = c;
    b->len++;
}

CANH_INLINE void buf_append_slice(struct buf *b, struct slice s)
{
    buf_append(b, s.p, s.n);
}

CANH_INLINE void buf_puts(struct buf *b, const char *s)
{
    buf_append(b, s, strlen(s));
}
void buf_append_u64(struct buf *b, uint64_t v);
void buf_append_i64(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) CANH_PRINTF(2, 3);
/* Zero-terminates (the zero is not counted) and returns the text; "" when err is set. */
const char *buf_cstr(struct buf *b);

#endif
