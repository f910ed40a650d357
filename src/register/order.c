/* SPDX-License-Identifier: Apache-2.0 */
#include "register/order.h"

#include "lang/err_register.h"

int order_enter(const struct act_ctx *ctx, const struct state_actor *actor,
                const struct order_draft *draft, struct state_order *ret, struct err *err)
{
    struct state_order x = {
        .unit = draft->unit,
        .number = draft->number,
        .authority = draft->authority,
        .basis = draft->basis,
        .received = act_at(ctx),
        .deadline = draft->deadline,
        .outcome = STATE_ORDER_OPEN,
    };
    int r = state_order_put(ctx->s, actor, &x, err);

    if (r == -CE_EXISTS)
        return err_fail(err, CE_EXISTS, ERR_REGISTER_ORDER_EXISTS, draft->number);
    if (r == 0)
        *ret = x;
    return r;
}

static bool has_ended(const struct state_order *x)
{
    return x->outcome == STATE_ORDER_DONE || x->outcome == STATE_ORDER_REFUSED;
}

static int answer_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                         const struct order_answer *answer, struct state_order *ret,
                         struct err *err)
{
    struct state_order x;
    int r = state_order_find(ctx->s, actor, answer->unit, answer->number, ctx->arena, &x, err);

    if (r == -CE_NOT_FOUND)
        return err_fail(err, CE_NOT_FOUND, ERR_REGISTER_NO_ORDER, answer->number);
    if (r < 0)
        return r;
    if (has_ended(&x) && !answer->replace)
        return err_fail(err, CE_EXISTS, ERR_REGISTER_ORDER_ENDED, answer->number);
    if (act_at(ctx) < x.received)
        return err_fail(err, CE_RANGE, ERR_REGISTER_ORDER_BEFORE, answer->number);
    x.outcome = answer->outcome;
    x.done_at = act_at(ctx);
    x.person = act_person(actor, answer->person);
    r = state_order_put(ctx->s, actor, &x, err);
    if (r == 0)
        *ret = x;
    return r;
}

int order_answer(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct order_answer *answer, struct state_order *ret, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    return state_act_end(ctx->s, answer_inside(ctx, actor, answer, ret, err), err);
}
