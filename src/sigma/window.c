/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

enum { FIRST_CAP = 64 };

/* Before all times, and so far that a timespan more is no overflow. */
#define NO_CHAIN (INT64_MIN / 2)

static bool is_number(enum correlation_type type)
{
    return type >= CORRELATION_VALUE_SUM;
}

static bool is_ranked(enum correlation_type type)
{
    return type == CORRELATION_VALUE_PERCENTILE || type == CORRELATION_VALUE_MEDIAN;
}

int window_init(struct window *w, const struct sigma_correlation *rule, distinct_same *same,
                void *ctx)
{
    *w = (struct window){.rule = rule, .distinct = {.same = same, .ctx = ctx}};
    w->seen = calloc((size_t)rule->ref_count + 1, sizeof(*w->seen));
    w->chains = calloc((size_t)rule->ref_count + 1, sizeof(*w->chains));
    if (w->seen == NULL || w->chains == NULL)
        return -CE_NOMEM;
    window_clear(w);
    return 0;
}

void window_done(struct window *w)
{
    free(w->entries);
    free(w->seen);
    free(w->chains);
    distinct_done(&w->distinct);
    ranks_done(&w->ranks);
}

void window_clear(struct window *w)
{
    w->from = w->count = 0;
    w->events = 0;
    w->holds = w->overflow = false;
    distinct_clear(&w->distinct);
    w->sum = (struct exact_sum){0};
    ranks_clear(&w->ranks);
    memset(w->seen, 0, w->rule->ref_count * sizeof(*w->seen));
    w->seen_count = 0;
    for (uint32_t i = 0; i < w->rule->ref_count; i++)
        w->chains[i] = NO_CHAIN;
    memset(w->present, 0, sizeof(w->present));
}

const struct window_entry *window_entry(const struct window *w, uint32_t i)
{
    return &w->entries[(w->from + i) & (w->cap - 1)];
}

static int window_grow(struct window *w)
{
    uint32_t cap = w->cap ? 2 * w->cap : FIRST_CAP;
    struct window_entry *entries = malloc(cap * sizeof(*entries));

    if (entries == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < w->count; i++)
        entries[i] = *window_entry(w, i);
    free(w->entries);
    w->entries = entries;
    w->cap = cap;
    w->from = 0;
    return 0;
}

static void drop_oldest(struct window *w)
{
    const struct window_entry *e = window_entry(w, 0);

    w->from = (w->from + 1) & (w->cap - 1);
    w->count--;
    w->events -= w->count == 0 || !window_same_event(e, window_entry(w, 0));
    w->seen_count -= --w->seen[e->ref] == 0;
    if (w->rule->type == CORRELATION_VALUE_COUNT)
        distinct_remove(&w->distinct, e->value);
    if (is_number(w->rule->type))
        exact_sum_add(&w->sum, -e->number);
    if (is_ranked(w->rule->type))
        ranks_remove(&w->ranks, e->number);
}

/* Timespans are years at most, times centuries: no difference overflows. */
static int64_t oldest_time(const struct window *w, int64_t now)
{
    return now - w->rule->seconds * TIME_SECOND;
}

static void make_room(struct window *w, int64_t now)
{
    uint32_t most = w->rule->type == CORRELATION_TEMPORAL_ORDERED && w->rule->expr
                        ? WINDOW_ORDERED_MAX
                        : WINDOW_ENTRIES_MAX;

    while (w->count && window_entry(w, 0)->time < oldest_time(w, now))
        drop_oldest(w);
    while (w->count >= most) {
        drop_oldest(w);
        w->overflow = true;
    }
}

static int count_entry(struct window *w, const struct window_entry *e)
{
    int r = 0;

    w->seen_count += w->seen[e->ref]++ == 0;
    w->present[e->ref / 64] |= (uint64_t)1 << e->ref % 64;
    if (w->rule->type == CORRELATION_VALUE_COUNT)
        r = distinct_add(&w->distinct, e->value);
    if (is_number(w->rule->type))
        exact_sum_add(&w->sum, e->number);
    if (is_ranked(w->rule->type))
        r = ranks_add(&w->ranks, e->number);
    return r;
}

