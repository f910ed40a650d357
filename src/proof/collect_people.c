/* SPDX-License-Identifier: Apache-2.0 */
/* Plans accepted, contacts proven, notices read and attested, reviews signed. */
#include "base/time.h"
#include "proof/collect.h"
#include "state/notices.h"
#include "state/people.h"
#include "state/reviews.h"

static int add_assignment(void *u, const struct state_assignment *x)
{
    struct proof_collect *g = u;
    struct proof_claim f = {.from = FROM_PLAN,
                            .what = SLICE("acceptance"),
                            .verdict = VERDICT_MET,
                            .strength = STRENGTH_DECLARED,
                            .instant = x->accepted_at,
                            .collected = x->accepted_at,
                            .record = RECORD_ASSIGNMENT,
                            .id = x->id};

    if (x->accepted_at != 0 && id_eq(x->plan, g->w->row.id))
        proof_add(g, &f);
    return g->r;
}

/* All first contacts of a unit: proven when each one is. */
struct directory {
    struct proof_collect *g;
    unsigned count, unproven;
    int64_t oldest, newest;
    struct state_id id;
};

static int collect_contact(void *u, const struct state_contact *x)
{
    struct directory *d = u;

    if (x->position > 1)
        return 0;
    d->count++;
    d->unproven += x->proven_at == 0;
    d->id = x->id;
    d->oldest = CANH_MIN(d->oldest, x->proven_at);
    d->newest = CANH_MAX(d->newest, x->proven_at);
    return 0;
}

static void add_directory(struct proof_collect *g)
{
    struct directory d = {.g = g, .oldest = INT64_MAX};
    struct state_query q = {.unit = g->w->units[g->unit].id};
    struct proof_claim f = {.from = FROM_DIRECTORY,
                            .what = SLICE("contact"),
                            .verdict = VERDICT_MET,
                            .strength = STRENGTH_CONFIRMED,
                            .record = RECORD_CONTACT};

    (void)collect_soft(g, state_contact_each(g->w->state, &g->w->actor, &q, collect_contact, &d,
                                             g->err));
    if (d.count == 0)
        return;
    f.id = d.id;
    f.instant = f.collected = d.newest;
    f.expires = d.oldest + 30 * TIME_DAY; /* the oldest call decides when it lapses */
    if (d.unproven > 0) {
        f.verdict = VERDICT_NOTHING;
        f.expires = 0;
        f.instant = f.collected = CANH_MAX(d.newest, g->w->plan->start);
    }
    proof_add(g, &f);
}

/* Nobody expected: nothing can be said. */
static void add_count(struct proof_collect *g, const struct proof_name *n,
                      const struct state_ack_count *x, bool attested)
{
    struct proof_claim f = {.from = FROM_NOTICE,
                            .clause = n->clause,
                            .strength = STRENGTH_MEASURED,
                            .instant = x->last_at ? x->last_at : x->sent_at,
                            .record = RECORD_NOTICE,
                            .id = x->notice};

    f.what = attested ? SLICE("attested") : SLICE("read");
    f.collected = f.instant;
    f.verdict = VERDICT_NOTHING;
    f.have = attested ? x->attested : x->read;
    f.of = x->expected;
    proof_add(g, &f);
}

static int add_notice(void *u, const struct state_ack_count *x)
{
    struct proof_collect *g = u;
    const struct proof_name *n = proof_find_name(g, x->notice);

    if (n == NULL)
        return g->r;
    add_count(g, n, x, false);
    if (n->attest)
        add_count(g, n, x, true);
    return g->r;
}

static int add_review(void *u, const struct state_review *x)
{
    struct proof_collect *g = u;
    const struct proof_name *n = proof_find_name(g, x->campaign);
    struct proof_claim f = {.from = FROM_REVIEW,
                            .verdict = VERDICT_MET,
                            .strength = STRENGTH_DECLARED,
                            .instant = x->signed_at,
                            .collected = x->signed_at,
                            .expires = x->expires,
                            .record = RECORD_REVIEW,
                            .id = x->id};

    if (n == NULL)
        return g->r;
    if (x->state == STATE_REVIEW_OPEN || x->signed_at == 0) {
        f.verdict = VERDICT_NOTHING;
        f.instant = f.collected = x->created;
        f.expires = 0;
    }
    f.what = n->what;
    f.clause = n->clause;
    proof_add(g, &f);
    return g->r;
}

int collect_people(struct proof_collect *g)
{
    struct proof_world *w = g->w;
    struct state_query q = collect_query(g, g->unit), all = {.unit = q.unit};

    (void)collect_soft(g,
                       state_assignment_each(w->state, &w->actor, &all, add_assignment, g, g->err));
    if (g->r == 0)
        add_directory(g);
    if (g->r == 0)
        (void)collect_soft(g, state_ack_counts(w->state, &w->actor, &all, add_notice, g, g->err));
    if (g->r == 0)
        (void)collect_soft(g, state_review_each(w->state, &w->actor, &q, add_review, g, g->err));
    return g->r;
}
