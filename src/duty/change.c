/* SPDX-License-Identifier: Apache-2.0 */
/* Leave and replacements. */
#include "duty/change_internal.h"

#include <string.h>

#include "duty/moves.h"
#include "lang/err_duty.h"

int change_span(int64_t start, int64_t stop, struct err *err)
{
    return stop > start ? 0 : err_fail(err, CE_RANGE, ERR_DUTY_ENDS_BEFORE_IT_BEGINS);
}

int change_each(const struct act_ctx *ctx, const struct state_actor *actor,
                const struct change_jobs *jobs, struct err *err)
{
    const struct duty_decision *d = jobs->decision;
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    memset(jobs->rets, 0, d->count * jobs->size);
    for (size_t i = 0; r == 0 && i < d->count; i++) {
        const struct change_job job = {.id = d->ids[i], .by = d->by, .to = jobs->to};

        r = jobs->one(ctx, actor, &job, (char *)jobs->rets + i * jobs->size, err);
    }
    return state_act_end(ctx->s, r, err);
}

/* Leave. */

int leave_ask(const struct act_ctx *ctx, const struct state_actor *actor,
              const struct leave_request *request, struct leave_result *ret, struct err *err)
{
    struct state_person p;
    int r = change_span(request->start, request->stop, err);

    if (r == 0)
        r = state_person_get(ctx->s, actor, act_person(actor, request->person), ctx->arena, &p,
                             err);
    if (r < 0)
        return r;
    *ret = (struct leave_result){
        .leave = {.unit = p.unit,
                  .person = p.id,
                  .start = request->start,
                  .stop = request->stop,
                  .kind = request->kind.n ? request->kind : SLICE("leave")},
        .changed = true,
    };
    return state_leave_put(ctx->s, actor, &ret->leave, err);
}

/* Leave comes into force, or ends: the person, and whoever stands for them, is told. */
static int leave_moves(struct duty_moves *m, struct state *s, const struct state_leave *x,
                       struct err *err)
{
    const struct duty_load_request posts = {.unit = x->unit, .own = x->person};

    return duty_moves_begin(m, s, &posts, err);
}

static int approve_leave(const struct act_ctx *ctx, const struct state_actor *actor,
                         const struct change_job *job, void *to, struct err *err)
{
    struct leave_result *ret = to;
    struct state_leave *x = &ret->leave;
    struct duty_moves moves;
    struct state_actor who;
    int r = state_leave_get(ctx->s, actor, job->id, ctx->arena, x, err);

    if (r == 0)
        r = state_right_of(ctx->s, actor, job->by, x->unit, STATE_MAY_APPROVE_LEAVE, &who, err);
    if (r < 0 || x->approved_at != 0)
        return r;
    r = leave_moves(&moves, ctx->s, x, err);
    if (r < 0)
        return r;
    x->approved_by = who.person;
    x->approved_at = act_at(ctx);
    ret->changed = true;
    return duty_moves_end(&moves, state_leave_put(ctx->s, &who, x, err), err);
}

int leave_approve(const struct act_ctx *ctx, const struct state_actor *actor,
                  const struct duty_decision *decision, struct leave_result *ret, struct err *err)
{
    const struct change_jobs jobs = {.one = approve_leave,
                                     .decision = decision,
                                     .rets = ret,
                                     .size = sizeof(*ret)};

    return change_each(ctx, actor, &jobs, err);
}

static int cancel_leave(const struct act_ctx *ctx, const struct state_actor *actor,
                        const struct change_job *job, void *to, struct err *err)
{
    struct leave_result *ret = to;
    struct state_leave *x = &ret->leave;
    struct state_actor who = *actor;
    struct duty_moves moves;
    int r = state_leave_get(ctx->s, actor, job->id, ctx->arena, x, err);

    if (r == 0 && x->approved_at != 0)
        r = state_right_of(ctx->s, actor, job->by, x->unit, STATE_MAY_APPROVE_LEAVE, &who, err);
    if (r == 0)
        r = leave_moves(&moves, ctx->s, x, err);
    if (r < 0)
        return r;
    ret->changed = true;
    return duty_moves_end(&moves, state_leave_drop(ctx->s, &who, x->id, x->version, err), err);
}

int leave_cancel(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct duty_decision *decision, struct leave_result *ret, struct err *err)
{
    const struct change_jobs jobs = {.one = cancel_leave,
                                     .decision = decision,
                                     .rets = ret,
                                     .size = sizeof(*ret)};

    return change_each(ctx, actor, &jobs, err);
}

/* Replacements. */

int replacement_write(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct replacement_request *request, struct state_override *ret,
                      struct err *err)
{
    struct state_actor who;
    struct state_post post;
    int r = change_span(request->start, request->stop, err);

    if (r == 0)
        r = state_post_get(ctx->s, actor, request->post, ctx->arena, &post, err);
    if (r == 0)
        r = state_right_of(ctx->s, actor, request->by, post.unit, STATE_MAY_REPLACE, &who, err);
    if (r < 0)
        return r;
    *ret = (struct state_override){
        .unit = post.unit,
        .post = post.id,
        .kind = (int32_t)request->kind,
        .person = request->person,
        .other = request->other,
        .start = request->start,
        .stop = request->stop,
        .reason = request->reason,
        .approved_by = who.person,
        .approved_at = act_at(ctx),
    };
    return state_override_put(ctx->s, &who, ret, err);
}

static int cancel_replacement(const struct act_ctx *ctx, const struct state_actor *actor,
                              const struct change_job *job, void *to, struct err *err)
{
    struct state_override *x = to;
    struct state_actor who;
    int r = state_override_get(ctx->s, actor, job->id, ctx->arena, x, err);

    if (r == 0)
        r = state_right_of(ctx->s, actor, job->by, x->unit, STATE_MAY_REPLACE, &who, err);
    return r == 0 ? state_override_drop(ctx->s, &who, x->id, x->version, err) : r;
}

int replacement_cancel(const struct act_ctx *ctx, const struct state_actor *actor,
                       const struct duty_decision *decision, struct state_override *ret,
                       struct err *err)
{
    const struct change_jobs jobs = {.one = cancel_replacement,
                                     .decision = decision,
                                     .rets = ret,
                                     .size = sizeof(*ret)};

    return change_each(ctx, actor, &jobs, err);
}
