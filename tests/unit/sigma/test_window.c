/* SPDX-License-Identifier: Apache-2.0 */
/* Sliding windows: what the specification leaves open, and fast ≡ naive on random streams. */
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/time.h"
#include "sigma/distinct.h"
#include "sigma/ranks.h"
#include "sigma/window.h"
#include "tap.h"
#include "window_differ.h"

static bool same(void *ctx, uint64_t a, uint64_t b)
{
    (void)ctx;
    return a == b;
}

/* Verdicts as letters: events at these seconds, each of the reference that follows. */
struct step {
    double at;
    uint32_t ref;
    double number;
};

static void verdicts_are(const struct sigma_correlation *c, const struct step *steps, uint32_t n,
                         const char *want, const char *what)
{
    static const char letters[] = {'.', 'B', '+'};
    char got[64] = {0};
    struct window w;

    ok(window_init(&w, c, same, NULL) == 0, "memory");
    for (uint32_t i = 0; i < n; i++) {
        struct window_entry e = {.time = (int64_t)(steps[i].at * TIME_SECOND),
                                 .offset = i,
                                 .ref = steps[i].ref};

        if (c->type == CORRELATION_VALUE_COUNT)
            e.value = (struct distinct_value){(uint64_t)steps[i].number, (uint64_t)steps[i].number};
        else
            e.number = steps[i].number;
        ok(window_write(&w, &e) == 0, "memory");
        got[i] = letters[window_decide(&w)];
    }
    is_str(got, want, "%s", what);
    window_done(&w);
}

#define VERDICTS(c, want, what, ...)                                                               \
    do {                                                                                           \
        const struct step steps_[] = {__VA_ARGS__};                                                \
        verdicts_are(c, steps_, sizeof(steps_) / sizeof(*steps_), want, what);                     \
    } while (0)

static void test_windows(void)
{
    struct sigma_correlation c = {.type = CORRELATION_EVENT_COUNT,
                                  .ref_count = 1,
                                  .seconds = 10,
                                  .bounds = {{CORRELATION_GTE, 3}},
                                  .bound_count = 1};

    VERDICTS(&c, "..B", "both ends of the timespan are in it", {0}, {5}, {10});
    VERDICTS(&c, "...", "a nanosecond more is not", {0}, {5}, {10.000000001});
    VERDICTS(&c, "..B++", "while it holds it is one alert", {0}, {1}, {2}, {3}, {4});
    VERDICTS(&c, "..B..B", "after an event at which it does not hold, another", {0}, {1}, {2}, {20},
             {21}, {22});
    VERDICTS(&c, "..B", "windows are not cut at round times", {8}, {11}, {17});
    VERDICTS(&c, "..B+", "events of one instant are all of it", {0}, {0}, {0}, {0});
    c.bounds[0] = (struct correlation_bound){CORRELATION_LT, 2};
    VERDICTS(&c, "B.B", "too few is seen at an event, not in silence", {0}, {1}, {30});
    c.bounds[0] = (struct correlation_bound){CORRELATION_GT, 1};
    c.bounds[1] = (struct correlation_bound){CORRELATION_LTE, 2};
    c.bound_count = 2;
    VERDICTS(&c, ".B..", "a range: both bounds hold", {0}, {1}, {2}, {3});
}

