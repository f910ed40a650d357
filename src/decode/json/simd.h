/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_JSON_SIMD_H
#define CANH_DECODE_JSON_SIMD_H
/*
 * What the JSON decoder needs of vector instructions, for the processor that the including file
 * is compiled for.
 */
#if defined(__SSE2__)
#    include <immintrin.h>
#endif

#include <stdint.h>

#include "base/attr.h"

/*
 * 64 bytes of text as bit masks. special: not zero where any byte may be a control character or
 * not ASCII; a second look at those blocks is cheap because most have none.
 */
struct masks {
    uint64_t quote, slash, special;
};

#if defined(__AVX512BW__)

CANH_INLINE struct masks masks_of(const uint8_t *p)
{
    __m512i v = _mm512_loadu_si512(p);

    return (struct masks){
        .quote = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')),
        .slash = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\')),
        .special = _mm512_cmplt_epi8_mask(v, _mm512_set1_epi8(0x20)),
    };
}

CANH_INLINE void special_of(const uint8_t *p, uint64_t *ret_control, uint64_t *ret_high)
{
    __m512i v = _mm512_loadu_si512(p);

    *ret_control = _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20));
    *ret_high = _mm512_movepi8_mask(v);
}

#elif defined(__AVX2__)

CANH_INLINE uint64_t mask_pair(__m256i lo, __m256i hi)
{
    return (uint32_t)_mm256_movemask_epi8(lo) | (uint64_t)(uint32_t)_mm256_movemask_epi8(hi) << 32;
}

CANH_INLINE struct masks masks_of(const uint8_t *p)
{
    __m256i lo = _mm256_loadu_si256((const __m256i *)p);
    __m256i hi = _mm256_loadu_si256((const __m256i *)(p + 32));
    __m256i quote = _mm256_set1_epi8('"'), slash = _mm256_set1_epi8('\\');

    return (struct masks){
        .quote = mask_pair(_mm256_cmpeq_epi8(lo, quote), _mm256_cmpeq_epi8(hi, quote)),
        .slash = mask_pair(_mm256_cmpeq_epi8(lo, slash), _mm256_cmpeq_epi8(hi, slash)),
        /* as signed numbers both kinds are below the space */
        .special = (uint32_t)_mm256_movemask_epi8(
            _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), _mm256_min_epi8(lo, hi))),
    };
}

CANH_INLINE void special_of(const uint8_t *p, uint64_t *ret_control, uint64_t *ret_high)
{
    __m256i lo = _mm256_loadu_si256((const __m256i *)p);
    __m256i hi = _mm256_loadu_si256((const __m256i *)(p + 32));
    __m256i top = _mm256_set1_epi8(0x1F);

    *ret_control = mask_pair(_mm256_cmpeq_epi8(_mm256_max_epu8(lo, top), top),
                             _mm256_cmpeq_epi8(_mm256_max_epu8(hi, top), top));
    *ret_high = mask_pair(lo, hi);
}

#elif defined(__SSE2__)

CANH_INLINE uint64_t mask16(__m128i v, unsigned at)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(v) << at;
}

CANH_INLINE struct masks masks_of(const uint8_t *p)
{
    __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(0x20);
    struct masks m = {0};

    for (unsigned i = 0; i < 64; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(p + i));

        m.quote |= mask16(_mm_cmpeq_epi8(v, quote), i);
        m.slash |= mask16(_mm_cmpeq_epi8(v, slash), i);
        m.special |= mask16(_mm_cmpgt_epi8(space, v), i);
    }
    return m;
}

CANH_INLINE void special_of(const uint8_t *p, uint64_t *ret_control, uint64_t *ret_high)
{
    __m128i top = _mm_set1_epi8(0x1F);

    *ret_control = *ret_high = 0;
    for (unsigned i = 0; i < 64; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(p + i));

        *ret_control |= mask16(_mm_cmpeq_epi8(_mm_max_epu8(v, top), top), i);
        *ret_high |= mask16(v, i);
    }
}

#else

CANH_INLINE struct masks masks_of(const uint8_t *p)
{
    struct masks m = {0};

    for (unsigned i = 0; i < 64; i++) {
        m.quote |= (uint64_t)(p[i] == '"') << i;
        m.slash |= (uint64_t)(p[i] == '\\') << i;
        m.special |= (uint64_t)(p[i] < 0x20 || p[i] > 0x7F) << i;
    }
    return m;
}

CANH_INLINE void special_of(const uint8_t *p, uint64_t *ret_control, uint64_t *ret_high)
{
    *ret_control = *ret_high = 0;
    for (unsigned i = 0; i < 64; i++) {
        *ret_control |= (uint64_t)(p[i] < 0x20) << i;
        *ret_high |= (uint64_t)(p[i] >> 7) << i;
    }
}

#endif

/* A bit for each of 32 bytes that differs; b is aligned. */
#if defined(__AVX2__)

CANH_INLINE uint32_t differ32(const uint8_t *a, const uint8_t *b)
{
    return ~(uint32_t)_mm256_movemask_epi8(
        _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)a),
                          _mm256_load_si256((const __m256i *)b)));
}

#elif defined(__SSE2__)

CANH_INLINE uint32_t differ32(const uint8_t *a, const uint8_t *b)
{
    uint32_t lo = (uint32_t)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)a), _mm_load_si128((const __m128i *)b)));
    uint32_t hi =
        (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(a + 16)),
                                                   _mm_load_si128((const __m128i *)(b + 16))));

    return ~(lo | hi << 16);
}

#else

CANH_INLINE uint32_t differ32(const uint8_t *a, const uint8_t *b)
{
    uint32_t m = 0;

    for (unsigned i = 0; i < 32; i++)
        m |= (uint32_t)(a[i] != b[i]) << i;
    return m;
}

#endif

#endif
