/* SPDX-License-Identifier: Apache-2.0 */
/* Swaps: asked by one, agreed to by the other, approved by the head. */
#include "duty/change_internal.h"
#include "lang/err_duty.h"

int swap_ask(const struct act_ctx *ctx, const struct state_actor *actor,
             const struct swap_request *request, struct swap_result *ret, struct err *err)
{
    struct state_post post;
    int r = change_span(request->start, request->stop, err);

    if (r == 0 && id_eq(request->person, request->other))
        r = err_fail(err, CE_CONFLICT, ERR_DUTY_SWAP_WITH_ONESELF);
    if (r == 0 && (request->back_start != 0 || request->back_stop != 0))
        r = change_span(request->back_start, request->back_stop, err);
    if (r == 0)
        r = state_post_get(ctx->s, actor, request->post, ctx->arena, &post, err);
    if (r < 0)
        return r;
    *ret = (struct swap_result){
        .swap = {.unit = post.unit,
                 .post = post.id,
                 .person = request->person,
                 .other = request->other,
                 .start = request->start,
                 .stop = request->stop,
                 .back_start = request->back_start,
                 .back_stop = request->back_stop,
                 .state = STATE_SWAP_ASKED,
                 .reason = request->reason},
        .changed = true,
    };
    return state_swap_put(ctx->s, actor, &ret->swap, err);
}

/* As whom the step is taken. What is in force is ended by who may approve. */
static int find_actor(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct change_job *job, const struct state_swap *x,
                      struct state_actor *ret, struct err *err)
{
    bool own = id_is_none(job->by) || id_eq(job->by, x->person) || id_eq(job->by, x->other);

    *ret = *actor;
    if (job->to == STATE_SWAP_APPROVED)
        return state_right_of(ctx->s, actor, job->by, x->unit, STATE_MAY_APPROVE_SWAP, ret, err);
    if (own && (x->state != STATE_SWAP_APPROVED || job->to != STATE_SWAP_CANCELLED))
        return 0;
    return state_right_of(ctx->s, actor, job->by, x->unit, STATE_MAY_APPROVE_SWAP, ret, err);
}

static int do_step(const struct act_ctx *ctx, const struct state_actor *actor,
                   const struct change_job *job, void *to, struct err *err)
{
    struct swap_result *ret = to;
    struct state_swap *x = &ret->swap, before;
    struct state_actor who;
    int r = state_swap_get(ctx->s, actor, job->id, ctx->arena, x, err);

    if (r == 0)
        r = find_actor(ctx, actor, job, x, &who, err);
    if (r == 0 && x->state == job->to)
        return 0;
    if (r == 0)
        r = state_swap_step(&who, x, job->to, err);
    if (r < 0)
        return r;
    before = *x;
    x->state = job->to;
    if (job->to == STATE_SWAP_AGREED)
        x->agreed_at = ctx->claimed;
    if (job->to == STATE_SWAP_APPROVED) {
        x->approved_by = who.person;
        x->approved_at = ctx->claimed;
    }
    r = state_swap_put(ctx->s, &who, x, err);
    ret->changed = r == 0;
    if (r < 0)
        *x = before;
    return r;
}

int swap_step(const struct act_ctx *ctx, const struct state_actor *actor, int32_t to,
              const struct duty_decision *decision, struct swap_result *ret, struct err *err)
{
    const struct change_jobs jobs = {
        .one = do_step, .decision = decision, .to = to, .rets = ret, .size = sizeof(*ret)};

    return change_each(ctx, actor, &jobs, err);
}
