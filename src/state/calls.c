/* SPDX-License-Identifier: Apache-2.0 */
#include "state/calls.h"

#include "state/entity_internal.h"
#include "state/internal.h"

#define CALL(X, T)                                                                                 \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, matter, COL_NEED | COL_FIXED, 0)                                                          \
    X(T, thing, COL_NEED | COL_FIXED, 0)                                                           \
    X(T, level, COL_NEED | COL_FIXED, 0)                                                           \
    X(T, title, COL_NEED | COL_FIXED, 0)                                                           \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, step, 0, 0)                                                                               \
    X(T, round, 0, 0)                                                                              \
    X(T, began, COL_NEED, 0)                                                                       \
    X(T, due, COL_NEED, 0)                                                                         \
    X(T, answered_at, 0, 0)                                                                        \
    X(T, answerer, 0, E_PERSON)                                                                    \
    X(T, drill, COL_FIXED, 0)
ENTITY_COLUMNS(call, CALL)
const struct entity call_entity = {
    ENTITY_COMMON(call, E_CALL),
    .unit = call_unit,
    .other = COLUMN_NONE,
    .flags = ENT_SILENT,
    .readers = R_WORK,
    .writers = W_SYSTEM,
    .sql = {ENTITY_SQL(call, CALL, WHEN_AT("began"), "began, id"),
            ENTITY_REF(call, CALL, "thing", WHEN_AT("began"), "began, id")},
};
STATE_DEFINE(call)

#define MESSAGE(X, T)                                                                              \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, call, COL_NEED | COL_FIXED | COL_OWN, E_CALL)                                             \
    X(T, person, COL_FIXED, E_PERSON)                                                              \
    X(T, contact, 0, E_CONTACT)                                                                    \
    X(T, channel, COL_NEED | COL_FIXED, 0)                                                         \
    X(T, level, COL_NEED, 0)                                                                       \
    X(T, code, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, text, COL_NEED | COL_MEMO, 0)                                                             \
    X(T, count, COL_NEED, 0)                                                                       \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, tries, 0, 0)                                                                              \
    X(T, due, 0, 0)                                                                                \
    X(T, sent_at, 0, 0)                                                                            \
    X(T, reason, 0, 0)                                                                             \
    X(T, carrier, 0, E_MESSAGE)
ENTITY_COLUMNS(message, MESSAGE)
const struct entity message_entity = {
    ENTITY_COMMON(message, E_MESSAGE),
    .unit = message_unit,
    .other = COLUMN_NONE,
    .flags = ENT_SILENT,
    .readers = R_WORK,
    .writers = W_SYSTEM,
    .sql = {ENTITY_SQL(message, MESSAGE, WHEN_AT("created"), "created, id"),
            ENTITY_REF(message, MESSAGE, "call", WHEN_AT("created"), "created, id")},
};
STATE_DEFINE(message)

#define AWAKE(X, T)                                                                                \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, person, COL_NEED | COL_FIXED | COL_SELF, E_PERSON)                                        \
    X(T, start, COL_NOW | COL_FIXED, 0)                                                            \
    X(T, stop, COL_NEED | COL_FIXED, 0)
ENTITY_COLUMNS(awake, AWAKE)
const struct entity awake_entity = {
    ENTITY_COMMON(awake, E_AWAKE),
    .unit = awake_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND,
    .readers = R_WORK,
    .writers = W_DUTY,
    .sql = {ENTITY_SQL(awake, AWAKE, WHEN_SPAN, "start, id"),
            ENTITY_REF(awake, AWAKE, "person", WHEN_SPAN, "start, id")},
};
STATE_DEFINE(awake)

/* Ids of a bound statement's rows. */
static int read_ids(struct db_stmt *st, size_t most, struct state_id *ret, size_t *ret_n,
                    struct err *err)
{
    int r = 1;

    *ret_n = 0;
    while (*ret_n < most && (r = db_step(st, err)) > 0)
        ret[(*ret_n)++] = db_id(st, 0);
    db_done(&st);
    return CANH_MIN(r, 0);
}

int state_call_due(struct state *s, int64_t now, size_t most, struct state_id *ret, size_t *ret_n,
                   struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_CALL_DUE, &st, err);

    if (r < 0)
        return r;
    db_bind_int(st, 1, now);
    return read_ids(st, most, ret, ret_n, err);
}

/* A statement with one number, or none. */
static int run_one(struct state *s, enum sql_id id, const int64_t *number, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = write_begin(s, err);

    if (r < 0)
        return r;
    r = state_stmt(s, id, &st, err);
    if (r == 0 && number)
        db_bind_int(st, 1, *number);
    if (r == 0)
        r = db_run(st, err);
    db_done(&st);
    return write_end(s, r, err);
}