static void test_types(void)
{
    struct sigma_correlation c = {.type = CORRELATION_VALUE_COUNT,
                                  .ref_count = 2,
                                  .seconds = 10,
                                  .bounds = {{CORRELATION_GTE, 2}},
                                  .bound_count = 1};

    VERDICTS(&c, "..B.", "different values", {0, 0, 7}, {1, 0, 7}, {2, 0, 8}, {12.5, 0, 8});
    c.type = CORRELATION_VALUE_SUM;
    VERDICTS(&c, ".B.", "a sum", {0, 0, 1}, {1, 0, 1}, {2, 0, -1});
    c.type = CORRELATION_VALUE_AVG;
    VERDICTS(&c, ".B.", "a mean", {0, 0, 1}, {1, 0, 3}, {2, 0, 1});
    c.type = CORRELATION_VALUE_MEDIAN;
    VERDICTS(&c, ".B.", "a median lies between the two in the middle", {0, 0, 1}, {1, 0, 3},
             {2, 0, 1});
    c.type = CORRELATION_VALUE_PERCENTILE;
    c.percentile = 50;
    VERDICTS(&c, "..B", "a percentile is one of the values: the nearest rank", {0, 0, 1}, {1, 0, 3},
             {2, 0, 2});
    c.type = CORRELATION_TEMPORAL;
    c.bound_count = 0;
    VERDICTS(&c, ".B", "all rules, in any order", {0, 1}, {1, 0});
    VERDICTS(&c, "...", "one rule is not all", {0, 1}, {1, 1}, {20, 0});
    c.type = CORRELATION_TEMPORAL_ORDERED;
    VERDICTS(&c, "..B", "the order counts", {0, 1}, {1, 0}, {2, 1});
    VERDICTS(&c, "..", "the other order does not", {0, 1}, {1, 0});
    VERDICTS(&c, "..", "the first one is too old", {0, 0}, {10.5, 1});
}

/* One event that matched both rules is not one after the other. */
static void test_one_event(void)
{
    struct sigma_correlation c = {.type = CORRELATION_TEMPORAL_ORDERED,
                                  .ref_count = 2,
                                  .seconds = 10};
    struct window_entry a = {.time = 0, .ref = 0}, b = {.time = 0, .ref = 1};
    struct window w;

    ok(window_init(&w, &c, same, NULL) == 0 && window_write(&w, &a) == 0 &&
           window_write(&w, &b) == 0,
       "memory");
    ok(window_decide(&w) == WINDOW_QUIET, "an event does not follow itself");
    window_clear(&w);
    c.type = CORRELATION_TEMPORAL;
    ok(window_write(&w, &a) == 0 && window_write(&w, &b) == 0, "memory");
    ok(window_decide(&w) == WINDOW_BEGINS, "but it can be all that a temporal one asks for");
    window_clear(&w);
    c.type = CORRELATION_EVENT_COUNT;
    c.bounds[0] = (struct correlation_bound){CORRELATION_GTE, 2};
    c.bound_count = 1;
    ok(window_write(&w, &a) == 0 && window_write(&w, &b) == 0, "memory");
    ok(window_decide(&w) == WINDOW_QUIET, "an event that two rules matched counts once");
    window_done(&w);
}

static void test_bounds(void)
{
    struct sigma_correlation c = {.type = CORRELATION_EVENT_COUNT,
                                  .ref_count = 1,
                                  .seconds = 10,
                                  .bounds = {{CORRELATION_GTE, WINDOW_ENTRIES_MAX}},
                                  .bound_count = 1};
    struct window w;
    bool fine = window_init(&w, &c, same, NULL) == 0, held = false;

    for (uint64_t i = 0; i <= WINDOW_ENTRIES_MAX && fine; i++) {
        fine = window_write(&w, &(struct window_entry){.offset = i}) == 0;
        held = window_decide(&w) != WINDOW_QUIET;
        if (i + 1 == WINDOW_ENTRIES_MAX)
            ok(!w.overflow && held, "a full window is exact");
    }
    ok(fine && w.overflow, "one more says that it no longer is");
    window_done(&w);
}

