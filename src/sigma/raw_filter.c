/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/raw_filter.h"

#ifdef __SSE2__
#    include <emmintrin.h>
#endif

#include "base/err.h"
#include "base/hash.h"

/* With a smaller step the values themselves are looked through faster. */
enum { STEP_MIN = 4, STEP_MAX = 16, WIDTH = 4 };

enum { TABLE_BITS = 14 };

/*
 * A Bloom filter over the grams at every step-th position of a record, in two tables: bytes for
 * the first look, which nearly every gram stops at, bits for the second.
 */
struct raw_filter {
    uint32_t step;
    uint8_t first[1 << TABLE_BITS];
    uint64_t second[(1 << TABLE_BITS) / 64];
};

/* What JSON writes in one way only. */
static bool stands_raw(uint8_t c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '/';
}

/* The longest run of such bytes. */
static struct slice raw_run(struct slice s)
{
    struct slice best = SLICE("");
    size_t from = 0;

    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && stands_raw(s.p[i]))
            continue;
        if (i - from > best.n)
            best = slice_of(s.p + from, i - from);
        from = i + 1;
    }
    return best;
}

/* Letters without their case; other bytes may fall together too, which only costs time. */
static uint32_t caseless(uint32_t gram)
{
    return gram | 0x20202020;
}

static uint32_t first_hash(uint32_t gram)
{
    return gram * 0x9E3779B1u >> (32 - TABLE_BITS);
}

static uint32_t second_hash(uint32_t gram)
{
    return (gram ^ gram >> 15) * 0x85EBCA6Bu >> (32 - TABLE_BITS);
}

/* Where in the run as many grams as a step has are least common. */
static size_t rarest(const struct raw_filter *f, const struct background *b, struct slice run)
{
    size_t best = 0;
    unsigned least = UINT32_MAX;

    for (size_t from = 0; from + f->step + WIDTH - 1 <= run.n; from++) {
        unsigned load = 0;

        for (size_t at = from; at < from + f->step; at++)
            load += background_gram(b, (uint32_t)hash_read32(run.p + at));
        if (load < least) {
            least = load;
            best = from;
        }
    }
    return best;
}

static void add_run(struct raw_filter *f, const struct background *b, struct slice run)
{
    size_t from = rarest(f, b, run);

    for (size_t at = from; at < from + f->step; at++) {
        uint32_t gram = caseless((uint32_t)hash_read32(run.p + at));

        f->first[first_hash(gram)] = 1;
        f->second[second_hash(gram) / 64] |= UINT64_C(1) << second_hash(gram) % 64;
    }
}

int raw_filter_new(struct arena *arena, const struct slice *texts, uint32_t count,
                   const struct background *b, struct raw_filter **ret)
{
    struct raw_filter *f = arena_new(arena, struct raw_filter);

    *ret = NULL;
    if (f == NULL)
        return -CE_NOMEM;
    f->step = STEP_MAX;
    for (uint32_t i = 0; i < count; i++) {
        size_t n = raw_run(texts[i]).n;

        if (n < WIDTH + STEP_MIN - 1)
            return 0;
        f->step = (uint32_t)CANH_MIN((size_t)f->step, n - WIDTH + 1);
    }
    for (uint32_t i = 0; i < count; i++)
        add_run(f, b, raw_run(texts[i]));
    *ret = f;
    return 0;
}

/*
 * The two characters beyond ASCII that fold to ASCII: U+017F to s, U+212A to k. A text may hide
 * behind them.
 */
static bool folds_to_ascii(struct slice s)
{
    size_t i = 0;

#ifdef __SSE2__
    for (; i + 16 <= s.n; i += 16) {
        __m128i v = _mm_loadu_si128((const void *)(s.p + i));
        __m128i lead = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xC5)),
                                    _mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xE2)));

        if (_mm_movemask_epi8(lead) != 0)
            break;
    }
#endif
    return slice_find(slice_from(s, i), SLICE("\xC5\xBF")) != SIZE_MAX ||
           slice_find(slice_from(s, i), SLICE("\xE2\x84\xAA")) != SIZE_MAX;
}

static bool second_look(const struct raw_filter *f, const uint8_t *p)
{
    uint32_t hash = second_hash(caseless((uint32_t)hash_read32(p)));

    return f->second[hash / 64] >> hash % 64 & 1;
}

CANH_INLINE uint8_t first_look(const struct raw_filter *f, const uint8_t *p)
{
    return f->first[first_hash(caseless((uint32_t)hash_read32(p)))];
}

/* Four positions a turn; those behind the end only cost a second look. */
bool raw_filter_hits(const struct raw_filter *f, struct slice raw)
{
    const uint8_t *p = raw.p, *end = raw.p + raw.n;
    size_t step = f->step;

    for (; p < end; p += 4 * step) {
        uint8_t any = first_look(f, p) | first_look(f, p + step) | first_look(f, p + 2 * step) |
                      first_look(f, p + 3 * step);

        for (size_t k = 0; CANH_UNLIKELY(any != 0) && k < 4; k++) {
            if (first_look(f, p + k * step) && second_look(f, p + k * step))
                return true;
        }
    }
    return folds_to_ascii(raw);
}
