/* SPDX-License-Identifier: Apache-2.0 */
#include "state/notices.h"

#include <sodium.h>

#include "lang/err_state.h"
#include "state/internal.h"

#define NOTICE(X, T)                                                                               \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, code, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, title, COL_NEED, 0)                                                                       \
    X(T, text, COL_MEMO, 0)                                                                        \
    X(T, clause, 0, 0)                                                                             \
    X(T, audience, COL_MEMO, 0)                                                                    \
    X(T, issued, COL_NOW, 0)                                                                       \
    X(T, due, 0, 0)                                                                                \
    X(T, attest, COL_FIXED, 0)                                                                     \
    X(T, invented, COL_FIXED, 0)
ENTITY_COLUMNS(notice, NOTICE)
const struct entity notice_entity = {
    ENTITY_COMMON(notice, E_NOTICE),
    .unit = notice_unit,
    .other = COLUMN_NONE,
    .flags = ENT_OPEN,
    .readers = R_OPEN,
    .writers = W_HEAD_LEAD,
    .sql = {ENTITY_SQL(notice, NOTICE, WHEN_AT("issued"), "issued, id"),
            ENTITY_FIND(notice, NOTICE, "code = ?1 AND unit = ?2")},
};
STATE_DEFINE(notice)

#define DELIVERY(X, T)                                                                             \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, notice, COL_NEED | COL_FIXED, E_NOTICE)                                                   \
    X(T, sent_at, COL_NOW, 0)                                                                      \
    X(T, expected, 0, 0)                                                                           \
    X(T, token_hash, COL_BYTES, 0)                                                                 \
    X(T, sheet, COL_OWN, E_EVIDENCE)
ENTITY_COLUMNS(delivery, DELIVERY)
const struct entity delivery_entity = {
    ENTITY_COMMON(delivery, E_DELIVERY),
    .unit = delivery_unit,
    .other = COLUMN_NONE,
    .flags = ENT_LED,
    .readers = R_OPEN,
    .writers = W_DUTY,
    .sql = {ENTITY_SQL(delivery, DELIVERY, WHEN_AT("sent_at"), "sent_at, id"),
            ENTITY_REF(delivery, DELIVERY, "notice", WHEN_AT("sent_at"), "sent_at, id")},
};
STATE_DEFINE(delivery)

void state_token_hash(struct slice token, uint8_t to[32])
{
    crypto_generichash(to, 32, token.p, token.n, NULL, 0);
}

int state_delivery_by_token(struct state *s, struct slice token, struct arena *arena,
                            struct state_delivery *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    struct state_id id = STATE_ID_NONE;
    uint8_t hash[32];
    int r;

    if (token.n < 16 || token.n > 200)
        return err_fail(err, CE_NOT_FOUND, ERR_STATE_NO_SUCH_LINK);
    state_token_hash(token, hash);
    r = state_stmt(s, SQL_DELIVERY_BY_TOKEN, &st, err);
    if (r < 0)
        return r;
    db_bind_blob(st, 1, slice_of(hash, sizeof(hash)));
    r = db_step(st, err);
    if (r > 0)
        id = db_id(st, 0);
    db_done(&st);
    if (r == 0)
        return err_fail(err, CE_NOT_FOUND, ERR_STATE_NO_SUCH_LINK);
    return r < 0 ? r : entity_load(s, &delivery_entity, id, arena, ret, err);
}

#define ACK(X, T)                                                                                  \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, delivery, COL_NEED | COL_FIXED | COL_OWN, E_DELIVERY)                                     \
    X(T, person, COL_SELF | COL_ANY, E_PERSON)                                                     \
    X(T, kind, COL_NEED, 0)                                                                        \
    X(T, at, COL_NOW, 0)                                                                           \
    X(T, count, COL_NEED, 0)                                                                       \
    X(T, how, 0, 0)                                                                                \
    X(T, backfilled, 0, 0)

static int ack_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                     struct err *err)
{
    struct state_ack *x = row;

    (void)s, (void)old;
    if (x->count == 0)
        x->count = 1;
    if (x->count < 0 || (!id_is_none(x->person) && x->count != 1))
        return err_fail(err, CE_RANGE, ERR_STATE_ACK_ONE_PERSON_COUNTS_ONCE);
    /* An official speaks for themself; counts of a sheet are typed by those on duty. */
    if (a->role == STATE_OFFICIAL && (x->count != 1 || !id_eq(x->person, a->person)))
        return err_fail(err, CE_DENIED, ERR_STATE_ACK_OFFICIAL_ACKNOWLEDGES_FOR_THEMSELF);
    return 0;
}

ENTITY_COLUMNS(ack, ACK)
const struct entity ack_entity = {
    ENTITY_COMMON(ack, E_ACK),
    .unit = ack_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND,
    .readers = R_PRIVATE,
    .writers = W_ALL,
    .check = ack_check,
    .sql = {ENTITY_SQL(ack, ACK, WHEN_AT("at"), "at, id"),
            ENTITY_REF(ack, ACK, "delivery", WHEN_AT("at"), "at, id")},
};
STATE_DEFINE(ack)

struct count_ctx {
    struct state *s;
    int (*fn)(void *u, const struct state_ack_count *x);
    void *u;
    struct err *err;
};

static int count_one(void *u, const struct state_delivery *d)
{
    struct count_ctx *c = u;
    struct state_ack_count x = {
        .notice = d->notice,
        .unit = d->unit,
        .sent_at = d->sent_at,
        .expected = d->expected,
    };
    struct db_stmt *st = NULL;
    int r = state_stmt(c->s, SQL_ACK_COUNTS, &st, c->err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &d->id);
    while ((r = db_step(st, c->err)) > 0) {
        *(db_int(st, 0) == STATE_ATTESTED ? &x.attested : &x.read) = db_int(st, 1);
        x.last_at = CANH_MAX(x.last_at, db_int(st, 2));
    }
    db_done(&st);
    return r < 0 ? r : c->fn(c->u, &x);
}

int state_ack_counts(struct state *s, const struct state_actor *a, const struct state_query *q,
                     int (*fn)(void *u, const struct state_ack_count *x), void *u, struct err *err)
{
    struct count_ctx c = {s, fn, u, err};

    return state_delivery_each(s, a, q, count_one, &c, err);
}
