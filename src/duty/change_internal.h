/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_CHANGE_INTERNAL_H
#define CANH_DUTY_CHANGE_INTERNAL_H
/* What the acts of change.h share. */
#include "duty/change.h"
#include "state/rights.h"

/* -CE_RANGE unless something lies between. */
CANH_MUST_USE int change_span(int64_t start, int64_t stop, struct err *err);

/* One row of a decision: which, by whom, and to what state where there are several. */
struct change_job {
    struct state_id id, by;
    int32_t to;
};
/* *ret is zeroed. Inside the transaction. */
typedef int change_one(const struct act_ctx *ctx, const struct state_actor *actor,
                       const struct change_job *job, void *ret, struct err *err);

/* All rows of a decision, or none. */
struct change_jobs {
    change_one *one;
    const struct duty_decision *decision;
    int32_t to;
    void *rets;
    size_t size; /* of one result */
};
CANH_MUST_USE int change_each(const struct act_ctx *ctx, const struct state_actor *actor,
                              const struct change_jobs *jobs, struct err *err);

#endif
