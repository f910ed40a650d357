/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_NEAR_H
#define CANH_BASE_NEAR_H
/*
 * Looks for what ends a word: it stands some bytes further on, where calling memchr() costs more
 * than looking. Lines of text are taken apart by a dozen such looks each.
 */
#if defined(__SSE2__)
#    include <emmintrin.h>
#endif

#include "base/attr.h"
#include "base/slice.h"

/* Position of the first byte that is a or b in s, or SIZE_MAX. */
CANH_INLINE size_t near_either(struct slice s, uint8_t a, uint8_t b)
{
    size_t i = 0;

#if defined(__SSE2__)
    for (; i + 16 <= s.n; i += 16) {
        __m128i v = _mm_loadu_si128((const void *)(s.p + i));
        unsigned mask =
            (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8((char)a)),
                                                     _mm_cmpeq_epi8(v, _mm_set1_epi8((char)b))));

        if (mask != 0)
            return i + (size_t)__builtin_ctz(mask);
    }
#endif
    for (; i < s.n; i++) {
        if (s.p[i] == a || s.p[i] == b)
            return i;
    }
    return SIZE_MAX;
}

/* Position of byte c in s, or SIZE_MAX, as slice_find_byte(). */
CANH_INLINE size_t near_byte(struct slice s, uint8_t c)
{
    return near_either(s, c, c);
}

#endif
