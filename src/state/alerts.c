/* SPDX-License-Identifier: Apache-2.0 */
#include "state/alerts.h"

#include "lang/err_state.h"
#include "state/entity_internal.h"
#include "state/internal.h"
#include "state/scope.h"

#define ALERT(X, T)                                                                                \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, asset, COL_FIXED, E_ASSET)                                                                \
    X(T, source, COL_FIXED, E_SOURCE)                                                              \
    X(T, code, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, rule, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, title, COL_NEED | COL_FIXED, 0)                                                           \
    X(T, level, COL_NEED | COL_FIXED, 0)                                                           \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, about, COL_FIXED, 0)                                                                      \
    X(T, host, COL_FIXED, 0)                                                                       \
    X(T, user, COL_FIXED, 0)                                                                       \
    X(T, address, COL_FIXED, 0)                                                                    \
    X(T, start, COL_FIXED, 0)                                                                      \
    X(T, first_seen, COL_NEED, 0)                                                                  \
    X(T, last_seen, COL_NEED, 0)                                                                   \
    X(T, count, COL_NEED, 0)                                                                       \
    X(T, event, COL_FIXED, 0)                                                                      \
    X(T, stream, COL_FIXED, 0)                                                                     \
    X(T, history, COL_FIXED, 0)                                                                    \
    X(T, suppression, 0, E_SUPPRESSION)                                                            \
    X(T, seen_at, 0, 0)
ENTITY_COLUMNS(alert, ALERT)
const struct entity alert_entity = {
    ENTITY_COMMON(alert, E_ALERT),
    .unit = alert_unit,
    .other = COLUMN_NONE,
    .flags = ENT_SILENT,
    .readers = R_WORK,
    .writers = W_SYSTEM,
    .sql = {ENTITY_SQL(alert, ALERT, "first_seen < ?2 AND last_seen >= ?1", "first_seen, id"),
            ENTITY_REF(alert, ALERT, "source", "first_seen < ?2 AND last_seen >= ?1",
                       "first_seen, id"),
            ENTITY_FIND(alert, ALERT, "code = ?1 AND unit = ?2"),
            [OP_NEWEST] = SQL_LIST(alert, ALERT, "1", "last_seen DESC, id"),
            [OP_NEWEST_STATE] = SQL_LIST(alert, ALERT, "state = ?1", "last_seen DESC, id")},
};
STATE_DEFINE(alert)

int state_alert_newest(struct state *s, const struct state_actor *a, int32_t state,
                       int (*fn)(void *u, const struct state_alert *x), void *u, struct err *err)
{
    struct state_alert row;
    struct db_stmt *st = NULL;
    int r = entity_may(a, &alert_entity, false, err);

    if (r == 0)
        r = entity_stmt(s, &alert_entity, state ? OP_NEWEST_STATE : OP_NEWEST, &st, err);
    if (r < 0)
        return r;
    if (state)
        db_bind_int(st, 1, state);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        entity_read(&alert_entity, st, 0, &row);
        r = entity_readable(s, a, &alert_entity, &row) ? fn(u, &row) : 0;
    }
    db_done(&st);
    return r;
}

int state_alert_count(struct state *s, const struct state_actor *a, int32_t state, size_t *ret,
                      struct err *err)
{
    struct scope_view v;
    struct db_stmt *st = NULL;
    int r = entity_may(a, &alert_entity, false, err);

    *ret = 0;
    if (r == 0)
        r = scope_view(s, a, &v, err);
    if (r == 0)
        r = state_stmt(s, SQL_ALERT_COUNTS, &st, err);
    if (r < 0)
        return r;
    db_bind_int(st, 1, state);
    while ((r = db_step(st, err)) > 0) {
        if (scope_sees(&v, db_id(st, 0)))
            *ret += (size_t)db_int(st, 1);
    }
    db_done(&st);
    return r;
}

#define ALERT_ACK(X, T)                                                                            \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, alert, COL_NEED | COL_FIXED | COL_OWN, E_ALERT)                                           \
    X(T, person, COL_SELF | COL_FIXED, E_PERSON)                                                   \
    X(T, login, COL_FIXED, 0)                                                                      \
    X(T, at, COL_NOW | COL_FIXED, 0)                                                               \
    X(T, verdict, COL_NEED | COL_FIXED, 0)                                                         \
    X(T, note, COL_MEMO | COL_FIXED, 0)
ENTITY_COLUMNS(alert_ack, ALERT_ACK)
const struct entity alert_ack_entity = {
    ENTITY_COMMON(alert_ack, E_ALERT_ACK),
    .unit = alert_ack_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND,
    .readers = R_WORK,
    .writers = W_DUTY,
    .sql = {ENTITY_SQL(alert_ack, ALERT_ACK, WHEN_AT("at"), "at, id"),
            ENTITY_REF(alert_ack, ALERT_ACK, "alert", WHEN_AT("at"), "at, id")},
};
STATE_DEFINE(alert_ack)

#define SUPPRESSION(X, T)                                                                          \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, code, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, rule, COL_FIXED, 0)                                                                       \
    X(T, field, COL_FIXED, 0)                                                                      \
    X(T, value, COL_FIXED, 0)                                                                      \
    X(T, reason, COL_NEED | COL_MEMO, 0)                                                           \
    X(T, owner, COL_SELF | COL_FIXED, E_PERSON)                                                    \
    X(T, start, COL_NOW, 0)                                                                        \
    X(T, stop, COL_NEED, 0)

static int suppression_check(struct state *s, const struct state_actor *a, void *row,
                             const void *old, struct err *err)
{
    const struct state_suppression *x = row;

    (void)s;
    (void)a;
    (void)old;
    if (x->rule.n == 0 && x->value.n == 0)
        return err_fail(err, CE_MISSING, ERR_STATE_SUPPRESSION_RULE_OR_VALUE_WANTED);
    if ((x->field.n == 0) != (x->value.n == 0))
        return err_fail(err, CE_MISSING, ERR_STATE_SUPPRESSION_VALUE_BELONGS_FIELD);
    if (x->stop <= x->start)
        return err_fail(err, CE_RANGE, ERR_STATE_SUPPRESSION_ENDS_BEFORE_BEGINS);
    return 0;
}

ENTITY_COLUMNS(suppression, SUPPRESSION)
const struct entity suppression_entity = {
    ENTITY_COMMON(suppression, E_SUPPRESSION),
    .unit = suppression_unit,
    .other = COLUMN_NONE,
    .readers = R_WORK,
    .writers = W_TECH,
    .check = suppression_check,
    .sql = {ENTITY_SQL(suppression, SUPPRESSION, WHEN_SPAN, "start, id"),
            ENTITY_FIND(suppression, SUPPRESSION, "code = ?1 AND unit = ?2")},
};
STATE_DEFINE(suppression)

int state_offset_get(struct state *s, struct slice consumer, uint64_t *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_OFFSET_GET, &st, err);

    if (r < 0)
        return r;
    db_bind_text(st, 1, consumer);
    r = db_step(st, err);
    if (r >= 0)
        *ret = r ? (uint64_t)db_int(st, 0) : 0;
    db_done(&st);
    return r < 0 ? r : 0;
}

int state_offset_put(struct state *s, struct slice consumer, uint64_t offset, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = write_begin(s, err);

    if (r < 0)
        return r;
    r = state_stmt(s, SQL_OFFSET_PUT, &st, err);
    if (r == 0) {
        db_bind_text(st, 1, consumer);
        db_bind_int(st, 2, (int64_t)offset);
        r = db_run(st, err);
    }
    db_done(&st);
    return write_end(s, r, err);
}
