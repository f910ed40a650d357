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
    X(T, history, 0, 0)                                                                            \
    X(T, suppression, 0, E_SUPPRESSION)                                                            \
    X(T, seen_at, 0, 0)                                                                            \
    X(T, doubtful, 0, 0)                                                                           \
    X(T, maintenance, 0, E_MAINTENANCE)                                                            \
    X(T, drill, COL_FIXED, 0)                                                                      \
    X(T, title_vi, COL_FIXED, 0)                                                                   \
    X(T, advice, COL_FIXED | COL_MEMO, 0)

static int alert_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                       struct err *err)
{
    struct state_alert *x = row;
    const struct state_alert *was = old;

    (void)a, (void)err;
    x->doubtful = (was && was->doubtful) || s->clock_doubtful;
    return 0;
}

/* Written out as the partial indexes have it, or they are not used. */
#define LIVE   "history = 0 AND suppression IS NULL"
#define BEHIND "last_seen <= ?1 AND (last_seen < ?1 OR id > ?2)"
#define OPEN   LIVE " AND state < 3"
#define WALK(kind, when)                                                                           \
    [OP_WALK + 2 * (kind)] = SQL_LIST(alert, ALERT, when " AND " BEHIND, "last_seen DESC, id"),    \
                   [OP_WALK + 2 * (kind) + 1] =                                                    \
                       SQL_LIST(alert, ALERT, "unit = ?3 AND " when " AND " BEHIND,                \
                                "last_seen DESC, id")

ENTITY_COLUMNS(alert, ALERT)
const struct entity alert_entity = {
    ENTITY_COMMON(alert, E_ALERT),
    .unit = alert_unit,
    .other = COLUMN_NONE,
    .flags = ENT_SILENT,
    .readers = R_WORK,
    .writers = W_SYSTEM,
    .check = alert_check,
    .sql = {ENTITY_SQL(alert, ALERT, "first_seen < ?2 AND last_seen >= ?1", "first_seen, id"),
            ENTITY_REF(alert, ALERT, "source", "first_seen < ?2 AND last_seen >= ?1",
                       "first_seen, id"),
            ENTITY_FIND(alert, ALERT, "code = ?1 AND unit = ?2"),
            [OP_BEGINS] = SQL_LIST(alert, ALERT, "code >= ?1 AND code < ?2", "code"),
            WALK(STATE_ALERTS_ALL, "1"), WALK(STATE_ALERTS_LIVE, "state = ?4 AND " LIVE),
            WALK(STATE_ALERTS_OPEN, OPEN), WALK(STATE_ALERTS_HISTORY, "history = 1")},
};
STATE_DEFINE(alert)

/* Tells each row of st that the actor may read, and that lies in the unit where one is asked for.
 */
static int tell_rows(struct state *s, const struct state_actor *a, struct state_id unit,
                     struct db_stmt *st, int (*fn)(void *u, const struct state_alert *x), void *u,
                     struct err *err)
{
    struct state_actor within = {.unit = unit, .role = STATE_HEAD};
    struct state_alert row;
    int r = 0;

    while (r == 0 && (r = db_step(st, err)) > 0) {
        entity_read(&alert_entity, st, 0, &row);
        r = entity_readable(s, a, &alert_entity, &row) &&
                    (id_is_none(unit) || state_may_read(s, &within, row.unit))
                ? fn(u, &row)
                : 0;
    }
    return r;
}

int state_alert_newest(struct state *s, const struct state_actor *a,
                       const struct state_alert_walk *w,
                       int (*fn)(void *u, const struct state_alert *x), void *u, struct err *err)
{
    struct state_actor within = {.unit = w->unit, .role = STATE_HEAD};
    struct state_id one;
    struct db_stmt *st = NULL;
    int r = entity_may(a, &alert_entity, false, err);

    if (r == 0)
        r = scope_only(s, id_is_none(w->unit) ? a : &within, &one, err);
    if (r == 0)
        r = entity_stmt(s, &alert_entity,
                        (enum entity_op)(OP_WALK + 2 * w->kind + !id_is_none(one)), &st, err);
    if (r < 0)
        return r;
    db_bind_int(st, 1, w->seen ? w->seen : INT64_MAX);
    db_bind_id(st, 2, &w->id);
    if (!id_is_none(one))
        db_bind_id(st, 3, &one);
    if (w->kind == STATE_ALERTS_LIVE)
        db_bind_int(st, 4, w->state);
    r = tell_rows(s, a, w->unit, st, fn, u, err);
    db_done(&st);
    return r;
}

