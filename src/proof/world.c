/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a plan: its text, its units, its parts' rows; then a unit's records at a time. */
#include <stdlib.h>

#include "base/time.h"
#include "calendar/calendar.h"
#include "lang/err_proof.h"
#include "proof/collect.h"
#include "proof/plan_store.h"

enum { KIND_STRANGE = CATALOGUE_SET_MAX - 1 };

/* The plan that is active and in its window, when exactly one is; of those outside it, too. */
struct active {
    int64_t now;
    struct state_id id[2];
    unsigned count[2]; /* 0: in the window; 1: all */
};

static int collect_plan(void *u, const struct state_plan *x)
{
    struct active *a = u;

    for (int all = 0; x->state == STATE_PLAN_ACTIVE && all < 2; all++) {
        if (!all && (a->now < x->start || a->now >= x->stop))
            continue;
        a->id[all] = x->id;
        a->count[all]++;
    }
    return 0;
}

static int find_plan(struct proof_world *w, struct slice code, struct err *err)
{
    struct active a = {.now = w->in.now};
    struct state_query all = {.limit = 0};
    int r;

    if (code.n > 0) {
        r = state_plan_find(w->state, &w->actor, STATE_ID_NONE, code, w->arena, &w->row, err);
        return r == -CE_NOT_FOUND
                   ? err_fail(err, CE_NOT_FOUND, ERR_PROOF_NO_PLAN, slice_head(code, 64))
                   : r;
    }
    r = state_plan_each(w->state, &w->actor, &all, collect_plan, &a, err);
    if (r < 0)
        return r;
    if (a.count[0] != 1 && a.count[1] != 1)
        return a.count[1] ? err_fail(err, CE_CONFLICT, ERR_PROOF_SEVERAL_ACTIVE)
                          : err_fail(err, CE_NOT_FOUND, ERR_PROOF_NONE_ACTIVE);
    return state_plan_get(w->state, &w->actor, a.id[a.count[0] != 1], w->arena, &w->row, err);
}

static int parse_texts(struct proof_world *w, const struct proof_texts *t, struct err *err)
{
    int r = t->catalogue.p ? catalogue_parse(w->arena, t->catalogue, &w->catalogue, err)
                           : proof_catalogue(w->state, &w->catalogue, err);

    if (r < 0)
        return r;
    return t->holidays.p ? calendar_parse(w->arena, t->holidays, &w->calendar, err)
                         : proof_calendar(w->state, &w->calendar, err);
}

/* What a coordinator switched on, off or moved since the plan was imported. */
static int apply_changes(struct proof_world *w, struct proof_store *st, struct err *err)
{
    struct plan *p = arena_new(w->arena, struct plan);

    if (p == NULL || w->plan == NULL)
        return err_nomem(err);
    *p = *w->plan;
    p->obligations = arena_array(w->arena, p->obligation_count + 1, sizeof(*p->obligations));
    if (p->obligations == NULL)
        return err_nomem(err);
    memcpy(p->obligations, w->plan->obligations, p->obligation_count * sizeof(*p->obligations));
    for (size_t i = 0; i < st->obligation_count; i++) {
        uint32_t k = plan_find_obligation(p, st->obligations[i].code);

        if (k != PLAN_NONE)
            p->obligations[k].enabled = st->obligations[i].enabled;
    }
    w->plan = p;
    return 0;
}

static int read_plan(struct proof_world *w, const struct proof_options *opt, struct err *err)
{
    struct state_query q = {.limit = 0};
    struct proof_store *st = w->store;
    int r = find_plan(w, opt->plan, err);

    if (r == 0)
        r = parse_texts(w, &opt->texts, err);
    if (r == 0)
        r = plan_store_parse(w->arena, w->state, &w->actor, w->catalogue, w->row.yaml, &w->plan,
                             err);
    q.ref = w->row.id;
    if (r == 0)
        r = state_obligation_list(w->state, &w->actor, &q, w->arena, &st->obligations,
                                  &st->obligation_count, err);
    return r < 0 ? r : apply_changes(w, st, err);
}

