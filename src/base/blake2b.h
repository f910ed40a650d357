/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_BLAKE2B_H
#define CANH_BASE_BLAKE2B_H
/*
 * BLAKE2b (RFC 7693), 512 bits, without a key: names for things that must be the same wherever they
 * are computed, also in rooms that do not link libsodium. A shorter name is the first bytes of it.
 */
#include "base/slice.h"

enum { BLAKE2B_BYTES = 64 };

struct blake2b {
    uint64_t h[8];
    uint64_t bytes; /* hashed so far */
    uint8_t block[128];
    size_t filled;
};

void blake2b_init(struct blake2b *b);
void blake2b_update(struct blake2b *b, struct slice s);
void blake2b_final(struct blake2b *b, uint8_t ret[BLAKE2B_BYTES]);

#endif
