/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_BINXML_DIGITS_H
#define CANH_DECODE_BINXML_DIGITS_H
/*
 * Numbers and bytes as digits, fast, for binxml_value.c. Each writer returns behind what it wrote;
 * the caller has made room.
 */
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#    include <emmintrin.h>
#endif

#include "base/attr.h"
#include "decode/evtx/binxml.h"

static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233"
                            "34353637383940414243444546474849505152535455565758596061626364656667"
                            "6869707172737475767778798081828384858687888990919293949596979899";

CANH_INLINE unsigned decimal_digits(uint64_t v)
{
    static const uint64_t powers[] = {0,
                                      10,
                                      100,
                                      1000,
                                      10000,
                                      100000,
                                      1000000,
                                      10000000,
                                      100000000,
                                      1000000000,
                                      10000000000,
                                      100000000000,
                                      1000000000000,
                                      10000000000000,
                                      100000000000000,
                                      1000000000000000,
                                      10000000000000000,
                                      100000000000000000,
                                      1000000000000000000,
                                      10000000000000000000u};
    unsigned bits = 64 - (unsigned)__builtin_clzll(v | 1), guess = bits * 1233 >> 12;

    return guess + (v >= powers[guess]);
}

CANH_INLINE uint8_t *write_u64(uint8_t *to, uint64_t v)
{
    uint8_t *end, *at;

    if (v < 10) {
        *to = (uint8_t)('0' + v);
        return to + 1;
    }
    end = at = to + decimal_digits(v);
    for (; v >= 100; v /= 100) {
        at -= 2;
        memcpy(at, pairs + 2 * (v % 100), 2);
    }
    if (v >= 10)
        memcpy(at - 2, pairs + 2 * v, 2);
    else
        at[-1] = (uint8_t)('0' + v);
    return end;
}

CANH_INLINE uint8_t *write_i64(uint8_t *to, int64_t v)
{
    if (v >= 0)
        return write_u64(to, (uint64_t)v);
    *to++ = '-';
    return write_u64(to, 0 - (uint64_t)v);
}

CANH_INLINE uint8_t *write_padded(uint8_t *to, uint32_t v, unsigned digits)
{
    unsigned i = digits;

    for (; i >= 2; v /= 100) {
        i -= 2;
        memcpy(to + i, pairs + 2 * (v % 100), 2);
    }
    if (i == 1)
        *to = (uint8_t)('0' + v);
    return to + digits;
}

/* The eight digits of v, upper-case, all at once: nibbles are spread over the bytes of a word. */
CANH_INLINE void write_hex8(uint8_t *to, uint32_t v)
{
    uint64_t x = v;

    x = (x | x << 16) & 0x0000FFFF0000FFFFull;
    x = (x | x << 8) & 0x00FF00FF00FF00FFull;
    x = (x | x << 4) & 0x0F0F0F0F0F0F0F0Full;
    x += 0x3030303030303030ull + ((x + 0x0606060606060606ull) >> 4 & 0x0101010101010101ull) * 7;
    x = __builtin_bswap64(x); /* the first digit is the highest byte */
    for (int i = 0; i < 8; i++)
        to[i] = (uint8_t)(x >> 8 * i);
}

CANH_INLINE uint8_t *write_hex(uint8_t *to, uint64_t v)
{
    int shift = v ? 60 - (__builtin_clzll(v) & ~3) : 0;

    *to++ = '0';
    *to++ = 'x';
    for (; shift >= 0; shift -= 4)
        *to++ = (uint8_t) "0123456789abcdef"[v >> shift & 15];
    return to;
}

CANH_INLINE uint8_t *write_bytes(uint8_t *to, const uint8_t *p, size_t n)
{
    uint8_t digits[8];

    for (; n >= 4; n -= 4, p += 4, to += 8)
        write_hex8(to, __builtin_bswap32(bx_u32(p)));
    for (; n > 0; n--, p++, to += 2) {
        write_hex8(digits, *p);
        memcpy(to, digits + 6, 2);
    }
    return to;
}

/* The 32 digits of two numbers, upper-case. */
CANH_INLINE void write_hex32(uint8_t *to, uint64_t high, uint64_t low)
{
#ifdef __SSE2__
    __m128i bytes =
        _mm_set_epi64x((long long)__builtin_bswap64(low), (long long)__builtin_bswap64(high));
    __m128i nibble = _mm_set1_epi8(15), nine = _mm_set1_epi8(9), letters = _mm_set1_epi8(7);
    __m128i first = _mm_and_si128(_mm_srli_epi16(bytes, 4), nibble);
    __m128i second = _mm_and_si128(bytes, nibble);

    first = _mm_add_epi8(first, _mm_and_si128(_mm_cmpgt_epi8(first, nine), letters));
    second = _mm_add_epi8(second, _mm_and_si128(_mm_cmpgt_epi8(second, nine), letters));
    first = _mm_add_epi8(first, _mm_set1_epi8('0'));
    second = _mm_add_epi8(second, _mm_set1_epi8('0'));
    _mm_storeu_si128((__m128i_u *)to, _mm_unpacklo_epi8(first, second));
    _mm_storeu_si128((__m128i_u *)(to + 16), _mm_unpackhi_epi8(first, second));
#else
    write_hex8(to, (uint32_t)(high >> 32));
    write_hex8(to + 8, (uint32_t)high);
    write_hex8(to + 16, (uint32_t)(low >> 32));
    write_hex8(to + 24, (uint32_t)low);
#endif
}

#endif
