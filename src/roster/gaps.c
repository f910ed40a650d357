/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/gaps.h"

#include "lang/err_duty.h"
#include "lang/msg_duty.h"

#include <stdlib.h>

struct finder {
    const struct duty_post *post;
    struct duty_problem *out; /* NULL: only count */
    size_t n;
    /* problems that may still grow: all that end where the present span begins */
    struct duty_problem open[2 * DUTY_AT_ONCE_MAX + 1];
    size_t open_count;
};

static int close_before(struct finder *f, int64_t t)
{
    size_t kept = 0;

    for (size_t i = 0; i < f->open_count; i++) {
        if (f->open[i].until >= t) {
            f->open[kept++] = f->open[i];
            continue;
        }
        if (f->n == DUTY_PROBLEMS_MAX)
            return -CE_TOO_BIG;
        if (f->out)
            f->out[f->n] = f->open[i];
        f->n++;
    }
    f->open_count = kept;
    return 0;
}

static int gaps_found(struct finder *f, const struct duty_problem *p)
{
    for (size_t i = 0; i < f->open_count; i++) {
        struct duty_problem *o = &f->open[i];

        if (o->until == p->from && o->fault == p->fault && o->have == p->have &&
            o->person == p->person) {
            o->until = p->until;
            return 0;
        }
    }
    if (f->open_count == CANH_LEN(f->open)) {
        int r = close_before(f, p->from);

        if (r < 0 || f->open_count == CANH_LEN(f->open))
            return -CE_TOO_BIG;
    }
    f->open[f->open_count++] = *p;
    return 0;
}

/* The parts of a span that lie in required hours. */
static int gaps_of(struct finder *f, const struct duty_on *on)
{
    const struct duty_post *p = f->post;
    int64_t t = CANH_MAX(on->from, p->from), end = CANH_MIN(on->until, p->until);
    int r = 0;

    if (on->count >= p->people)
        return 0;
    while (r == 0 && t < end) {
        int64_t lo = on->from, hi = end;
        bool in = hours_at(&p->hours, p->offset_s, t, &lo, &hi);
        struct duty_problem gap = {.fault = DUTY_GAP,
                                   .from = t,
                                   .until = hi,
                                   .need = p->people,
                                   .have = on->count,
                                   .person = DUTY_NOBODY};

        if (in)
            r = close_before(f, t);
        if (in && r == 0)
            r = gaps_found(f, &gap);
        t = hi;
    }
    return r;
}

static int gaps_examine(void *u, const struct duty_on *on)
{
    struct duty_problem p = {.from = on->from, .until = on->until};
    struct finder *f = u;
    int r = close_before(f, on->from);

    for (unsigned i = 0; r == 0 && i < on->away_count; i++) {
        p.fault = DUTY_AWAY;
        p.person = on->away[i];
        r = gaps_found(f, &p);
    }
    for (unsigned i = 0; r == 0 && i < on->count; i++) {
        p.fault = DUTY_RECALLED;
        p.person = on->who[i].person;
        if (on->who[i].on_leave)
            r = gaps_found(f, &p);
    }
    return r < 0 ? r : gaps_of(f, on);
}

static int problem_order(const void *a, const void *b)
{
    const struct duty_problem *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->fault != y->fault)
        return (int)x->fault - (int)y->fault;
    return (x->person > y->person) - (x->person < y->person);
}

static int run(const struct duty_plan *plan, uint32_t post, int64_t from, int64_t until,
               struct duty_problem *out, size_t *ret_n)
{
    struct finder f = {.post = &plan->posts[post], .out = out};
    int r = duty_spans(plan, post, from, until, gaps_examine, &f);

    if (r == 0)
        r = close_before(&f, INT64_MAX);
    *ret_n = f.n;
    return r;
}

int duty_problems(const struct duty_plan *plan, uint32_t post, int64_t from, int64_t until,
                  struct arena *arena, struct duty_problem **ret, size_t *ret_n, struct err *err)
{
    struct duty_problem *out = NULL;
    size_t n = 0;

    *ret = NULL;
    *ret_n = 0;
    if (post >= plan->post_count)
        return 0;
    if (run(plan, post, from, until, NULL, &n) < 0)
        return err_fail(err, CE_TOO_BIG, ERR_DUTY_MORE_THAN_PROBLEMS_POSTS_DUTY, DUTY_PROBLEMS_MAX);
    if (n == 0)
        return 0;
    out = arena_array(arena, n, sizeof(*out));
    if (!out)
        return err_nomem(err);
    (void)run(plan, post, from, until, out, &n);
    qsort(out, n, sizeof(*out), problem_order);
    *ret = out;
    *ret_n = n;
    return 0;
}

void duty_problem_describe(struct buf *out, enum lang lang, const struct duty_problem *p,
                           struct slice name)
{
    switch (p->fault) {
    case DUTY_GAP:
        lang_write(out, lang, MSG_DUTY_GAP, p->have, p->need);
        break;
    case DUTY_AWAY:
        lang_write(out, lang, MSG_DUTY_AWAY, SLICE_ARG(name));
        break;
    case DUTY_RECALLED:
        lang_write(out, lang, MSG_DUTY_RECALLED, SLICE_ARG(name));
        break;
    }
}
