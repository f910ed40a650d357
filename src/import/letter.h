/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_IMPORT_LETTER_H
#define CANH_IMPORT_LETTER_H
/*
 * An official letter → the draft of a plan in the state, with proposals for its clauses; and what a
 * person said of these. The draft is a plan's text (plan/draft.h), kept as any other plan, asked of
 * nobody until it is checked and given out.
 */
#include "office/doctext.h"
#include "plan/draft.h"
#include "plan/review.h"
#include "state/act.h"
#include "state/plans.h"

enum { LETTER_TEXT_MAX = 4 << 20 }; /* as the state keeps a plan */

struct letter_counts {
    uint32_t clauses, gaps, proposals;
};

/* The library that canh carries, and its model. */
CANH_MUST_USE int letter_library(struct arena *arena, const struct library **ret, struct err *err);
/* Appends the draft as YAML. id: the plan's name; empty: from the letter's number. */
CANH_MUST_USE int letter_draft(struct arena *arena, const struct doctext *doc,
                               const struct library *lib, struct slice id, struct buf *out,
                               struct letter_counts *ret, struct err *err);

/* The draft of a letter as a plan of the actor's unit. -CE_DENIED: who may not issue plans. */
CANH_MUST_USE int letter_receive(const struct act_ctx *ctx, const struct state_actor *actor,
                                 const struct doctext *doc, struct state_plan *ret,
                                 struct err *err);

/* What is said of a draft in the state. The review was read from plan->yaml. -CE_CONFLICT: somebody
 * changed it meanwhile; -CE_SYNTAX …: what was said makes no plan; -CE_UNKNOWN: it stands over
 * several lines, or on one with others, and is changed in the file. */
CANH_MUST_USE int letter_review(const struct act_ctx *ctx, const struct state_actor *actor,
                                const struct state_plan *plan, const struct review *said,
                                struct err *err);

/* Adds an obligation that the letter has and nobody proposed; the review was read from plan->yaml.
 * -CE_MISSING: a part of it lacks; else as letter_review(). */
CANH_MUST_USE int letter_add(const struct act_ctx *ctx, const struct state_actor *actor,
                             const struct state_plan *plan, const struct review *review,
                             const struct review_addition *x, struct err *err);

/* Gives a checked plan to the units that it asks something of; *ret_units: how many. */
CANH_MUST_USE int letter_issue(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct state_plan *plan, uint32_t *ret_units, struct err *err);

#endif
