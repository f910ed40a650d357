/* SPDX-License-Identifier: Apache-2.0 */
#include "case/judge.h"

#include "lang/err_case.h"

static int into_case(const struct act_ctx *ctx, const struct state_actor *actor,
                     const struct case_judgement *j, struct state_id alert, struct state_case *ret,
                     struct err *err)
{
    const struct case_draft draft = {.alerts = &alert,
                                     .alert_count = 1,
                                     .what = j->ack.note,
                                     .login = j->ack.login};
    const struct case_join join = {.alert = alert,
                                   .into = j->into,
                                   .note = j->ack.note,
                                   .login = j->ack.login};

    return slice_is(j->into, "new") ? case_open(ctx, actor, &draft, ret, err)
                                    : case_join(ctx, actor, &join, ret, err);
}

int case_judge(const struct act_ctx *ctx, const struct state_actor *actor,
               const struct case_judgement *j, struct state_alert *ret, struct state_id *ret_case,
               struct err *err)
{
    struct state_case x = {.id = STATE_ID_NONE};
    struct state_id id = j->ack.same;
    int r = 0;

    *ret_case = STATE_ID_NONE;
    if (j->into.n == 0)
        return alert_ack(ctx->s, actor, &j->ack, ctx->arena, ret, err);
    if (j->ack.verdict != STATE_ALERT_REAL)
        return err_fail(err, CE_RANGE, ERR_CASE_ONLY_REAL);
    if (id_is_none(id)) {
        r = alert_get(ctx->s, actor, j->ack.id, ctx->arena, ret, err);
        id = ret->id;
    }
    if (r == 0)
        r = into_case(ctx, actor, j, id, &x, err);
    if (r == 0)
        r = state_alert_get(ctx->s, actor, id, ctx->arena, ret, err);
    if (r == 0)
        *ret_case = x.id;
    return r;
}
