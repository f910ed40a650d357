/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_ARENA_H
#define CANH_BASE_ARENA_H
/*
 * Memory by lifetime: many small allocations, freed together. Born with a maximum; an allocation
 * over it returns NULL. Memory is aligned to 8 bytes and not zeroed unless the name says so.
 * Not thread-safe.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* newest first */
    uint8_t *at, *end;
    size_t used, max; /* bytes handed out; the limit for them */
    size_t first;     /* how large the first chunk is to be; 0: small */
};

#define ARENA_INIT(maximum) ((struct arena){.max = (maximum)})

/* What arena_alloc() does where the newest chunk has no room. */
CANH_MUST_USE void *arena_more(struct arena *a, size_t n);

CANH_MUST_USE CANH_INLINE void *arena_alloc(struct arena *a, size_t n)
{
#ifndef CANH_ARENA_GUARD
    size_t size = (n + 7) & ~(size_t)7;
    uint8_t *p = a->at;

    if (CANH_LIKELY(p != NULL && size >= n && size <= (size_t)(a->end - p) &&
                    size <= a->max - a->used)) {
        a->at = p + size;
        a->used += size;
        return p;
    }
#endif
    return arena_more(a, n);
}

CANH_MUST_USE CANH_INLINE void *arena_zalloc(struct arena *a, size_t n)
{
    void *p = arena_alloc(a, n);

    return p ? memset(p, 0, n) : NULL;
}

/* count × size, checked for overflow, zeroed. */
CANH_MUST_USE void *arena_array(struct arena *a, size_t count, size_t size);
/* Gives back all but the first n bytes of p, which is what was allocated last. */
void arena_shrink(struct arena *a, void *p, size_t n);
/* Copies the bytes and adds a terminating zero outside the slice. p is NULL on failure. */
CANH_MUST_USE struct slice arena_dup(struct arena *a, struct slice s);

#define arena_new(a, type)          ((type *)arena_zalloc((a), sizeof(type)))
#define arena_new_array(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

/* Forgets everything allocated; as much again, up to 1 MiB, will lie in one chunk, which stays. */
void arena_clear(struct arena *a);
/* Frees everything; the arena may be used again. */
void arena_done(struct arena *a);

#endif
