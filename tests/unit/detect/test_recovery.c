/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/recovery.h"

#include "tap.h"

static void add(struct recovery *r, uint64_t first, uint64_t last)
{
    recovery_add(r, (struct id_range){first, last});
}

static void test_take(void)
{
    struct recovery *r = recovery_new();

    add(r, 10, 12);
    add(r, 13, 20); /* follows */
    add(r, 5, 6);   /* out of order */
    add(r, 15, 30); /* overlaps */
    add(r, UINT64_MAX, UINT64_MAX);
    add(r, 40, 40);
    ok(!recovery_claim(r, 5) && !recovery_claim(r, 6) && !recovery_claim(r, 10) &&
           !recovery_claim(r, 30) && !recovery_claim(r, 40) && !recovery_claim(r, UINT64_MAX),
       "numbers of the log are known");
    ok(recovery_claim(r, 7) && recovery_claim(r, 31) && recovery_claim(r, 1), "others are new");
    ok(!recovery_claim(r, 7) && recovery_has(r, 31) && !recovery_has(r, 32), "once");
    is_int(recovery_left_out(r), 0, "none is left out");
    ok(!recovery_claim(r, 0), "0 is no number");
    is_int(recovery_left_out(r), 1, "that counts");
    recovery_free(r);
}

static void test_bounds(void)
{
    struct recovery *r = recovery_new();
    bool fine = true;

    for (uint64_t i = 1; i <= RECOVERY_TAKEN_MAX; i++)
        fine &= recovery_claim(r, i * 3);
    ok(fine, "as many as there is room for");
    ok(!recovery_claim(r, 1) && !recovery_claim(r, 3) && recovery_left_out(r) == 1,
       "one more is left out, and counted");
    r = recovery_free(r);

    r = recovery_new();
    for (uint64_t i = 0; i <= RECOVERY_RANGES_MAX; i++)
        add(r, 2 * i, 2 * i);
    ok(!recovery_claim(r, 1) && recovery_left_out(r) == 1,
       "with numbers of the log unknown, nothing is taken");
    r = recovery_free(r);

    r = recovery_new();
    for (uint64_t i = 0; i < RECOVERY_RANGES_MAX; i++) /* two halves that join */
        add(r, i < RECOVERY_RANGES_MAX / 2 ? 2 * i : 2 * (i - RECOVERY_RANGES_MAX / 2) + 1,
            i < RECOVERY_RANGES_MAX / 2 ? 2 * i : 2 * (i - RECOVERY_RANGES_MAX / 2) + 1);
    add(r, UINT32_MAX, UINT32_MAX);
    ok(recovery_claim(r, 3 * (uint64_t)RECOVERY_RANGES_MAX) && !recovery_claim(r, UINT32_MAX) &&
           !recovery_claim(r, 17),
       "neighbours are joined when room is short");
    recovery_free(r);
}

int main(void)
{
    test_take();
    test_bounds();
    return tap_done();
}
