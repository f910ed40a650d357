/* SPDX-License-Identifier: Apache-2.0 */
/* Forms sent, and what checks saw: results of a check become spans, good or bad. */
#include <stdlib.h>

#include "base/time.h"
#include "check/check.h"
#include "proof/collect.h"
#include "state/checks.h"
#include "state/forms.h"

enum { YELLOW = 2 }; /* a limit of less is only noted */

static bool asks_for(const struct evidence_kind *kind, struct slice field)
{
    for (uint32_t i = 0; i < kind->field_count; i++) {
        if (slice_eq(kind->fields[i], field))
            return true;
    }
    return kind->field_count == 0;
}

enum status_verdict forms_verdict(const struct evidence_kind *kind, struct state_judgement judged)
{
    uint32_t blank = 0;
    bool open = false;
    struct state_judged x;

    while (state_judged_next(&judged, &x)) {
        if (!asks_for(kind, x.field))
            continue;
        if (x.how == STATE_JUDGED_OVER && x.severity >= YELLOW)
            return VERDICT_NOT_MET;
        open = open || x.how == STATE_JUDGED_OPEN;
        blank += x.how == STATE_JUDGED_BLANK;
    }
    /* Not finished, or nothing of what counts was answered: it proves nothing. */
    return open || (kind->field_count > 0 && blank == kind->field_count) ? VERDICT_NOTHING
                                                                         : VERDICT_MET;
}

/* What later submissions put right no longer counts. */
struct revision {
    struct state_id old, by;
    int32_t state; /* of who revises */
};

struct submissions {
    struct proof_collect *g;
    struct revision *revisions;
    size_t count, cap;
};

/* As it was then: what is decided about it later does not count yet. */
static int32_t state_then(const struct proof_collect *g, const struct state_submission *x)
{
    bool decided = x->state == STATE_SUBMISSION_APPROVED || x->state == STATE_SUBMISSION_RETURNED;

    return decided && x->approved_at > g->w->in.now ? STATE_SUBMISSION_SENT : x->state;
}

static void note_revised(struct submissions *v, const struct state_submission *x)
{
    int32_t state = state_then(v->g, x);
    struct revision *to;

    if (id_is_none(x->revises) || state == STATE_SUBMISSION_DRAFT || x->sent_at > v->g->w->in.now)
        return;
    to = collect_grow(v->g, (void **)&v->revisions, &v->count, &v->cap, sizeof(*to), EVENTS_MAX);
    if (to != NULL)
        *to = (struct revision){x->revises, x->id, state};
}

/* By one that was not returned; or, unless it was approved, by one that was: the unit itself has
 * taken it back. What corrects the returned one corrects it, too. */
static bool was_revised(const struct submissions *v, struct state_id id, bool approved)
{
    for (size_t i = 0, hops = 0; i < v->count; i++) {
        if (!id_eq(v->revisions[i].old, id))
            continue;
        if (!approved || v->revisions[i].state != STATE_SUBMISSION_RETURNED)
            return true;
        if (++hops > v->count)
            return true; /* a circle: none of these stands */
        id = v->revisions[i].by;
        i = SIZE_MAX; /* from the start */
    }
    return false;
}

static void add_occurrence(struct proof_collect *g, const struct state_submission *x,
                           const struct state_occurrence *o)
{
    char name[64];

    if (o->event.n >= sizeof(name))
        return;
    memcpy(name, o->event.p, o->event.n);
    name[o->event.n] = 0;
    proof_add_event(g, g->unit, name, o->at, 0, RECORD_SUBMISSION, x->id);
}

/* A day's form speaks of its day, whenever it came. One of a week or a month, which may have begun
 * before the plan, speaks of when it was sent, in so far as that lies within. */
static int64_t belongs_at(const struct state_submission *x)
{
    if (x->stop - x->start <= TIME_DAY)
        return x->start;
    return CANH_MAX(x->start, CANH_MIN(x->sent_at, x->stop - 1));
}

/* One proof for every moment at which something happened; else one for the period. */
static void add_moments(struct proof_collect *g, const struct state_submission *x,
                        struct proof_claim *f)
{
    struct state_occurrences rest = x->events;
    struct state_occurrence o;
    int64_t last = INT64_MIN;

    while (state_occurrence_next(&rest, &o)) {
        add_occurrence(g, x, &o);
        f->instant = o.at;
        if (o.at != last)
            proof_add(g, f);
        last = o.at;
    }
    if (last != INT64_MIN)
        return;
    f->instant = belongs_at(x);
    proof_add(g, f);
}

static void add_submission(const struct submissions *v, const struct state_submission *x)
{
    struct proof_collect *g = v->g;
    struct proof_claim f = {.from = FROM_FORM,
                            .verdict = VERDICT_MET,
                            .strength = STRENGTH_DECLARED,
                            .start = x->start,
                            .stop = x->stop,
                            .collected = x->sent_at,
                            .record = RECORD_SUBMISSION,
                            .id = x->id,
                            .judged = &x->judged};
    const struct proof_name *form = proof_find_name(g, x->form);
    int32_t state = state_then(g, x);

    if (form == NULL || was_revised(v, x->id, state == STATE_SUBMISSION_APPROVED))
        return;
    f.what = form->what;
    if (state == STATE_SUBMISSION_DRAFT || state == STATE_SUBMISSION_RETURNED) {
        f.verdict = VERDICT_NOTHING;
        f.collected = state == STATE_SUBMISSION_DRAFT ? x->changed : x->approved_at;
    } else if (state == STATE_SUBMISSION_APPROVED && !x->one_hand) {
        f.strength = STRENGTH_CONFIRMED;
    }
    add_moments(g, x, &f);
}

