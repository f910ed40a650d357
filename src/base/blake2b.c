/* SPDX-License-Identifier: Apache-2.0 */
#include "base/blake2b.h"

#include <endian.h>

#include "base/attr.h"

static const uint64_t iv[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static const uint8_t sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static uint64_t blake2b_rotate(uint64_t v, unsigned n)
{
    return v >> n | v << (64 - n);
}

CANH_INLINE uint64_t blake2b_read64(const uint8_t *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof(v));
    return le64toh(v);
}

CANH_INLINE void blake2b_mix(uint64_t *a, uint64_t *b, uint64_t *c, uint64_t *d, uint64_t x,
                             uint64_t y)
{
    *a += *b + x;
    *d = blake2b_rotate(*d ^ *a, 32);
    *c += *d;
    *b = blake2b_rotate(*b ^ *c, 24);
    *a += *b + y;
    *d = blake2b_rotate(*d ^ *a, 16);
    *c += *d;
    *b = blake2b_rotate(*b ^ *c, 63);
}

/* Columns, then diagonals; places are written out, so that v stays in registers and those of m are
 * numbers. */
CANH_INLINE void blake2b_round(uint64_t v[16], const uint64_t m[16], const uint8_t s[16])
{
    blake2b_mix(&v[0], &v[4], &v[8], &v[12], m[s[0]], m[s[1]]);
    blake2b_mix(&v[1], &v[5], &v[9], &v[13], m[s[2]], m[s[3]]);
    blake2b_mix(&v[2], &v[6], &v[10], &v[14], m[s[4]], m[s[5]]);
    blake2b_mix(&v[3], &v[7], &v[11], &v[15], m[s[6]], m[s[7]]);
    blake2b_mix(&v[0], &v[5], &v[10], &v[15], m[s[8]], m[s[9]]);
    blake2b_mix(&v[1], &v[6], &v[11], &v[12], m[s[10]], m[s[11]]);
    blake2b_mix(&v[2], &v[7], &v[8], &v[13], m[s[12]], m[s[13]]);
    blake2b_mix(&v[3], &v[4], &v[9], &v[14], m[s[14]], m[s[15]]);
}

static void blake2b_compress(struct blake2b *b, bool last)
{
    uint64_t v[16], m[16];

    for (unsigned i = 0; i < 16; i++)
        m[i] = blake2b_read64(b->block + 8 * i);
    memcpy(v, b->h, sizeof(b->h));
    memcpy(v + 8, iv, sizeof(iv));
    v[12] ^= b->bytes;
    v[14] ^= last ? UINT64_MAX : 0;
    blake2b_round(v, m, sigma[0]);
    blake2b_round(v, m, sigma[1]);
    blake2b_round(v, m, sigma[2]);
    blake2b_round(v, m, sigma[3]);
    blake2b_round(v, m, sigma[4]);
    blake2b_round(v, m, sigma[5]);
    blake2b_round(v, m, sigma[6]);
    blake2b_round(v, m, sigma[7]);
    blake2b_round(v, m, sigma[8]);
    blake2b_round(v, m, sigma[9]);
    blake2b_round(v, m, sigma[0]);
    blake2b_round(v, m, sigma[1]);
    for (unsigned i = 0; i < 8; i++)
        b->h[i] ^= v[i] ^ v[i + 8];
}

void blake2b_init(struct blake2b *b)
{
    memset(b, 0, sizeof(*b));
    memcpy(b->h, iv, sizeof(iv));
    b->h[0] ^= 0x01010000 ^ BLAKE2B_BYTES;
}

void blake2b_update(struct blake2b *b, struct slice s)
{
    while (s.n > 0) {
        size_t n = CANH_MIN(s.n, sizeof(b->block) - b->filled);

        if (n == 0) { /* the last block is compressed by blake2b_final() */
            blake2b_compress(b, false);
            b->filled = 0;
            continue;
        }
        memcpy(b->block + b->filled, s.p, n);
        b->filled += n;
        b->bytes += n;
        s = slice_from(s, n);
    }
}

void blake2b_final(struct blake2b *b, uint8_t ret[BLAKE2B_BYTES])
{
    memset(b->block + b->filled, 0, sizeof(b->block) - b->filled);
    blake2b_compress(b, true);
    for (unsigned i = 0; i < CANH_LEN(b->h); i++) {
        uint64_t v = htole64(b->h[i]);

        memcpy(ret + 8 * i, &v, sizeof(v));
    }
}
