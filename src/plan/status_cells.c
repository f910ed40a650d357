/* SPDX-License-Identifier: Apache-2.0 */
/* Which cells there are: whom an obligation is asked of, whose proof a unit inherits, events. */
#include "base/time.h"
#include "plan/status_internal.h"

enum { INHERIT_DEPTH = 8 };

static bool scope_holds(const struct plan_scope *s, const struct status_unit *u, int64_t at)
{
    return s->enabled && at >= s->from && at < s->until &&
           (s->kinds == 0 || s->kinds >> u->kind & 1) && (u->tags & s->tags) == s->tags &&
           (u->asset_roles & s->asset_roles) == s->asset_roles;
}

bool status_applies(const struct status *s, const struct status_unit *u, uint32_t obligation,
                    int64_t at)
{
    const struct plan_obligation *o = &s->plan->obligations[obligation];

    if (!o->enabled || at < o->from || at >= o->until || at < u->from || at >= u->until ||
        (o->asset_role != PLAN_NONE && !(u->asset_roles >> o->asset_role & 1)))
        return false;
    for (uint32_t i = 0; i < o->scope_count; i++) {
        if (scope_holds(&s->plan->scopes[o->scopes[i]], u, at))
            return true;
    }
    return false;
}

static bool status_cells_provides(const struct plan_inherit *in, const struct status_unit *u,
                                  int64_t at)
{
    return at >= u->from && at < u->until && (u->tags & in->tags) == in->tags &&
           (u->asset_roles & in->asset_roles) == in->asset_roles;
}

/* Whose proof counts for a unit: of those whose assets it uses; where none is known, of all. */
static uint32_t find_provider(const struct status_input *in, const struct plan_inherit *inherit,
                              uint32_t unit, int64_t at)
{
    const struct status_unit *u = &in->units[unit];
    uint32_t count = u->host_count ? u->host_count : in->unit_count;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t next = u->host_count ? u->hosts[i] : i;

        if (next != unit && status_cells_provides(inherit, &in->units[next], at))
            return next;
    }
    return PLAN_NONE;
}

/* The instant of a period by which it is judged who it applies to. */
static int64_t period_instant(const struct period *p)
{
    return p->due == TIME_NONE ? p->from : p->due - 1;
}

static const struct period *period_holding(const struct period_list *l, int64_t t)
{
    size_t lo = 0, hi = l->count;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (l->periods[mid].until <= t)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < l->count && l->periods[lo].from <= t ? &l->periods[lo] : NULL;
}

/* Takes the provider's own proof, following a chain of obligations to where it stands alone. */
static void status_cells_inherit(const struct judge *j, struct status_cell *c)
{
    const struct plan *plan = j->s->plan;
    uint32_t obligation = j->part->obligation;
    int64_t at = period_instant(&c->period);
    uint32_t unit = j->unit, provider_unit;

    for (int depth = 0; depth < INHERIT_DEPTH; depth++) {
        const struct plan_inherit *in = &plan->obligations[obligation].inherit;
        struct status_cell own = {0};
        const struct period *p;
        struct judge provider;
        uint32_t part;
        size_t from = 0;

        if (in->scope == PLAN_NONE ||
            !scope_holds(&plan->scopes[in->scope], &j->in->units[unit], at) ||
            status_cells_provides(in, &j->in->units[unit], at))
            return;
        provider_unit = find_provider(j->in, in, unit, at);
        if (provider_unit == PLAN_NONE ||
            j->part->index >= plan->obligations[in->obligation].part_count)
            return;
        unit = provider_unit;
        obligation = in->obligation;
        part = j->s->first_part[obligation] + j->part->index;
        p = period_holding(&j->s->lists[part][j->in->units[unit].level % STATUS_LEVELS], at);
        if (p == NULL)
            return;
        judge_init(&provider, j->s, j->in, unit, part);
        own.period = *p;
        judge_own(&provider, &own, &from);
        c->state = own.state;
        c->reason = own.reason;
        c->strength = own.strength;
        c->share = own.share;
        c->proof = own.proof;
        c->provider = unit;
        if (own.proof != PLAN_NONE)
            return;
    }
}

static bool own_proof_decides(const struct status_cell *c)
{
    return c->reason == REASON_PROVEN || c->reason == REASON_PROVEN_LATE ||
           c->reason == REASON_COVERED || c->reason == REASON_SHOWN_BAD ||
           c->reason == REASON_BROKEN || c->reason == REASON_TOO_LATE;
}

static void judge_cell(const struct judge *j, struct status_cell *c, size_t *from, status_sink sink,
                       void *ctx)
{
    const struct plan_inherit *in = &j->s->plan->obligations[j->part->obligation].inherit;

    judge_own(j, c, from);
    if (in->scope != PLAN_NONE && c->state != STATUS_NOT_DUE && !own_proof_decides(c))
        status_cells_inherit(j, c);
    judge_exempt(j, c);
    sink(ctx, c);
}

/* Proofs that speak of another event of the same name, beginning exactly with it, are not for this
 * one: they are left out by narrowing the period that proofs are looked for in. */
