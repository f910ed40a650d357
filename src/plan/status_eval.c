/* SPDX-License-Identifier: Apache-2.0 */
/* Cells: what the proofs say about one period, then what follows where they say nothing. */
#include "base/time.h"
#include "plan/status_internal.h"

enum { INHERIT_DEPTH = 8 };

/* A run of an input's array that belongs to one unit (and part). */
struct proofs {
    const struct status_proof *p;
    size_t n;
};

/* What decides about one part at one unit, period after period. */
struct judge {
    const struct status *s;
    const struct status_input *in;
    const struct status_part *part;
    uint32_t unit, part_index;
    struct proofs proofs;
    const struct status_statement *statements;
    size_t statement_count;
    const struct status_exemption *exemptions;
    size_t exemption_count;
};

static struct proofs find_proofs(const struct status_input *in, uint32_t unit, uint32_t part)
{
    uint64_t key = (uint64_t)unit << 32 | part;
    size_t ends[2];

    for (int side = 0; side < 2; side++) {
        size_t lo = 0, hi = in->proof_count;

        while (lo < hi) {
            size_t mid = lo + (hi - lo) / 2;
            uint64_t k = (uint64_t)in->proofs[mid].unit << 32 | in->proofs[mid].part;

            if (k < key + (uint64_t)side)
                lo = mid + 1;
            else
                hi = mid;
        }
        ends[side] = lo;
    }
    return (struct proofs){in->proofs + ends[0], ends[1] - ends[0]};
}

/* First index of an array sorted by unit whose unit is not below this one. */
#define FIND_UNIT(array, count, wanted, ret)                                                       \
    do {                                                                                           \
        size_t lo_ = 0, hi_ = (count);                                                             \
        while (lo_ < hi_) {                                                                        \
            size_t mid_ = lo_ + (hi_ - lo_) / 2;                                                   \
            if ((array)[mid_].unit < (wanted))                                                     \
                lo_ = mid_ + 1;                                                                    \
            else                                                                                   \
                hi_ = mid_;                                                                        \
        }                                                                                          \
        (ret) = lo_;                                                                               \
    } while (0)

static void judge_init(struct judge *j, const struct status *s, const struct status_input *in,
                       uint32_t unit, uint32_t part)
{
    size_t first, last;

    *j = (struct judge){.s = s,
                        .in = in,
                        .part = &s->parts[part],
                        .unit = unit,
                        .part_index = part,
                        .proofs = find_proofs(in, unit, part)};
    FIND_UNIT(in->statements, in->statement_count, unit, first);
    FIND_UNIT(in->statements, in->statement_count, unit + 1, last);
    j->statements = in->statements + first;
    j->statement_count = last - first;
    FIND_UNIT(in->exemptions, in->exemption_count, unit, first);
    FIND_UNIT(in->exemptions, in->exemption_count, unit + 1, last);
    j->exemptions = in->exemptions + first;
    j->exemption_count = last - first;
}

static bool overlaps(int64_t start, int64_t stop, const struct period *p)
{
    return start < p->until && stop > p->from;
}

/* Long single periods outlive their proof; recurring ones are decided within their own time. */
static bool outlives_proof(enum frequency_kind kind)
{
    return kind == FREQ_AT_START || kind == FREQ_AT_END || kind == FREQ_PHASE;
}

/* The decision among discrete proofs. */
struct decision {
    const struct status_proof *proof; /* NULL: none */
    bool weak, expired, touched;
};

/* Whether a proof may decide; otherwise why not goes into d. */
static bool admissible(struct decision *d, const struct judge *j, const struct status_proof *p,
                       const struct period *period)
{
    int64_t at = CANH_MIN(j->in->now, period->until - 1);

    if (!overlaps(p->start, p->stop, period) || p->collected > j->in->now)
        return false;
    if (p->verdict == VERDICT_NOTHING) {
        d->touched = true;
        return false;
    }
    if (outlives_proof(j->part->part->every.base.kind) && p->expires <= at) {
        d->expired = true;
        return false;
    }
    if (p->verdict == VERDICT_MET && p->strength < j->part->part->needs) {
        d->weak = true;
        return false;
    }
    return true;
}

/* Whether good news may stand against the newest bad news (or none). */
static bool answers(const struct status_proof *good, const struct status_proof *bad)
{
    return bad == NULL || (good->collected > bad->collected && good->strength >= bad->strength);
}

static bool newer(const struct status_proof *a, const struct status_proof *b)
{
    return b == NULL || a->collected > b->collected ||
           (a->collected == b->collected && a->ref > b->ref);
}

/*
 * The newest bad proof decides, unless good ones came after it that are no weaker; of these the
 * strongest, and of equals the newest. The order in which the proofs stand does not matter.
 */
static struct decision decide(const struct judge *j, const struct period *period, size_t *from)
{
    const struct proofs *ps = &j->proofs;
    const struct status_proof *bad = NULL, *good = NULL;
    struct decision d = {0};
    size_t end;