static int ready_status(struct proof_world *w, const struct proof_options *opt, struct err *err)
{
    struct status_options o = {.calendar = w->calendar, .from = opt->from, .until = opt->until};
    uint32_t count;
    int r;

    o.from = o.from ? o.from : w->plan->start;
    o.until = o.until ? o.until : CANH_MIN(w->in.now + TIME_DAY, w->plan->end);
    if (o.until <= o.from)
        o.until = CANH_MIN(o.from + TIME_DAY, w->plan->end);
    r = status_new(w->arena, w->plan, &o, &w->status, err);
    if (r < 0)
        return r;
    (void)status_parts(w->status, &count);
    w->part_rows = arena_new_array(w->arena, count + 1, struct state_id);
    if (w->part_rows == NULL)
        return err_nomem(err);
    for (uint32_t i = 0; i < count; i++) {
        struct buf code = BUF_INIT(200);

        plan_store_code(&code, w->plan, &status_parts(w->status, &count)[i]);
        for (size_t k = 0; k < w->store->obligation_count; k++) {
            if (slice_eq(w->store->obligations[k].code, buf_slice(&code)))
                w->part_rows[i] = w->store->obligations[k].id;
        }
        buf_done(&code);
    }
    return 0;
}

uint32_t proof_find_unit(const struct proof_world *w, struct state_id id)
{
    uint32_t at;

    return map_get(&w->store->places, id_slice(&id), &at) ? at : PLAN_NONE;
}

static int unit_add(struct proof_world *w, const struct state_unit *x, struct err *err)
{
    struct state_unit *to = &w->units[w->unit_count];

    *to = *x;
    return map_put(&w->store->places, id_slice(&to->id), w->unit_count++) < 0 ? err_nomem(err) : 0;
}

uint32_t proof_find_unit_code(const struct proof_world *w, struct slice code)
{
    for (uint32_t i = 0; i < w->unit_count; i++) {
        if (slice_eq(w->units[i].code, code))
            return i;
    }
    return PLAN_NONE;
}

/* Units as of the beginning of the time that are no longer valid now are wanted, too. */
static int read_units(struct proof_world *w, struct err *err)
{
    struct state_unit *now, *then = NULL;
    size_t n = 0, m = 0;
    int r = state_units_at(w->state, &w->actor, w->in.now, w->arena, &now, &n, err);

    if (r == 0)
        r = state_units_at(w->state, &w->actor, w->plan->start, w->arena, &then, &m, err);
    if (r < 0)
        return r;
    if (n + m > 1000000)
        return err_fail(err, CE_TOO_BIG, ERR_PROOF_MORE_THAN_MILLION_UNITS);
    w->units = arena_array(w->arena, n + m + 1, sizeof(*w->units));
    w->facts = arena_new_array(w->arena, n + m + 1, struct status_unit);
    w->store->provider = arena_new_array(w->arena, n + m + 1, bool);
    if (w->units == NULL || w->facts == NULL || w->store->provider == NULL)
        return err_nomem(err);
    map_init(&w->store->places, n + m);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = unit_add(w, &now[i], err);
    for (size_t i = 0; r == 0 && i < m; i++) {
        if (proof_find_unit(w, then[i].id) == PLAN_NONE)
            r = unit_add(w, &then[i], err);
    }
    if (r < 0)
        return r;
    for (uint32_t i = 0; i < w->unit_count; i++) {
        uint32_t kind = catalogue_find(w->catalogue, WORDS_UNIT_KINDS, w->units[i].kind);

        w->facts[i] = (struct status_unit){.kind = CANH_MIN(kind, (uint32_t)KIND_STRANGE),
                                           .from = w->units[i].valid_from,
                                           .until = w->units[i].valid_to};
    }
    return 0;
}

