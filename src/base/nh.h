/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_NH_H
#define CANH_BASE_NH_H
/*
 * NH, the universal hash of UMAC (Black, Halevi, Krawczyk, Krovetz, Rogaway, CRYPTO 1999), over
 * words of 64 bits. Two different messages have the same sum with a chance of at most 2^-63
 * (2^-64 by the paper where they have as many words; one that has a pair more is off by a product
 * of two random words), whoever wrote them, as nobody outside this process knows the key: if the
 * kernel had it, which is so but early in its boot. So tables in memory may keep sums instead of
 * texts to compare. Not for anything stored or sent.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/hash.h"

/* Words of the key; a message takes one for each of its own. */
enum { NH_WORDS = 512 };

struct nh {
    const uint64_t *key;
    uint32_t used; /* words of it */
    __uint128_t sum;
};

/* NH_WORDS of them, random once per process. */
const uint64_t *nh_key(void);

CANH_INLINE struct nh nh_begin(const uint64_t *key)
{
    return (struct nh){.key = key};
}

CANH_INLINE __uint128_t nh_pair(const uint64_t *key, uint64_t a, uint64_t b)
{
    return (__uint128_t)(a + key[0]) * (b + key[1]);
}

/* The last eight bytes of a text, or all of it where it is shorter. */
CANH_INLINE uint64_t nh_tail(const uint8_t *p, size_t n)
{
    if (n >= 8)
        return hash_read64(p + n - 8);
    if (n >= 4)
        return hash_read32(p) | hash_read32(p + n - 4) << 32;
    return n ? (uint64_t)p[0] | (uint64_t)p[n / 2] << 8 | (uint64_t)p[n - 1] << 16 : 0;
}

/*
 * Adds a text of n bytes and a word that stands before it and tells n among other things. False,
 * and nothing is added: the message is too long.
 */
CANH_INLINE bool nh_add(struct nh *h, uint64_t head, const uint8_t *p, size_t n)
{
    const uint64_t *key = h->key + h->used;
    size_t pairs = n > 8 ? (n + 7) / 16 : 0; /* before the tail */

    if (CANH_UNLIKELY(pairs >= (NH_WORDS - h->used) / 2))
        return false;
    h->sum += nh_pair(key, head, nh_tail(p, n));
    if (n > 8 && n < 16)
        h->sum += nh_pair(key + 2, hash_read64(p), 0);
    for (size_t i = 0; n >= 16 && i < pairs; i++) {
        const uint8_t *at = p + CANH_MIN(16 * i, n - 16);

        h->sum += nh_pair(key + 2 + 2 * i, hash_read64(at), hash_read64(at + 8));
    }
    h->used += 2 + 2 * (uint32_t)pairs;
    return true;
}

#endif
