/* SPDX-License-Identifier: Apache-2.0 */
#include "state/plans.h"

#include "lang/err_state.h"
#include "state/step.h"
#include "state/units.h"

#define PLAN(X, T)                                                                                 \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, code, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, number, 0, 0)                                                                             \
    X(T, title, COL_NEED, 0)                                                                       \
    X(T, basis, COL_MEMO, 0)                                                                       \
    X(T, issued, 0, 0)                                                                             \
    X(T, start, COL_NOW, 0)                                                                        \
    X(T, stop, COL_FOREVER, 0)                                                                     \
    X(T, stop_event, 0, 0)                                                                         \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, yaml, COL_LONG, 0)                                                                        \
    X(T, approved_by, COL_SELF | COL_HEAD, E_PERSON)                                               \
    X(T, approved_at, COL_HEAD, 0)                                                                 \
    X(T, invented, COL_FIXED, 0)
ENTITY_COLUMNS(plan, PLAN)
const struct entity plan_entity = {
    ENTITY_COMMON(plan, E_PLAN),
    .unit = plan_unit,
    .other = COLUMN_NONE,
    .flags = ENT_OPEN,
    .readers = R_OPEN,
    .writers = W_LEAD,
    .sql = {ENTITY_SQL(plan, PLAN, WHEN_SPAN, "start, id"), [OP_FIND] =
                                                                SQL_FIND(plan, PLAN, "code = ?1")},
};
STATE_DEFINE(plan)

#define CLAUSE(X, T)                                                                               \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, plan, COL_NEED | COL_FIXED | COL_OWN, E_PLAN)                                             \
    X(T, number, COL_NEED | COL_FIXED, 0)                                                          \
    X(T, text, COL_MEMO, 0)                                                                        \
    X(T, note, COL_MEMO, 0)                                                                        \
    X(T, position, 0, 0)
ENTITY_COLUMNS(clause, CLAUSE)
const struct entity clause_entity = {
    ENTITY_COMMON(clause, E_CLAUSE),
    .unit = clause_unit,
    .other = COLUMN_NONE,
    .flags = ENT_OPEN | ENT_DROP,
    .readers = R_OPEN,
    .writers = W_LEAD,
    .sql = {ENTITY_SQL(clause, CLAUSE, WHEN_ANY, "plan, position, id"),
            ENTITY_REF(clause, CLAUSE, "plan", WHEN_ANY, "position, id"),
            ENTITY_FIND(clause, CLAUSE, "number = ?1 AND plan = ?2")},
};
STATE_DEFINE(clause)

#define PHASE(X, T)                                                                                \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, plan, COL_NEED | COL_FIXED | COL_OWN, E_PLAN)                                             \
    X(T, code, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, name, 0, 0)                                                                               \
    X(T, start, COL_NEED, 0)                                                                       \
    X(T, stop, COL_FOREVER, 0)
ENTITY_COLUMNS(phase, PHASE)
const struct entity phase_entity = {
    ENTITY_COMMON(phase, E_PHASE),
    .unit = phase_unit,
    .other = COLUMN_NONE,
    .flags = ENT_OPEN | ENT_DROP,
    .readers = R_OPEN,
    .writers = W_LEAD,
    .sql = {ENTITY_SQL(phase, PHASE, WHEN_SPAN, "start, id"),
            ENTITY_REF(phase, PHASE, "plan", WHEN_SPAN, "start, id"),
            ENTITY_FIND(phase, PHASE, "code = ?1 AND plan = ?2")},
};
STATE_DEFINE(phase)

