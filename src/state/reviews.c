/* SPDX-License-Identifier: Apache-2.0 */
#include "state/reviews.h"

#include "lang/err_state.h"
#include "state/internal.h"

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

/* A signed review stays; the next one is a new row. Signing sets when, and until when it holds. */
static int review_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                        struct err *err)
{
    struct state_review *x = row;
    const struct state_review *was = old;

    (void)a;
    if (was != NULL && was->signed_at)
        return err_fail(err, CE_DENIED, ERR_STATE_REVIEW_SIGNED);
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
    X(T, person, COL_SELF, E_PERSON)
ENTITY_COLUMNS(order, ORDER)
const struct entity order_entity = {
    ENTITY_COMMON(order, E_ORDER),
    .unit = order_unit,
    .other = COLUMN_NONE,
    .readers = R_PRIVATE,
    .writers = W_DUTY,
    .sql = {ENTITY_SQL(order, ORDER, WHEN_AT("received"), "received, id"),
            ENTITY_FIND(order, ORDER, "number = ?1 AND unit = ?2")},
};
STATE_DEFINE(order)
