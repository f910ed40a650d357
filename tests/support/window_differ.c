/* SPDX-License-Identifier: Apache-2.0 */
#include "window_differ.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "sigma/window.h"

enum { EVENTS_MAX = 400, ENTRIES_MAX = 3 * EVENTS_MAX, REFS_MAX = 4, EXPR_MAX = 16 };

/* One event's entries: up to two rules that it matched. */
struct stream {
    struct window_entry entries[ENTRIES_MAX];
    uint32_t entry_count;
    uint32_t ends[EVENTS_MAX]; /* by event: behind its last entry */
    uint32_t event_count;
};

struct source {
    struct slice rest;
    struct correlation_expr exprs[EXPR_MAX];
    const struct correlation_expr *kids[EXPR_MAX][2];
    uint32_t expr_count;
};

static unsigned take(struct source *s, unsigned below)
{
    unsigned v = s->rest.n ? s->rest.p[0] : 0;

    s->rest = slice_from(s->rest, s->rest.n ? 1 : 0);
    return v % below;
}

static const struct correlation_expr *make_expr(struct source *s, uint32_t refs, unsigned depth)
{
    uint32_t at = s->expr_count;
    struct correlation_expr *e = &s->exprs[at];

    if (at >= EXPR_MAX)
        return &s->exprs[0];
    s->expr_count++;
    *e = (struct correlation_expr){.op = depth ? take(s, 4) : CORRELATION_REF};
    if (e->op == CORRELATION_REF || s->expr_count + 2 > EXPR_MAX) {
        e->op = CORRELATION_REF;
        e->ref = take(s, refs);
        return e;
    }
    e->count = e->op == CORRELATION_NOT ? 1 : 2;
    e->kids = s->kids[at];
    for (uint32_t i = 0; i < e->count; i++)
        s->kids[at][i] = make_expr(s, refs, depth - 1);
    return e;
}

/* Values of which sums are exact in a double, so that the oracle may add them up. */
static double make_number(struct source *s)
{
    return ((int)take(s, 41) - 20) * (take(s, 4) ? 1 : 0.25);
}

static void make_rule(struct source *s, struct sigma_correlation *c)
{
    bool temporal;

    c->type = take(s, CORRELATION_TYPE_MAX);
    c->ref_count = 1 + take(s, REFS_MAX);
    c->seconds = 1 + take(s, 12);
    c->percentile = take(s, 101);
    temporal = c->type == CORRELATION_TEMPORAL || c->type == CORRELATION_TEMPORAL_ORDERED;
    if (temporal && take(s, 3) == 0) {
        c->expr = make_expr(s, c->ref_count, 3);
        return;
    }
    c->bound_count = temporal ? take(s, 2) : 1 + take(s, 2);
    for (uint32_t i = 0; i < c->bound_count; i++)
        c->bounds[i] = (struct correlation_bound){take(s, CORRELATION_OP_MAX), take(s, 8)};
}

static void make_stream(struct source *s, const struct sigma_correlation *c, struct stream *to)
{
    int64_t now = (int64_t)take(s, 5) * TIME_SECOND - 2;

    while (s->rest.n && to->event_count < EVENTS_MAX) {
        unsigned entries = 1 + take(s, 3);

        now += take(s, 4) * TIME_SECOND / 2 + take(s, 3);
        for (uint32_t ref = 0; ref < c->ref_count && entries; ref++) {
            struct window_entry e = {.time = now, .offset = to->event_count, .ref = ref};

            if (ref + entries < c->ref_count && take(s, 2))
                continue;
            if (c->type == CORRELATION_VALUE_COUNT) /* few hashes: they collide */
                e.value = (struct distinct_value){take(s, 3), take(s, 9)};
            else
                e.number = make_number(s);
            to->entries[to->entry_count++] = e;
            entries--;
        }
        to->ends[to->event_count++] = to->entry_count;
    }
}

/* Two names in three are another name for the same value. */
static bool same(void *ctx, uint64_t text, uint64_t other)
{
    (void)ctx;
    return text / 2 == other / 2;
}

/* What the oracle looks at: the entries of one window. */
struct view {
    const struct sigma_correlation *c;
    const struct window_entry *e;
    uint32_t from, to;
};

static bool seen(const struct view *v, uint32_t ref)
{
    for (uint32_t i = v->from; i < v->to; i++) {
        if (v->e[i].ref == ref)
            return true;
    }
    return false;
}

static bool expr_holds(const struct view *v, const struct correlation_expr *e)
{
    bool a = e->op != CORRELATION_REF && expr_holds(v, e->kids[0]);
    bool b = e->count == 2 && expr_holds(v, e->kids[1]);

    return e->op == CORRELATION_REF   ? seen(v, e->ref)
           : e->op == CORRELATION_NOT ? !a
           : e->op == CORRELATION_AND ? a && b
                                      : a || b;
}

