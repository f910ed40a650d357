/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PROOF_OVERDUE_H
#define CANH_PROOF_OVERDUE_H
/* What of the plan a unit owes and is late with, as items of a handover. */
#include "duty/items.h"
#include "state/act.h"

/*
 * Adds the obligations of the running plan that are overdue or not met at the unit, at the time of
 * the act; titles in the plan's own language. Nothing where there is no plan, or nobody can say
 * which runs.
 */
CANH_MUST_USE int proof_overdue(const struct act_ctx *ctx, const struct state_actor *actor,
                                struct state_id unit, struct duty_items *to, struct err *err);

/* What is open at the unit of a post of a load, at the time of the act, overdue obligations with
 * it: what its handover has. */
CANH_MUST_USE int proof_open_items(const struct act_ctx *ctx, const struct state_actor *actor,
                                   const struct duty_load *load, uint32_t post,
                                   struct duty_items *to, struct err *err);

#endif
