/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/layer.h"

#include "base/time.h"
#include "calendar/recur.h"
#include "duty/change_internal.h"
#include "duty/moves.h"
#include "lang/err_duty.h"
#include "lang/zone.h"
#include "roster/hours.h"
#include "state/units.h"

#define DAYS_CUT (ZONE_OWN * TIME_SECOND) /* east of UTC: where a day begins */

static void fill_post(const struct post_request *request, struct state_post *x)
{
    x->name = request->name.n ? request->name : x->name;
    x->kind = request->kind.n ? request->kind : x->kind;
    x->hours = request->hours.n ? request->hours : x->hours;
    x->people = request->people >= 0 ? request->people : x->people;
    x->mark_minutes = request->mark_minutes >= 0 ? request->mark_minutes : x->mark_minutes;
    x->presence = request->presence ? request->presence : x->presence;
    x->valid_from = request->valid_from ? request->valid_from : x->valid_from;
    x->valid_to = request->valid_to ? request->valid_to : x->valid_to;
}

static int new_post(const struct act_ctx *ctx, const struct state_actor *actor,
                    const struct post_request *request, struct state_post *ret, struct err *err)
{
    int64_t now = state_now(ctx->s);
    struct state_unit unit;
    int r = state_unit_get(ctx->s, actor, request->unit, ctx->arena, &unit, err);

    *ret = (struct state_post){
        .unit = request->unit,
        .code = request->code,
        .name = request->code,
        .presence = STATE_ON_SITE,
        .hours = SLICE("24/7"),
        .kind = SLICE("security"),
        .people = 1,
        .zone = ZONE_OWN_NAME,
        .invented = r == 0 && unit.invented,
        .valid_from = now - (now + DAYS_CUT) % TIME_DAY,
    };
    return r;
}

static int write_post(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct post_request *request, struct state_post *ret, struct err *err)
{
    int r = state_post_find(ctx->s, actor, request->unit, request->code, ctx->arena, ret, NULL);

    if (r == -CE_NOT_FOUND)
        r = new_post(ctx, actor, request, ret, err);
    else if (r < 0)
        return err_code(err, r);
    if (r < 0)
        return r;
    fill_post(request, ret);
    return state_post_put(ctx->s, actor, ret, err);
}

int post_write(const struct act_ctx *ctx, const struct state_actor *actor,
               const struct post_request *request, struct state_post *ret, struct err *err)
{
    struct hours hours;
    int r = request->hours.n ? hours_parse(request->hours, &hours, err) : 0;

    if (r == 0)
        r = state_act_begin(ctx->s, err);
    return r < 0 ? r : state_act_end(ctx->s, write_post(ctx, actor, request, ret, err), err);
}

static int write_layer(const struct act_ctx *ctx, const struct state_actor *actor,
                       const struct layer_request *request, struct state_layer *ret,
                       struct err *err)
{
    struct state_post post;
    int r = state_post_get(ctx->s, actor, request->post, ctx->arena, &post, err);

    if (r < 0)
        return r;
    *ret = (struct state_layer){
        .unit = post.unit,
        .post = post.id,
        .code = request->code,
        .kind = STATE_LAYER_RULE,
        .rule = request->rule,
        .zone = request->zone.n ? request->zone : post.zone,
        .start = request->start,
        .length = request->length,
        .valid_from = request->start,
        .valid_to = request->stop,
    };
    r = state_layer_put(ctx->s, actor, ret, err);
    for (size_t i = 0; r == 0 && i < request->count; i++) {
        struct state_turn x = {
            .unit = ret->unit,
            .layer = ret->id,
            .person = request->people[i],
            .position = (int32_t)i + 1,
            .valid_from = ret->valid_from,
            .valid_to = ret->valid_to,
        };

        r = state_turn_put(ctx->s, actor, &x, err);
    }
    return r;
}

static int write_turns(const struct act_ctx *ctx, const struct state_actor *actor,
                       const struct layer_request *request, struct state_layer *ret,
                       struct err *err)
{
    const struct duty_load_request posts = {.among = &request->post, .among_count = 1};
    struct duty_moves moves;
    int r = duty_moves_begin(&moves, ctx->s, &posts, err);

    return r < 0 ? r : duty_moves_end(&moves, write_layer(ctx, actor, request, ret, err), err);
}

int layer_write(const struct act_ctx *ctx, const struct state_actor *actor,
                const struct layer_request *request, struct state_layer *ret, struct err *err)
{
    struct recur rule;
    int r = recur_parse(request->rule, &rule, err);

    if (r == 0 && request->length <= 0)
        r = err_fail(err, CE_RANGE, ERR_DUTY_TURN_MUST_LAST_SOME_TIME);
    if (r == 0)
        r = state_act_begin(ctx->s, err);
    return r < 0 ? r : state_act_end(ctx->s, write_turns(ctx, actor, request, ret, err), err);
}

static int approve_layer(const struct act_ctx *ctx, const struct state_actor *actor,
                         const struct change_job *job, void *to, struct err *err)
{
    struct layer_result *ret = to;
    struct state_layer *x = &ret->layer;
    struct state_actor who;
    int r = state_layer_get(ctx->s, actor, job->id, ctx->arena, x, err);

    if (r == 0)
        r = state_right_of(ctx->s, actor, job->by, x->unit, STATE_MAY_APPROVE_ROSTER, &who, err);
    if (r < 0 || x->approved_at != 0)
        return r;
    x->approved_by = who.person;
    x->approved_at = act_at(ctx);
    ret->changed = true;
    return state_layer_put(ctx->s, &who, x, err);
}

int layer_approve(const struct act_ctx *ctx, const struct state_actor *actor,
                  const struct duty_decision *decision, struct layer_result *ret, struct err *err)
{
    const struct change_jobs jobs = {.one = approve_layer,
                                     .decision = decision,
                                     .rets = ret,
                                     .size = sizeof(*ret)};

    return change_each(ctx, actor, &jobs, err);
}