int window_write(struct window *w, const struct window_entry *e)
{
    bool first;

    make_room(w, e->time);
    first = w->count == 0 || !window_same_event(window_entry(w, w->count - 1), e);
    if (!first && is_number(w->rule->type))
        return 0; /* one event, one number */
    if (w->count == w->cap && window_grow(w) < 0)
        return -CE_NOMEM;
    w->entries[(w->from + w->count++) & (w->cap - 1)] = *e;
    w->events += first;
    return count_entry(w, e);
}

/* The event at `now` lengthens chains that end at the reference before one of its own; from the
 * last reference down, so that it is no link twice. */
static void lengthen_chains(struct window *w, int64_t now)
{
    for (uint32_t i = w->rule->ref_count; i-- > 0;) {
        int64_t begins = i ? w->chains[i - 1] : now;

        if (w->present[i / 64] >> i % 64 & 1 && begins > w->chains[i])
            w->chains[i] = begins;
    }
}

/* How many of the references, from the first, came one after the other within the window. */
static uint32_t chain_length(const struct window *w, int64_t now)
{
    uint32_t n = 0;

    while (n < w->rule->ref_count && w->chains[n] >= oldest_time(w, now))
        n++;
    return n;
}

static bool expr_holds(const struct window *w, const struct correlation_expr *e)
{
    switch (e->op) {
    case CORRELATION_REF:
        return w->seen[e->ref] > 0;
    case CORRELATION_NOT:
        return !expr_holds(w, e->kids[0]);
    case CORRELATION_AND:
        for (uint32_t i = 0; i < e->count; i++) {
            if (!expr_holds(w, e->kids[i]))
                return false;
        }
        return true;
    case CORRELATION_OR:
        for (uint32_t i = 0; i < e->count; i++) {
            if (expr_holds(w, e->kids[i]))
                return true;
        }
        return false;
    }
    return false;
}

/* Whether the references that were seen came in their order, each in an event of its own. */
static bool in_order(const struct window *w)
{
    const struct window_entry *last = NULL;
    uint32_t want = 0, found = 0;

    for (uint32_t i = 0; i < w->count; i++) {
        const struct window_entry *e = window_entry(w, i);

        while (want < w->rule->ref_count && w->seen[want] == 0)
            want++;
        if (e->ref != want || (last && window_same_event(last, e)))
            continue;
        last = e;
        found++;
        want++;
    }
    return found == w->seen_count;
}

static double window_rank(const struct window *w)
{
    uint64_t n = w->ranks.size;
    double at;

    if (w->rule->type == CORRELATION_VALUE_MEDIAN)
        return n % 2 ? ranks_get(&w->ranks, n / 2)
                     : ranks_get(&w->ranks, n / 2 - 1) / 2 + ranks_get(&w->ranks, n / 2) / 2;
    at = ceil(w->rule->percentile / 100 * (double)n);
    return ranks_get(&w->ranks, at < 1 ? 0 : CANH_MIN((uint64_t)at, n) - 1);
}

double window_number(struct window *w)
{
    if (w->count == 0)
        return 0;
    switch (w->rule->type) {
    case CORRELATION_EVENT_COUNT:
        return (double)w->events;
    case CORRELATION_VALUE_COUNT:
        return w->distinct.size;
    case CORRELATION_TEMPORAL:
        return w->seen_count;
    case CORRELATION_TEMPORAL_ORDERED:
        return chain_length(w, window_entry(w, w->count - 1)->time);
    case CORRELATION_VALUE_SUM:
        return exact_sum_get(&w->sum);
    case CORRELATION_VALUE_AVG:
        return exact_sum_get(&w->sum) / w->count;
    default:
        return window_rank(w);
    }
}

static bool condition_holds(struct window *w)
{
    const struct sigma_correlation *c = w->rule;

    if (c->expr == NULL)
        return correlation_holds(c, window_number(w));
    return expr_holds(w, c->expr) && (c->type != CORRELATION_TEMPORAL_ORDERED || in_order(w));
}

enum window_verdict window_decide(struct window *w)
{
    bool before = w->holds;

    if (w->rule->type == CORRELATION_TEMPORAL_ORDERED)
        lengthen_chains(w, window_entry(w, w->count - 1)->time);
    memset(w->present, 0, sizeof(w->present));
    w->holds = condition_holds(w);
    return !w->holds ? WINDOW_QUIET : before ? WINDOW_GOES_ON : WINDOW_BEGINS;
}
