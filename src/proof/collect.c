/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/collect.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/time.h"
#include "lang/err_proof.h"

/* Records made before the window may still speak about it (a level decision, a long shift). */
#define MARGIN (400 * TIME_DAY)

int collect_fail(struct proof_collect *g, int r)
{
    if (g->r == 0)
        g->r = r;
    return g->r;
}

int collect_soft(struct proof_collect *g, int r)
{
    return collect_fail(g, r == -CE_DENIED ? 0 : r);
}

void *collect_grow(struct proof_collect *g, void **array, size_t *count, size_t *cap, size_t size,
                   size_t max)
{
    if (g->r < 0)
        return NULL;
    if (*count == *cap) {
        void *p;

        if (*count >= max) {
            g->r = err_fail(g->err, CE_TOO_BIG, ERR_PROOF_MORE_THAN_RECORDS_ASK_FOR, max);
            return NULL;
        }
        p = array_grow(*array, size, cap, max);
        if (p == NULL) {
            g->r = err_nomem(g->err);
            return NULL;
        }
        *array = p;
    }
    return (uint8_t *)*array + (*count)++ * size;
}

uint32_t proof_add_ref(struct proof_collect *g, enum proof_record record, struct state_id id,
                       int64_t at)
{
    struct proof_store *st = g->st;
    struct proof_ref *r =
        collect_grow(g, (void **)&st->refs, &st->ref_count, &st->ref_cap, sizeof(*r), REFS_MAX);

    if (r == NULL)
        return PLAN_NONE;
    *r = (struct proof_ref){.record = record, .id = id, .at = at};
    if (g->unit != g->as && g->unit < g->w->unit_count)
        r->unit = g->w->units[g->unit].id;
    return (uint32_t)(st->ref_count - 1);
}

void proof_add_one(struct proof_collect *g, const struct status_proof *p)
{
    struct proof_store *st = g->st;
    struct status_proof *to = collect_grow(g, (void **)&st->proofs, &st->proof_count,
                                           &st->proof_cap, sizeof(*to), PROOFS_MAX);

    if (to != NULL)
        *to = *p;
}

void proof_add_event(struct proof_collect *g, uint32_t unit, const char *event, int64_t at,
                     int64_t due, enum proof_record record, struct state_id id)
{
    struct proof_store *st = g->st;
    uint32_t word = catalogue_find(g->w->catalogue, WORDS_EVENTS, slice_str(event));
    struct status_event *e;

    if (word == UINT32_MAX)
        return; /* the catalogue was changed: nothing asks for it */
    e = collect_grow(g, (void **)&st->events, &st->event_count, &st->event_cap, sizeof(*e),
                     EVENTS_MAX);
    if (e != NULL)
        *e = (struct status_event){.unit = unit,
                                   .event = word,
                                   .at = at,
                                   .due = due,
                                   .ref = proof_add_ref(g, record, id, at)};
}

struct state_query collect_query(const struct proof_collect *g, uint32_t unit)
{
    const struct plan *p = g->w->plan;

    return (struct state_query){.unit = g->w->units[unit].id,
                                .from = p->start - MARGIN,
                                .to = INT64_MAX};
}

/* Whether a record that names a clause speaks of this obligation. */
static bool speaks_of(const struct proof_collect *g, const struct status_part *p,
                      struct slice clause)
{
    const struct plan *plan = g->w->plan;
    const struct plan_obligation *o = &plan->obligations[p->obligation];

    return clause.n == 0 || slice_eq(clause, o->id) ||
           slice_eq(clause, plan->clauses[o->clause].number);
}

static bool stands_alone(const struct status_part *p)
{
    enum frequency_kind k = p->part->every.base.kind;

    return k == FREQ_AT_START || k == FREQ_AT_END || k == FREQ_PHASE;
}

/* What a finding says of a part that asks for it by this kind of evidence. */
static enum status_verdict verdict_of(const struct proof_claim *f, const struct plan_part *part,
                                      const struct evidence_kind *kind)
{
    if (f->judged && f->verdict == VERDICT_MET)
        return forms_verdict(kind, *f->judged);
    if (f->of > 0 && f->have < INT64_MAX / 1000 && f->of < INT64_MAX / 1000)
        return f->have * 1000 >= f->of * part->at_least ? VERDICT_MET : VERDICT_NOTHING;
    return f->verdict;
}

/* The proof that a record is of one part, by one kind of evidence. */
static void add_kind(struct proof_collect *g, const struct proof_claim *f, uint32_t i,
                     const struct status_part *part, const struct evidence_kind *kind, uint32_t ref)
{
    struct status_proof p = {.unit = g->as,
                             .part = i,
                             .collected = f->collected,
                             .verdict = (uint8_t)verdict_of(f, part->part, kind),
                             .expires = INT64_MAX,
                             .ref = ref};

    p.strength = (uint8_t)CANH_MIN(f->strength, kind->strength);
    if (f->expires > 0)
        p.expires = f->expires;
    else if (kind->lasts.ns > 0)
        p.expires = f->collected + kind->lasts.ns;
    p.start = f->instant;
    p.stop = f->instant + 1;
    if (part->part->every.base.kind == FREQ_CONTINUOUS && f->stop > f->start) {
        p.start = f->start;
        p.stop = f->stop;
    } else if (kind->stands && stands_alone(part)) {
        p.stop = p.expires;
    }
    proof_add_one(g, &p);
}

void proof_add(struct proof_collect *g, const struct proof_claim *f)
{
    uint32_t count, ref = PLAN_NONE;
    const struct status_part *parts = status_parts(g->w->status, &count);

    for (uint32_t i = 0; i < count && g->r == 0; i++) {
        const struct plan_part *part = parts[i].part;

        for (uint32_t k = 0; k < part->kind_count && g->r == 0; k++) {
            const struct evidence_kind *kind = &g->w->catalogue->evidence[part->kinds[k]];

            if (kind->from != f->from || !slice_eq(kind->what, f->what) ||
                !speaks_of(g, &parts[i], f->clause))
                continue;
            if (ref == PLAN_NONE)
                ref = proof_add_ref(g, f->record, f->id, f->collected);
            add_kind(g, f, i, &parts[i], kind, ref);
        }
    }
}
