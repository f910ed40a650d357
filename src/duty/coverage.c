/* SPDX-License-Identifier: Apache-2.0 */
/* Coverage of a post by another unit's: asked by the one, answered by the other, ended by either.
 */
#include "duty/change_internal.h"
#include "roster/hours.h"

int coverage_ask(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct coverage_request *request, struct coverage_result *ret,
                 struct err *err)
{
    struct state_post post, other;
    struct hours hours;
    int r = request->hours.n ? hours_parse(request->hours, &hours, err) : 0;

    if (r == 0)
        r = state_post_get(ctx->s, actor, request->post, ctx->arena, &post, err);
    if (r == 0)
        r = state_post_get(ctx->s, actor, request->other_post, ctx->arena, &other, err);
    if (r == 0 && request->stop != 0)
        r = change_span(request->start ? request->start : act_at(ctx), request->stop, err);
    if (r < 0)
        return r;
    *ret = (struct coverage_result){
        .coverage = {.unit = post.unit,
                     .post = post.id,
                     .other = other.unit,
                     .other_post = other.id,
                     .start = request->start,
                     .stop = request->stop,
                     .hours = request->hours,
                     .presence = request->presence,
                     .state = STATE_PROPOSED,
                     .note = request->note},
        .changed = true,
    };
    return state_coverage_put(ctx->s, actor, &ret->coverage, err);
}

/* Answers are the covering unit's head's; an end is as well whoever acts for one of the units. */
static int find_actor(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct change_job *job, const struct state_coverage *x,
                      struct state_actor *ret, struct err *err)
{
    *ret = *actor;
    if (job->to == STATE_ENDED && id_is_none(job->by))
        return 0;
    return state_right_of(ctx->s, actor, job->by, x->other, STATE_MAY_COVER, ret, err);
}

static int answer_one(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct change_job *job, void *to, struct err *err)
{
    struct coverage_result *ret = to;
    struct state_coverage *x = &ret->coverage;
    struct state_actor who;
    int r = state_coverage_get(ctx->s, actor, job->id, ctx->arena, x, err);

    if (r == 0)
        r = find_actor(ctx, actor, job, x, &who, err);
    if (r < 0 || x->state == job->to)
        return r;
    if (job->to == STATE_ENDED && !state_may_write(ctx->s, &who, x->other)) {
        x->state = job->to; /* the covered unit ends it by its own row */
        r = state_coverage_put(ctx->s, &who, x, err);
    } else {
        r = state_coverage_answer(ctx->s, &who, x->id, x->version, job->to, err);
    }
    if (r == 0)
        r = state_coverage_get(ctx->s, actor, job->id, ctx->arena, x, err);
    ret->changed = r == 0;
    return r;
}

int coverage_answer(const struct act_ctx *ctx, const struct state_actor *actor, int32_t answer,
                    const struct duty_decision *decision, struct coverage_result *ret,
                    struct err *err)
{
    const struct change_jobs jobs = {
        .one = answer_one, .decision = decision, .to = answer, .rets = ret, .size = sizeof(*ret)};

    return change_each(ctx, actor, &jobs, err);
}