    while (*from < ps->n && ps->p[*from].stop <= period->from)
        ++*from;
    for (end = *from; end < ps->n && ps->p[end].start < period->until; end++) {
        if (admissible(&d, j, &ps->p[end], period) && ps->p[end].verdict == VERDICT_NOT_MET &&
            newer(&ps->p[end], bad))
            bad = &ps->p[end];
    }
    for (size_t i = *from; i < end; i++) {
        const struct status_proof *p = &ps->p[i];

        if (p->verdict == VERDICT_MET && admissible(&d, j, p, period) && answers(p, bad) &&
            (good == NULL || p->strength > good->strength ||
             (p->strength == good->strength && newer(p, good))))
            good = p;
    }
    d.proof = good ? good : bad;
    return d;
}

/* Time covered by proofs of one verdict (or any), holes up to `gap` bridged. */
static int64_t covered(const struct judge *j, const struct period *p, int64_t end, size_t from,
                       bool bad_only, int64_t gap, uint8_t *strength, uint32_t *ref)
{
    const struct proofs *ps = &j->proofs;
    int64_t at = p->from, sum = 0;
    bool any = false;

    for (size_t i = from; i < ps->n && ps->p[i].start < end; i++) {
        const struct status_proof *q = &ps->p[i];
        int64_t start, stop;

        if (q->verdict == VERDICT_NOTHING || (bad_only && q->verdict != VERDICT_NOT_MET) ||
            (q->verdict == VERDICT_MET && q->strength < j->part->part->needs) || q->stop <= p->from)
            continue;
        start = CANH_MAX(q->start, at);
        stop = CANH_MIN(q->stop, end);
        *strength = (uint8_t)CANH_MIN(*strength, q->strength);
        *ref = q->ref;
        if (start - at <= gap)
            start = at;
        any = true;
        if (stop > start) {
            sum += stop - start;
            at = stop;
        }
    }
    if (any && end - at <= gap)
        sum += end - at;
    return sum;
}

static int64_t duty_gap(const struct judge *j, const struct period *p)
{
    const struct frequency_rule *rule =
        period_rule_at(&j->part->part->every, &j->s->window, p->from);

    return rule->kind == FREQ_CONTINUOUS ? rule->span.ns : 0;
}

static bool is_continuous(const struct judge *j, const struct period *p)
{
    return period_rule_at(&j->part->part->every, &j->s->window, p->from)->kind == FREQ_CONTINUOUS;
}

/* a × 1000 / b without overflow for times of some years. */
static int64_t share_of(int64_t a, int64_t b)
{
    return (a / TIME_SECOND * 1000) / CANH_MAX(b / TIME_SECOND, INT64_C(1));
}

static void judge_continuous(const struct judge *j, struct status_cell *c, size_t *from)
{
    const struct plan_part *part = j->part->part;
    int64_t end = CANH_MIN(c->period.until, j->in->now), gap = duty_gap(j, &c->period);
    int64_t elapsed = end - c->period.from, known, bad;
    uint8_t strength = STRENGTH_MEASURED, ignored = STRENGTH_MEASURED;
    uint32_t ref = PLAN_NONE, bad_ref = PLAN_NONE;

    while (*from < j->proofs.n && j->proofs.p[*from].stop <= c->period.from)
        ++*from;
    if (elapsed < TIME_SECOND)
        return;
    known = covered(j, &c->period, end, *from, false, gap, &strength, &ref);
    bad = covered(j, &c->period, end, *from, true, 0, &ignored, &bad_ref);
    c->proof = bad > 0 ? bad_ref : ref;
    c->strength = ref == PLAN_NONE ? STRENGTH_NONE : strength;
    c->share = (uint16_t)share_of(CANH_MAX(known - bad, INT64_C(0)), elapsed);
    if (known == 0) {
        c->state = STATUS_UNKNOWN;
        c->reason = j->part->waits ? REASON_WAITS : REASON_SILENT;
    } else if (c->share >= part->at_least) {
        c->state = STATUS_MET;
        c->reason = REASON_COVERED;
    } else if (share_of(bad, elapsed) > 1000 - part->at_least) {
        c->state = STATUS_NOT_MET;
        c->reason = REASON_BROKEN;
    } else {
        c->state = STATUS_UNKNOWN;
        c->reason = REASON_HOLES;
    }
}

static const struct status_statement *find_statement(const struct judge *j, const struct period *p)
{
    const struct status_statement *found = NULL;

    for (size_t i = 0; i < j->statement_count && j->statements[i].start < p->until; i++) {
        const struct status_statement *s = &j->statements[i];

        if (s->stop > p->from && (s->part == j->part_index ||
                                  (s->part == PLAN_NONE && s->obligation == j->part->obligation)))
            found = s; /* the latest one that speaks of it */
    }
    return found;
}

static void set(struct status_cell *c, enum status_state state, enum status_reason reason)
{
    c->state = (uint8_t)state;
    c->reason = (uint8_t)reason;
}

