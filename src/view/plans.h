/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_PLANS_H
#define CANH_VIEW_PLANS_H
/* The plans in the state, and how a plan stands. */
#include "proof/proof.h"
#include "view/view.h"

CANH_MUST_USE int view_plans(const struct view_ctx *c, struct table *ret, struct err *err);

/* Plans accepted and exemptions of units: who, when, on what paper, until when. */
CANH_MUST_USE int view_statements(const struct view_ctx *c, const struct view_query *q,
                                  struct table *ret, struct err *err);

/* Counts of a clause, an obligation, a unit, or of the whole. */
struct view_plan_count {
    struct slice name, title;
    const struct status_count *count;
};
/* Shares of what was due, and how much is still open. */
CANH_MUST_USE int view_plan_counts(const struct view_ctx *c, const struct view_plan_count *rows,
                                   size_t n, struct table *ret, struct err *err);
/* The same of units, named so above the first column. */
CANH_MUST_USE int view_plan_unit_counts(const struct view_ctx *c,
                                        const struct view_plan_count *rows, size_t n,
                                        struct table *ret, struct err *err);

/* How each part of the plan stands at one unit; begins the table, puts a row. */
void view_plan_cells(const struct view_ctx *c, struct table *ret);
void view_plan_cell_write(const struct view_ctx *c, struct proof_world *w,
                          const struct status_cell *cell, struct table *t);

/* The words of states, reasons, strengths and origins. */
const char *view_plan_state_word(enum lang lang, enum status_state s);
const char *view_plan_reason_word(enum lang lang, enum status_reason r);
const char *view_plan_strength_word(enum lang lang, enum strength s);
const char *view_plan_origin_word(enum lang lang, enum plan_origin o);

#endif