static bool of_other_event(const struct status_input *in, const struct status_proof *p,
                           const struct status_event *e, size_t first, size_t last)
{
    if (p->start == e->at)
        return false;
    for (size_t i = first; i < last && in->events[i].at <= p->start; i++) {
        if (in->events[i].event == e->event && in->events[i].at == p->start)
            return true;
    }
    return false;
}

enum { EVENT_PROOFS = 64 };

static void event_cell(const struct judge *j, const struct status_event *e, size_t first,
                       size_t last, status_sink sink, void *ctx)
{
    struct status_cell c = {.unit = j->unit, .part = j->part_index};
    struct status_proof mine[EVENT_PROOFS];
    struct judge own = *j;
    int64_t end = CANH_MAX(j->in->now, e->at) + 1;
    size_t from = 0, n = 0;

    if (!period_of_event(&j->part->part->every, &j->s->window, e->at, &c.period) ||
        !status_applies(j->s, &j->in->units[j->unit], j->part->obligation, e->at))
        return;
    if (e->due > e->at)
        c.period.due = e->due;
    /* an answer counts however late it came */
    c.period.until = CANH_MAX(c.period.due, end);
    for (size_t i = 0; i < j->proofs.n && n < EVENT_PROOFS; i++) {
        if (overlaps(j->proofs.p[i].start, j->proofs.p[i].stop, &c.period) &&
            !of_other_event(j->in, &j->proofs.p[i], e, first, last))
            mine[n++] = j->proofs.p[i];
    }
    own.proofs = (struct proofs){mine, n};
    judge_cell(&own, &c, &from, sink, ctx);
}

/* Events at the unit, and those that happened everywhere. */
static void event_cells(const struct judge *j, status_sink sink, void *ctx)
{
    const struct status_input *in = j->in;
    uint32_t event =
        catalogue_find(j->s->plan->catalogue, WORDS_EVENTS, j->part->part->every.base.name);
    uint32_t units[] = {j->unit, PLAN_NONE};

    for (int k = 0; k < 2; k++) {
        size_t first, last;

        FIND_UNIT(in->events, in->event_count, units[k], first);
        for (last = first; last < in->event_count && in->events[last].unit == units[k];)
            last++;
        for (size_t i = first; i < last; i++) {
            const struct status_event *e = &in->events[i];

            if (e->event == event && e->at >= j->s->from && e->at < j->s->until)
                event_cell(j, e, first, last, sink, ctx);
        }
    }
}

void status_part_cells(const struct status *s, const struct status_input *in, uint32_t unit,
                       uint32_t part, status_sink sink, void *ctx)
{
    const struct period_list *l = &s->lists[part][in->units[unit].level % STATUS_LEVELS];
    struct judge j;
    size_t from = 0;

    judge_init(&j, s, in, unit, part);
    if (j.part->part->every.base.kind == FREQ_WITHIN) {
        event_cells(&j, sink, ctx);
        return;
    }
    for (size_t i = 0; i < l->count; i++) {
        struct status_cell c = {.unit = unit, .part = part, .period = l->periods[i]};

        if (status_applies(s, &in->units[unit], j.part->obligation, period_instant(&c.period)))
            judge_cell(&j, &c, &from, sink, ctx);
    }
}

/* Could the scope hold at some time? */
static bool scope_may(const struct plan_scope *x, const struct status_unit *u)
{
    return x->enabled && (x->kinds == 0 || x->kinds >> u->kind & 1) &&
           (u->tags & x->tags) == x->tags && (u->asset_roles & x->asset_roles) == x->asset_roles;
}

/* Could the obligation apply at all? Spares the unit's kind a walk over all periods. */
static bool may_apply(const struct status *s, const struct status_unit *u, uint32_t obligation)
{
    const struct plan_obligation *o = &s->plan->obligations[obligation];

    if (!o->enabled || (o->asset_role != PLAN_NONE && !(u->asset_roles >> o->asset_role & 1)))
        return false;
    for (uint32_t i = 0; i < o->scope_count; i++) {
        if (scope_may(&s->plan->scopes[o->scopes[i]], u))
            return true;
    }
    return false;
}

void status_unit_cells(const struct status *s, const struct status_input *in, uint32_t unit,
                       status_sink sink, void *ctx)
{
    for (uint32_t i = 0; i < s->part_count; i++) {
        if (may_apply(s, &in->units[unit], s->parts[i].obligation))
            status_part_cells(s, in, unit, i, sink, ctx);
    }
}

void status_touch(const struct status *s, const struct status_input *in, uint32_t unit,
                  uint32_t part, status_sink sink, void *ctx)
{
    uint32_t obligation = s->parts[part].obligation, index = s->parts[part].index;

    if (may_apply(s, &in->units[unit], obligation))
        status_part_cells(s, in, unit, part, sink, ctx);
    for (uint32_t o = 0; o < s->plan->obligation_count; o++) {
        const struct plan_obligation *x = &s->plan->obligations[o];

        if (x->inherit.scope == PLAN_NONE || x->inherit.obligation != obligation ||
            index >= x->part_count)
            continue;
        for (uint32_t u = 0; u < in->unit_count; u++) {
            if (u != unit && scope_may(&s->plan->scopes[x->inherit.scope], &in->units[u]) &&
                may_apply(s, &in->units[u], o))
                status_part_cells(s, in, u, s->first_part[o] + index, sink, ctx);
        }
    }
}
