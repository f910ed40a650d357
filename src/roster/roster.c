/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/roster.h"

#include "lang/err_duty.h"

#include <stdlib.h>

/* One person of the answer while it is being made. */
struct entry {
    struct duty_who who;
    bool away;
};

struct work {
    const struct duty_plan *plan;
    int64_t t, lo, hi; /* the answer is the same in [lo, hi) */
    unsigned count;
    struct entry entries[DUTY_AT_ONCE_MAX];
    bool more;
};

/* The answer may change at b. */
static void roster_bound(struct work *w, int64_t b)
{
    if (b <= w->t)
        w->lo = CANH_MAX(w->lo, b);
    else
        w->hi = CANH_MIN(w->hi, b);
}

/* Whether t lies in [from, until), and both ends as bounds. */
static bool roster_inside(struct work *w, int64_t from, int64_t until)
{
    roster_bound(w, from);
    roster_bound(w, until);
    return from <= w->t && w->t < until;
}

static bool on_leave(struct work *w, uint32_t person)
{
    const struct duty_leave *l = w->plan->leaves;
    size_t low = 0, high = w->plan->leave_count;
    bool away = false;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (l[mid].person < person)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < w->plan->leave_count && l[low].person == person; low++)
        away |= roster_inside(w, l[low].from, l[low].until);
    return away;
}

static struct entry *roster_find(struct work *w, unsigned first, uint32_t person)
{
    for (unsigned i = first; i < w->count; i++) {
        if (w->entries[i].who.person == person)
            return &w->entries[i];
    }
    return NULL;
}

static void roster_add(struct work *w, uint32_t person, enum duty_why why,
                       enum duty_presence presence)
{
    struct entry *e = roster_find(w, 0, person);

    if (!e && w->count == DUTY_AT_ONCE_MAX) {
        w->more = true;
        return;
    }
    if (!e) {
        e = &w->entries[w->count++];
        *e = (struct entry){.who = {.person = person,
                                    .instead_of = DUTY_NOBODY,
                                    .why = why,
                                    .via = DUTY_NO_POST,
                                    .presence = presence}};
    }
    if (why == DUTY_BY_OVERRIDE)
        e->who.why = why;
}

struct picked {
    uint32_t person;
    int32_t position;
};

/* Cells come last first: of one position who began first stands first. The last one falls off when
 * there are too many. */
static void roster_pick(struct work *w, struct picked *all, unsigned *n, const struct duty_cell *c)
{
    unsigned i = *n;

    if (*n == DUTY_AT_ONCE_MAX) {
        w->more = true;
        if (all[--i].position < c->position)
            return;
    } else {
        ++*n;
    }
    for (; i > 0 && all[i - 1].position >= c->position; i--)
        all[i] = all[i - 1];
    all[i] = (struct picked){c->person, c->position};
}

static unsigned layer_at(struct work *w, const struct duty_layer *l, struct picked *ret)
{
    size_t low = 0, high = l->cell_count;
    unsigned n = 0;

    if (!roster_inside(w, l->from, l->until))
        return 0;
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (l->cells[mid].from <= w->t)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < l->cell_count)
        roster_bound(w, l->cells[low].from);
    /* everything before a reach that has passed has ended too */
    for (size_t i = low; i-- > 0;) {
        if (l->cells[i].reach <= w->t) {
            roster_bound(w, l->cells[i].reach);
            break;
        }
        if (roster_inside(w, l->cells[i].from, l->cells[i].until))
            roster_pick(w, ret, &n, &l->cells[i]);
    }
    return n;
}

static void write_layers(struct work *w, const struct duty_post *p)
{
    struct picked people[DUTY_AT_ONCE_MAX];

    for (size_t i = 0; i < p->layer_count; i++) {
        unsigned n = layer_at(w, &p->layers[i], people);

        for (unsigned k = 0; k < n; k++)
            roster_add(w, people[k].person, DUTY_BY_LAYER, p->presence);
        if (n > 0)
            return;
    }
}

static void mark_leave(struct work *w)
{
    for (unsigned i = 0; i < w->count; i++)
        w->entries[i].away = on_leave(w, w->entries[i].who.person);
}

static void roster_drop(struct work *w, struct entry *e)
{
    unsigned at = (unsigned)(e - w->entries);

    for (unsigned i = at; i + 1 < w->count; i++)
        w->entries[i] = w->entries[i + 1];
    w->count--;
}

/* e's turn is taken by another; who stands already does not stand twice. */
static void roster_hand(struct work *w, struct entry *e, uint32_t to, enum duty_why why)
{
    struct entry *already = roster_find(w, 0, to);

    if (already && already != e) {
        if (why == DUTY_BY_OVERRIDE)
            already->away = false, already->who.on_leave = on_leave(w, to);
        roster_drop(w, e);
        return;
    }
    if (e->who.instead_of == DUTY_NOBODY)
        e->who.instead_of = e->who.person;
    e->who.person = to;
    e->who.why = why;
    e->who.on_leave = on_leave(w, to);
    e->away = e->who.on_leave && why != DUTY_BY_OVERRIDE;
    if (e->away)
        e->who.on_leave = false;
}