/* A window that grows while it slides: what goes is what came first. */
static void test_grown(void)
{
    enum { SECONDS = 150, STEPS = 1000 };
    struct sigma_correlation c = {.type = CORRELATION_VALUE_SUM,
                                  .ref_count = 1,
                                  .seconds = SECONDS};
    double sum = 0;
    struct window w;
    bool fine = window_init(&w, &c, same, NULL) == 0 && window_number(&w) == 0;

    for (int64_t i = 0; i < STEPS && fine; i++) {
        const struct window_entry e = {.time = (i + 7) * TIME_SECOND,
                                       .offset = (uint64_t)i,
                                       .number = (double)(i + 1)};

        sum += (double)(i + 1) - (i > SECONDS ? (double)(i - SECONDS) : 0);
        fine = window_write(&w, &e) == 0 && window_number(&w) == sum &&
               w.count == (uint64_t)CANH_MIN(i, (int64_t)SECONDS) + 1;
    }
    ok(fine, "the sum of the last %d", SECONDS + 1);
    window_clear(&w);
    ok(window_number(&w) == 0, "nothing is nothing");
    window_done(&w);
}

/* Nothing is left where nothing is, and the smallest numbers there are add up. */
static void test_smallest_sums(void)
{
    const double least = 4.9406564584124654e-324;
    struct exact_sum s = {0};

    ok(exact_sum_get(&s) == 0, "nothing");
    exact_sum_add(&s, 1);
    exact_sum_add(&s, -1);
    ok(exact_sum_get(&s) == 0, "one and its opposite");
    exact_sum_add(&s, least);
    ok(exact_sum_get(&s) == least, "the smallest number");
    for (int i = 1; i < 5000; i++)
        exact_sum_add(&s, least);
    ok(exact_sum_get(&s) == 5000 * least, "five thousand of it");
    for (int i = 0; i < 5000; i++)
        exact_sum_add(&s, -least);
    ok(exact_sum_get(&s) == 0, "and none again");
}

static void test_exact_sum(void)
{
    static const double values[] = {1e300, 1, -1e300, 5e-324, 0.1, 0.2, -5e-324, 1e16, -3};
    struct exact_sum s = {0};

    for (unsigned i = 0; i < 9; i++)
        exact_sum_add(&s, values[i]);
    exact_sum_add(&s, -1e16);
    ok(exact_sum_get(&s) == (double)(0.1L + 0.2L - 2.0L), "what is taken away leaves no trace");
    for (unsigned i = 0; i < 9; i++)
        exact_sum_add(&s, -values[i]);
    exact_sum_add(&s, 1e16);
    ok(exact_sum_get(&s) == 0, "nothing is left");
    exact_sum_add(&s, -0.5);
    ok(exact_sum_get(&s) == -0.5, "negative numbers");
    exact_sum_add(&s, 1.7e308);
    exact_sum_add(&s, 1.7e308);
    ok(isinf(exact_sum_get(&s)), "beyond doubles");
}

/* Several blocks of numbers, equal ones among them: the k-th is the k-th of the sorted list,
 * however they come and go. */
static void test_ranks(void)
{
    enum { COUNT = 3 * RANKS_BLOCK };
    uint32_t times[500] = {0}, left = 0;
    struct ranks r = {0};
    uint64_t seed = 7, wrong = 0;
    bool fine = true;

    for (unsigned step = 0; step < 3 * COUNT; step++) {
        uint32_t v = (uint32_t)((seed = hash_u64(seed, step)) >> 20) % CANH_LEN(times);

        if (step < COUNT || seed % 2) {
            fine = fine && ranks_add(&r, v) == 0;
            times[v]++;
            left++;
        } else if (times[v] > 0) {
            ranks_remove(&r, v);
            times[v]--;
            left--;
        }
        if (step % 64 != 0)
            continue;
        for (uint32_t i = 0, k = 0; i < CANH_LEN(times); k += times[i++])
            wrong +=
                times[i] > 0 && (ranks_get(&r, k) != i || ranks_get(&r, k + times[i] - 1) != i);
    }
    ok(fine && wrong == 0 && r.size == left && r.count > 2, "%u numbers in %u blocks", left,
       r.count);
    ranks_clear(&r);
    is_int(r.size, 0, "cleared");
    ok(ranks_add(&r, 2) == 0 && ranks_add(&r, -1) == 0 && ranks_get(&r, 0) == -1 &&
           ranks_get(&r, 1) == 2,
       "and used again");
    for (uint32_t i = 0; i < 2; i++)
        ranks_remove(&r, i ? -1 : 2);
    is_int(r.count, 0, "no block is empty");
    ranks_done(&r);
}

