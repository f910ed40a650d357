/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REGISTER_ORDER_H
#define CANH_REGISTER_ORDER_H
/*
 * The register of written orders of a competent authority: number, deadline and outcome; never what
 * they are about, and no subscriber.
 */
#include "state/act.h"
#include "state/reviews.h"

struct order_draft {
    struct state_id unit; /* which received it */
    struct slice number, authority, basis;
    int64_t deadline;
};

/* Enters an order as received now, or when it is claimed to have been. -CE_EXISTS. */
CANH_MUST_USE int order_enter(const struct act_ctx *ctx, const struct state_actor *actor,
                              const struct order_draft *draft, struct state_order *ret,
                              struct err *err);

struct order_answer {
    struct state_id unit;
    struct slice number;
    struct state_id person; /* who answered; none: the actor's person */
    enum state_order_outcome outcome;
    bool replace; /* corrects an outcome that ended the order */
};

/*
 * Writes down how the order was answered. -CE_NOT_FOUND; -CE_EXISTS: it has an outcome, and
 * `replace` is not set; -CE_RANGE: before it was received; what state/ refuses of a step.
 */
CANH_MUST_USE int order_answer(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct order_answer *answer, struct state_order *ret,
                               struct err *err);

#endif
