/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The roster as proof: on each day of the plan, is everything that the unit's posts need in the 48
 * hours from then on planned and approved? A unit without posts says nothing.
 */
#include "base/time.h"
#include "duty/duty_state.h"
#include "proof/collect.h"
#include "roster/gaps.h"

enum { DAYS_MAX = 700 };

struct roster {
    struct proof_collect *g;
    struct duty_load load;
    struct duty_problem *problems;
    size_t problem_count;
    struct state_layer *layers;
    size_t layer_count;
};

/* Whether any part of the plan asks for a roster. */
static bool is_wanted(const struct proof_collect *g)
{
    uint32_t count;
    const struct status_part *parts = status_parts(g->w->status, &count);

    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < parts[i].part->kind_count; k++) {
            const struct evidence_kind *kind = &g->w->catalogue->evidence[parts[i].part->kinds[k]];

            if (kind->from == FROM_DUTY && slice_is(kind->what, "roster"))
                return true;
        }
    }
    return false;
}

static bool has_posts(const struct proof_collect *g)
{
    size_t n;

    return rows_by_find(&g->st->posts_of, g->w->units[g->unit].id, &n) != NULL;
}

/* People who are back on leave by an order stand; all else is a fault of the roster. */
static bool is_whole(const struct roster *o, int64_t from, int64_t until)
{
    for (size_t i = 0; i < o->problem_count; i++) {
        const struct duty_problem *p = &o->problems[i];

        if (p->fault == DUTY_GAP && p->from < until && p->until > from)
            return false;
    }
    return true;
}

/* A day of the plan, over all of the unit's posts. */
struct day {
    bool seen, good;
    bool one_hand; /* approved by who made it */
    int64_t since; /* good from here on: the latest approval */
};

static bool is_approved(const struct roster *o, int64_t from, int64_t until, int64_t by,
                        struct day *d)
{
    for (size_t i = 0; i < o->layer_count; i++) {
        const struct state_layer *l = &o->layers[i];

        if (l->valid_from < until && l->valid_to > from &&
            (l->approved_at == 0 || l->approved_at > by))
            return false;
        if (l->valid_from < until && l->valid_to > from) {
            d->since = CANH_MAX(d->since, l->approved_at);
            d->one_hand = d->one_hand || l->one_hand;
        }
    }
    return true;
}

/* Posts are few: each is asked about its own days, and the days are summed up. */
static int collect_post(struct roster *o, uint32_t post, struct day *d, int64_t first, size_t days)
{
    struct proof_collect *g = o->g;
    struct state_query q = {.ref = o->load.posts[post].id};
    const struct state_post *p = &o->load.posts[post];
    struct arena *scratch = &g->st->scratch;
    int r = state_layer_list(g->w->state, &g->w->actor, &q, scratch, &o->layers, &o->layer_count,
                             g->err);

    if (r == 0)
        r = duty_problems(&o->load.plan, post, o->load.plan.from, o->load.plan.until, scratch,
                          &o->problems, &o->problem_count, g->err);
    for (size_t i = 0; r == 0 && i < days; i++) {
        int64_t from = first + (int64_t)i * TIME_DAY;
        /* today is asked from now on, a day that is over from its end */
        int64_t at = CANH_MIN(from + TIME_DAY, g->w->in.now);

        if (p->people == 0 || p->valid_from >= from + TIME_DAY || p->valid_to <= from)
            continue;
        d[i].seen = true;
        d[i].good = d[i].good && is_whole(o, CANH_MAX(at, p->valid_from), at + DUTY_AHEAD) &&
                    is_approved(o, at, at + DUTY_AHEAD, from + TIME_DAY, &d[i]);
    }
    return r;
}

static void add_days(struct proof_collect *g, const struct state_post *post, const struct day *d,
                     int64_t first, size_t days)
{
    for (size_t i = 0; i < days && g->r == 0; i++) {
        int64_t from = first + (int64_t)i * TIME_DAY;
        bool over = from + TIME_DAY <= g->w->in.now;
        struct proof_claim f = {.from = FROM_DUTY,
                                .what = SLICE("roster"),
                                .strength = d[i].good && d[i].one_hand ? STRENGTH_DECLARED
                                                                       : STRENGTH_MEASURED,
                                .instant = CANH_MIN(from + TIME_DAY - 1, g->w->in.now),
                                .record = RECORD_ROSTER,
                                .id = post->id};

        f.collected = d[i].good ? CANH_MIN(CANH_MAX(d[i].since, from), f.instant) : f.instant;
        /* what is missing today can still be put right in time */
        f.verdict = d[i].good ? VERDICT_MET : over ? VERDICT_NOT_MET : VERDICT_NOTHING;
        if (d[i].seen)
            proof_add(g, &f);
    }
}

static int collect_days(struct roster *o, int64_t first, size_t days)
{
    struct proof_collect *g = o->g;
    struct arena *scratch = &g->st->scratch;
    const struct state_post *post = NULL;
    struct day *d = arena_array(scratch, days, sizeof(*d));
    int r = 0;

    if (!d)
        return err_nomem(g->err);
    for (size_t i = 0; i < days; i++)
        d[i].good = true;
    for (uint32_t i = 0; r == 0 && i < o->load.asked; i++) {
        post = &o->load.posts[i];
        r = collect_post(o, i, d, first, days);
    }
    if (r == 0 && post)
        add_days(g, post, d, first, days);
    return r;
}

int collect_roster(struct proof_collect *g)
{
    const struct plan *p = g->w->plan;
    int64_t now = CANH_MIN(g->w->in.now, p->end - 1), offset = p->offset_s * TIME_SECOND;
    int64_t today = now - (((now + offset) % TIME_DAY) + TIME_DAY) % TIME_DAY;
    int64_t first = CANH_MAX(p->start, today - DAYS_MAX * TIME_DAY);
    struct duty_load_request own = {.unit = g->w->units[g->unit].id,
                                    .alone = true, /* a unit below: its own matter */
                                    .until = today + TIME_DAY + DUTY_AHEAD};
    struct roster o = {.g = g};
    struct err why = ERR_INIT;
    int r;

    first -= (((first + offset) % TIME_DAY) + TIME_DAY) % TIME_DAY;
    if (now < p->start || !is_wanted(g) || !has_posts(g))
        return g->r;
    own.from = first;
    r = duty_load_for(g->w->state, &g->w->actor, &own, &g->st->scratch, &o.load, &why);
    if (r == -CE_SYNTAX || r == -CE_UNKNOWN || r == -CE_RANGE)
        return g->r; /* a rule that cannot be read proves nothing; canh duty gaps says so */
    if (r < 0) {
        if (g->err)
            *g->err = why;
        return collect_soft(g, r);
    }
    return collect_soft(g, collect_days(&o, first, (size_t)((today - first) / TIME_DAY) + 1));
}