static void apply_swap(struct work *w, const struct duty_swap *s)
{
    bool there = roster_inside(w, s->from, s->until);
    bool back = s->back_from != s->back_until && roster_inside(w, s->back_from, s->back_until);
    struct entry *a = roster_find(w, 0, s->person), *b = roster_find(w, 0, s->other);

    if (there && back && a && b)
        return; /* each takes the other's turn at one time: nothing changes */
    if (there && a)
        roster_hand(w, a, s->other, DUTY_BY_SWAP);
    else if (back && b)
        roster_hand(w, b, s->person, DUTY_BY_SWAP);
}

static void apply_override(struct work *w, const struct duty_post *p, const struct duty_override *o)
{
    struct entry *e;

    if (!roster_inside(w, o->from, o->until))
        return;
    e = roster_find(w, 0, o->person);
    switch (o->kind) {
    case DUTY_ADD:
        roster_add(w, o->person, DUTY_BY_OVERRIDE, p->presence);
        e = roster_find(w, 0, o->person);
        if (e) {
            e->away = false;
            e->who.on_leave = on_leave(w, o->person);
        }
        break;
    case DUTY_REMOVE:
        if (o->person == DUTY_NOBODY)
            w->count = 0;
        else if (e)
            roster_drop(w, e);
        break;
    case DUTY_REPLACE:
        if (e)
            roster_hand(w, e, o->other, DUTY_BY_OVERRIDE);
        break;
    }
}

static void own_people(struct work *w, const struct duty_post *p)
{
    if (!roster_inside(w, p->from, p->until))
        return;
    write_layers(w, p);
    mark_leave(w);
    for (size_t i = 0; i < p->swap_count; i++)
        apply_swap(w, &p->swaps[i]);
    for (size_t i = 0; i < p->override_count; i++)
        apply_override(w, p, &p->overrides[i]);
}

static void write_answer(const struct work *w, struct duty_on *ret)
{
    *ret = (struct duty_on){.more = w->more};
    for (unsigned i = 0; i < w->count; i++) {
        if (w->entries[i].away)
            ret->away[ret->away_count++] = w->entries[i].who.person;
        else
            ret->who[ret->count++] = w->entries[i].who;
    }
}

static bool already_on(const struct duty_on *on, uint32_t person)
{
    for (unsigned i = 0; i < on->count; i++) {
        if (on->who[i].person == person)
            return true;
    }
    return false;
}

static void roster_cover(struct work *w, const struct duty_post *p, const struct duty_coverage *c,
                         struct duty_on *ret)
{
    struct work other = {.plan = w->plan, .t = w->t};
    const struct hours *hours = c->has_hours ? &c->hours : &p->hours;
    struct duty_on on;

    if (c->post >= w->plan->post_count || !roster_inside(w, c->from, c->until) ||
        !roster_inside(w, p->from, p->until) || !hours_at(hours, p->offset_s, w->t, &w->lo, &w->hi))
        return;
    other.lo = w->lo;
    other.hi = w->hi;
    own_people(&other, &w->plan->posts[c->post]);
    w->lo = other.lo;
    w->hi = other.hi;
    write_answer(&other, &on);
    ret->more |= on.more;
    for (unsigned i = 0; i < on.count; i++) {
        if (already_on(ret, on.who[i].person))
            continue;
        if (ret->count == DUTY_AT_ONCE_MAX) {
            ret->more = true;
            return;
        }
        ret->who[ret->count] = on.who[i];
        ret->who[ret->count].via = (int32_t)c->post;
        ret->who[ret->count++].presence = c->presence;
    }
}

void duty_at(const struct duty_plan *plan, uint32_t post, int64_t t, struct duty_on *ret)
{
    struct work w = {.plan = plan, .t = t, .lo = plan->from, .hi = plan->until};
    const struct duty_post *p;

    *ret = (struct duty_on){.from = t, .until = t};
    if (post >= plan->post_count || t < plan->from || t >= plan->until)
        return;
    p = &plan->posts[post];
    own_people(&w, p);
    write_answer(&w, ret);
    for (size_t i = 0; i < p->coverage_count && ret->count < p->people; i++)
        roster_cover(&w, p, &p->coverage[i], ret);
    ret->from = w.lo;
    ret->until = w.hi;
}

bool duty_same(const struct duty_on *a, const struct duty_on *b)
{
    if (a->count != b->count || a->away_count != b->away_count || a->more != b->more)
        return false;
    for (unsigned i = 0; i < a->away_count; i++) {
        if (a->away[i] != b->away[i])
            return false;
    }
    for (unsigned i = 0; i < a->count; i++) {
        const struct duty_who *x = &a->who[i], *y = &b->who[i];

        if (x->person != y->person || x->instead_of != y->instead_of || x->why != y->why ||
            x->via != y->via || x->presence != y->presence || x->on_leave != y->on_leave)
            return false;
    }
    return true;
}

