/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PROOF_PLAN_STORE_H
#define CANH_PROOF_PLAN_STORE_H
/*
 * Plans in the state: the text whole, and rows for clauses, phases and obligations so that other
 * parts of canh can refer to them. Each part of an obligation has a row of its own: "I.1.i" is the
 * main part, "I.1.i/offline" another.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "plan/status.h"
#include "state/plans.h"

/* A file of plans/ that canh carries in itself; p NULL when there is none of that name. */
struct slice proof_data(const char *name);

/* The catalogue and the holidays that canh carries, read once a connection and kept with it. */
struct catalogue;
struct calendar;
CANH_MUST_USE int proof_catalogue(struct state *s, const struct catalogue **ret, struct err *err);
CANH_MUST_USE int proof_calendar(struct state *s, const struct calendar **ret, struct err *err);

/* The code of a part's row. */
void plan_store_code(struct buf *out, const struct plan *p, const struct status_part *part);

/* Reads a plan's text; plans that it extends are looked for in the state, then among canh's own.
 * s may be NULL: only among canh's own. */
CANH_MUST_USE int plan_store_parse(struct arena *arena, struct state *s,
                                   const struct state_actor *a, const struct catalogue *catalogue,
                                   struct slice text, const struct plan **ret, struct err *err);

struct plan_store_result {
    struct state_id plan;
    bool added; /* a new plan; otherwise the one of this code was updated */
    uint32_t clauses, obligations, parts, off, units;
};

struct plan_store_options {
    struct state_id unit; /* the issuing authority */
    bool activate;        /* and give it to every unit that it asks something of */
    bool unchecked;       /* also a draft, or what no person has checked yet */
};

/*
 * Imports all or nothing. Again with the same id: updates; obligations that the new text no longer
 * has are switched off, never lost. -CE_DENIED for a draft or unchecked items, unless told so.
 */
CANH_MUST_USE int plan_store_import(struct arena *arena, struct state *s,
                                    const struct state_actor *a, const struct plan *p,
                                    struct slice text, const struct plan_store_options *opt,
                                    struct plan_store_result *ret, struct err *err);

/*
 * Keeps a plan that is still gone through: its text alone, no rows that others could refer to.
 * Again with the same id: updates. -CE_CONFLICT: the plan of this id is no draft any more.
 */
CANH_MUST_USE int plan_store_draft(struct arena *arena, struct state *s,
                                   const struct state_actor *a, const struct plan *p,
                                   struct slice text, struct state_id unit,
                                   struct plan_store_result *ret, struct err *err);

/* What the plan is called in a language: its row has the Vietnamese title alone, its text may have
 * both. In the arena. */
struct slice plan_store_title(struct arena *arena, const struct state_plan *plan, enum lang lang);

#endif