#define OBLIGATION(X, T)                                                                           \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, plan, COL_NEED | COL_FIXED | COL_OWN, E_PLAN)                                             \
    X(T, clause, COL_OWN, E_CLAUSE)                                                                \
    X(T, code, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, title, COL_NEED, 0)                                                                       \
    X(T, applies, COL_MEMO, 0)                                                                     \
    X(T, who, 0, 0)                                                                                \
    X(T, word, 0, 0)                                                                               \
    X(T, frequency, 0, 0)                                                                          \
    X(T, chosen_by, 0, 0)                                                                          \
    X(T, proof, COL_MEMO, 0)                                                                       \
    X(T, lead, 0, 0)                                                                               \
    X(T, origin, 0, 0)                                                                             \
    X(T, inherits, COL_MEMO, 0)                                                                    \
    X(T, grace, 0, 0)                                                                              \
    X(T, start, COL_NOW, 0)                                                                        \
    X(T, stop, COL_FOREVER, 0)                                                                     \
    X(T, position, 0, 0)                                                                           \
    X(T, enabled, 0, 0)
ENTITY_COLUMNS(obligation, OBLIGATION)
const struct entity obligation_entity = {
    ENTITY_COMMON(obligation, E_OBLIGATION),
    .unit = obligation_unit,
    .other = COLUMN_NONE,
    .flags = ENT_OPEN,
    .readers = R_OPEN,
    .writers = W_LEAD,
    .sql = {ENTITY_SQL(obligation, OBLIGATION, WHEN_SPAN, "plan, position, id"),
            ENTITY_REF(obligation, OBLIGATION, "plan", WHEN_SPAN, "position, id"),
            ENTITY_FIND(obligation, OBLIGATION, "code = ?1 AND plan = ?2")},
};
STATE_DEFINE(obligation)

#define ASSIGNMENT(X, T)                                                                           \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, plan, COL_NEED | COL_FIXED, E_PLAN)                                                       \
    X(T, given_at, COL_NOW, 0)                                                                     \
    X(T, accepted_at, COL_HEAD, 0)                                                                 \
    X(T, accepted_recorded, COL_STEP, 0)                                                           \
    X(T, accepted_by, COL_SELF | COL_HEAD, E_PERSON)                                               \
    X(T, deputy, COL_OWN, E_PERSON)                                                                \
    X(T, confirmed_at, COL_HEAD, 0)                                                                \
    X(T, confirmed_recorded, COL_STEP, 0)                                                          \
    X(T, note, COL_MEMO, 0)
/* A plan is given by whoever may; the unit's own head accepts and confirms it, nobody for them. */
static int assignment_check(struct state *s, const struct state_actor *a, void *row,
                            const void *old, struct err *err)
{
    const struct state_assignment *x = row, *was = old;
    struct scope_view v;
    int r;

    if (x->accepted_at == (was ? was->accepted_at : 0) &&
        x->confirmed_at == (was ? was->confirmed_at : 0))
        return 0;
    r = scope_view(s, a, &v, err);
    if (r == 0 && (!actor_is(a, W_HEAD) || !scope_writes(&v, x->unit, false)))
        r = err_fail(err, CE_DENIED, ERR_STATE_ASSIGNMENT_OWN_HEAD);
    return r;
}

ENTITY_COLUMNS(assignment, ASSIGNMENT)
const struct entity assignment_entity = {
    ENTITY_COMMON(assignment, E_ASSIGNMENT),
    .unit = assignment_unit,
    .other = COLUMN_NONE,
    .flags = ENT_LED,
    .readers = R_WORK,
    .writers = W_HEAD_LEAD,
    .check = assignment_check,
    .sql = {ENTITY_SQL(assignment, ASSIGNMENT, WHEN_AT("given_at"), "given_at, id"),
            ENTITY_REF(assignment, ASSIGNMENT, "plan", WHEN_AT("given_at"), "given_at, id")},
};
STATE_DEFINE(assignment)

#define EXEMPTION(X, T)                                                                            \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, obligation, COL_NEED | COL_FIXED, E_OBLIGATION)                                           \
    X(T, reason, COL_NEED | COL_MEMO, 0)                                                           \
    X(T, start, COL_NOW, 0)                                                                        \
    X(T, stop, COL_NEED, 0)                                                                        \
    X(T, approved_by, COL_SELF, E_PERSON)                                                          \
    X(T, approved_at, 0, 0)                                                                        \
    X(T, approved_recorded, COL_STEP, 0)

