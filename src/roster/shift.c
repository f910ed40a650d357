/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/shift.h"

#include "lang/err_duty.h"

#include <string.h>

/* The time that the roster itself sets to a shift. */
struct bounds {
    int64_t lo, hi;
    struct slice name;
    int32_t position;
};

/*
 * The person's cell of a layer at t, with the cells of theirs that overlap it. *ret_any: the layer
 * has somebody then, so it is the one that counts. False when the person is not in it.
 */
static bool cell_in(const struct duty_layer *l, int64_t t, uint32_t person, struct bounds *ret,
                    bool *ret_any)
{
    size_t low = 0, high = l->cell_count;
    bool found = false;

    *ret_any = false;
    if (t < l->from || t >= l->until)
        return false;
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (l->cells[mid].from <= t)
            low = mid + 1;
        else
            high = mid;
    }
    for (size_t i = low; i-- > 0 && l->cells[i].reach > (found ? ret->lo : t);) {
        const struct duty_cell *c = &l->cells[i];

        *ret_any = *ret_any || c->until > t;
        if (c->person != person || c->until <= (found ? ret->lo : t))
            continue;
        *ret = (struct bounds){c->from, found ? CANH_MAX(ret->hi, c->until) : c->until, c->shift,
                               c->position};
        found = true;
    }
    for (size_t i = low; found && i < l->cell_count && l->cells[i].from < ret->hi; i++) {
        if (l->cells[i].person == person)
            ret->hi = CANH_MAX(ret->hi, l->cells[i].until);
    }
    return found;
}

/* Without a cell, put there by hand, a shift has no bounds but the answer's own. */
static struct bounds bounds_at(const struct duty_plan *plan, uint32_t post, int64_t t,
                               const struct duty_who *who)
{
    const struct duty_post *p = &plan->posts[who->via == DUTY_NO_POST ? post : (uint32_t)who->via];
    uint32_t person = who->instead_of != DUTY_NOBODY ? who->instead_of : who->person;
    struct bounds b = {INT64_MIN, INT64_MAX, SLICE_NULL, 0};

    for (size_t i = 0; i < p->layer_count; i++) {
        bool any, found = cell_in(&p->layers[i], t, person, &b, &any);

        if (found || any)
            break;
    }
    return b;
}

static const struct duty_who *shift_find(const struct duty_on *on, uint32_t person)
{
    for (unsigned i = 0; i < on->count; i++) {
        if (on->who[i].person == person)
            return &on->who[i];
    }
    return NULL;
}

static bool same_way(const struct duty_who *a, const struct duty_who *b)
{
    return a->person == b->person && a->instead_of == b->instead_of && a->why == b->why &&
           a->via == b->via && a->presence == b->presence;
}

/* Whether the person still stands there at t in the same way and by the same cell. */
static bool still_stands(const struct duty_plan *plan, const struct duty_shift *s,
                         const struct bounds *b, int64_t t, struct duty_on *on)
{
    const struct duty_who *w;
    struct bounds now;

    duty_at(plan, s->post, t, on);
    w = shift_find(on, s->who.person);
    if (!w || !same_way(w, &s->who))
        return false;
    now = bounds_at(plan, s->post, t, w);
    return now.lo == b->lo && now.hi == b->hi;
}

/* From a known instant outwards, as long as that holds. */
static void shift_of(const struct duty_plan *plan, uint32_t post, int64_t t,
                     const struct duty_on *at, const struct duty_who *who, struct duty_shift *ret)
{
    struct bounds b = bounds_at(plan, post, t, who);
    struct duty_on on;

    *ret = (struct duty_shift){.post = post,
                               .who = *who,
                               .name = b.name,
                               .position = b.position,
                               .from = CANH_MAX(at->from, b.lo),
                               .until = CANH_MIN(at->until, b.hi)};
    while (ret->from > plan->from && still_stands(plan, ret, &b, ret->from - 1, &on))
        ret->from = CANH_MAX(on.from, b.lo);
    while (ret->until < plan->until && still_stands(plan, ret, &b, ret->until, &on))
        ret->until = CANH_MIN(on.until, b.hi);
}

bool duty_shift_at(const struct duty_plan *plan, uint32_t post, int64_t t, uint32_t person,
                   struct duty_shift *ret)
{
    const struct duty_who *who;
    struct duty_on on;

    duty_at(plan, post, t, &on);
    who = shift_find(&on, person);
    if (who)
        shift_of(plan, post, t, &on, who, ret);
    return who != NULL;
}

struct walk {
    const struct duty_plan *plan;
    uint32_t post;
    int (*fn)(void *u, const struct duty_shift *shift);
    void *u;
    unsigned known;
    struct duty_shift last[DUTY_AT_ONCE_MAX]; /* those of the span before */
};

