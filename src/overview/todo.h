/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OVERVIEW_TODO_H
#define CANH_OVERVIEW_TODO_H
/*
 * What a unit must do now, across everything that canh keeps for it: shifts that stand empty or are
 * silent, handovers that wait, what waits for its head's approval, notices nobody read, forms that
 * are due, requests, written orders, findings, outages, gaps in the roster ahead, obligations of
 * the plan that are overdue. The same for every face.
 */
#include "duty/items.h"
#include "state/act.h"

struct todo_request {
    struct state_id unit;
    struct slice terms; /* canh's own terms of duty, for units that have none */
};

/* Items by their due time, those without one last. Nothing is written. */
CANH_MUST_USE int todo_read(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct todo_request *request, struct duty_items *ret,
                            struct err *err);

#endif