/* A unit may ask to be exempt; only a lead authority grants it, and changes what it granted. */
static int exemption_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                           struct err *err)
{
    const struct state_exemption *x = row, *was = old;
    int64_t before = was ? was->approved_at : 0;

    if (W_LEAD & 1u << a->role) {
        approval_settle(a, &exemption_entity, row, old);
        return right_outside(s, x->approved_by, x->unit, STATE_MAY_EXEMPT, err);
    }
    if (x->approved_at != before || !id_is_none(x->approved_by))
        return err_fail(err, CE_DENIED, ERR_STATE_EXEMPTION_ONLY_LEAD_AUTHORITY_APPROVES);
    if (before)
        return err_fail(err, CE_DENIED, ERR_STATE_EXEMPTION_APPROVED_ASK_FOR_ANOTHER);
    return 0;
}

ENTITY_COLUMNS(exemption, EXEMPTION)
const struct entity exemption_entity = {
    ENTITY_COMMON(exemption, E_EXEMPTION),
    .unit = exemption_unit,
    .other = COLUMN_NONE,
    .flags = ENT_LED,
    .readers = R_WORK,
    .writers = W_HEAD_LEAD,
    .check = exemption_check,
    .sql = {ENTITY_SQL(exemption, EXEMPTION, WHEN_SPAN, "start, id"),
            ENTITY_REF(exemption, EXEMPTION, "obligation", WHEN_SPAN, "start, id")},
};
STATE_DEFINE(exemption)

#define TASK(X, T)                                                                                 \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, obligation, COL_NEED | COL_FIXED, E_OBLIGATION)                                           \
    X(T, start, COL_NEED | COL_FIXED, 0)                                                           \
    X(T, stop, COL_NEED, 0)                                                                        \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, reason, COL_MEMO, 0)                                                                      \
    X(T, promised, 0, 0)                                                                           \
    X(T, person, COL_SELF, E_PERSON)                                                               \
    X(T, approved_by, COL_SELF | COL_HEAD, E_PERSON)

enum { APPROVES = 1 };
enum {
    TASK_OPEN = STEP_NEW | STEP_FROM(STATE_TASK_DOING) | STEP_FROM(STATE_TASK_WAITING) |
                STEP_FROM(STATE_TASK_RETURNED) | STEP_FROM(STATE_TASK_NOT_YET)
};

/* What was approved a head takes back by returning it. */
static const struct step task_steps[] = {
    {STATE_TASK_DOING, STEP_ANY, TASK_OPEN},
    {STATE_TASK_WAITING, STEP_ANY, TASK_OPEN},
    {STATE_TASK_NOT_YET, STEP_ANY, TASK_OPEN},
    {STATE_TASK_APPROVED, APPROVES, TASK_OPEN},
    {STATE_TASK_RETURNED, APPROVES, TASK_OPEN | STEP_FROM(STATE_TASK_APPROVED)},
};

/* Whether the words of a task change; what was approved does so only by being returned. */
static bool task_changes(const struct state_task *x, const struct state_task *was)
{
    return was && (x->stop != was->stop || x->promised != was->promised ||
                   !slice_eq(x->reason, was->reason) || !id_eq(x->person, was->person));
}

/* "Not yet" is honest only with its reason; approval is a head's. */
static int task_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                      struct err *err)
{
    struct state_task *x = row;
    const struct state_task *was = old;
    int32_t before = was ? was->state : 0;
    int r;

    if (x->state == STATE_TASK_APPROVED && before != x->state &&
        (id_is_none(x->approved_by) || (was && id_eq(x->approved_by, was->approved_by))))
        x->approved_by = a->person; /* who approves, not who did before */
    if (x->state == STATE_TASK_NOT_YET && x->reason.n == 0)
        return err_fail(err, CE_MISSING, ERR_STATE_TASK_NOT_YET_NEEDS_REASON);
    r = right_own(s, x->approved_by, x->person, x->unit, STATE_MAY_APPROVE_ROSTER, err);
    if (r == 0 && before == x->state && before != STATE_TASK_APPROVED)
        approval_settle(a, &task_entity, row, old);
    return r < 0 || (x->state == before && !(before == STATE_TASK_APPROVED && task_changes(x, was)))
               ? r
               : step_check(task_steps, CANH_LEN(task_steps), before, x->state,
                            actor_is(a, R_HEAD) ? APPROVES : 0, err);
}

