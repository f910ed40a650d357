/* SPDX-License-Identifier: Apache-2.0 */
/* Requests, orders, evidence given for an obligation, events, what people said, exemptions. */
#include "base/time.h"
#include "proof/collect.h"
#include "state/evidence.h"
#include "state/reviews.h"

/* A request is a difficulty of the one who asks and, received, of the one who is asked. */
static void add_asked(struct proof_collect *g, const struct state_request *x)
{
    struct proof_claim f = {.from = FROM_REQUEST,
                            .what = SLICE("opened"),
                            .verdict = VERDICT_MET,
                            .strength = STRENGTH_MEASURED,
                            .instant = x->opened,
                            .collected = x->opened,
                            .record = RECORD_REQUEST,
                            .id = x->id};

    if (x->kind != STATE_DIFFICULTY)
        return;
    proof_add_event(g, g->unit, "difficulty", x->opened, 0, RECORD_REQUEST, x->id);
    proof_add(g, &f);
}

static void add_received(struct proof_collect *g, const struct state_request *x)
{
    bool help = x->kind == STATE_HELP;
    struct proof_claim f = {.from = FROM_REQUEST,
                            .verdict = VERDICT_MET,
                            .strength = STRENGTH_MEASURED,
                            .instant = x->opened,
                            .record = RECORD_REQUEST,
                            .id = x->id};

    proof_add_event(g, g->unit, help ? "help-request" : "difficulty-received", x->opened, x->due,
                    RECORD_REQUEST, x->id);
    if (x->accepted_at) {
        f.what = SLICE("accepted");
        f.collected = x->accepted_at;
        proof_add(g, &f);
    }
    if (x->answered_at) {
        f.what = SLICE("answered");
        f.collected = x->answered_at;
        proof_add(g, &f);
    }
}

static void add_requests(struct proof_collect *g)
{
    struct state_id unit = g->w->units[g->unit].id;
    size_t n;
    const struct state_request *x = rows_by_find(&g->st->asked, unit, &n);

    for (size_t i = 0; i < n && g->r == 0; i++)
        if (x[i].state != STATE_REQUEST_WITHDRAWN)
            add_asked(g, &x[i]);
    x = rows_by_find(&g->st->received, unit, &n);
    for (size_t i = 0; i < n && g->r == 0; i++)
        if (x[i].state != STATE_REQUEST_WITHDRAWN)
            add_received(g, &x[i]);
}

static int add_order(void *u, const struct state_order *x)
{
    struct proof_collect *g = u;
    struct proof_claim f = {.from = FROM_ORDER,
                            .what = SLICE("answered"),
                            .verdict = VERDICT_MET,
                            .strength = STRENGTH_DECLARED,
                            .instant = x->received,
                            .collected = x->done_at,
                            .record = RECORD_ORDER,
                            .id = x->id};

    proof_add_event(g, g->unit, "written-order", x->received, x->deadline, RECORD_ORDER, x->id);
    if (x->outcome != STATE_ORDER_OPEN && x->done_at)
        proof_add(g, &f); /* done, lawfully refused, or asked back: answered */
    return g->r;
}

static uint32_t part_of_row(const struct proof_collect *g, struct state_id obligation)
{
    uint32_t count;

    (void)status_parts(g->w->status, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (id_eq(g->w->part_rows[i], obligation))
            return i;
    }
    return PLAN_NONE;
}

static int add_proof(void *u, const struct state_proof *x)
{
    struct proof_collect *g = u;
    struct status_proof p = {.unit = g->as,
                             .part = part_of_row(g, x->obligation),
                             .start = x->start,
                             .stop = CANH_MAX(x->stop, x->start + 1),
                             .collected = x->collected,
                             .verdict = (uint8_t)x->verdict,
                             .strength = (uint8_t)x->strength};

    if (p.part == PLAN_NONE)
        return g->r; /* another plan's */
    p.expires = x->expires ? x->expires : INT64_MAX;
    p.ref = proof_add_ref(g, RECORD_PROOF, x->evidence, x->collected);
    proof_add_one(g, &p);
    return g->r;
}

/* Something happened here, or everywhere. */
static int add_event(void *u, const struct state_evidence *x)
{
    struct proof_collect *g = u;
    struct slice name;
    bool everywhere;
    char text[64];

    if (!evidence_event_read(x->kind, &name, &everywhere) || name.n >= sizeof(text))
        return g->r;
    memcpy(text, name.p, name.n);
    text[name.n] = 0;
    proof_add_event(g, everywhere ? PLAN_NONE : g->unit, text, x->collected, 0, RECORD_EVENT,
                    x->id);
    return g->r;
}

static int add_task(void *u, const struct state_task *x)
{
    static const uint8_t said[] = {[STATE_TASK_DOING] = SAID_DOING,
                                   [STATE_TASK_WAITING] = SAID_WAITING,
                                   [STATE_TASK_APPROVED] = SAID_WAITING,
                                   [STATE_TASK_RETURNED] = SAID_DOING,
                                   [STATE_TASK_NOT_YET] = SAID_NOT_YET};
    struct proof_collect *g = u;
    struct proof_store *st = g->st;
    uint32_t part = part_of_row(g, x->obligation);
    struct status_statement *s;

    if (part == PLAN_NONE || x->state < STATE_TASK_DOING || x->state > STATE_TASK_NOT_YET)
        return g->r;
    s = collect_grow(g, (void **)&st->statements, &st->statement_count, &st->statement_cap,
                     sizeof(*s), EVENTS_MAX);
    if (s != NULL)
        *s = (struct status_statement){.unit = g->unit,
                                       .part = part,
                                       .start = x->start,
                                       .stop = CANH_MAX(x->stop, x->start + 1),
                                       .promised = x->promised ? x->promised : INT64_MAX,
                                       .said = said[x->state],
                                       .ref = proof_add_ref(g, RECORD_TASK, x->id, x->changed)};
    return g->r;
}

static int add_exemption(void *u, const struct state_exemption *x)
{
    struct proof_collect *g = u;
    struct proof_store *st = g->st;
    uint32_t part = part_of_row(g, x->obligation), count;
    struct status_exemption *e;

    if (part == PLAN_NONE || x->approved_at == 0)
        return g->r;
    e = collect_grow(g, (void **)&st->exemptions, &st->exemption_count, &st->exemption_cap,
                     sizeof(*e), EVENTS_MAX);
    if (e != NULL)
        *e = (struct status_exemption){.unit = g->unit,
                                       .obligation =
                                           status_parts(g->w->status, &count)[part].obligation,
                                       .start = x->start,
                                       .stop = x->stop,
                                       .ref = proof_add_ref(g, RECORD_EXEMPTION, x->id,
                                                            x->approved_at)};
    return g->r;
}

int collect_work(struct proof_collect *g)
{
    struct proof_world *w = g->w;
    struct state_query q = collect_query(g, g->unit), all = {.unit = q.unit};

    add_requests(g);
    if (g->r == 0)
        (void)collect_soft(g, state_order_each(w->state, &w->actor, &q, add_order, g, g->err));
    if (g->r == 0)
        (void)collect_soft(g, state_proof_each(w->state, &w->actor, &all, add_proof, g, g->err));
    if (g->r == 0)
        (void)collect_soft(g, state_evidence_each(w->state, &w->actor, &q, add_event, g, g->err));
    if (g->r == 0)
        (void)collect_soft(g, state_task_each(w->state, &w->actor, &all, add_task, g, g->err));
    if (g->r == 0)
        (void)collect_soft(g, state_exemption_each(w->state, &w->actor, &all, add_exemption, g,
                                                   g->err));
    return g->r;
}
