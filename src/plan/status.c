/* SPDX-License-Identifier: Apache-2.0 */
/* A plan made ready: parts, periods by level; and the small questions about states. */
#include "plan/status.h"

#include <stdlib.h>

#include "lang/err_plan.h"
#include "plan/status_internal.h"

static const char *const state_names[STATUS_STATE_MAX] = {
    "not-due", "met", "exempt", "in-progress", "due", "not-yet", "unknown", "overdue", "not-met",
};

static const char *const reason_names[REASON_MAX] = {
    "proven",  "proven-late", "covered", "shown-bad",  "broken",   "holes",  "silent",
    "missed",  "late",        "weak",    "expired",    "waits",    "exempt", "not-yet",
    "started", "running",     "ahead",   "superseded", "too-late",
};

const char *status_state_to_str(enum status_state s)
{
    return state_names[s];
}

const char *status_reason_to_str(enum status_reason r)
{
    return reason_names[r];
}

static bool by_level(const struct frequency *f)
{
    bool is = f->base.kind == FREQ_BY_LEVEL;

    for (unsigned i = 0; i < f->override_count; i++)
        is = is || f->overrides[i].rule.kind == FREQ_BY_LEVEL;
    return is;
}

/* All periods of a frequency that overlap the asked time, for one level. */
static int status_expand(struct arena *arena, const struct status *s, const struct frequency *f,
                         const struct window *w, struct period_list *ret, struct err *err)
{
    struct period p = {.until = s->from};
    size_t count = 0;

    while (period_after(f, w, p.until, &p) && p.from < s->until && count <= STATUS_PERIODS_MAX)
        count++;
    if (count > STATUS_PERIODS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_PLAN_MORE_THAN_PERIODS_ASK_FOR, STATUS_PERIODS_MAX);
    ret->periods = arena_new_array(arena, count + 1, struct period);
    if (ret->periods == NULL)
        return err_nomem(err);
    p.until = s->from;
    for (ret->count = 0; ret->count < count; ret->count++) {
        if (!period_after(f, w, p.until, &p))
            break;
        ret->periods[ret->count] = p;
    }
    return 0;
}

static int expand_part(struct arena *arena, struct status *s, uint32_t i, struct err *err)
{
    const struct frequency *f = &s->parts[i].part->every;
    struct window w = s->window;
    unsigned levels = by_level(f) ? STATUS_LEVELS : 1;

    for (unsigned level = 0; level < levels; level++) {
        w.level = level;
        if (status_expand(arena, s, f, &w, &s->lists[i][level], err) < 0)
            return -err->code;
    }
    for (unsigned level = levels; level < STATUS_LEVELS; level++)
        s->lists[i][level] = s->lists[i][0];
    return 0;
}

static void describe_part(struct status *s, uint32_t obligation, uint32_t index)
{
    const struct plan *p = s->plan;
    struct status_part *part = &s->parts[s->part_count++];

    part->obligation = obligation;
    part->index = index;
    part->part = &p->obligations[obligation].parts[index];
    part->waits = plan_part_waits(p, part->part);
    part->strict = part->part->every.base.kind == FREQ_WITHIN;
    for (uint32_t k = 0; k < part->part->kind_count; k++) {
        const struct evidence_kind *kind = &p->catalogue->evidence[part->part->kinds[k]];

        part->strict = part->strict && kind->from == FROM_ORDER;
        part->recorded = part->recorded || (kind->waits.n == 0 && kind->from != FROM_PROBE &&
                                            kind->from != FROM_CHECK && kind->from != FROM_CASE);
    }
}

int status_new(struct arena *arena, const struct plan *plan, const struct status_options *opt,
               struct status **ret, struct err *err)
{
    struct window_part *phases = arena_new_array(arena, plan->phase_count + 1, struct window_part);
    struct status *s = arena_new(arena, struct status);
    struct err here = ERR_INIT;
    uint32_t count = 0;

    for (uint32_t i = 0; i < plan->obligation_count; i++)
        count += plan->obligations[i].part_count;
    if (s != NULL) {
        s->parts = arena_new_array(arena, count + 1, struct status_part);
        s->first_part = arena_new_array(arena, plan->obligation_count + 1, uint32_t);
        s->lists = arena_array(arena, count + 1, sizeof(*s->lists));
    }
    if (s == NULL || phases == NULL || s->parts == NULL || s->lists == NULL ||
        s->first_part == NULL)
        return err_nomem(err);
    s->plan = plan;
    s->from = opt->from;
    s->until = opt->until;
    plan_window(plan, opt->calendar, 0, phases, &s->window);
    s->window.heightened = opt->heightened;
    s->window.heightened_count = opt->heightened_count;
    for (uint32_t i = 0; i < plan->obligation_count; i++) {
        s->first_part[i] = s->part_count;
        for (uint32_t k = 0; k < plan->obligations[i].part_count; k++)
            describe_part(s, i, k);
    }
    for (uint32_t i = 0; i < s->part_count; i++) {
        if (expand_part(arena, s, i, err ? err : &here) < 0)
            return -(err ? err : &here)->code;
    }
    *ret = s;
    return 0;
}

