/* SPDX-License-Identifier: Apache-2.0 */
#include "state/cases.h"

#include <stdio.h>

#include "base/time.h"
#include "lang/err_state.h"
#include "lang/zone.h"
#include "state/entity_internal.h"
#include "state/step.h"

#define CASE(X, T)                                                                                 \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, number, COL_NEED | COL_FIXED, 0)                                                          \
    X(T, title, COL_NEED, 0)                                                                       \
    X(T, class, COL_NEED, 0)                                                                       \
    X(T, level, COL_NEED, 0)                                                                       \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, tlp, COL_NEED, 0)                                                                         \
    X(T, t0, COL_NEED, 0)                                                                          \
    X(T, t0_data, 0, 0)                                                                            \
    X(T, system, 0, 0)                                                                             \
    X(T, system_level, 0, 0)                                                                       \
    X(T, what, COL_MEMO, 0)                                                                        \
    X(T, cause, COL_MEMO, 0)                                                                       \
    X(T, remedy, COL_MEMO, 0)                                                                      \
    X(T, support, COL_MEMO, 0)                                                                     \
    X(T, owner, 0, E_PERSON)                                                                       \
    X(T, opened, COL_NOW | COL_FIXED, 0)                                                           \
    X(T, closed_at, 0, 0)                                                                          \
    X(T, closed_recorded, COL_STEP, 0)                                                             \
    X(T, merged, COL_OWN, E_CASE)                                                                  \
    X(T, drill, COL_FIXED, 0)

#define BEFORE_CLOSED                                                                              \
    (STEP_FROM(STATE_CASE_NEW) | STEP_FROM(STATE_CASE_TRIAGE) | STEP_FROM(STATE_CASE_CONTAIN) |    \
     STEP_FROM(STATE_CASE_REMEDY) | STEP_FROM(STATE_CASE_OBSERVE))

/* Work goes forward and back as it must; only what was closed is learned from or opened again. */
static const struct step steps[] = {
    {STATE_CASE_NEW, STEP_ANY, STEP_NEW},
    {STATE_CASE_TRIAGE, STEP_ANY, BEFORE_CLOSED | STEP_FROM(STATE_CASE_CLOSED)},
    {STATE_CASE_CONTAIN, STEP_ANY, BEFORE_CLOSED},
    {STATE_CASE_REMEDY, STEP_ANY, BEFORE_CLOSED},
    {STATE_CASE_OBSERVE, STEP_ANY, BEFORE_CLOSED},
    {STATE_CASE_CLOSED, STEP_ANY, BEFORE_CLOSED},
    {STATE_CASE_LEARNED, STEP_ANY, STEP_FROM(STATE_CASE_CLOSED)},
    {STATE_CASE_MERGED, STEP_ANY, BEFORE_CLOSED},
};

int state_case_step(struct state *s, const struct state_actor *a, const struct state_case *x,
                    int32_t to, struct err *err)
{
    (void)s;
    (void)a;
    return step_check(steps, CANH_LEN(steps), x->version ? x->state : 0, to, STEP_ANY, err);
}

/* Numbers begin anew with Vietnam's year, not with the storage's. */
static int cases_number(struct state *s, struct state_case *x, struct err *err)
{
    struct civil c;
    int64_t n = 0;
    int r;

    time_to_civil(state_now(s), ZONE_OWN, &c);
    r = meta_number_next(s, "case", c.year, &n, err);
    if (r == 0)
        (void)snprintf(s->case_number, sizeof(s->case_number), "SC-%04d-%04lld", c.year,
                       (long long)n);
    x->number = slice_str(s->case_number);
    return r;
}

