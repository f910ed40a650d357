/* SPDX-License-Identifier: Apache-2.0 */
#include "state/reviews.h"

#include "lang/err_state.h"
#include "state/step.h"

#define CAMPAIGN(X, T)                                                                             \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, code, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, title, COL_NEED, 0)                                                                       \
    X(T, kind, COL_NEED, 0)                                                                        \
    X(T, clause, 0, 0)                                                                             \
    X(T, questions, COL_MEMO, 0)                                                                   \
    X(T, start, COL_NOW, 0)                                                                        \
    X(T, due, 0, 0)                                                                                \
    X(T, lasts, 0, 0)                                                                              \
    X(T, invented, COL_FIXED, 0)
ENTITY_COLUMNS(campaign, CAMPAIGN)
const struct entity campaign_entity = {
    ENTITY_COMMON(campaign, E_CAMPAIGN),
    .unit = campaign_unit,
    .other = COLUMN_NONE,
    .flags = ENT_OPEN,
    .readers = R_WORK,
    .writers = W_HEAD_LEAD,
    .sql = {ENTITY_SQL(campaign, CAMPAIGN, WHEN_AT("start"), "start, id"),
            ENTITY_FIND(campaign, CAMPAIGN, "code = ?1 AND unit = ?2")},
};
STATE_DEFINE(campaign)

#define REVIEW(X, T)                                                                               \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, campaign, COL_NEED | COL_FIXED, E_CAMPAIGN)                                               \
    X(T, asset, COL_FIXED | COL_OWN, E_ASSET)                                                      \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, signer, COL_SELF, E_PERSON)                                                               \
    X(T, signed_at, 0, 0)                                                                          \
    X(T, signed_recorded, COL_STEP, 0)                                                             \
    X(T, expires, 0, 0)                                                                            \
    X(T, result, COL_MEMO, 0)                                                                      \
    X(T, evidence, COL_OWN, E_EVIDENCE)                                                            \
    X(T, backfilled, 0, 0)

static int review_lasts(struct state *s, struct state_review *x, struct err *err)
{
    struct state_campaign c;
    int r = entity_load(s, &campaign_entity, x->campaign, NULL, &c, err);

    if (r == 0 && c.lasts > 0 && x->expires == 0 &&
        __builtin_add_overflow(x->signed_at, c.lasts, &x->expires))
        x->expires = STATE_FOREVER;
    return r;
}

/* Open, then signed: well, or with something that must change. */
static const struct step review_steps[] = {
    {STATE_REVIEW_OPEN, STEP_ANY, STEP_NEW},
    {STATE_REVIEW_DONE, STEP_ANY, STEP_NEW | STEP_FROM(STATE_REVIEW_OPEN)},
    {STATE_REVIEW_ISSUES, STEP_ANY, STEP_NEW | STEP_FROM(STATE_REVIEW_OPEN)},
};

/* A signed review stays; the next one is a new row. Signing sets when, and until when it holds. */
static int review_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                        struct err *err)
{
    struct state_review *x = row;
    const struct state_review *was = old;
    int r = 0;

    (void)a;
    if (was != NULL && was->signed_at)
        return err_fail(err, CE_DENIED, ERR_STATE_REVIEW_SIGNED);
    if (was == NULL || was->state != x->state)
        r = step_check(review_steps, CANH_LEN(review_steps), was ? was->state : 0, x->state, 0,
                       err);
    if (r < 0)
        return r;
    if (x->state == STATE_REVIEW_OPEN)
        return 0;
    if (id_is_none(x->signer))
        return err_fail(err, CE_MISSING, ERR_STATE_REVIEW_NOBODY_SIGNED);
    if (x->signed_at == 0)
        x->signed_at = state_now(s);
    return review_lasts(s, x, err);
}

ENTITY_COLUMNS(review, REVIEW)
const struct entity review_entity = {
    ENTITY_COMMON(review, E_REVIEW),
    .unit = review_unit,
    .other = COLUMN_NONE,
    .flags = ENT_LED,
    .readers = R_WORK,
    .writers = W_TECH,
    .check = review_check,
    .sql = {ENTITY_SQL(review, REVIEW, WHEN_AT("signed_at"), "signed_at, id"),
            ENTITY_REF(review, REVIEW, "campaign", WHEN_AT("signed_at"), "signed_at, id")},
};
STATE_DEFINE(review)

#define ORDER(X, T)                                                                                \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, number, COL_NEED | COL_FIXED, 0)                                                          \
    X(T, authority, COL_NEED, 0)                                                                   \
    X(T, basis, 0, 0)                                                                              \
    X(T, received, COL_NOW | COL_FIXED, 0)                                                         \
    X(T, deadline, 0, 0)                                                                           \
    X(T, outcome, 0, 0)                                                                            \
    X(T, done_at, 0, 0)                                                                            \
    X(T, done_recorded, COL_STEP, 0)                                                               \
    X(T, person, COL_SELF, E_PERSON)
enum { CORRECTS = 1 };

/* By outcome + 1. An outcome that ended the order is corrected by those who approve, in the open.
 */
static const struct step order_steps[] = {
    {1 + STATE_ORDER_OPEN, STEP_ANY, STEP_NEW},
    {1 + STATE_ORDER_DONE, STEP_ANY,
     STEP_FROM(1 + STATE_ORDER_OPEN) | STEP_FROM(1 + STATE_ORDER_QUERIED)},
    {1 + STATE_ORDER_QUERIED, STEP_ANY, STEP_FROM(1 + STATE_ORDER_OPEN)},
    {1 + STATE_ORDER_REFUSED, STEP_ANY,
     STEP_FROM(1 + STATE_ORDER_OPEN) | STEP_FROM(1 + STATE_ORDER_QUERIED)},
    {1 + STATE_ORDER_DONE, CORRECTS, STEP_FROM(1 + STATE_ORDER_REFUSED)},
    {1 + STATE_ORDER_QUERIED, CORRECTS,
     STEP_FROM(1 + STATE_ORDER_DONE) | STEP_FROM(1 + STATE_ORDER_REFUSED)},
    {1 + STATE_ORDER_REFUSED, CORRECTS, STEP_FROM(1 + STATE_ORDER_DONE)},
};

static int order_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                       struct err *err)
{
    struct state_order *x = row;
    const struct state_order *was = old;
    int r = 0;

    if (was == NULL || was->outcome != x->outcome)
        r = step_check(order_steps, CANH_LEN(order_steps), was ? 1 + was->outcome : 0,
                       1 + x->outcome, actor_is(a, R_HEAD) ? CORRECTS : 0, err);
    if (r == 0 && x->outcome != STATE_ORDER_OPEN && x->done_at == 0)
        x->done_at = state_now(s);
    if (r == 0 && x->done_at && x->received && x->done_at < x->received)
        r = err_fail(err, CE_RANGE, ERR_STATE_ORDER_OUTCOME_BEFORE);
    return r;
}

ENTITY_COLUMNS(order, ORDER)
const struct entity order_entity = {
    ENTITY_COMMON(order, E_ORDER),
    .unit = order_unit,
    .other = COLUMN_NONE,
    .readers = R_PRIVATE,
    .writers = W_DUTY,
    .check = order_check,
    .sql = {ENTITY_SQL(order, ORDER, WHEN_AT("received"), "received, id"),
            ENTITY_FIND(order, ORDER, "number = ?1 AND unit = ?2")},
};
STATE_DEFINE(order)