int state_call_end_all(struct state *s, struct err *err)
{
    int r = run_one(s, SQL_CALL_END_ALL, NULL, err);

    return r < 0 ? r : run_one(s, SQL_MESSAGE_END_ALL, NULL, err);
}

int state_call_shift(struct state *s, int64_t by, struct err *err)
{
    int r = run_one(s, SQL_CALL_SHIFT, &by, err);

    return r < 0 ? r : run_one(s, SQL_MESSAGE_SHIFT, &by, err);
}

int state_call_open(struct state *s, int32_t matter,
                    int (*fn)(void *u, const struct state_open_call *x), void *u, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_CALL_OPEN, &st, err);

    if (r < 0)
        return r;
    db_bind_int(st, 1, matter);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        const struct state_open_call x = {db_id(st, 0), db_id(st, 2)};

        r = fn(u, &x);
    }
    db_done(&st);
    return r;
}

int state_call_open_seen(struct state *s, const struct state_actor *a, int32_t matter, size_t most,
                         struct state_id *ret, size_t *ret_n, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_CALL_OPEN, &st, err);

    *ret_n = 0;
    if (r < 0)
        return r;
    db_bind_int(st, 1, matter);
    while (*ret_n < most && (r = db_step(st, err)) > 0)
        if (state_may_read(s, a, db_id(st, 1)))
            ret[(*ret_n)++] = db_id(st, 0);
    db_done(&st);
    return CANH_MIN(r, 0);
}

int state_message_coded(struct state *s, struct slice code, int64_t since, struct state_id *ret,
                        struct err *err)
{
    struct db_stmt *st = NULL;
    size_t n = 0;
    int r = state_stmt(s, SQL_MESSAGE_CODED, &st, err);

    *ret = STATE_ID_NONE;
    if (r < 0)
        return r;
    db_bind_text(st, 1, code);
    db_bind_int(st, 2, since);
    return read_ids(st, 1, ret, &n, err);
}

int state_message_due(struct state *s, int64_t now, size_t most, struct state_id *ret,
                      size_t *ret_n, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_MESSAGE_DUE, &st, err);

    if (r < 0)
        return r;
    db_bind_int(st, 1, now);
    return read_ids(st, most, ret, ret_n, err);
}

int state_message_handed(struct state *s, size_t most, struct state_id *ret, size_t *ret_n,
                         struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_MESSAGE_HANDED, &st, err);

    return r < 0 ? r : read_ids(st, most, ret, ret_n, err);
}

int state_message_carried(struct state *s, struct state_id carrier, size_t most,
                          struct state_id *ret, size_t *ret_n, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_MESSAGE_CARRIED, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &carrier);
    return read_ids(st, most, ret, ret_n, err);
}

int state_message_waiting(struct state *s, struct state_id person, int32_t channel,
                          struct state_id *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    size_t n = 0;
    int r = state_stmt(s, SQL_MESSAGE_WAITING, &st, err);

    *ret = STATE_ID_NONE;
    if (r < 0)
        return r;
    db_bind_id(st, 1, &person);
    db_bind_int(st, 2, channel);
    return read_ids(st, 1, ret, &n, err);
}

int state_message_recent(struct state *s, struct state_id person, int32_t channel, int64_t since,
                         int64_t *ret_n, int64_t *ret_first, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_MESSAGE_RECENT, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &person);
    db_bind_int(st, 2, channel);
    db_bind_int(st, 3, since);
    db_bind_int(st, 4, state_now(s));
    r = db_step(st, err);
    *ret_n = r > 0 ? db_int(st, 0) : 0;
    *ret_first = r > 0 ? db_int(st, 1) : 0;
    db_done(&st);
    return CANH_MIN(r, 0);
}

int state_message_ways(struct state *s, int (*fn)(void *u, const struct state_message_way *x),
                       void *u, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_MESSAGE_WAYS, &st, err);

    if (r < 0)
        return r;
    db_bind_int(st, 1, MESSAGE_WAYS_OF);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        const struct state_message_way x = {(int32_t)db_int(st, 0), (int32_t)db_int(st, 1),
                                            db_text(st, 2), db_int(st, 3), db_int(st, 4)};

        r = fn(u, &x);
    }
    db_done(&st);
    return r;
}

int state_awake_until(struct state *s, struct state_id person, int64_t *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_AWAKE_UNTIL, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &person);
    db_bind_int(st, 2, state_now(s));
    r = db_step(st, err);
    *ret = r > 0 ? db_int(st, 0) : 0;
    db_done(&st);
    return CANH_MIN(r, 0);
}
