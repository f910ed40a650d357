/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "tap.h"

static void test_limits(void)
{
    struct arena a = ARENA_INIT(1000);

    ok(arena_alloc(&a, 1001) == NULL, "over the maximum");
    ok(arena_alloc(&a, 600) != NULL, "within the maximum");
    ok(arena_alloc(&a, 600) == NULL, "the sum counts");
    ok(arena_array(&a, SIZE_MAX / 2, 4) == NULL, "overflow of count times size");
    arena_clear(&a);
    ok(arena_alloc(&a, 600) != NULL, "clear gives room again");
    arena_done(&a);
}

static void test_many(void)
{
    struct arena a = ARENA_INIT(10 << 20);
    bool aligned = true;
    struct slice s;

    for (size_t i = 1; i < 5000; i++) {
        uint8_t *p = arena_alloc(&a, i % 700);

        aligned = aligned && p != NULL && (uintptr_t)p % 8 == 0;
        if (p != NULL)
            memset(p, 0xAA, i % 700);
    }
    ok(aligned, "all allocations are aligned to eight");
    s = arena_dup(&a, SLICE("abc"));
    is_slice(s, SLICE("abc"), "dup copies");
    ok(s.p != NULL && s.p[3] == 0, "dup terminates");
    arena_done(&a);
}

static void test_shrink(void)
{
    struct arena a = ARENA_INIT(1000);
    uint8_t *p = arena_alloc(&a, 800), *next;

    if (!ok(p != NULL, "nearly all of it"))
        return;
    memset(p, 0xAA, 800);
    arena_shrink(&a, p, 9);
    next = arena_alloc(&a, 900);
    ok(next > p + 8 && next < p + 800 && p[8] == 0xAA,
       "what was given back can be had again, what was kept stays");
    ok(arena_alloc(&a, 100) == NULL, "what was kept counts");
    arena_shrink(&a, next, 0);
    ok(arena_alloc(&a, 900) != NULL, "nothing of it may be kept, too");
    arena_done(&a);
}

/* Bytes that no allocation was for stay few, however much there is. */
static void test_spare(void)
{
    struct arena a = ARENA_INIT(64 << 20);
    bool spare = true;

    for (size_t n = 0; n < 20 << 20; n += 1000) {
        spare = spare && arena_alloc(&a, 1000) != NULL &&
                (size_t)(a.end - a.at) <= CANH_MAX(a.used / 4, (size_t)64 * 1024);
    }
    ok(spare, "at most a quarter is spare");
    arena_done(&a);
}

/* What is filled and cleared over and over asks the system for memory in the first rounds only. */
static void test_again(void)
{
    struct arena a = ARENA_INIT(10 << 20);
    const struct arena_chunk *before = NULL;

    for (int round = 0; round < 3; round++) {
        bool all = arena_alloc(&a, 1000) != NULL;
        const struct arena_chunk *chunk = a.chunks;

        ok(round < 2 || chunk == before, "the chunk stays");
        before = chunk;
        for (size_t n = 1; n < 300; n++)
            all = arena_alloc(&a, 1000) != NULL && all;
        ok(all && (a.chunks == chunk) == (round > 0),
           "all of it lies in one chunk once it is known how much it is");
        arena_clear(&a);
    }
    arena_done(&a);
}

/* However much there was, the chunk for as much again has a limit. */
static void test_again_large(void)
{
    struct arena a = ARENA_INIT(10 << 20);
    bool all = true;

    for (size_t n = 0; n < 3 << 20; n += 1000)
        all = arena_alloc(&a, 1000) != NULL && all;
    arena_clear(&a);
    ok(all && a.chunks == NULL && a.used == 0, "several chunks are given back");
    ok(arena_alloc(&a, 8) != NULL, "memory again");
    is_int((a.end - a.at) >> 10, 1023, "a MiB at once");
    arena_done(&a);
}

int main(void)
{
    test_again();
    test_again_large();
    test_limits();
    test_shrink();
    test_spare();
    test_many();
    return tap_done();
}