int state_alert_begins(struct state *s, const struct state_actor *a, struct slice begin,
                       int (*fn)(void *u, const struct state_alert *x), void *u, struct err *err)
{
    struct buf end = BUF_INIT(1000);
    struct db_stmt *st = NULL;
    int r = entity_may(a, &alert_entity, false, err);

    buf_append_slice(&end, begin);
    buf_putc(&end, 'g'); /* codes are hexadecimal */
    if (r == 0)
        r = end.err ? err_fail(err, CE_NOT_FOUND, ERR_STATE_NO_SUCH, noun_of(&alert_entity)) : 0;
    if (r == 0)
        r = entity_stmt(s, &alert_entity, OP_BEGINS, &st, err);
    if (r == 0) {
        db_bind_text(st, 1, begin);
        db_bind_text(st, 2, buf_slice(&end));
        r = tell_rows(s, a, STATE_ID_NONE, st, fn, u, err);
    }
    db_done(&st);
    buf_done(&end);
    return r;
}

int state_alert_waiting(struct state *s, const struct state_actor *a, size_t *ret, struct err *err)
{
    const struct waiting *w = NULL;
    struct scope_view v;
    int r = entity_may(a, &alert_entity, false, err);

    *ret = 0;
    if (r == 0)
        r = waiting_read(s, &w, err);
    if (r == 0)
        r = scope_view(s, a, &v, err);
    for (uint32_t i = 0; r == 0 && i < w->count; i++)
        if (scope_sees(&v, w->rows[i].unit))
            *ret += w->rows[i].n;
    return r;
}

int state_suppression_hits(struct state *s, const struct state_actor *a,
                           struct state_id suppression, struct state_suppression_hits *ret,
                           struct err *err)
{
    struct scope_view v;
    struct db_stmt *st = NULL;
    int r = entity_may(a, &alert_entity, false, err);

    *ret = (struct state_suppression_hits){.count = 0};
    if (r == 0)
        r = scope_view(s, a, &v, err);
    if (r == 0)
        r = state_stmt(s, SQL_SUPPRESSION_HITS, &st, err);
    if (r < 0)
        return r;
    db_bind_id(st, 1, &suppression);
    while ((r = db_step(st, err)) > 0) {
        if (!scope_sees(&v, db_id(st, 0)))
            continue;
        ret->count += db_int(st, 1);
        ret->last = CANH_MAX(ret->last, db_int(st, 2));
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

#define MAINTENANCE(X, T)                                                                          \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, code, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, asset, COL_FIXED | COL_OWN, E_ASSET)                                                      \
    X(T, reason, COL_NEED | COL_MEMO, 0)                                                           \
    X(T, owner, COL_SELF | COL_FIXED, E_PERSON)                                                    \
    X(T, start, COL_NEED | COL_FIXED, 0)                                                           \
    X(T, stop, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, repeat, COL_FIXED, 0)                                                                     \
    X(T, until, COL_NEED, 0)

static int maintenance_check(struct state *s, const struct state_actor *a, void *row,
                             const void *old, struct err *err)
{
    const struct state_maintenance *x = row;

    (void)s;
    (void)a;
    (void)old;
    if (x->stop <= x->start)
        return err_fail(err, CE_RANGE, ERR_STATE_MAINTENANCE_ENDS_BEFORE_BEGINS);
    return 0;
}

ENTITY_COLUMNS(maintenance, MAINTENANCE)
const struct entity maintenance_entity = {
    ENTITY_COMMON(maintenance, E_MAINTENANCE),
    .unit = maintenance_unit,
    .other = COLUMN_NONE,
    .readers = R_WORK,
    .writers = W_TECH,
    .check = maintenance_check,
    .sql = {ENTITY_SQL(maintenance, MAINTENANCE, "start < ?2 AND until > ?1", "start, id"),
            ENTITY_FIND(maintenance, MAINTENANCE, "code = ?1 AND unit = ?2")},
};
STATE_DEFINE(maintenance)
