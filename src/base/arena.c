/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdlib.h>

enum { CHUNK_MIN = 4096, CHUNK_MAX = 1 << 20 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size;
    uint8_t data[];
};

static int add_chunk(struct arena *a, size_t need)
{
    size_t size = a->chunks ? CANH_MIN(a->chunks->size * 2, (size_t)CHUNK_MAX) : CHUNK_MIN;
    struct arena_chunk *c;

    size = CANH_MAX(size, need);
    c = malloc(sizeof(*c) + size);
    if (c == NULL)
        return -1;
    *c = (struct arena_chunk){.next = a->chunks, .size = size};
    a->chunks = c;
    a->at = c->data;
    a->end = c->data + size;
    return 0;
}

void *arena_alloc(struct arena *a, size_t n)
{
    uint8_t *p;

    if (n > a->max - a->used || n > SIZE_MAX - 7)
        return NULL;
    n = (n + 7) & ~(size_t)7;
    if ((a->at == NULL || n > (size_t)(a->end - a->at)) && add_chunk(a, n) < 0)
        return NULL;
    p = a->at;
    a->at += n;
    a->used = CANH_MIN(a->used + n, a->max);
    return p;
}

void *arena_zalloc(struct arena *a, size_t n)
{
    void *p = arena_alloc(a, n);

    return p ? memset(p, 0, n) : NULL;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t n;

    return __builtin_mul_overflow(count, size, &n) ? NULL : arena_zalloc(a, n);
}

struct slice arena_dup(struct arena *a, struct slice s)
{
    uint8_t *p = s.n < SIZE_MAX ? arena_alloc(a, s.n + 1) : NULL;

    if (p == NULL)
        return SLICE_NULL;
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = 0;
    return slice_of(p, s.n);
}

static void free_chunks(struct arena_chunk *c)
{
    while (c != NULL) {
        struct arena_chunk *next = c->next;

        free(c);
        c = next;
    }
}

void arena_clear(struct arena *a)
{
    struct arena_chunk *c = a->chunks;

    a->used = 0;
    if (c == NULL)
        return;
    free_chunks(c->next);
    c->next = NULL;
    a->at = c->data;
    a->end = c->data + c->size;
}

void arena_done(struct arena *a)
{
    free_chunks(a->chunks);
    *a = ARENA_INIT(a->max);
}
