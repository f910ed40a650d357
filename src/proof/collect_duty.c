/* SPDX-License-Identifier: Apache-2.0 */
/* Shifts stood, handovers signed, log lines; also of the posts that cover others. */
#include "base/time.h"
#include "proof/collect.h"

/* One walk over a unit's shifts, for itself or for a unit whose post it covers. */
struct shifts {
    struct proof_collect *g;
    struct state_id only; /* a covering post; none: all of the unit's own */
    struct slice kind;    /* of the covered post */
    int64_t start, stop;  /* of the agreement */
};

static const struct state_post *find_post(const struct proof_collect *g, struct state_id id)
{
    size_t n;

    return rows_by_find(&g->st->posts, id, &n);
}

static int add_shift(void *u, const struct state_shift *x)
{
    struct shifts *c = u;
    struct proof_collect *g = c->g;
    const struct state_post *post = find_post(g, x->post);
    bool stood = x->in_at != 0 && x->state >= STATE_SHIFT_TAKEN && x->state != STATE_SHIFT_MISSED;
    struct proof_claim f = {.from = FROM_DUTY,
                            .verdict = VERDICT_MET,
                            .strength = STRENGTH_MEASURED,
                            .instant = x->start,
                            .record = RECORD_SHIFT,
                            .id = x->id};

    if (post == NULL || (!stood && x->state != STATE_SHIFT_MISSED) || x->start < c->start ||
        x->start >= c->stop || (!id_is_none(c->only) && !id_eq(c->only, x->post)))
        return g->r;
    f.what = c->kind.n ? c->kind : post->kind;
    if (stood) {
        f.start = x->in_at;
        f.stop = x->out_at ? x->out_at : CANH_MIN(x->stop, g->w->in.now);
        f.collected = x->in_received ? x->in_received : x->in_at;
        if (x->backfilled || x->entered_by.n)
            f.strength = STRENGTH_DECLARED; /* typed in from paper later, or by another hand */
    } else {
        f.verdict = VERDICT_NOT_MET;
        f.start = x->start;
        f.stop = x->stop;
        f.collected = x->stop;
    }
    proof_add(g, &f);
    return g->r;
}

static int add_handover(void *u, const struct state_handover *x)
{
    struct proof_collect *g = u;
    struct proof_claim f = {.from = FROM_DUTY,
                            .what = SLICE("handover"),
                            .verdict = VERDICT_MET,
                            .strength = STRENGTH_CONFIRMED,
                            .instant = x->at,
                            .record = RECORD_HANDOVER,
                            .id = x->id};

    if (x->giver_at == 0 || x->taker_at == 0)
        f.verdict = VERDICT_NOTHING; /* begun: one signature is missing */
    if (x->one_hand)
        f.strength = STRENGTH_DECLARED;
    f.collected = CANH_MAX(CANH_MAX(x->giver_at, x->taker_at), x->at);
    proof_add(g, &f);
    return g->r;
}

/* The posts of other units that stand for this one, while the agreement holds. */
static void add_covered(struct proof_collect *g)
{
    uint32_t self = g->unit;

    for (size_t i = 0; i < g->st->coverage_count && g->r == 0; i++) {
        const struct state_coverage *c = &g->st->coverages[i];
        const struct state_post *post = find_post(g, c->post);
        uint32_t other = proof_find_unit(g->w, c->other);
        struct shifts s = {.g = g,
                           .only = c->other_post,
                           .start = c->start,
                           .stop = c->stop ? c->stop : INT64_MAX};
        struct state_query q;

        if (c->accepted_at == 0 || c->state == STATE_REFUSED || c->state == STATE_PROPOSED ||
            !id_eq(c->unit, g->w->units[self].id) || post == NULL || other == PLAN_NONE)
            continue;
        s.kind = post->kind;
        g->unit = other;
        q = collect_query(g, other);
        (void)collect_soft(g,
                           state_shift_each(g->w->state, &g->w->actor, &q, add_shift, &s, g->err));
        g->unit = self;
    }
}

int collect_duty(struct proof_collect *g)
{
    struct shifts own = {.g = g, .start = INT64_MIN, .stop = INT64_MAX};
    struct state_query q = collect_query(g, g->unit);

    (void)collect_soft(g, state_shift_each(g->w->state, &g->w->actor, &q, add_shift, &own, g->err));
    if (g->r == 0)
        (void)collect_soft(g, state_handover_each(g->w->state, &g->w->actor, &q, add_handover, g,
                                                  g->err));
    add_covered(g);
    return g->r;
}
