/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_JSON_BITS_H
#define CANH_DECODE_JSON_BITS_H
/*
 * JSON text, 64 bytes at a time, as bit masks: bit i stands for byte i.
 */
#if defined(__SSE2__)
#    include <emmintrin.h>
#endif

#include <stdint.h>

#include "base/attr.h"

/*
 * Bytes behind odd runs of backslashes, that is, those that are escaped. Adding the first bit of
 * each run that begins at an even position carries through it to the bit behind, which tells
 * these runs from those that begin at odd positions; a run is odd when its beginning and the byte
 * behind it are not both even or both odd.
 */
CANH_INLINE uint64_t json_behind_odd_runs(uint64_t slash, uint64_t *carry)
{
    const uint64_t even = 0x5555555555555555u;
    uint64_t run =
        slash & ~*carry; /* without the second of a pair that began in the block before */
    uint64_t next = run << 1, first = run & ~next, from_even = run + (first & even);
    uint64_t behind = (next & ~run & (from_even ^ even)) | (*carry & ~slash);

    /* how many backslashes end the block; if all of it is one run, its length is even */
    if (CANH_LIKELY(slash != UINT64_MAX))
        *carry = (uint64_t)__builtin_clzll(~slash) & 1;
    return behind;
}

/* From each quote to the next, the first included. */
CANH_INLINE uint64_t json_between_quotes(uint64_t quotes)
{
    for (unsigned i = 1; i < 64; i *= 2)
        quotes ^= quotes << i;
    return quotes;
}

enum { JSON_LAYOUT = 64 };

/* What tells where documents end. */
struct json_layout {
    uint64_t quote, slash, line, blank, open, bracket; /* open: {; bracket: all four kinds */
};

#if defined(__SSE2__)

CANH_INLINE uint64_t json_mask16(__m128i v, unsigned at)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(v) << at;
}

CANH_INLINE struct json_layout json_layout_of(const uint8_t *p)
{
    const __m128i bit = _mm_set1_epi8(0x20); /* apart from it { is [ and } is ] */
    struct json_layout m = {0};

    for (unsigned i = 0; i < JSON_LAYOUT; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(p + i)), low = _mm_or_si128(v, bit);
        __m128i line = _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'));
        __m128i space = _mm_or_si128(_mm_cmpeq_epi8(v, bit), line);
        __m128i other = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\t')),
                                     _mm_cmpeq_epi8(v, _mm_set1_epi8('\r')));

        m.quote |= json_mask16(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')), i);
        m.slash |= json_mask16(_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')), i);
        m.line |= json_mask16(line, i);
        m.blank |= json_mask16(_mm_or_si128(space, other), i);
        m.open |= json_mask16(_mm_cmpeq_epi8(v, _mm_set1_epi8('{')), i);
        m.bracket |= json_mask16(_mm_or_si128(_mm_cmpeq_epi8(low, _mm_set1_epi8('{')),
                                              _mm_cmpeq_epi8(low, _mm_set1_epi8('}'))),
                                 i);
    }
    return m;
}

#else

CANH_INLINE struct json_layout json_layout_of(const uint8_t *p)
{
    struct json_layout m = {0};

    for (unsigned i = 0; i < JSON_LAYOUT; i++) {
        uint8_t c = p[i];

        m.quote |= (uint64_t)(c == '"') << i;
        m.slash |= (uint64_t)(c == '\\') << i;
        m.line |= (uint64_t)(c == '\n') << i;
        m.blank |= (uint64_t)(c == ' ' || c == '\n' || c == '\t' || c == '\r') << i;
        m.open |= (uint64_t)(c == '{') << i;
        m.bracket |= (uint64_t)((c | 0x20) == '{' || (c | 0x20) == '}') << i;
    }
    return m;
}

#endif

#endif