const struct status_part *status_parts(const struct status *s, uint32_t *ret_count)
{
    *ret_count = s->part_count;
    return s->parts;
}

uint32_t status_find_part(const struct status *s, uint32_t obligation, struct slice id)
{
    if (obligation >= s->plan->obligation_count)
        return PLAN_NONE;
    for (uint32_t k = 0; k < s->plan->obligations[obligation].part_count; k++) {
        if (slice_eq(s->plan->obligations[obligation].parts[k].id, id))
            return s->first_part[obligation] + k;
    }
    return PLAN_NONE;
}

static int status_order(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int proof_order(const void *a, const void *b)
{
    const struct status_proof *x = a, *y = b;
    int r = status_order(x->unit, y->unit);

    r = r ? r : status_order(x->part, y->part);
    r = r ? r : status_order(x->start, y->start);
    r = r ? r : status_order(x->collected, y->collected);
    return r ? r : status_order(x->ref, y->ref);
}

static int statement_order(const void *a, const void *b)
{
    const struct status_statement *x = a, *y = b;
    int r = status_order(x->unit, y->unit);

    r = r ? r : status_order(x->start, y->start);
    return r ? r : status_order(x->ref, y->ref);
}

static int exemption_order(const void *a, const void *b)
{
    const struct status_exemption *x = a, *y = b;
    int r = status_order(x->unit, y->unit);

    r = r ? r : status_order(x->start, y->start);
    return r ? r : status_order(x->ref, y->ref);
}

static int event_order(const void *a, const void *b)
{
    const struct status_event *x = a, *y = b;
    int r = status_order(x->unit, y->unit);

    r = r ? r : status_order(x->at, y->at);
    return r ? r : status_order(x->ref, y->ref);
}

static void plan_status_sort(void *p, size_t count, size_t size,
                             int (*cmp)(const void *, const void *))
{
    if (count > 1)
        qsort(p, count, size, cmp);
}

void status_sort(struct status_proof *proofs, size_t proof_count,
                 struct status_statement *statements, size_t statement_count,
                 struct status_exemption *exemptions, size_t exemption_count,
                 struct status_event *events, size_t event_count)
{
    plan_status_sort(proofs, proof_count, sizeof(*proofs), proof_order);
    plan_status_sort(statements, statement_count, sizeof(*statements), statement_order);
    plan_status_sort(exemptions, exemption_count, sizeof(*exemptions), exemption_order);
    plan_status_sort(events, event_count, sizeof(*events), event_order);
}

void status_now_add(struct status_now *n, const struct status_cell *c)
{
    bool decided =
        c->state != STATUS_NOT_DUE && c->state != STATUS_DUE && c->state != STATUS_IN_PROGRESS;

    bool open = n->cell.unit != PLAN_NONE &&
                (n->cell.state == STATUS_OVERDUE || n->cell.reason == REASON_TOO_LATE);
    bool running = c->period.from <= n->now;
    bool waits = n->cell.state == STATUS_NOT_DUE || n->cell.state == STATUS_DUE ||
                 n->cell.state == STATUS_IN_PROGRESS;

    /* what was decided last; else the running one, where nothing was decided before it */
    if (!open && (n->cell.unit == PLAN_NONE || decided || (running && waits)))
        n->cell = *c;
}

void status_count_add(struct status_count *c, const struct status_cell *cell)
{
    c->states[cell->state]++;
    if (cell->state != STATUS_MET)
        return;
    if (cell->strength >= STRENGTH_CONFIRMED)
        c->proved++;
    else
        c->declared++;
    c->late += cell->reason == REASON_PROVEN_LATE;
}

uint32_t status_count_total(const struct status_count *c)
{
    return c->states[STATUS_MET] + c->states[STATUS_NOT_MET] + c->states[STATUS_OVERDUE] +
           c->states[STATUS_NOT_YET] + c->states[STATUS_UNKNOWN];
}

struct status_shares status_share(const struct status_count *c)
{
    struct status_shares s = {0};
    uint64_t total = status_count_total(c);
    uint64_t counts[] = {c->proved, c->declared, c->states[STATUS_NOT_YET],
                         c->states[STATUS_UNKNOWN],
                         (uint64_t)c->states[STATUS_NOT_MET] + c->states[STATUS_OVERDUE]};
    uint16_t *shares[] = {&s.proved, &s.declared, &s.not_yet, &s.unknown, &s.missed};

    for (size_t i = 0; total > 0 && i < CANH_LEN(counts); i++) {
        uint64_t share = (counts[i] * 1000 + total / 2) / total;

        if (share == 0 && counts[i] > 0)
            share = 1;
        if (share == 1000 && counts[i] < total)
            share = 999;
        *shares[i] = (uint16_t)share;
    }
    return s;
}
