/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fold.h"

#include "base/utf.h"

uint32_t fold_char(uint32_t c)
{
    unsigned lo = 0, hi = fold_range_count;

    if (c < 0x80)
        return fold_ascii((uint8_t)c);
    while (lo < hi) {
        unsigned mid = (lo + hi) / 2;
        const struct fold_range *r = &fold_ranges[mid];

        if (c > r->last)
            lo = mid + 1;
        else if (c < r->first)
            hi = mid;
        else
            return (c - r->first) % r->step == 0 ? (uint32_t)((int32_t)c + r->delta) : c;
    }
    return c;
}

#define HIGH_BITS 0x8080808080808080ULL

/* The high bit of each capital among eight ASCII bytes; the caller has checked that they are. */
static uint64_t capital_bits(uint64_t w)
{
    uint64_t above = w + 0x3f3f3f3f3f3f3f3fULL;  /* high bit where byte >= 'A' */
    uint64_t beyond = w + 0x2525252525252525ULL; /* high bit where byte > 'Z' */

    return above & ~beyond & HIGH_BITS;
}

static uint64_t fold_ascii8(uint64_t w)
{
    return w | capital_bits(w) >> 2;
}

static bool all_keep(const uint8_t *p)
{
    uint64_t w;

    memcpy(&w, p, 8);
    return (w & HIGH_BITS) == 0 && capital_bits(w) == 0;
}

bool fold_keeps(struct slice s)
{
    size_t i = 0;

    for (; i + 8 <= s.n; i += 8) {
        if (!all_keep(s.p + i))
            return false;
    }
    if (s.n >= 8)
        return all_keep(s.p + s.n - 8);
    while (i < s.n && s.p[i] < 0x80 && fold_ascii(s.p[i]) == s.p[i])
        i++;
    return i == s.n;
}

static size_t fold_one(struct slice s, size_t at, uint8_t *to, unsigned *ret_taken)
{
    uint32_t c = utf8_decode(s.p + at, s.n - at, ret_taken);

    return utf8_encode(c < UTF_INVALID ? fold_char(c) : c, to);
}

/* Folds the last eight bytes of a text whose first ones are ASCII; false: these are not. */
static bool fold_end(struct slice s, uint8_t *to)
{
    uint64_t w;

    memcpy(&w, s.p + s.n - 8, 8);
    if (w & HIGH_BITS)
        return false;
    w = fold_ascii8(w);
    memcpy(to + s.n - 8, &w, 8);
    return true;
}

size_t fold_text(struct slice s, uint8_t *to)
{
    uint8_t *start = to;
    size_t i = 0;

    while (i < s.n) {
        unsigned taken;

        while (i + 8 <= s.n) {
            uint64_t w;

            memcpy(&w, s.p + i, 8);
            if (w & HIGH_BITS)
                break;
            w = fold_ascii8(w);
            memcpy(to, &w, 8);
            i += 8;
            to += 8;
        }
        if (s.n >= 8 && s.n - i < 8 && (size_t)(to - start) == i && fold_end(s, start))
            return s.n;
        while (i < s.n && s.p[i] < 0x80)
            *to++ = fold_ascii(s.p[i++]);
        if (i >= s.n)
            break;
        to += fold_one(s, i, to, &taken);
        i += taken;
    }
    return (size_t)(to - start);
}
