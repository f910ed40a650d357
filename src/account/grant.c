/* SPDX-License-Identifier: Apache-2.0 */
#include "account/grant.h"

#include "lang/err_account.h"

static int refuse_twice(const struct act_ctx *ctx, const struct state_actor *actor,
                        const struct grant_request *q, struct err *err)
{
    const struct state_query of = {.ref = q->person};
    struct state_grant *held = NULL;
    size_t n = 0;
    int r = state_grant_list(ctx->s, actor, &of, ctx->arena, &held, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++)
        if (held[i].role == q->role && grant_holds(&held[i], state_now(ctx->s)))
            r = err_fail(err, CE_EXISTS, ERR_ACCOUNT_ROLE_IS_HELD);
    return r;
}

static int grant_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                        const struct grant_request *q, struct state_grant *ret, struct err *err)
{
    struct state_person p;
    int r = state_person_get(ctx->s, actor, q->person, ctx->arena, &p, err);

    if (r == 0 && (q->role <= STATE_ROLE_NONE || q->role >= STATE_SYSTEM ||
                   (q->until != 0 && q->until <= state_now(ctx->s))))
        r = err_fail(err, CE_RANGE, ERR_ACCOUNT_ROLE_OR_END);
    if (r == 0)
        r = refuse_twice(ctx, actor, q, err);
    if (r < 0)
        return r;
    *ret = (struct state_grant){.unit = p.unit,
                                .person = p.id,
                                .role = q->role,
                                .valid_from = state_now(ctx->s),
                                .valid_to = q->until,
                                .source = q->source};
    return state_grant_put(ctx->s, actor, ret, err);
}

int grant_add(const struct act_ctx *ctx, const struct state_actor *actor,
              const struct grant_request *request, struct state_grant *ret, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    return r < 0 ? r : state_act_end(ctx->s, grant_inside(ctx, actor, request, ret, err), err);
}

/* Whether somebody else administers, too. */
static int keep_an_admin(const struct act_ctx *ctx, const struct state_grant *ends, struct err *err)
{
    const struct state_actor all = state_actor_system();
    const struct state_query any = {.limit = 0};
    struct state_grant *held = NULL;
    bool other = false;
    size_t n = 0;
    int r = state_grant_list(ctx->s, &all, &any, ctx->arena, &held, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++)
        other = other || (held[i].role == STATE_ADMIN && !id_eq(held[i].id, ends->id) &&
                          grant_holds(&held[i], state_now(ctx->s)));
    return r < 0 || other ? r : err_fail(err, CE_CONFLICT, ERR_ACCOUNT_LAST_ADMIN);
}

static int end_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                      struct state_id id, struct state_grant *ret, struct err *err)
{
    int r = state_grant_get(ctx->s, actor, id, ctx->arena, ret, err);

    if (r == 0 && ret->role == STATE_ADMIN)
        r = keep_an_admin(ctx, ret, err);
    if (r < 0 || !grant_holds(ret, state_now(ctx->s)))
        return r;
    ret->valid_to = state_now(ctx->s);
    return state_grant_put(ctx->s, actor, ret, err);
}

int grant_end(const struct act_ctx *ctx, const struct state_actor *actor, struct state_id id,
              struct state_grant *ret, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    return r < 0 ? r : state_act_end(ctx->s, end_inside(ctx, actor, id, ret, err), err);
}