static bool distinct_same_text(void *ctx, uint64_t a, uint64_t b)
{
    (void)ctx;
    return a % 1000 == b % 1000; /* the same text at two places */
}

/* Values whose slots follow each other, of which some go: the others are still found. */
static void test_distinct(void)
{
    struct distinct d = {.same = distinct_same_text};
    bool fine = true;

    for (unsigned round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < 100; i++)
            fine = fine && distinct_add(&d, (struct distinct_value){i / 4, i}) == 0 &&
                   distinct_add(&d, (struct distinct_value){i / 4, i + 1000}) == 0;
        is_int(d.size, 100, "a hundred values, four of each hash, each twice");
        for (uint64_t i = 0; i < 100; i += 2)
            distinct_remove(&d, (struct distinct_value){i / 4, i});
        is_int(d.size, 100, "each is there once more");
        for (uint64_t i = 0; i < 100; i += 2)
            distinct_remove(&d, (struct distinct_value){i / 4, i});
        is_int(d.size, 50, "half of them went");
        for (uint64_t i = 1; i < 100; i += 2)
            fine = fine && distinct_add(&d, (struct distinct_value){i / 4, i}) == 0;
        is_int(d.size, 50, "the others are found where they are now");
        distinct_clear(&d);
        is_int(d.size, 0, "cleared");
    }
    fine = fine && distinct_add(&d, (struct distinct_value){0, 1}) == 0;
    ok(fine && d.size == 1, "what was cleared is not there");
    distinct_done(&d);
}

static void test_random(void)
{
    uint8_t bytes[1500];
    struct window_differ_counts counts = {0};
    uint64_t seed = 1;

    for (unsigned round = 0; round < 3000; round++) {
        for (size_t i = 0; i < sizeof(bytes); i++)
            bytes[i] = (uint8_t)((seed = hash_u64(seed, i + round)) >> 24);
        window_differ_run(slice_of(bytes, 40 + seed % (sizeof(bytes) - 40)), &counts);
    }
    is_int(counts.differences, 0, "fast and naive agree on %" PRIu64 " events", counts.events);
    ok(counts.begins > 10000 && counts.goes_on > 10000, "%" PRIu64 " alerts", counts.begins);
    for (unsigned type = 0; type < CORRELATION_TYPE_MAX; type++)
        ok(counts.types[type] > 100, "%s fired", correlation_type_to_str(type));
}

/* Blocks at the front, in the middle and at the end that become empty. */
static void test_ranks_blocks(void)
{
    enum { COUNT = 5 * RANKS_BLOCK };

    for (uint32_t from = 0; from < COUNT; from += COUNT / 5) {
        const uint32_t gone = COUNT / 5 * 2;
        struct ranks r = {0};
        unsigned wrong = 0;

        for (uint32_t i = 0; i < COUNT; i++)
            wrong += ranks_add(&r, i) < 0;
        for (uint32_t i = from; i < from + gone && i < COUNT; i++)
            ranks_remove(&r, i);
        wrong += r.size != COUNT - CANH_MIN(gone, COUNT - from);
        for (uint32_t k = 0; k < r.size; k++)
            wrong += ranks_get(&r, k) != (k < from ? k : k + gone);
        is_int(wrong, 0, "what is left behind %u", from);
        ranks_done(&r);
    }
}

int main(void)
{
    test_ranks_blocks();
    test_windows();
    test_types();
    test_one_event();
    test_bounds();
    test_grown();
    test_smallest_sums();
    test_exact_sum();
    test_ranks();
    test_distinct();
    test_random();
    return tap_done();
}