int duty_spans(const struct duty_plan *plan, uint32_t post, int64_t from, int64_t until,
               int (*fn)(void *u, const struct duty_on *on), void *u)
{
    struct duty_on next, on = {.from = 0};
    int r = 0;

    from = CANH_MAX(from, plan->from);
    until = CANH_MIN(until, plan->until);
    if (post >= plan->post_count || from >= until)
        return 0;
    duty_at(plan, post, from, &on);
    on.from = from;
    while (r == 0 && on.until < until) {
        duty_at(plan, post, on.until, &next);
        if (duty_same(&on, &next)) {
            on.until = next.until;
            continue;
        }
        next.from = on.until;
        r = fn(u, &on);
        on = next;
    }
    if (r == 0) {
        on.until = until;
        r = fn(u, &on);
    }
    return r;
}

struct days {
    int (*fn)(void *u, int64_t day, const struct duty_on *on);
    void *u;
    int64_t offset;
};

static int cut_days(void *u, const struct duty_on *on)
{
    const struct days *d = u;
    struct duty_on part = *on;
    int r = 0;

    while (r == 0 && part.from < on->until) {
        int64_t local = part.from + d->offset, day = local / TIME_DAY - (local % TIME_DAY < 0);

        part.until = CANH_MIN(on->until, (day + 1) * TIME_DAY - d->offset);
        r = d->fn(d->u, day, &part);
        part.from = part.until;
    }
    return r;
}

int duty_days(const struct duty_plan *plan, uint32_t post, int64_t from, int64_t until,
              int (*fn)(void *u, int64_t day, const struct duty_on *on), void *u)
{
    struct days d = {.fn = fn, .u = u};

    if (post >= plan->post_count)
        return 0;
    d.offset = plan->posts[post].offset_s * TIME_SECOND;
    return duty_spans(plan, post, from, until, cut_days, &d);
}

static int cell_order(const void *a, const void *b)
{
    const struct duty_cell *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    return (x->person > y->person) - (x->person < y->person);
}

static int leave_order(const void *a, const void *b)
{
    const struct duty_leave *x = a, *y = b;

    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return (x->from > y->from) - (x->from < y->from);
}

/* The highest first; equals keep their order. */
static void sort_layers(struct duty_layer *l, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct duty_layer x = l[i];
        size_t k = i;

        for (; k > 0 && l[k - 1].position < x.position; k--)
            l[k] = l[k - 1];
        l[k] = x;
    }
}

static int prepare_layer(const struct duty_plan *plan, struct duty_layer *l, struct arena *arena,
                         struct err *err)
{
    int64_t reach = INT64_MIN;
    int r;

    if (l->by_rule) {
        r = duty_rule_expand(&l->rule, plan->from, plan->until, arena, &l->cells, &l->cell_count,
                             err);
        if (r < 0)
            return r;
    }
    if (l->cell_count > DUTY_CELLS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_DUTY_DUTY_TABLE_MORE_THAN_CELLS, DUTY_CELLS_MAX);
    if (l->cell_count > 0)
        qsort(l->cells, l->cell_count, sizeof(*l->cells), cell_order);
    for (size_t i = 0; i < l->cell_count; i++) {
        if (l->cells[i].until <= l->cells[i].from)
            return err_fail(err, CE_RANGE, ERR_DUTY_CELL_DUTY_TABLE_ENDS_BEFORE);
        reach = CANH_MAX(reach, l->cells[i].until);
        l->cells[i].reach = reach;
    }
    return 0;
}

int duty_prepare(struct duty_plan *plan, int64_t from, int64_t until, struct arena *arena,
                 struct err *err)
{
    const int64_t first = days_from_date(1900, 1, 1) * TIME_DAY,
                  last = days_from_date(2200, 1, 1) * TIME_DAY;
    enum { LAYERS_MAX = 64 };

    if (from < first || until > last || from >= until ||
        until - from > DUTY_WINDOW_DAYS_MAX * TIME_DAY)
        return err_fail(err, CE_RANGE, ERR_DUTY_DUTY_RECKONED_FOR_AT_MOST, DUTY_WINDOW_DAYS_MAX);
    plan->from = from;
    plan->until = until;
    if (plan->leave_count > 0)
        qsort(plan->leaves, plan->leave_count, sizeof(*plan->leaves), leave_order);
    for (size_t i = 0; i < plan->post_count; i++) {
        struct duty_post *p = &plan->posts[i];

        if (p->layer_count > LAYERS_MAX)
            return err_fail(err, CE_TOO_BIG, ERR_DUTY_POST_MORE_THAN_LAYERS, LAYERS_MAX);
        sort_layers(p->layers, p->layer_count);
        for (size_t k = 0; k < p->layer_count; k++) {
            int r = prepare_layer(plan, &p->layers[k], arena, err);

            if (r < 0)
                return r;
        }
    }
    return 0;
}