static int case_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                      struct err *err)
{
    struct state_case *x = row;
    const struct state_case *was = old;
    int r = was == NULL || was->state != x->state
                ? step_check(steps, CANH_LEN(steps), was ? was->state : 0, x->state, STEP_ANY, err)
                : 0;

    (void)a;
    if (r < 0)
        return r;
    if (x->t0 > state_now(s) + 2 * TIME_MINUTE)
        return err_fail(err, CE_RANGE, ERR_STATE_CASE_BEGINS_LATER);
    if (x->state == STATE_CASE_CLOSED && (x->cause.n == 0 || x->remedy.n == 0))
        return err_fail(err, CE_MISSING, ERR_STATE_CASE_CLOSED_WITHOUT_CAUSE);
    if (x->state == STATE_CASE_MERGED && (id_is_none(x->merged) || id_eq(x->merged, x->id)))
        return err_fail(err, CE_MISSING, ERR_STATE_CASE_MERGED_INTO_ANOTHER);
    return 0;
}

#define BEHIND "opened <= ?1 AND (opened < ?1 OR id > ?2)"

ENTITY_COLUMNS(case, CASE)
const struct entity case_entity = {
    ENTITY_COMMON(case, E_CASE),
    .unit = case_unit,
    .other = COLUMN_NONE,
    .flags = ENT_LED,
    .readers = R_WORK,
    .writers = W_DUTY,
    .check = case_check,
    .sql = {ENTITY_SQL(case, CASE, WHEN_AT("opened"), "opened, id"),
            ENTITY_FIND(case, CASE, "number = ?1"),
            [OP_WALK] = SQL_LIST(case, CASE, BEHIND, "opened DESC, id"),
            [OP_WALK + 1] = SQL_LIST(case, CASE, "state < 6 AND " BEHIND, "opened DESC, id"),
            [OP_WALK + 2] = SQL_LIST(case, CASE, "unit = ?3 AND " BEHIND, "opened DESC, id"),
            [OP_WALK + 3] =
                SQL_LIST(case, CASE, "unit = ?3 AND state < 6 AND " BEHIND, "opened DESC, id")},
};

int state_case_put(struct state *s, const struct state_actor *a, struct state_case *x,
                   struct err *err)
{
    int r = write_begin(s, err);

    if (r < 0)
        return r;
    if (x->version == 0) {
        r = cases_number(s, x, err);
        x->state = STATE_CASE_NEW;
    }
    if (r == 0)
        r = entity_write(s, a, &case_entity, x, err);
    return write_end(s, r, err);
}
STATE_DEFINE_READ(case)

#define CASE_LINE(X, T)                                                                            \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, incident, COL_NEED | COL_FIXED | COL_OWN, E_CASE)                                         \
    X(T, person, COL_SELF | COL_FIXED, E_PERSON)                                                   \
    X(T, login, COL_FIXED, 0)                                                                      \
    X(T, at, COL_NOW | COL_FIXED, 0)                                                               \
    X(T, kind, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, what, COL_FIXED, 0)                                                                       \
    X(T, value, COL_FIXED, 0)                                                                      \
    X(T, text, COL_MEMO | COL_FIXED, 0)                                                            \
    X(T, source, COL_FIXED, 0)                                                                     \
    X(T, alert, COL_FIXED, E_ALERT)                                                                \
    X(T, evidence, COL_FIXED, E_EVIDENCE)
ENTITY_COLUMNS(case_line, CASE_LINE)
const struct entity case_line_entity = {
    ENTITY_COMMON(case_line, E_CASE_LINE),
    .unit = case_line_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND | ENT_LED,
    .readers = R_WORK,
    .writers = W_DUTY,
    .sql = {ENTITY_SQL(case_line, CASE_LINE, WHEN_AT("at"), "at, created, id"),
            ENTITY_REF(case_line, CASE_LINE, "incident", WHEN_AT("at"), "at, created, id")},
};
STATE_DEFINE(case_line)

#define CASE_TASK(X, T)                                                                            \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, incident, COL_NEED | COL_FIXED | COL_OWN, E_CASE)                                         \
    X(T, text, COL_NEED | COL_FIXED | COL_MEMO, 0)                                                 \
    X(T, owner, 0, E_PERSON)                                                                       \
    X(T, due, 0, 0)                                                                                \
    X(T, done_at, 0, 0)                                                                            \
    X(T, result, COL_MEMO, 0)
