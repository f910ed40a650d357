/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_HASH_H
#define CANH_BASE_HASH_H
/*
 * A fast 64-bit hash for tables in memory (multiply-and-fold, after wyhash by Wang Yi, public
 * domain). Not for anything stored or sent, and not against an adversary who knows the seed:
 * tables filled from outside use hash_seed().
 */
#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/slice.h"

CANH_INLINE uint64_t hash_read64(const uint8_t *p)
{
    uint64_t v;

    memcpy(&v, p, 8);
    return v;
}

CANH_INLINE uint64_t hash_read32(const uint8_t *p)
{
    uint32_t v;

    memcpy(&v, p, 4);
    return v;
}

CANH_INLINE uint64_t hash_mix(uint64_t a, uint64_t b)
{
    __uint128_t r = (__uint128_t)a * b;

    return (uint64_t)r ^ (uint64_t)(r >> 64);
}

#define HASH_K0 0xa0761d6478bd642fULL
#define HASH_K1 0xe7037ed1a0b428dbULL
#define HASH_K2 0x8ebc6af09c88c6e3ULL

CANH_INLINE uint64_t hash_bytes(const void *data, size_t n, uint64_t seed)
{
    const uint8_t *p = data;
    uint64_t a = 0, b = 0, h = seed ^ HASH_K0;

    if (n >= 16) {
        size_t left = n;

        for (; left > 16; left -= 16, p += 16)
            h = hash_mix(hash_read64(p) ^ HASH_K1, hash_read64(p + 8) ^ h);
        a = hash_read64(p + left - 16);
        b = hash_read64(p + left - 8);
    } else if (n >= 8) {
        a = hash_read64(p);
        b = hash_read64(p + n - 8);
    } else if (n >= 4) {
        a = hash_read32(p);
        b = hash_read32(p + n - 4);
    } else if (n > 0) {
        a = (uint64_t)p[0] << 16 | (uint64_t)p[n >> 1] << 8 | p[n - 1];
    }
    return hash_mix(HASH_K1 ^ n, hash_mix(a ^ HASH_K1, b ^ h) ^ HASH_K2);
}

CANH_INLINE uint64_t hash_slice(struct slice s, uint64_t seed)
{
    return hash_bytes(s.p, s.n, seed);
}

CANH_INLINE uint64_t hash_u64(uint64_t v, uint64_t seed)
{
    return hash_mix(v ^ HASH_K1, seed ^ HASH_K0);
}

/* Random once per process, so that no input can be prepared to collide. */
uint64_t hash_seed(void);

#endif