int proof_open(struct arena *arena, struct state *s, const struct state_actor *a,
               const struct proof_options *opt, struct proof_world *ret, struct err *err)
{
    struct proof_world w = {.arena = arena, .state = s, .actor = *a};
    struct err here = ERR_INIT, *e = err ? err : &here;
    struct proof_collect g = {.w = &w, .unit = PLAN_NONE, .as = PLAN_NONE, .err = e};
    int r;

    w.store = g.st = calloc(1, sizeof(*w.store));
    if (w.store == NULL)
        return err_nomem(err);
    w.store->scratch = ARENA_INIT((size_t)64 << 20);
    w.in.now = opt->now ? opt->now : state_now(s);
    r = read_plan(&w, opt, e);
    if (r == 0)
        r = ready_status(&w, opt, e);
    if (r == 0)
        r = read_units(&w, e);
    if (r == 0)
        r = collect_small(&g);
    if (r < 0) {
        proof_close(&w);
        return r;
    }
    w.in.units = w.facts;
    w.in.unit_count = w.unit_count;
    *ret = w;
    return 0;
}

static void forget_kept(struct proof_store *st)
{
    free(st->kept.proofs);
    free(st->kept.events);
    free(st->kept.statements);
    free(st->kept.exemptions);
    st->kept = (struct proof_kept){.there = false};
}

void proof_close(struct proof_world *w)
{
    if (w->store == NULL)
        return;
    forget_kept(w->store);
    free(w->store->proofs);
    free(w->store->events);
    free(w->store->statements);
    free(w->store->exemptions);
    free(w->store->refs);
    free(w->store->names);
    arena_done(&w->store->scratch);
    map_done(&w->store->places);
    free(w->store);
    w->store = NULL;
}

static int load_one(struct proof_collect *g, uint32_t unit)
{
    static int (*const sources[])(struct proof_collect *) = {collect_duty,   collect_roster,
                                                             collect_people, collect_work,
                                                             collect_forms,  collect_checks};

    g->unit = g->as = unit;
    for (size_t i = 0; i < CANH_LEN(sources) && g->r == 0; i++)
        (void)collect_fail(g, sources[i](g));
    return g->r;
}

/* Events everywhere are evidence of the plan's own unit: of the others only these are kept. */
static int load_everywhere(struct proof_collect *g)
{
    uint32_t home = proof_find_unit(g->w, g->w->row.unit);
    struct proof_store *st = g->st;
    size_t kept, before = st->event_count, proofs = st->proof_count;
    size_t statements = st->statement_count, exemptions = st->exemption_count;

    if (home == PLAN_NONE || st->provider[home])
        return g->r;
    g->unit = g->as = home;
    (void)collect_fail(g, collect_work(g));
    st->proof_count = proofs;
    st->statement_count = statements;
    st->exemption_count = exemptions;
    kept = before;
    for (size_t i = before; i < st->event_count; i++) {
        if (st->events[i].unit == PLAN_NONE)
            st->events[kept++] = st->events[i];
    }
    st->event_count = kept;
    return g->r;
}

static void start_over(struct proof_store *st)
{
    st->proof_count = st->event_count = st->statement_count = st->exemption_count = 0;
    st->ref_count = st->kept.ref_count;
    arena_clear(&st->scratch);
}

static void sort_store(struct proof_store *st)
{
    status_sort(st->proofs, st->proof_count, st->statements, st->statement_count, st->exemptions,
                st->exemption_count, st->events, st->event_count);
}