ENTITY_COLUMNS(task, TASK)
const struct entity task_entity = {
    ENTITY_COMMON(task, E_TASK),
    .unit = task_unit,
    .other = COLUMN_NONE,
    .flags = ENT_LED,
    .readers = R_WORK,
    .writers = W_DUTY,
    .check = task_check,
    .sql = {ENTITY_SQL(task, TASK, WHEN_SPAN, "obligation, start, id"),
            ENTITY_REF(task, TASK, "obligation", WHEN_SPAN, "start, id")},
};
STATE_DEFINE(task)

int state_status_put(struct state *s, const struct state_actor *a, const struct state_status *x,
                     struct err *err)
{
    struct db_stmt *st = NULL;
    int r;

    if (a->role != STATE_SYSTEM)
        return err_fail(err, CE_DENIED, ERR_STATE_STATUS_COMPUTED_NOT_WRITTEN);
    if (x->packed.n == 0 || x->packed.n > CONTENT_MAX)
        return err_fail(err, CE_RANGE, ERR_STATE_STATUS_BYTES, x->packed.n);
    r = write_begin(s, err);
    if (r < 0)
        return r;
    r = state_stmt(s, SQL_STATUS_PUT, &st, err);
    if (r == 0) {
        db_bind_id(st, 1, &x->unit);
        db_bind_id(st, 2, &x->obligation);
        db_bind_int(st, 3, x->computed);
        db_bind_int(st, 4, x->start);
        db_bind_int(st, 5, x->stop);
        db_bind_blob(st, 6, x->packed);
        r = db_run(st, err);
        db_done(&st);
    }
    return write_end(s, r, err);
}

static void read_status(struct db_stmt *st, struct state_status *x)
{
    *x = (struct state_status){
        .unit = db_id(st, 0),
        .obligation = db_id(st, 1),
        .computed = db_int(st, 2),
        .start = db_int(st, 3),
        .stop = db_int(st, 4),
        .packed = db_blob(st, 5),
    };
}

static bool plans_wanted(struct state *s, const struct state_query *q, const struct state_status *x)
{
    if (!id_is_none(q->ref) && !id_eq(q->ref, x->obligation))
        return false;
    if (id_is_none(q->unit) || id_eq(q->unit, x->unit))
        return true;
    return q->below && state_unit_below(s, x->unit, q->unit, 0);
}

int state_status_each(struct state *s, const struct state_actor *a, const struct state_query *q,
                      int (*fn)(void *u, const struct state_status *x), void *u, struct err *err)
{
    static const struct state_query everything;
    bool one;
    struct db_stmt *st = NULL;
    struct scope_view v;
    int r;

    q = q ? q : &everything;
    one = !id_is_none(q->unit) && !q->below;
    if (a->role >= STATE_ROLE_MAX || !(R_WORK & 1u << a->role))
        return err_fail(err, CE_DENIED, ERR_STATE_ROLE_MAY_NOT_READ_STATUS,
                        state_role_to_str(a->role));
    r = scope_view(s, a, &v, err);
    if (r < 0)
        return r;
    r = state_stmt(s, one ? SQL_STATUS_UNIT : SQL_STATUS_ALL, &st, err);
    if (r == 0 && one)
        db_bind_id(st, 1, &q->unit);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        struct state_status x;

        read_status(st, &x);
        r = plans_wanted(s, q, &x) ? scope_view(s, a, &v, err) : 0;
        if (r == 0 && plans_wanted(s, q, &x) && scope_sees(&v, x.unit))
            r = fn(u, &x);
    }
    db_done(&st);
    return r;
}
