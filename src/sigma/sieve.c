/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/sieve.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/hash.h"

/* The four bytes that ordinary text has least often. */
static uint32_t rarest(const struct background *b, struct slice text)
{
    unsigned least = UINT32_MAX;
    uint32_t best = 0;

    for (size_t at = 0; at + SIEVE_WIDTH <= text.n; at++) {
        unsigned load = background_gram(b, (uint32_t)hash_read32(text.p + at));

        if (load < least) {
            least = load;
            best = (uint32_t)at;
        }
    }
    return best;
}

static void choose_gram(struct sieve_text *t, const struct background *b)
{
    uint32_t n = (uint32_t)CANH_MIN(t->text.n, (size_t)SIEVE_WIDTH);

    t->offset = rarest(b, t->text);
    t->gram = t->mask = 0;
    for (uint32_t i = 0; i < n; i++) {
        t->gram |= (uint32_t)t->text.p[t->offset + i] << 8 * i;
        t->mask |= UINT32_C(0xFF) << 8 * i;
    }
}

/* Short ones together, as they let anything pass at the places they lack; then what looks alike. */
static int by_gram(const void *a, const void *b)
{
    const struct sieve_text *x = a, *y = b;

    if (x->mask != y->mask)
        return x->mask < y->mask ? -1 : 1;
    return memcmp(x->text.p + x->offset, y->text.p + y->offset,
                  CANH_MIN(x->text.n, (size_t)SIEVE_WIDTH));
}

static void allow(struct sieve *f, unsigned i, uint8_t c, uint8_t bucket)
{
    f->low[i][c & 15] |= bucket;
    f->high[i][c >> 4] |= bucket;
}

static void allow_all(struct sieve *f, unsigned i, uint8_t bucket)
{
    for (unsigned k = 0; k < 16; k++) {
        f->low[i][k] |= bucket;
        f->high[i][k] |= bucket;
    }
}

static void put(struct sieve *f, const struct sieve_text *t, uint8_t bucket, bool any_case)
{
    for (unsigned i = 0; i < SIEVE_WIDTH; i++) {
        uint8_t c = (uint8_t)(t->gram >> 8 * i);

        if ((t->mask >> 8 * i & 0xFF) == 0) {
            allow_all(f, i, bucket);
            continue;
        }
        allow(f, i, c, bucket);
        if (any_case && c >= 'a' && c <= 'z')
            allow(f, i, (uint8_t)(c - 0x20), bucket);
    }
}

void sieve_build(struct sieve_set *set, struct sieve_text *texts, uint32_t count,
                 const struct background *b, bool any_case)
{
    *set = (struct sieve_set){.texts = texts};
    for (uint32_t i = 0; i < count; i++)
        choose_gram(&texts[i], b);
    if (count > 1)
        qsort(texts, count, sizeof(*texts), by_gram);
    for (uint32_t i = 0; i <= SIEVE_BUCKETS; i++)
        set->first[i] = (uint32_t)((uint64_t)count * i / SIEVE_BUCKETS);
    for (uint32_t k = 0; k < SIEVE_BUCKETS; k++) {
        for (uint32_t i = set->first[k]; i < set->first[k + 1]; i++)
            put(&set->sieve, &texts[i], (uint8_t)(1u << k), any_case);
    }
}
