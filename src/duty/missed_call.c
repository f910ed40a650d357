/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/missed_call.h"

#include "base/time.h"
#include "lang/err_duty.h"

static int report_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                         const struct missed_call_request *request, struct state_telling *ret,
                         struct err *err)
{
    struct state_post post;
    int r = state_post_get(ctx->s, actor, request->post, ctx->arena, &post, err);

    if (r < 0)
        return r;
    *ret = (struct state_telling){
        .unit = post.unit,
        .post = post.id,
        .start = request->start,
        .told = request->told,
        .person = id_is_none(request->person) ? actor->person : request->person,
        .at = act_at(ctx),
        .how = request->how,
    };
    if (ret->at < ret->start || ret->at > state_now(ctx->s))
        return err_fail(err, CE_RANGE, ERR_DUTY_TOLD_AT_NO_SUCH_TIME);
    return state_telling_put(ctx->s, actor, ret, err);
}

int shift_report(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct missed_call_request *request, struct state_telling *ret,
                 struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    return r < 0 ? r : state_act_end(ctx->s, report_inside(ctx, actor, request, ret, err), err);
}

int shift_missed_calls(struct state *s, const struct state_actor *a, struct state_id post,
                       int64_t start, struct arena *arena, struct state_telling **ret,
                       size_t *ret_n, struct err *err)
{
    struct state_query q = {.ref = post, .from = start, .to = INT64_MAX};
    size_t n = 0, kept = 0;
    int r = state_telling_list(s, a, &q, arena, ret, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        if ((*ret)[i].start == start)
            (*ret)[kept++] = (*ret)[i];
    }
    *ret_n = kept;
    return r;
}
