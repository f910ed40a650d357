/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/raw_filter.h"

#ifdef __SSE2__
#    include <emmintrin.h>
#endif

#include "base/err.h"
#include "base/hash.h"

/* With a smaller step the values themselves are looked through faster. */
enum { STEP_MIN = 4, STEP_MAX = 16, WIDTH = 4 };

/* A Bloom filter with two bits a gram, over the grams at every step-th position of a record. */
struct raw_filter {
    uint64_t *bits;
    uint32_t shift, step;
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

static bool get_bit(const struct raw_filter *f, uint32_t hash)
{
    return f->bits[hash >> f->shift >> 6] >> (hash >> f->shift & 63) & 1;
}

static void set_bit(struct raw_filter *f, uint32_t hash)
{
    f->bits[hash >> f->shift >> 6] |= UINT64_C(1) << (hash >> f->shift & 63);
}

static uint32_t first_hash(uint32_t gram)
{
    return gram * 0x9E3779B1u;
}

static uint32_t second_hash(uint32_t gram)
{
    return (gram ^ gram >> 15) * 0x85EBCA6Bu;
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

        set_bit(f, first_hash(gram));
        set_bit(f, second_hash(gram));
    }
}

int raw_filter_new(struct arena *arena, const struct slice *texts, uint32_t count,
                   const struct background *b, struct raw_filter **ret)
{
    struct raw_filter *f = arena_new(arena, struct raw_filter);
    uint32_t log = 10;

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
    while (log < 17 && (1u << log) < count * f->step * 128)
        log++;
    f->shift = 32 - log;
    f->bits = arena_new_array(arena, (size_t)(1u << log) / 64, uint64_t);
    if (f->bits == NULL)
        return -CE_NOMEM;
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

bool raw_filter_hits(const struct raw_filter *f, struct slice raw)
{
    for (size_t at = 0; at + WIDTH <= raw.n; at += f->step) {
        uint32_t gram = caseless((uint32_t)hash_read32(raw.p + at));

        if (CANH_UNLIKELY(get_bit(f, first_hash(gram))) && get_bit(f, second_hash(gram)))
            return true;
    }
    return folds_to_ascii(raw);
}
