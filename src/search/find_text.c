/* SPDX-License-Identifier: Apache-2.0 */
#include "search/find_text.h"

#if defined(__SSE2__)
#    include <emmintrin.h>
#endif

#include "base/fold.h"

enum { STEP = 16 };

static bool find_text_same(const uint8_t *text, struct slice needle)
{
    for (size_t i = 0; i < needle.n; i++)
        if (fold_ascii(text[i]) != needle.p[i])
            return false;
    return true;
}

/* What to set in a byte so that both cases of a letter become its folded form. */
static uint8_t case_bit(uint8_t folded)
{
    return folded >= 'a' && folded <= 'z' ? 0x20 : 0;
}

/* Which of the STEP bytes at p have this folded form; a bit each. */
#if defined(__SSE2__)
static unsigned places_of(const uint8_t *p, uint8_t folded, uint8_t bit)
{
    __m128i v = _mm_loadu_si128((const void *)p);

    v = _mm_or_si128(v, _mm_set1_epi8((char)bit));
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8((char)folded)));
}
#else
static unsigned places_of(const uint8_t *p, uint8_t folded, uint8_t bit)
{
    unsigned ret = 0;

    for (unsigned i = 0; i < STEP; i++)
        ret |= (unsigned)((p[i] | bit) == folded) << i;
    return ret;
}
#endif

static size_t find_slow(struct slice text, size_t from, struct slice needle)
{
    for (size_t at = from; at + needle.n <= text.n; at++)
        if (find_text_same(text.p + at, needle))
            return at;
    return SIZE_MAX;
}

size_t find_text(struct slice text, struct slice needle)
{
    uint8_t first, last, first_bit, last_bit;
    size_t at = 0;

    if (needle.n == 0)
        return 0;
    first = needle.p[0];
    last = needle.p[needle.n - 1];
    first_bit = case_bit(first);
    last_bit = case_bit(last);
    for (; at + needle.n - 1 + STEP <= text.n; at += STEP) {
        const uint8_t *p = text.p + at;
        unsigned both =
            places_of(p, first, first_bit) & places_of(p + needle.n - 1, last, last_bit);

        for (; both; both &= both - 1) {
            size_t i = (size_t)__builtin_ctz(both);

            if (find_text_same(p + i, needle))
                return at + i;
        }
    }
    return find_slow(text, at, needle);
}
