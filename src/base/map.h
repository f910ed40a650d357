/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_MAP_H
#define CANH_BASE_MAP_H
/*
 * A map from byte strings to 32-bit numbers (usually an index into the caller's array). Keys are
 * borrowed: they must live as long as the map. Born with its maximum number of entries. No
 * removal. Not thread-safe while being filled; lookups on a finished map are.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

struct map_slot {
    const uint8_t *p;
    uint32_t n;
    uint32_t value;
    uint64_t hash;
};

struct map {
    struct map_slot *slots; /* power of two, at most ¾ full; hash 0 = empty */
    size_t cap, count, max;
    uint64_t seed;
};

/* An empty map; allocates at the first map_put. */
void map_init(struct map *m, size_t max);
void map_done(struct map *m);
/* Forgets all entries, keeps the memory. */
void map_clear(struct map *m);
/* Room for n entries at once, where their number is known; no more than max. 0 or -CE_NOMEM. */
CANH_MUST_USE int map_reserve(struct map *m, size_t n);
/* Adds or replaces. 0, -CE_TOO_BIG or -CE_NOMEM. */
CANH_MUST_USE int map_put(struct map *m, struct slice key, uint32_t value);
/* True and *ret_value when the key is there; ret_value may be NULL. */
bool map_get(const struct map *m, struct slice key, uint32_t *ret_value);

#endif
