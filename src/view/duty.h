/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_DUTY_H
#define CANH_VIEW_DUTY_H
/* What is wrong with the roster ahead, and how turns fall. */
#include "duty/duty_state.h"
#include "roster/turns.h"
#include "view/view.h"

/* Gaps and leave conflicts of the posts of a load in [q->from, q->to); heeds code: a post's. */
CANH_MUST_USE int view_gaps(const struct view_ctx *c, const struct duty_load *l,
                            const struct view_query *q, struct table *ret, struct err *err);
/* A row a person, in the order given. */
CANH_MUST_USE int view_turns(const struct view_ctx *c, const struct duty_load *l,
                             const struct duty_turns *turns, size_t n, struct table *ret,
                             struct err *err);

#endif
