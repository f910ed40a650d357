/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"

void buf_done(struct buf *b)
{
    free(b->p);
    *b = BUF_INIT(b->max);
}

static int buf_grow(struct buf *b, size_t need)
{
    size_t cap = b->cap ? b->cap : 64;
    uint8_t *p;

    if (need > b->max)
        return b->err = -CE_TOO_BIG;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    cap = CANH_MIN(cap, b->max);
    p = realloc(b->p, cap);
    if (p == NULL)
        return b->err = -CE_NOMEM;
    b->p = p;
    b->cap = cap;
    return 0;
}

uint8_t *buf_reserve_slow(struct buf *b, size_t n)
{
    if (b->err != 0)
        return NULL;
    if (n > b->max - b->len) {
        b->err = -CE_TOO_BIG;
        return NULL;
    }
    if (n > b->cap - b->len && buf_grow(b, b->len + n) < 0)
        return NULL;
    return b->p + b->len;
}

void buf_append_u64(struct buf *b, uint64_t v)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930"
                                "31323334353637383940414243444546474849505152535455565758596061"
                                "62636465666768697071727374757677787980818283848586878889909192"
                                "93949596979899";
    char digits[20];
    size_t i = sizeof(digits);

    for (; v >= 100; v /= 100) {
        digits[--i] = pairs[2 * (v % 100) + 1];
        digits[--i] = pairs[2 * (v % 100)];
    }
    if (v >= 10) {
        digits[--i] = pairs[2 * v + 1];
        digits[--i] = pairs[2 * v];
    } else {
        digits[--i] = (char)('0' + v);
    }
    buf_append(b, digits + i, sizeof(digits) - i);
}

void buf_append_i64(struct buf *b, int64_t v)
{
    if (v < 0)
        buf_putc(b, '-');
    buf_append_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    int n;

    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0) {
        b->err = -CE_BUG;
    } else if (buf_reserve(b, (size_t)n + 1) != NULL) {
        (void)vsnprintf((char *)b->p + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

const char *buf_cstr(struct buf *b)
{
    uint8_t *end = buf_reserve(b, 1);

    if (end == NULL)
        return "";
    *end = 0;
    return (const char *)b->p;
}
