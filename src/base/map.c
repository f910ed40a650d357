/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"

void map_init(struct map *m, size_t max)
{
    *m = (struct map){.max = max, .seed = hash_seed()};
}

void map_done(struct map *m)
{
    free(m->slots);
    map_init(m, m->max);
}

void map_clear(struct map *m)
{
    if (m->count)
        memset(m->slots, 0, m->cap * sizeof(*m->slots));
    m->count = 0;
}

static uint64_t key_hash(const struct map *m, struct slice key)
{
    return hash_slice(key, m->seed) | 1;
}

/* The slot that holds the key, or the empty one where it belongs. */
static struct map_slot *map_find(const struct map *m, struct slice key, uint64_t hash)
{
    size_t mask = m->cap - 1;

    for (size_t i = hash >> 20 & mask;; i = (i + 1) & mask) {
        struct map_slot *s = &m->slots[i];

        if (s->hash == 0)
            return s;
        if (s->hash == hash && slice_eq(slice_of(s->p, s->n), key))
            return s;
    }
}

static int map_resize(struct map *m, size_t cap)
{
    struct map bigger = *m;

    bigger.cap = cap;
    bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
    if (bigger.slots == NULL)
        return -CE_NOMEM;
    for (size_t i = 0; i < m->cap; i++) {
        const struct map_slot *s = &m->slots[i];

        if (s->hash != 0)
            *map_find(&bigger, slice_of(s->p, s->n), s->hash) = *s;
    }
    free(m->slots);
    *m = bigger;
    return 0;
}

static bool is_full(size_t count, size_t cap)
{
    return count * 4 >= cap * 3;
}

static int map_grow(struct map *m)
{
    return map_resize(m, m->cap ? m->cap * 2 : 16);
}

int map_reserve(struct map *m, size_t n)
{
    size_t cap = CANH_MAX(m->cap, (size_t)16);

    n = CANH_MIN(n, m->max);
    while (n > 0 && is_full(n - 1, cap)) /* before the last one is put */
        cap *= 2;
    return cap > m->cap ? map_resize(m, cap) : 0;
}

int map_put(struct map *m, struct slice key, uint32_t value)
{
    uint64_t hash = key_hash(m, key);
    struct map_slot *s;

    if (key.n > UINT32_MAX)
        return -CE_TOO_BIG;
    if (is_full(m->count, m->cap) && map_grow(m) < 0)
        return -CE_NOMEM;
    s = map_find(m, key, hash);
    if (s->hash == 0) {
        if (m->count >= m->max)
            return -CE_TOO_BIG;
        m->count++;
    }
    *s = (struct map_slot){.p = key.p, .n = (uint32_t)key.n, .value = value, .hash = hash};
    return 0;
}

bool map_get(const struct map *m, struct slice key, uint32_t *ret_value)
{
    const struct map_slot *s;

    if (m->count == 0)
        return false;
    s = map_find(m, key, key_hash(m, key));
    if (s->hash == 0)
        return false;
    if (ret_value != NULL)
        *ret_value = s->value;
    return true;
}
