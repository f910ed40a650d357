/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdlib.h>

#include "base/assert.h"

/* With CANH_ARENA_GUARD an address sanitizer sees where each allocation ends. */
#ifdef CANH_ARENA_GUARD
#    include <sanitizer/asan_interface.h>
enum { GUARD = 16 };
#else
#    define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#    define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
enum { GUARD = 0 };
#endif

/* Each chunk is twice the one before, from CHUNK_SPARE on a quarter of all: what the last one does
 * not need is little of it. */
enum { CHUNK_MIN = 4096, CHUNK_SPARE = 64 * 1024, CHUNK_MAX = 1 << 20 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size;
    uint8_t data[];
};

static size_t next_size(const struct arena *a)
{
    if (a->chunks == NULL)
        return CANH_MAX(a->first, (size_t)CHUNK_MIN);
    if (a->chunks->size < CHUNK_SPARE)
        return a->chunks->size * 2;
    return CANH_MAX(CANH_MIN(a->used / 4, (size_t)CHUNK_MAX), (size_t)CHUNK_SPARE);
}

static int add_chunk(struct arena *a, size_t need)
{
    size_t size = CANH_MAX(next_size(a), need);
    struct arena_chunk *c = malloc(sizeof(*c) + size);

    if (c == NULL)
        return -1;
    *c = (struct arena_chunk){.next = a->chunks, .size = size};
    a->chunks = c;
    a->at = c->data;
    a->end = c->data + size;
    ASAN_POISON_MEMORY_REGION(c->data, size);
    return 0;
}

void *arena_more(struct arena *a, size_t n)
{
    size_t asked = n;
    uint8_t *p;

    if (n > a->max - a->used || n > SIZE_MAX - 7 - GUARD)
        return NULL;
    n = (n + 7) & ~(size_t)7;
    if ((a->at == NULL || n + GUARD > (size_t)(a->end - a->at)) && add_chunk(a, n + GUARD) < 0)
        return NULL;
    p = a->at;
    ASAN_UNPOISON_MEMORY_REGION(p, asked);
    a->at += n + GUARD;
    a->used = CANH_MIN(a->used + n, a->max);
    return p;
}

void arena_shrink(struct arena *a, void *p, size_t n)
{
    uint8_t *from = p, *end = from + ((n + 7) & ~(size_t)7) + GUARD;

    canh_assert(a->chunks != NULL && from >= a->chunks->data && end <= a->at);
    a->used -= CANH_MIN((size_t)(a->at - end), a->used);
    a->at = end;
    ASAN_POISON_MEMORY_REGION(from + n, (size_t)(a->end - from) - n);
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

        ASAN_UNPOISON_MEMORY_REGION(c->data, c->size);
        free(c);
        c = next;
    }
}

static size_t size_of(const struct arena_chunk *c)
{
    size_t n = 0;

    for (; c != NULL; c = c->next)
        n += c->size;
    return n;
}

void arena_clear(struct arena *a)
{
    struct arena_chunk *c = a->chunks;

    a->used = 0;
    if (c != NULL && c->next != NULL) {
        a->first = CANH_MIN(size_of(c), (size_t)CHUNK_MAX);
        free_chunks(c);
        a->chunks = c = NULL;
    }
    a->at = c ? c->data : NULL;
    a->end = c ? c->data + c->size : NULL;
    if (c != NULL)
        ASAN_POISON_MEMORY_REGION(c->data, c->size);
}

void arena_done(struct arena *a)
{
    free_chunks(a->chunks);
    *a = ARENA_INIT(a->max);
}
