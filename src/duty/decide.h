/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_DECIDE_H
#define CANH_DUTY_DECIDE_H
/*
 * Everything that waits for one person's decision, decided at once: all of it or, where one thing
 * cannot be decided, nothing.
 */
#include "duty/change.h"
#include "duty/layer.h"

/* What may wait; the order in which it is decided. */
enum duty_waiting {
    DUTY_WAITING_LAYER,
    DUTY_WAITING_LEAVE,
    DUTY_WAITING_SWAP,
    DUTY_WAITING_COVERAGE,
    DUTY_WAITING_MAX
};

struct duty_decisions {
    struct duty_decision of[DUTY_WAITING_MAX];
    bool refuse; /* else all are approved */
};

/* -CE_CONFLICT: a roster is not refused; it is corrected and brought anew. */
CANH_MUST_USE int duty_decide(const struct act_ctx *ctx, const struct state_actor *actor,
                              const struct duty_decisions *decisions, struct err *err);

#endif
