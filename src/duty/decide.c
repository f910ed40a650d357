/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/decide.h"

#include "lang/err_duty.h"

static int decide_layers(const struct act_ctx *ctx, const struct state_actor *a,
                         const struct duty_decision *d, bool refuse, struct err *err)
{
    struct layer_result *rets = arena_new_array(ctx->arena, d->count, struct layer_result);

    if (refuse)
        return err_fail(err, CE_CONFLICT, ERR_DUTY_ROSTER_NOT_REFUSED);
    return rets ? layer_approve(ctx, a, d, rets, err) : err_nomem(err);
}

static int decide_leaves(const struct act_ctx *ctx, const struct state_actor *a,
                         const struct duty_decision *d, bool refuse, struct err *err)
{
    struct leave_result *rets = arena_new_array(ctx->arena, d->count, struct leave_result);

    if (rets == NULL)
        return err_nomem(err);
    return (refuse ? leave_cancel : leave_approve)(ctx, a, d, rets, err);
}

static int decide_swaps(const struct act_ctx *ctx, const struct state_actor *a,
                        const struct duty_decision *d, bool refuse, struct err *err)
{
    struct swap_result *rets = arena_new_array(ctx->arena, d->count, struct swap_result);

    if (rets == NULL)
        return err_nomem(err);
    return swap_step(ctx, a, refuse ? STATE_SWAP_REFUSED : STATE_SWAP_APPROVED, d, rets, err);
}

static int decide_coverages(const struct act_ctx *ctx, const struct state_actor *a,
                            const struct duty_decision *d, bool refuse, struct err *err)
{
    struct coverage_result *rets = arena_new_array(ctx->arena, d->count, struct coverage_result);

    if (rets == NULL)
        return err_nomem(err);
    return coverage_answer(ctx, a, refuse ? STATE_REFUSED : STATE_ACCEPTED, d, rets, err);
}

int duty_decide(const struct act_ctx *ctx, const struct state_actor *actor,
                const struct duty_decisions *decisions, struct err *err)
{
    static int (*const rows[DUTY_WAITING_MAX])(const struct act_ctx *, const struct state_actor *,
                                               const struct duty_decision *, bool, struct err *) = {
        [DUTY_WAITING_LAYER] = decide_layers,
        [DUTY_WAITING_LEAVE] = decide_leaves,
        [DUTY_WAITING_SWAP] = decide_swaps,
        [DUTY_WAITING_COVERAGE] = decide_coverages,
    };
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    for (size_t i = 0; r == 0 && i < DUTY_WAITING_MAX; i++)
        if (decisions->of[i].count > 0)
            r = rows[i](ctx, actor, &decisions->of[i], decisions->refuse, err);
    return state_act_end(ctx->s, r, err);
}
