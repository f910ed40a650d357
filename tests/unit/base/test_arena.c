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

int main(void)
{
    test_limits();
    test_many();
    return tap_done();
}