/* Whether events from `at` on can be given to the references wanted, in their order. */
static bool chain(const struct view *v, const bool *wanted, uint32_t ref, uint32_t at)
{
    while (ref < v->c->ref_count && !wanted[ref])
        ref++;
    if (ref == v->c->ref_count)
        return true;
    for (uint32_t i = at; i < v->to; i++) {
        uint32_t next = i + 1;

        if (v->e[i].ref != ref)
            continue;
        while (next < v->to && v->e[next].offset == v->e[i].offset)
            next++;
        return chain(v, wanted, ref + 1, next); /* the first one leaves most behind it */
    }
    return false;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double of_numbers(const struct view *v)
{
    double numbers[ENTRIES_MAX], sum = 0;
    uint32_t n = 0, rank;

    for (uint32_t i = v->from; i < v->to; i++) {
        if (i > v->from && v->e[i].offset == v->e[i - 1].offset)
            continue;
        numbers[n++] = v->e[i].number;
        sum += v->e[i].number;
    }
    qsort(numbers, n, sizeof(*numbers), by_value);
    if (v->c->type == CORRELATION_VALUE_SUM)
        return sum;
    if (v->c->type == CORRELATION_VALUE_AVG)
        return sum / n;
    if (v->c->type == CORRELATION_VALUE_MEDIAN)
        return n % 2 ? numbers[n / 2] : (numbers[n / 2 - 1] + numbers[n / 2]) / 2;
    rank = (uint32_t)ceil(v->c->percentile / 100 * n);
    return numbers[rank ? rank - 1 : 0];
}

static double of_entries(const struct view *v)
{
    double n = 0;

    for (uint32_t i = v->from; i < v->to; i++) {
        bool again = false;

        for (uint32_t k = v->from; k < i && !again; k++)
            again = v->c->type == CORRELATION_EVENT_COUNT
                        ? v->e[k].offset == v->e[i].offset
                        : v->e[k].value.hash == v->e[i].value.hash &&
                              same(NULL, v->e[k].value.text, v->e[i].value.text);
        n += !again;
    }
    return n;
}

static double of_references(const struct view *v)
{
    bool wanted[REFS_MAX] = {false};
    double n = 0;

    for (uint32_t ref = 0; ref < v->c->ref_count; ref++) {
        wanted[ref] = true;
        if (v->c->type == CORRELATION_TEMPORAL)
            n += seen(v, ref);
        else if (chain(v, wanted, 0, v->from))
            n = ref + 1;
    }
    return n;
}

static bool oracle_holds(const struct view *v)
{
    const struct sigma_correlation *c = v->c;
    bool wanted[REFS_MAX];

    for (uint32_t ref = 0; ref < c->ref_count; ref++)
        wanted[ref] = seen(v, ref);
    if (c->expr)
        return expr_holds(v, c->expr) &&
               (c->type != CORRELATION_TEMPORAL_ORDERED || chain(v, wanted, 0, v->from));
    if (c->type == CORRELATION_EVENT_COUNT || c->type == CORRELATION_VALUE_COUNT)
        return correlation_holds(c, of_entries(v));
    if (c->type == CORRELATION_TEMPORAL || c->type == CORRELATION_TEMPORAL_ORDERED)
        return correlation_holds(c, of_references(v));
    return correlation_holds(c, of_numbers(v));
}

static bool oracle(const struct sigma_correlation *c, const struct stream *s, uint32_t event)
{
    struct view v = {.c = c, .e = s->entries, .to = s->ends[event]};

    while (v.e[v.to - 1].time - v.e[v.from].time > c->seconds * TIME_SECOND)
        v.from++;
    return oracle_holds(&v);
}

static bool put_event(struct window *w, const struct stream *s, uint32_t event)
{
    for (uint32_t i = event ? s->ends[event - 1] : 0; i < s->ends[event]; i++) {
        if (window_write(w, &s->entries[i]) < 0)
            return false;
    }
    return true;
}

static void compare(const struct sigma_correlation *c, const struct stream *s,
                    struct window_differ_counts *counts)
{
    struct window w;
    bool before = false, fine = window_init(&w, c, same, NULL) == 0;

    for (uint32_t i = 0; i < s->event_count && fine; i++) {
        bool holds = oracle(c, s, i);
        enum window_verdict want = !holds ? WINDOW_QUIET : before ? WINDOW_GOES_ON : WINDOW_BEGINS;

        fine = put_event(&w, s, i);
        counts->differences += window_decide(&w) != want;
        counts->begins += want == WINDOW_BEGINS;
        counts->types[c->type] += want == WINDOW_BEGINS;
        counts->goes_on += want == WINDOW_GOES_ON;
        counts->events++;
        before = holds;
    }
    window_done(&w);
}

void window_differ_run(struct slice bytes, struct window_differ_counts *counts)
{
    struct source source = {.rest = bytes};
    struct sigma_correlation c = {0};
    static struct stream stream; /* large */

    stream.entry_count = stream.event_count = 0;
    make_rule(&source, &c);
    make_stream(&source, &c, &stream);
    compare(&c, &stream, counts);
}
