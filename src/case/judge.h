/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CASE_JUDGE_H
#define CANH_CASE_JUDGE_H
/* A verdict of an alert, and the case that a real one goes into with it. */
#include "alert/alert.h"
#include "case/case.h"

struct case_judgement {
    struct alert_ack_request ack; /* its note: also what is known of a new case, or a line of it */
    struct slice into; /* empty: no case; "new": a new one; else an open one, as case_join() */
};
/*
 * As alert_ack(), case_open() or case_join(). -CE_RANGE: a case for what is not real. *ret: the
 * alert afterwards, its texts in ctx->arena; *ret_case: none where it went into none.
 */
CANH_MUST_USE int case_judge(const struct act_ctx *ctx, const struct state_actor *actor,
                             const struct case_judgement *j, struct state_alert *ret,
                             struct state_id *ret_case, struct err *err);

#endif