/* Nothing decides: what the time and the people say. */
static void judge_silence(const struct judge *j, struct status_cell *c, const struct decision *d)
{
    int64_t now = j->in->now, due = c->period.due;
    int64_t late =
        due == TIME_NONE ? INT64_MAX : span_add(&j->s->window, due, j->part->part->grace);
    const struct status_statement *s = find_statement(j, &c->period);

    if (s && s->said == SAID_NOT_YET && now < s->promised) {
        set(c, STATUS_NOT_YET, REASON_NOT_YET);
        c->proof = s->ref;
    } else if (due == TIME_NONE && now >= c->period.until) {
        set(c, STATUS_NOT_DUE, REASON_SUPERSEDED);
    } else if (now < late) {
        bool started = d->touched || (s && s->said != SAID_NOT_YET);

        set(c, started ? STATUS_IN_PROGRESS : STATUS_DUE,
            started ? REASON_STARTED : REASON_RUNNING);
        if (d->expired)
            set(c, STATUS_UNKNOWN, REASON_EXPIRED);
    } else if (d->expired || d->weak) {
        set(c, STATUS_UNKNOWN, d->expired ? REASON_EXPIRED : REASON_WEAK);
    } else if (!j->part->recorded) {
        set(c, STATUS_UNKNOWN, j->part->waits ? REASON_WAITS : REASON_SILENT);
    } else if (now < c->period.until || outlives_proof(j->part->part->every.base.kind)) {
        set(c, STATUS_OVERDUE, REASON_LATE);
    } else {
        set(c, STATUS_NOT_MET, REASON_MISSED);
    }
}

static void judge_discrete(const struct judge *j, struct status_cell *c, size_t *from)
{
    struct decision d = decide(j, &c->period, from);
    int64_t late;

    if (d.proof == NULL) {
        judge_silence(j, c, &d);
        return;
    }
    c->proof = d.proof->ref;
    c->strength = d.proof->strength;
    if (d.proof->verdict == VERDICT_NOT_MET) {
        set(c, STATUS_NOT_MET, REASON_SHOWN_BAD);
        return;
    }
    late = c->period.due == TIME_NONE
               ? INT64_MAX
               : span_add(&j->s->window, c->period.due, j->part->part->grace);
    set(c, STATUS_MET, d.proof->collected > late ? REASON_PROVEN_LATE : REASON_PROVEN);
}

static void judge_exempt(const struct judge *j, struct status_cell *c)
{
    int64_t at = c->period.due == TIME_NONE ? c->period.from : c->period.due - 1;

    for (size_t i = 0; i < j->exemption_count && c->state != STATUS_MET; i++) {
        const struct status_exemption *e = &j->exemptions[i];

        if (e->obligation == j->part->obligation && at >= e->start && at < e->stop) {
            set(c, STATUS_EXEMPT, REASON_EXEMPT);
            c->proof = e->ref;
            c->strength = STRENGTH_NONE;
            return;
        }
    }
}

/* The cell by the unit's own proof. from: where in the proofs to begin, moved on. */
static void judge_own(const struct judge *j, struct status_cell *c, size_t *from)
{
    c->state = STATUS_NOT_DUE;
    c->reason = REASON_AHEAD;
    c->strength = STRENGTH_NONE;
    c->share = 0;
    c->proof = c->provider = PLAN_NONE;
    if (j->in->now < c->period.from)
        return;
    if (is_continuous(j, &c->period))
        judge_continuous(j, c, from);
    else
        judge_discrete(j, c, from);
}

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

static bool provides(const struct plan_inherit *in, const struct status_unit *u, int64_t at)
{
    return at >= u->from && at < u->until && (u->tags & in->tags) == in->tags &&
           (u->asset_roles & in->asset_roles) == in->asset_roles;
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
static void inherit(const struct judge *j, struct status_cell *c)
{
    const struct plan *plan = j->s->plan;
    uint32_t obligation = j->part->obligation;
    int64_t at = period_instant(&c->period);
    uint32_t unit = j->unit;

    for (int depth = 0; depth < INHERIT_DEPTH; depth++) {
        const struct plan_inherit *in = &plan->obligations[obligation].inherit;
        struct status_cell own = {0};
        const struct period *p;
        struct judge provider;
        uint32_t part, next = 0;
        size_t from = 0;

        if (in->scope == PLAN_NONE ||
            !scope_holds(&plan->scopes[in->scope], &j->in->units[unit], at) ||
            provides(in, &j->in->units[unit], at))
            return;
        while (next < j->in->unit_count && (next == unit || !provides(in, &j->in->units[next], at)))
            next++;
        if (next == j->in->unit_count ||
            j->part->index >= plan->obligations[in->obligation].part_count)
            return;
        unit = next;
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
           c->reason == REASON_BROKEN;
}

static void judge_cell(const struct judge *j, struct status_cell *c, size_t *from, status_sink sink,
                       void *ctx)
{
    const struct plan_inherit *in = &j->s->plan->obligations[j->part->obligation].inherit;

    judge_own(j, c, from);
    if (in->scope != PLAN_NONE && c->state != STATUS_NOT_DUE && !own_proof_decides(c))
        inherit(j, c);
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
