/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash_text.h"

#include "base/hash.h"

#ifdef __SSE2__
#    include <emmintrin.h>

/* The bits of all units seen so far: those of characters beyond ASCII are looked at once. */
struct units {
    __m128i seen;
};

/* Eight units at p as bytes. */
CANH_INLINE uint64_t units_read8(struct units *u, const uint8_t *p)
{
    __m128i x = _mm_loadu_si128((const __m128i_u *)p);

    u->seen = _mm_or_si128(u->seen, x);
    return (uint64_t)_mm_cvtsi128_si64(_mm_packus_epi16(x, x));
}

CANH_INLINE uint64_t units_read4(struct units *u, const uint8_t *p)
{
    __m128i x = _mm_loadl_epi64((const __m128i_u *)p);

    u->seen = _mm_or_si128(u->seen, x);
    return (uint32_t)_mm_cvtsi128_si32(_mm_packus_epi16(x, x));
}

CANH_INLINE uint64_t units_read1(struct units *u, const uint8_t *p)
{
    uint16_t x;

    memcpy(&x, p, sizeof(x));
    u->seen = _mm_or_si128(u->seen, _mm_cvtsi32_si128(x));
    return x & 0xFF;
}

CANH_INLINE bool units_ascii(const struct units *u)
{
    __m128i high = _mm_and_si128(u->seen, _mm_set1_epi16((short)0xFF80));

    return _mm_movemask_epi8(_mm_cmpeq_epi16(high, _mm_setzero_si128())) == 0xFFFF;
}

/* hash_bytes(), step by step. */
bool hash_utf16le(const uint8_t *p, size_t units, uint64_t seed, uint64_t *ret)
{
    uint64_t a = 0, b = 0, h = seed ^ HASH_K0;
    struct units u = {_mm_setzero_si128()};

    if (units >= 16) {
        size_t left = units;

        for (; left > 16; left -= 16, p += 32) {
            uint64_t first = units_read8(&u, p);

            h = hash_mix(first ^ HASH_K1, units_read8(&u, p + 16) ^ h);
        }
        a = units_read8(&u, p + 2 * left - 32);
        b = units_read8(&u, p + 2 * left - 16);
    } else if (units >= 8) {
        a = units_read8(&u, p);
        b = units_read8(&u, p + 2 * units - 16);
    } else if (units >= 4) {
        a = units_read4(&u, p);
        b = units_read4(&u, p + 2 * units - 8);
    } else if (units > 0) {
        uint64_t middle = units_read1(&u, p + 2 * (units >> 1));

        a = units_read1(&u, p) << 16 | middle << 8 | units_read1(&u, p + 2 * units - 2);
    }
    *ret = hash_mix(HASH_K1 ^ units, hash_mix(a ^ HASH_K1, b ^ h) ^ HASH_K2);
    return units_ascii(&u);
}
#else
bool hash_utf16le(const uint8_t *p, size_t units, uint64_t seed, uint64_t *ret)
{
    (void)p;
    (void)units;
    (void)seed;
    (void)ret;
    return false;
}
#endif
