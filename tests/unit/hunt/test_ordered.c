/* SPDX-License-Identifier: Apache-2.0 */
/* More records than there are marks for: what is looked up is what a plain walk would find. */
#include "hunt/ordered.h"
#include "tap.h"

enum { RECORDS = 400000, LOOKS = 20000 };

/* Records 3i and 3i + 1 are of one group, 3i + 2 is alone; every second number is no group. */
static uint64_t group_of(uint64_t i)
{
    return i / 3 * 4 + (i % 3 == 2 ? 2 : 0);
}

static int64_t time_of(uint64_t i)
{
    return (int64_t)(i % 3);
}

static void test_ordered(void)
{
    struct spill_budget budget = {.left = 1 << 30};
    struct ordered o;
    struct correlation_record r;
    uint64_t wrong = 0, i;
    bool fine = true;

    ordered_init(&o, &budget);
    for (uint64_t n = 0, at = 0; n < RECORDS && fine; n++, at = (at + 70001) % RECORDS) {
        r = (struct correlation_record){.group = group_of(at), .time = time_of(at), .offset = at};
        fine = ordered_add(&o, &r) == 0;
    }
    ok(fine && ordered_end(&o) == 0 && o.count == RECORDS, "%d records", RECORDS);
    for (i = 0; i < RECORDS; i++)
        wrong += !ordered_get(&o, i, &r) || r.offset != i;
    is_int(wrong, 0, "stand in order");
    for (uint64_t n = 0; n < LOOKS; n++) {
        i = n * 7919 % RECORDS;
        wrong += ordered_find(&o, group_of(i), time_of(i)) != i;
        wrong += ordered_find(&o, group_of(i) + 1, INT64_MIN) !=
                 ordered_find(&o, group_of(i), INT64_MAX);
    }
    is_int(wrong, 0, "and are found by group and time, those that are not there at their place");
    ok(!ordered_get(&o, RECORDS, &r) && ordered_find(&o, UINT64_MAX, 0) == RECORDS &&
           ordered_find(&o, 0, INT64_MIN) == 0,
       "the ends");
    ordered_done(&o);
}

static void test_nothing(void)
{
    struct spill_budget budget = {.left = 1 << 20};
    struct correlation_record r;
    struct ordered o;

    ordered_init(&o, &budget);
    ok(ordered_end(&o) == 0 && ordered_find(&o, 5, 0) == 0 && !ordered_get(&o, 0, &r),
       "nothing is found in nothing");
    ordered_done(&o);
}

int main(void)
{
    test_ordered();
    test_nothing();
    return tap_done();
}