int collect_forms(struct proof_collect *g)
{
    struct state_query q = collect_query(g, g->unit);
    struct submissions v = {.g = g};
    struct state_submission *rows = NULL;
    size_t n = 0;

    (void)collect_soft(g, state_submission_list(g->w->state, &g->w->actor, &q, &g->st->scratch,
                                                &rows, &n, g->err));
    for (size_t i = 0; i < n && g->r == 0; i++)
        note_revised(&v, &rows[i]);
    for (size_t i = 0; i < n && g->r == 0; i++)
        add_submission(&v, &rows[i]);
    free(v.revisions);
    return g->r;
}

/* One check and the span that its results make at the moment. */
struct series {
    struct state_id check;
    const char *what[CHECK_PROVES]; /* NULL ends */
    int64_t hold;                   /* a result speaks no longer than this */
    uint64_t roles;                 /* of its asset */
    int64_t from, until;
    bool good, open;
};

enum { SERIES_MAX = 1000 };

struct checks {
    struct proof_collect *g;
    struct series *series;
    size_t count;
};

static uint64_t asset_roles(struct proof_collect *g, struct state_id id)
{
    struct err err = ERR_INIT;
    struct state_asset a;
    struct slice words, word;
    uint64_t roles = 0;

    if (id_is_none(id) ||
        state_asset_get(g->w->state, &g->w->actor, id, &g->st->scratch, &a, &err) < 0)
        return 0;
    words = a.roles;
    while (slice_cut(&words, ' ', &word)) {
        uint32_t i = catalogue_find(g->w->catalogue, WORDS_ASSET_ROLES, word);

        if (i != UINT32_MAX)
            roles |= UINT64_C(1) << i;
    }
    return roles;
}

/* Most units have none. */
static int add_check(void *u, const struct state_check *x)
{
    struct checks *c = u;
    const struct check_kind *kind = check_kind_find(x->kind);
    struct series *s;

    if (kind == NULL || c->count == SERIES_MAX)
        return 0;
    if (c->series == NULL)
        c->series = arena_new_array(&c->g->st->scratch, SERIES_MAX, struct series);
    if (c->series == NULL)
        return err_nomem(c->g->err);
    s = &c->series[c->count];
    *s = (struct series){.check = x->id,
                         .hold = 2 * x->every + x->timeout,
                         .roles = asset_roles(c->g, x->asset)};
    memcpy(s->what, kind->proves, sizeof(s->what));
    c->count++;
    return 0;
}

/* Adds the span to every part that asks for it; a part that names a role of assets takes only
 * checks of such an asset. */
static void close_span(struct proof_collect *g, struct series *s)
{
    uint32_t count, ref = PLAN_NONE;
    const struct status_part *parts = status_parts(g->w->status, &count);

    for (uint32_t i = 0; i < count && s->open && g->r == 0; i++) {
        const struct plan_obligation *o = &g->w->plan->obligations[parts[i].obligation];
        struct status_proof p = {.unit = g->as,
                                 .part = i,
                                 .start = s->from,
                                 .stop = CANH_MAX(s->until, s->from + 1),
                                 .collected = s->from,
                                 .expires = INT64_MAX,
                                 .strength = STRENGTH_MEASURED};
        bool named = false;

        if (o->asset_role != PLAN_NONE && !(s->roles >> o->asset_role & 1))
            continue;
        for (uint32_t k = 0; k < parts[i].part->kind_count && !named; k++) {
            const struct evidence_kind *kind = &g->w->catalogue->evidence[parts[i].part->kinds[k]];

            for (int w = 0; s->what[w] != NULL && kind->from == FROM_PROBE; w++)
                named = named || slice_is(kind->what, s->what[w]);
        }
        if (!named)
            continue;
        if (ref == PLAN_NONE)
            ref = proof_add_ref(g, RECORD_CHECK, s->check, s->from);
        p.ref = ref;
        p.verdict = s->good ? VERDICT_MET : VERDICT_NOT_MET;
        proof_add_one(g, &p);
    }
    s->open = false;
}

static int add_result(void *u, const struct state_result *x)
{
    struct checks *c = u;
    bool good = x->outcome == STATE_OK || x->outcome == STATE_WARNING;
    struct series *s = NULL;

    for (size_t i = 0; i < c->count && s == NULL; i++)
        s = id_eq(c->series[i].check, x->check) ? &c->series[i] : NULL;
    if (s == NULL || x->outcome == STATE_NO_ANSWER)
        return c->g->r;
    if (s->open && (good != s->good || x->at > s->until)) {
        s->until = CANH_MIN(s->until, x->at);
        close_span(c->g, s);
    }
    if (!s->open) {
        s->open = true;
        s->good = good;
        s->from = x->at;
    }
    s->until = x->at + s->hold;
    return c->g->r;
}

int collect_checks(struct proof_collect *g)
{
    struct checks c = {.g = g};
    struct state_query q = collect_query(g, g->unit), all = {.unit = q.unit};

    (void)collect_soft(g, state_check_each(g->w->state, &g->w->actor, &all, add_check, &c, g->err));
    if (g->r == 0 && c.count > 0)
        (void)collect_soft(g, state_result_each(g->w->state, &g->w->actor, &q, add_result, &c,
                                                g->err));
    for (size_t i = 0; i < c.count && g->r == 0; i++) {
        c.series[i].until = CANH_MIN(c.series[i].until, g->w->in.now);
        close_span(g, &c.series[i]);
    }
    return g->r;
}
