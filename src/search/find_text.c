/* SPDX-License-Identifier: Apache-2.0 */
#include "search/find_text.h"

#include <string.h>

#include "base/fold.h"

enum { STEP = 16 };

typedef uint8_t lanes __attribute__((vector_size(STEP)));

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

static lanes find_text_load(const uint8_t *p)
{
    lanes v;

    memcpy(&v, p, sizeof(v));
    return v;
}

static bool find_text_any(lanes v)
{
    uint64_t words[2];

    memcpy(words, &v, sizeof(words));
    return (words[0] | words[1]) != 0;
}

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
        lanes a = (find_text_load(text.p + at) | first_bit) == first;
        lanes b = (find_text_load(text.p + at + needle.n - 1) | last_bit) == last;
        lanes both = a & b;

        if (!find_text_any(both))
            continue;
        for (size_t i = 0; i < STEP; i++)
            if (both[i] && find_text_same(text.p + at + i, needle))
                return at + i;
    }
    return find_slow(text, at, needle);
}
