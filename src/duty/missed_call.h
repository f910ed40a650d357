/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_MISSED_CALL_H
#define CANH_DUTY_MISSED_CALL_H
/*
 * That somebody was told of a shift which nobody stands: so that whoever looks next does not ring
 * the same person again. canh tells nobody by itself here; a person writes down what they did.
 */
#include "duty/picture.h"
#include "state/act.h"

struct missed_call_request {
    struct state_id post;
    int64_t start;          /* when the shift begins, as canh duty missed shows it */
    struct state_id told;   /* who was reached */
    struct state_id person; /* who told them; none: the actor's own person */
    struct slice how;
};
/* At ctx->claimed, else now. -CE_RANGE: before the shift begins, or ahead of the clock. */
CANH_MUST_USE int shift_report(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct missed_call_request *request, struct state_telling *ret,
                               struct err *err);

/* What was told of a post's shift, oldest first, into the arena. */
CANH_MUST_USE int shift_missed_calls(struct state *s, const struct state_actor *a,
                                     struct state_id post, int64_t start, struct arena *arena,
                                     struct state_telling **ret, size_t *ret_n, struct err *err);

#endif
