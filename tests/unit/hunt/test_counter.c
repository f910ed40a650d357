/* SPDX-License-Identifier: Apache-2.0 */
/* More values than memory keeps: each is counted once, lists come in their order. */
#include "hunt/counter.h"

#include <stdio.h>

#include "base/time.h"
#include "tap.h"

enum { VALUES = 100 * 1000 };

static const enum counter_order orders[COUNTER_LISTS] = {COUNTER_MOST_FIRST, COUNTER_RARE_FIRST,
                                                         COUNTER_BY_TIME};

static void test_lists(void)
{
    static const struct {
        unsigned list;
        const char *value;
        int64_t time;
    } in[] = {
        {0, "a", 5},
        {0, "b", 3},
        {0, "b", 9},
        {1, "x", TIME_NONE},
        {1, "x", 4},
        {1, "y", 1},
        {1, "w", 2},
        {2, "late", 9},
        {2, "early", 1},
        {2, "late", 2},
        {2, "never", TIME_NONE},
    };
    static const struct {
        unsigned list;
        const char *value;
        uint64_t count;
        int64_t first, last;
    } want[] = {
        {0, "b", 2, 3, 9},    {0, "a", 1, 5, 5},
        {1, "w", 1, 2, 2},    {1, "y", 1, 1, 1},
        {1, "x", 2, 4, 4},    {2, "early", 1, 1, 1},
        {2, "late", 2, 2, 9}, {2, "never", 1, TIME_NONE, TIME_NONE},
    };
    struct counter *c = counter_new(orders, 1 << 30);
    struct counter_row row;

    for (size_t i = 0; i < CANH_LEN(in); i++)
        is_int(counter_add(c, in[i].list, slice_str(in[i].value), in[i].time, 1), 0, "add");
    is_int(counter_end(c), 0, "end");
    for (size_t i = 0; i < CANH_LEN(want); i++) {
        ok(counter_next(c, &row), "row %zu", i);
        is_slice(row.value, slice_str(want[i].value), "value %zu", i);
        ok(row.list == want[i].list && row.count == want[i].count && row.first == want[i].first &&
               row.last == want[i].last,
           "%s: %" PRIu64, want[i].value, row.count);
    }
    ok(!counter_next(c, &row), "no more");
    c = counter_free(c);
}

/* Every value twice, far apart, the odd ones once more. */
static void test_many(uint64_t disk, bool all)
{
    struct counter *c = counter_new(orders, disk);
    uint64_t rows = 0, sum = 0, last = UINT64_MAX;
    struct counter_row row;
    bool ordered = true, fine = true;
    char text[32];

    for (unsigned pass = 0; pass < 3 && fine; pass++) {
        for (unsigned i = 0; i < VALUES && fine; i++) {
            int n = snprintf(text, sizeof(text), "value %u", i);

            if (pass < 2 || i % 2)
                fine = counter_add(c, 0, slice_of(text, (size_t)n), i, 1) == 0;
        }
    }
    ok(fine && counter_end(c) == 0, "memory");
    while (counter_next(c, &row)) {
        ordered = ordered && row.count <= last;
        last = row.count;
        sum += row.count;
        rows++;
    }
    ok(ordered, "most first");
    if (all) {
        is_int(rows, VALUES, "each value once");
        is_int(sum, 2 * VALUES + VALUES / 2, "all counted");
    }
    ok((counter_dropped(c) == 0) == all, "dropped: %" PRIu64, counter_dropped(c));
    c = counter_free(c);
}

int main(void)
{
    test_lists();
    test_many(UINT64_C(1) << 30, true);
    test_many(1 << 20, false);
    return tap_done();
}