ENTITY_COLUMNS(case_task, CASE_TASK)
const struct entity case_task_entity = {
    ENTITY_COMMON(case_task, E_CASE_TASK),
    .unit = case_task_unit,
    .other = COLUMN_NONE,
    .flags = ENT_LED,
    .readers = R_WORK,
    .writers = W_DUTY,
    .sql = {ENTITY_SQL(case_task, CASE_TASK, WHEN_AT("created"), "created, id"),
            ENTITY_REF(case_task, CASE_TASK, "incident", WHEN_AT("created"), "created, id")},
};
STATE_DEFINE(case_task)

#define CASE_READING(X, T)                                                                         \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, incident, COL_NEED | COL_FIXED | COL_OWN, E_CASE)                                         \
    X(T, person, COL_FIXED | COL_ANY, E_PERSON)                                                    \
    X(T, login, COL_FIXED, 0)                                                                      \
    X(T, at, COL_NOW | COL_FIXED, 0)
ENTITY_COLUMNS(case_reading, CASE_READING)
const struct entity case_reading_entity = {
    ENTITY_COMMON(case_reading, E_CASE_READING),
    .unit = case_reading_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND,
    .readers = R_WORK,
    .writers = W_SYSTEM,
    .sql = {ENTITY_SQL(case_reading, CASE_READING, WHEN_AT("at"), "at, id"),
            ENTITY_REF(case_reading, CASE_READING, "incident", WHEN_AT("at"), "at, id")},
};
STATE_DEFINE(case_reading)

#define CASE_TEXT(X, T)                                                                            \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, incident, COL_NEED | COL_FIXED | COL_OWN, E_CASE)                                         \
    X(T, person, COL_SELF | COL_FIXED, E_PERSON)                                                   \
    X(T, login, COL_FIXED, 0)                                                                      \
    X(T, at, COL_NOW | COL_FIXED, 0)                                                               \
    X(T, field, COL_NEED | COL_FIXED, 0)                                                           \
    X(T, text, COL_MEMO | COL_FIXED, 0)
ENTITY_COLUMNS(case_text, CASE_TEXT)
const struct entity case_text_entity = {
    ENTITY_COMMON(case_text, E_CASE_TEXT),
    .unit = case_text_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND | ENT_LED,
    .readers = R_WORK,
    .writers = W_DUTY,
    .sql = {ENTITY_SQL(case_text, CASE_TEXT, WHEN_AT("at"), "at, created, id"),
            ENTITY_REF(case_text, CASE_TEXT, "incident", WHEN_AT("at"), "at, created, id")},
};
STATE_DEFINE(case_text)

int state_case_of_alert(struct state *s, struct state_id alert, struct state_id *ret,
                        struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_CASE_OF_ALERT, &st, err);

    *ret = STATE_ID_NONE;
    if (r < 0)
        return r;
    db_bind_id(st, 1, &alert);
    r = db_step(st, err);
    if (r > 0)
        *ret = db_id(st, 0);
    db_done(&st);
    return CANH_MIN(r, 0);
}

int state_case_newest(struct state *s, const struct state_actor *a, const struct state_case_walk *w,
                      int (*fn)(void *u, const struct state_case *x), void *u, struct err *err)
{
    struct state_case row;
    struct state_id one = STATE_ID_NONE;
    struct db_stmt *st = NULL;
    int r = entity_may(a, &case_entity, false, err);

    if (r == 0)
        r = scope_only(s, a, &one, err);
    if (r == 0)
        r = entity_stmt(s, &case_entity, (enum entity_op)(OP_WALK + w->open + 2 * !id_is_none(one)),
                        &st, err);
    if (r == 0) {
        db_bind_int(st, 1, w->opened ? w->opened : INT64_MAX);
        db_bind_id(st, 2, &w->id);
    }
    if (r == 0 && !id_is_none(one))
        db_bind_id(st, 3, &one);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        entity_read(&case_entity, st, 0, &row);
        r = entity_readable(s, a, &case_entity, &row) ? fn(u, &row) : 0;
    }
    db_done(&st);
    return r;
}