/* Whether the shift of the span before goes on; then it is the same one. */
static const struct duty_shift *goes_on(const struct walk *w, int64_t t, const struct duty_who *who)
{
    for (unsigned i = 0; i < w->known; i++) {
        if (same_way(&w->last[i].who, who) && w->last[i].until > t)
            return &w->last[i];
    }
    return NULL;
}

static int on_span(struct walk *w, const struct duty_on *on)
{
    struct duty_shift now[DUTY_AT_ONCE_MAX] = {0};
    int r = 0;

    for (unsigned i = 0; r == 0 && i < on->count; i++) {
        const struct duty_shift *old = goes_on(w, on->from, &on->who[i]);

        if (old) {
            now[i] = *old;
            continue;
        }
        shift_of(w->plan, w->post, on->from, on, &on->who[i], &now[i]);
        r = w->fn(w->u, &now[i]);
    }
    if (r == 0) {
        w->known = on->count;
        memcpy(w->last, now, on->count * sizeof(now[0]));
    }
    return r;
}

/* Nobody stands: the parts in required hours are gaps. Whole stretches come in one span. */
static int on_gap(struct walk *w, const struct duty_on *on)
{
    const struct duty_post *p = &w->plan->posts[w->post];
    int64_t t = CANH_MAX(on->from, p->from), end = CANH_MIN(on->until, p->until);
    int r = 0;

    if (on->count > 0 || p->people == 0)
        return 0;
    while (r == 0 && t < end) {
        int64_t lo = t, hi = end;
        struct duty_shift s = {.post = w->post,
                               .from = t,
                               .who = {.person = DUTY_NOBODY,
                                       .instead_of = DUTY_NOBODY,
                                       .via = DUTY_NO_POST,
                                       .presence = p->presence}};

        if (hours_at(&p->hours, p->offset_s, t, &lo, &hi)) {
            s.until = hi;
            r = w->fn(w->u, &s);
        }
        t = hi;
    }
    return r;
}

/* The longest stretch around on in which nobody stands, so that a gap has its true beginning. */
static void widen_empty(const struct duty_plan *plan, uint32_t post, struct duty_on *on)
{
    struct duty_on next;

    while (on->from > plan->from) {
        duty_at(plan, post, on->from - 1, &next);
        if (next.count > 0)
            break;
        on->from = next.from;
    }
    while (on->until < plan->until) {
        duty_at(plan, post, on->until, &next);
        if (next.count > 0)
            break;
        on->until = next.until;
    }
}

int duty_shifts(const struct duty_plan *plan, uint32_t post, int64_t from, int64_t until,
                int (*fn)(void *u, const struct duty_shift *shift), void *u)
{
    struct walk w = {.plan = plan, .post = post, .fn = fn, .u = u};
    int64_t t = CANH_MAX(from, plan->from), end = CANH_MIN(until, plan->until);
    int r = 0;

    if (post >= plan->post_count)
        return 0;
    while (r == 0 && t < end) {
        struct duty_on on;

        duty_at(plan, post, t, &on);
        on.from = t;
        if (on.count == 0) {
            widen_empty(plan, post, &on);
            r = on_gap(&w, &on);
        } else {
            r = on_span(&w, &on);
        }
        t = on.until;
    }
    return r;
}

struct list {
    struct duty_shift *items;
    size_t count;
    int64_t from, until;
};

/* Counts first, then fills. */
static int shift_keep(void *u, const struct duty_shift *s)
{
    struct list *l = u;

    if (s->until <= l->from || s->from >= l->until)
        return 0; /* a part of a gap before or behind the time asked about */
    if (l->count == DUTY_SHIFTS_MAX)
        return -CE_TOO_BIG;
    if (l->items)
        l->items[l->count] = *s;
    l->count++;
    return 0;
}

int duty_shift_list(const struct duty_plan *plan, uint32_t post, int64_t from, int64_t until,
                    struct arena *arena, struct duty_shift **ret, size_t *ret_n, struct err *err)
{
    struct list l = {.from = from, .until = until};

    *ret = NULL;
    *ret_n = 0;
    if (duty_shifts(plan, post, from, until, shift_keep, &l) < 0)
        return err_fail(err, CE_TOO_BIG, ERR_DUTY_MORE_THAN_SHIFTS_AT_POST, DUTY_SHIFTS_MAX);
    l.items = arena_array(arena, l.count + 1, sizeof(*l.items));
    if (!l.items)
        return err_nomem(err);
    l.count = 0;
    (void)duty_shifts(plan, post, from, until, shift_keep, &l);
    *ret = l.items;
    *ret_n = l.count;
    return 0;
}
