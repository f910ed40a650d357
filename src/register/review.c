/* SPDX-License-Identifier: Apache-2.0 */
#include "register/review.h"

#include "base/time.h"
#include "lang/err_register.h"

/* How long units have when nothing is said. */
#define USUAL_TIME (7 * TIME_DAY)

int review_start(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct review_draft *draft, struct state_campaign *ret, struct err *err)
{
    struct state_campaign x = {
        .unit = draft->unit,
        .code = draft->code,
        .title = draft->title,
        .kind = draft->kind,
        .clause = draft->clause,
        .questions = draft->questions,
        .start = act_at(ctx),
        .due = draft->due ? draft->due : act_at(ctx) + USUAL_TIME,
        .lasts = draft->lasts,
    };
    int r = state_campaign_put(ctx->s, actor, &x, err);

    if (r == -CE_EXISTS)
        return err_fail(err, CE_EXISTS, ERR_REGISTER_REVIEW_EXISTS, draft->code);
    if (r == 0)
        *ret = x;
    return r;
}

int review_sign(const struct act_ctx *ctx, const struct state_actor *actor,
                const struct review_signature *signature, struct state_review *ret, struct err *err)
{
    struct state_review x = {
        .unit = signature->unit,
        .campaign = signature->campaign,
        .asset = signature->asset,
        .state = signature->issues ? STATE_REVIEW_ISSUES : STATE_REVIEW_DONE,
        .signer = act_person(actor, signature->signer),
        .signed_at = ctx->claimed,
        .result = signature->result,
        .evidence = signature->evidence,
        .backfilled = signature->backfilled,
    };
    int r;

    if (signature->issues && signature->result.n == 0)
        return err_fail(err, CE_MISSING, ERR_REGISTER_REVIEW_WHICH_ISSUES);
    r = state_review_put(ctx->s, actor, &x, err);
    if (r == 0)
        *ret = x;
    return r;
}