/* A list moves from the store into what is kept; the store begins a new one. */
#define KEEP(st, list)                                                                             \
    ((st)->kept.list##s = (st)->list##s, (st)->kept.list##_count = (st)->list##_count,             \
     (st)->list##s = NULL, (st)->list##_count = (st)->list##_cap = 0)

static int load_providers(struct proof_collect *g)
{
    struct proof_store *st = g->st;

    start_over(st);
    for (uint32_t i = 0; i < g->w->unit_count && g->r == 0; i++)
        if (st->provider[i])
            (void)load_one(g, i);
    if (g->r == 0)
        (void)load_everywhere(g);
    sort_store(st);
    KEEP(st, proof);
    KEEP(st, event);
    KEEP(st, statement);
    KEEP(st, exemption);
    st->kept.ref_count = st->ref_count;
    st->kept.there = g->r == 0;
    if (g->r < 0)
        forget_kept(st);
    return g->r;
}

/* Proofs may be many: what is kept goes before and behind the unit's own, which are sorted. */
static void join_proofs(struct proof_collect *g, uint32_t unit)
{
    struct proof_store *st = g->st;
    size_t own = st->proof_count, before = 0, n = st->kept.proof_count;

    while (before < n && st->kept.proofs[before].unit < unit)
        before++;
    for (size_t i = 0; i < n; i++)
        if (collect_grow(g, (void **)&st->proofs, &st->proof_count, &st->proof_cap,
                         sizeof(*st->proofs), PROOFS_MAX) == NULL)
            return;
    if (n == 0)
        return;
    memmove(st->proofs + before, st->proofs, own * sizeof(*st->proofs));
    memcpy(st->proofs, st->kept.proofs, before * sizeof(*st->proofs));
    memcpy(st->proofs + before + own, st->kept.proofs + before, (n - before) * sizeof(*st->proofs));
}

static void *world_more(struct proof_collect *g, void **list, size_t *count, size_t *cap,
                        size_t size)
{
    return collect_grow(g, list, count, cap, size, EVENTS_MAX);
}

static void join_rest(struct proof_collect *g, uint32_t unit)
{
    struct proof_store *st = g->st;
    bool home = id_eq(g->w->units[unit].id, g->w->row.unit); /* has its events by itself */
    void *at;

    for (size_t i = 0; i < st->kept.event_count; i++)
        if (!(home && st->kept.events[i].unit == PLAN_NONE) &&
            (at = world_more(g, (void **)&st->events, &st->event_count, &st->event_cap,
                             sizeof(*st->events))) != NULL)
            memcpy(at, &st->kept.events[i], sizeof(*st->events));
    for (size_t i = 0; i < st->kept.statement_count; i++)
        if ((at = world_more(g, (void **)&st->statements, &st->statement_count, &st->statement_cap,
                             sizeof(*st->statements))) != NULL)
            memcpy(at, &st->kept.statements[i], sizeof(*st->statements));
    for (size_t i = 0; i < st->kept.exemption_count; i++)
        if ((at = world_more(g, (void **)&st->exemptions, &st->exemption_count, &st->exemption_cap,
                             sizeof(*st->exemptions))) != NULL)
            memcpy(at, &st->kept.exemptions[i], sizeof(*st->exemptions));
    status_sort(NULL, 0, st->statements, st->statement_count, st->exemptions, st->exemption_count,
                st->events, st->event_count);
}

int proof_load_unit(struct proof_world *w, uint32_t unit, struct err *err)
{
    struct err here = ERR_INIT;
    struct proof_store *st = w->store;
    struct proof_collect g = {.w = w, .st = st, .err = err ? err : &here};

    if (!st->kept.there && load_providers(&g) < 0)
        return g.r;
    start_over(st);
    if (!st->provider[unit])
        (void)load_one(&g, unit);
    sort_store(st);
    join_proofs(&g, unit);
    join_rest(&g, unit);
    if (g.r < 0)
        return g.r;
    w->in.proofs = st->proofs;
    w->in.proof_count = st->proof_count;
    w->in.statements = st->statements;
    w->in.statement_count = st->statement_count;
    w->in.exemptions = st->exemptions;
    w->in.exemption_count = st->exemption_count;
    w->in.events = st->events;
    w->in.event_count = st->event_count;
    w->refs = st->refs;
    w->ref_count = st->ref_count;
    return 0;
}

int proof_rows_taking(const struct proof_world *w, uint32_t kind, uint32_t part,
                      const struct state_id **ret, size_t *ret_n, struct err *err)
{
    uint32_t count;
    const struct status_part *parts = status_parts(w->status, &count);
    struct state_id *rows = arena_new_array(w->arena, count + 1, struct state_id);
    size_t n = 0;

    if (rows == NULL)
        return err_nomem(err);
    for (uint32_t i = 0; i < count; i++) {
        bool takes = i == part;

        for (uint32_t k = 0; k < parts[i].part->kind_count && part == PLAN_NONE; k++)
            takes = takes || parts[i].part->kinds[k] == kind;
        if (takes)
            rows[n++] = w->part_rows[i];
    }
    *ret = rows;
    *ret_n = n;
    return 0;
}
