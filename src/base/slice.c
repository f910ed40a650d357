/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "base/slice.h"

#if defined(__SSE2__)
#    include <emmintrin.h>
#endif

#include "base/ascii.h"
#include "base/attr.h"

/* Up to here what is looked for may be compared at every place without costing much. */
enum { SHORT_MAX = 16 };

bool slice_eq_nocase(struct slice a, struct slice b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        if (ascii_to_lower(a.p[i]) != ascii_to_lower(b.p[i]))
            return false;
    }
    return true;
}

int slice_cmp(struct slice a, struct slice b)
{
    size_t n = CANH_MIN(a.n, b.n);
    int d = n ? memcmp(a.p, b.p, n) : 0;

    if (d != 0)
        return d;
    return (a.n > b.n) - (a.n < b.n);
}

struct slice slice_trim(struct slice s)
{
    while (s.n && ascii_is_space(s.p[s.n - 1]))
        s.n--;
    while (s.n && ascii_is_space(*s.p)) {
        s.p++;
        s.n--;
    }
    return s;
}

static size_t find_after(struct slice s, size_t from, struct slice needle)
{
    const uint8_t *at = memmem(s.p + from, s.n - from, needle.p, needle.n);

    return at ? (size_t)(at - s.p) : SIZE_MAX;
}

#if defined(__SSE2__)
static unsigned find_mask(const uint8_t *p, uint8_t c)
{
    __m128i v = _mm_loadu_si128((const void *)p);

    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8((char)c)));
}

/* At one of the sixteen places from i on. */
static size_t find_step(const uint8_t *p, size_t i, struct slice needle)
{
    size_t last = needle.n - 1;
    unsigned both = find_mask(p + i, needle.p[0]) & find_mask(p + i + last, needle.p[last]);

    for (; both; both &= both - 1) {
        size_t at = i + (size_t)__builtin_ctz(both);

        if (memcmp(p + at + 1, needle.p + 1, last - 1) == 0)
            return at;
    }
    return SIZE_MAX;
}

/* A needle of at least two bytes, sixteen places at a time by its first and its last one; the last
 * step looks at some places a second time. */
static size_t find_short(struct slice s, struct slice needle)
{
    size_t end = s.n - needle.n + 1, at = SIZE_MAX;

    if (end < 16)
        return find_after(s, 0, needle);
    for (size_t i = 0; i + 16 <= end && at == SIZE_MAX; i += 16)
        at = find_step(s.p, i, needle);
    return at == SIZE_MAX && end % 16 ? find_step(s.p, end - 16, needle) : at;
}
#endif

size_t slice_find(struct slice s, struct slice needle)
{
    if (needle.n == 0)
        return 0;
    if (needle.n > s.n)
        return SIZE_MAX;
#if defined(__SSE2__)
    if (needle.n > 1 && needle.n <= SHORT_MAX)
        return find_short(s, needle);
#endif
    return find_after(s, 0, needle);
}

size_t slice_find_byte(struct slice s, uint8_t c)
{
    const uint8_t *at = s.n ? memchr(s.p, c, s.n) : NULL;

    return at ? (size_t)(at - s.p) : SIZE_MAX;
}

#if defined(__SSE2__)
enum { VECTORS = 4, COUNTED = VECTORS * 16, AHEAD = 4096 };

/* Of up to UINT8_MAX times COUNTED bytes: as many as a byte of each vector counts. */
static size_t count_part(const uint8_t *p, size_t n, uint8_t c)
{
    __m128i sought = _mm_set1_epi8((char)c), zero = _mm_setzero_si128(), sum = zero;
    __m128i counts[VECTORS] = {zero, zero, zero, zero};

    for (size_t at = 0; at < n; at += COUNTED) {
        __builtin_prefetch(p + at + AHEAD);
        for (unsigned i = 0; i < VECTORS; i++) {
            __m128i v = _mm_loadu_si128((const void *)(p + at + 16 * i));

            counts[i] = _mm_sub_epi8(counts[i], _mm_cmpeq_epi8(v, sought));
        }
    }
    for (unsigned i = 0; i < VECTORS; i++)
        sum = _mm_add_epi64(sum, _mm_sad_epu8(counts[i], zero));
    return (size_t)_mm_cvtsi128_si64(_mm_add_epi64(sum, _mm_srli_si128(sum, 8)));
}
#endif

size_t slice_count_byte(struct slice s, uint8_t c)
{
    size_t n = 0, at = 0;

#if defined(__SSE2__)
    while (s.n - at >= COUNTED) {
        size_t part = CANH_MIN((s.n - at) / COUNTED, (size_t)UINT8_MAX) * COUNTED;

        n += count_part(s.p + at, part, c);
        at += part;
    }
#endif
    for (; at < s.n; at++)
        n += s.p[at] == c;
    return n;
}

bool slice_cut(struct slice *rest, uint8_t delim, struct slice *ret_part)
{
    size_t at;

    if (rest->p == NULL)
        return false;
    at = slice_find_byte(*rest, delim);
    if (at == SIZE_MAX) {
        *ret_part = *rest;
        *rest = SLICE_NULL;
    } else {
        *ret_part = slice_head(*rest, at);
        *rest = slice_of(rest->p + at + 1, rest->n - at - 1);
    }
    return true;
}
