/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/raw_filter.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/fold.h"
#include "base/hash.h"

/* The part of a text that JSON writes in one way only, and the gram by which it is found. */
struct run {
    struct slice text;
    uint32_t offset; /* of the gram in text */
    uint32_t gram;
};

struct raw_filter {
    struct sieve sieve;
    struct run *runs; /* by bucket */
    uint32_t buckets[SIEVE_BUCKETS + 1];
};

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
static uint32_t caseless(const uint8_t *p)
{
    return (uint32_t)hash_read32(p) | 0x20202020;
}

static struct run make_run(const struct background *b, struct slice text)
{
    struct run r = {.text = text};
    unsigned least = UINT32_MAX;

    for (size_t at = 0; at + SIEVE_WIDTH <= text.n; at++) {
        unsigned load = background_gram(b, (uint32_t)hash_read32(text.p + at));

        if (load < least) {
            least = load;
            r.offset = (uint32_t)at;
        }
    }
    r.gram = caseless(text.p + r.offset);
    return r;
}

/* Grams that begin alike share a bucket: the fewer bytes it allows at each place, the better. */
static int by_gram(const void *a, const void *b)
{
    const struct run *x = a, *y = b;

    return memcmp(x->text.p + x->offset, y->text.p + y->offset, SIEVE_WIDTH);
}

static void allow(struct sieve *f, unsigned i, uint8_t c, unsigned bucket)
{
    f->low[i][c & 15] |= (uint8_t)(1u << bucket);
    f->high[i][c >> 4] |= (uint8_t)(1u << bucket);
}

static void fill_bucket(struct raw_filter *f, unsigned bucket)
{
    for (uint32_t r = f->buckets[bucket]; r < f->buckets[bucket + 1]; r++) {
        for (unsigned i = 0; i < SIEVE_WIDTH; i++) {
            uint8_t c = f->runs[r].text.p[f->runs[r].offset + i];

            allow(&f->sieve, i, c, bucket);
            if (c >= 'a' && c <= 'z')
                allow(&f->sieve, i, (uint8_t)(c - 0x20), bucket);
        }
    }
}

int raw_filter_new(struct arena *arena, const struct slice *texts, uint32_t count,
                   const struct background *b, struct raw_filter **ret)
{
    struct raw_filter *f = arena_new(arena, struct raw_filter);

    *ret = NULL;
    if (f == NULL)
        return -CE_NOMEM;
    f->runs = arena_new_array(arena, count ? count : 1, struct run);
    if (f->runs == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        struct slice run = raw_run(texts[i]);

        if (run.n < SIEVE_WIDTH)
            return 0;
        f->runs[i] = make_run(b, run);
    }
    if (count > 1)
        qsort(f->runs, count, sizeof(*f->runs), by_gram);
    for (unsigned i = 0; i <= SIEVE_BUCKETS; i++)
        f->buckets[i] = (uint32_t)((uint64_t)count * i / SIEVE_BUCKETS);
    for (unsigned i = 0; i < SIEVE_BUCKETS; i++)
        fill_bucket(f, i);
    *ret = f;
    return 0;
}

/*
 * The two characters beyond ASCII that fold to ASCII: U+017F to s, U+212A to k. A text may hide
 * behind them.
 */
static bool folds_to_ascii(struct slice s)
{
    return slice_find(s, SLICE("\xC5\xBF")) != SIZE_MAX ||
           slice_find(s, SLICE("\xE2\x84\xAA")) != SIZE_MAX;
}

struct look {
    const struct raw_filter *filter;
    struct slice raw;
};

static bool stands_at(struct slice raw, const uint8_t *gram, const struct run *r)
{
    const uint8_t *p = gram - r->offset;

    if ((size_t)(gram - raw.p) < r->offset || (size_t)(raw.p + raw.n - p) < r->text.n)
        return false;
    for (size_t i = 0; i < r->text.n; i++) {
        if (fold_ascii(p[i]) != r->text.p[i])
            return false;
    }
    return true;
}

static bool pass(const void *ctx, const uint8_t *at, unsigned buckets)
{
    const struct look *l = ctx;
    uint32_t gram = caseless(at);

    for (; buckets != 0; buckets &= buckets - 1) {
        const uint32_t *bucket = &l->filter->buckets[__builtin_ctz(buckets)];

        for (uint32_t i = bucket[0]; i < bucket[1]; i++) {
            const struct run *r = &l->filter->runs[i];

            if (r->gram == gram && stands_at(l->raw, at, r))
                return true;
        }
    }
    return false;
}

bool raw_filter_hits(const struct raw_filter *f, const struct bytes *bytes, struct slice raw)
{
    struct look look = {f, raw};
    bool leads;

    return bytes->sift(&f->sieve, raw, pass, &look, &leads) || (leads && folds_to_ascii(raw));
}
