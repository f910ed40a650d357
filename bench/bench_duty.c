/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Duty: a year of every post, from layers, leave, swaps and overrides to spans and gaps, against
 * its limit of 1 s for 1,000 posts.
 *
 *     bench_duty [POSTS]
 */
#include <stdio.h>
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "base/num.h"
#include "roster/gaps.h"
#include "roster/shift.h"

enum { DAYS = 365, CELLS = 2 * DAYS, PEOPLE = 8, CHANGES = 12 };

struct bench {
    struct arena arena;
    struct duty_plan plan;
    int64_t base;
    uint64_t spans, shifts, problems;
};

static uint64_t rng = 88172645463325252u;

static unsigned random_below(unsigned n)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (unsigned)(rng >> 33) % n;
}

static void *room(struct bench *b, size_t n, size_t size)
{
    void *p = arena_array(&b->arena, n, size);

    if (p == NULL)
        exit(71);
    return p;
}

static void some_day(const struct bench *b, int64_t *from, int64_t *until)
{
    *from = b->base + random_below(DAYS) * TIME_DAY + 7 * TIME_HOUR;
    *until = *from + TIME_DAY;
}

/* Two shifts a day as a table, below it turns by a rule, and a dozen changes of each kind. */
static void make_post(struct bench *b, uint32_t post)
{
    struct duty_layer *layers = room(b, 2, sizeof(*layers));
    struct duty_cell *cells = room(b, CELLS, sizeof(*cells));
    struct duty_turn *turns = room(b, PEOPLE, sizeof(*turns));
    struct duty_swap *swaps = room(b, CHANGES, sizeof(*swaps));
    struct duty_override *overrides = room(b, CHANGES, sizeof(*overrides));
    struct duty_coverage *cover = room(b, 1, sizeof(*cover));
    uint32_t first = post * PEOPLE;

    for (unsigned i = 0; i < CELLS; i++)
        cells[i] = (struct duty_cell){.from = b->base + i * 12 * TIME_HOUR + 7 * TIME_HOUR,
                                      .until = b->base + (i + 1) * 12 * TIME_HOUR + 7 * TIME_HOUR,
                                      .person = random_below(50) ? first + i % PEOPLE : DUTY_NOBODY,
                                      .position = 1};
    for (unsigned i = 0; i < PEOPLE; i++)
        turns[i] = (struct duty_turn){first + i, INT64_MIN, INT64_MAX};
    for (unsigned i = 0; i < CHANGES; i++) {
        swaps[i].person = first + random_below(PEOPLE);
        swaps[i].other = first + random_below(PEOPLE);
        some_day(b, &swaps[i].from, &swaps[i].until);
        overrides[i].kind = DUTY_REPLACE;
        overrides[i].person = first + random_below(PEOPLE);
        overrides[i].other = first + random_below(PEOPLE);
        some_day(b, &overrides[i].from, &overrides[i].until);
    }
    *cover = (struct duty_coverage){.post = post ? post - 1 : 0,
                                    .from = INT64_MIN,
                                    .until = INT64_MAX,
                                    .presence = DUTY_ON_CALL};
    layers[0] = (struct duty_layer){
        .position = 2, .from = INT64_MIN, .until = INT64_MAX, .cells = cells, .cell_count = CELLS};
    layers[1] = (struct duty_layer){.position = 1,
                                    .from = b->base + 180 * TIME_DAY,
                                    .until = INT64_MAX,
                                    .by_rule = true,
                                    .rule = {.zone = {.offset_s = 7 * 3600},
                                             .start = b->base,
                                             .length = TIME_DAY,
                                             .turns = turns,
                                             .turn_count = PEOPLE}};
    if (recur_parse(SLICE("FREQ=DAILY"), &layers[1].rule.recur, NULL) < 0)
        exit(70);
    b->plan.posts[post] = (struct duty_post){.from = b->base,
                                             .until = INT64_MAX,
                                             .people = 1,
                                             .offset_s = 7 * 3600,
                                             .presence = DUTY_ON_SITE,
                                             .layers = layers,
                                             .layer_count = 2,
                                             .swaps = swaps,
                                             .swap_count = CHANGES,
                                             .overrides = overrides,
                                             .override_count = CHANGES,
                                             .coverage = cover,
                                             .coverage_count = post % 4 == 0};
    if (hours_parse(SLICE("24/7"), &b->plan.posts[post].hours, NULL) < 0)
        exit(70);
}

static int count_span(void *u, const struct duty_on *on)
{
    struct bench *b = u;

    (void)on;
    b->spans++;
    return 0;
}

static int count_shift(void *u, const struct duty_shift *s)
{
    struct bench *b = u;

    (void)s;
    b->shifts++;
    return 0;
}

static double seconds(int64_t from)
{
    return (double)(time_now() - from) / (double)TIME_SECOND;
}

int main(int argc, char **argv)
{
    struct bench b = {.arena = ARENA_INIT((size_t)2 << 30)};
    struct arena scratch = ARENA_INIT(64u << 20);
    struct err err = ERR_INIT;
    int64_t n = 1000, t;
    double spans, shifts, problems;

    if (argc > 1 && num_range(slice_str(argv[1]), 1, 5000, &n) < 0)
        return 64;
    b.base = days_from_date(2026, 1, 1) * TIME_DAY - 7 * TIME_HOUR;
    b.plan.posts = room(&b, (size_t)n, sizeof(*b.plan.posts));
    b.plan.post_count = (size_t)n;
    b.plan.leaves = room(&b, (size_t)n * CHANGES, sizeof(*b.plan.leaves));
    b.plan.leave_count = (size_t)n * CHANGES;
    for (uint32_t i = 0; i < b.plan.post_count; i++)
        make_post(&b, i);
    for (size_t i = 0; i < b.plan.leave_count; i++) {
        b.plan.leaves[i].person = (uint32_t)random_below((unsigned)n * PEOPLE);
        some_day(&b, &b.plan.leaves[i].from, &b.plan.leaves[i].until);
    }

    t = time_now();
    if (duty_prepare(&b.plan, b.base, b.base + DAYS * TIME_DAY, &b.arena, &err) < 0) {
        (void)fprintf(stderr, "bench_duty: %s\n", err_words(&err));
        return 70;
    }
    for (uint32_t i = 0; i < b.plan.post_count; i++)
        (void)duty_spans(&b.plan, i, b.plan.from, b.plan.until, count_span, &b);
    spans = seconds(t);

    t = time_now();
    for (uint32_t i = 0; i < b.plan.post_count; i++)
        (void)duty_shifts(&b.plan, i, b.plan.from, b.plan.until, count_shift, &b);
    shifts = seconds(t);

    t = time_now();
    for (uint32_t i = 0; i < b.plan.post_count; i++) {
        struct duty_problem *list;
        size_t count = 0;

        arena_clear(&scratch);
        if (duty_problems(&b.plan, i, b.plan.from, b.plan.until, &scratch, &list, &count, &err) < 0)
            return 70;
        b.problems += count;
    }
    problems = seconds(t);
    (void)printf(
        "posts %lld, a year: prepared, and who is on duty in %llu spans: %.3f s (limit 1 s)\n",
        (long long)n, (unsigned long long)b.spans, spans);
    (void)printf("%llu shifts: %.3f s; %llu gaps and conflicts: %.3f s\n",
                 (unsigned long long)b.shifts, shifts, (unsigned long long)b.problems, problems);
    arena_done(&scratch);
    arena_done(&b.arena);
    return spans < 1 ? 0 : 1;
}
