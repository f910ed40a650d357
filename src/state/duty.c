/* SPDX-License-Identifier: Apache-2.0 */
#include "state/duty.h"

#include "lang/err_state.h"
#include "state/step.h"

#define POST(X, T)                                                                                 \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, code, COL_NEED, 0)                                                                        \
    X(T, name, COL_NEED, 0)                                                                        \
    X(T, kind, COL_NEED, 0)                                                                        \
    X(T, presence, COL_NEED, 0)                                                                    \
    X(T, hours, COL_NEED, 0)                                                                       \
    X(T, people, COL_NEED, 0)                                                                      \
    X(T, zone, COL_NEED, 0)                                                                        \
    X(T, mark_minutes, 0, 0)                                                                       \
    X(T, valid_from, COL_NOW, 0)                                                                   \
    X(T, valid_to, COL_FOREVER, 0)                                                                 \
    X(T, note, COL_MEMO, 0)                                                                        \
    X(T, invented, COL_FIXED, 0)                                                                   \
    X(T, drill, COL_FIXED, 0)
ENTITY_COLUMNS(post, POST)
const struct entity post_entity = {
    ENTITY_COMMON(post, E_POST),
    .unit = post_unit,
    .other = COLUMN_NONE,
    .readers = R_WORK,
    .writers = W_HEAD,
    .sql = {ENTITY_SQL(post, POST, WHEN_VALID, ORDER_CODE),
            ENTITY_FIND(post, POST, "code = ?1 AND unit = ?2")},
};
STATE_DEFINE(post)

int state_posts_of_person(struct state *s, struct state_id person, int64_t from, int64_t until,
                          int (*fn)(void *u, struct state_id post), void *u, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_POSTS_OF_PERSON, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &person);
    db_bind_int(st, 2, from);
    db_bind_int(st, 3, until);
    while (r == 0 && (r = db_step(st, err)) > 0)
        r = fn(u, db_id(st, 0));
    db_done(&st);
    return r;
}

#define COVERAGE(X, T)                                                                             \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, post, COL_NEED | COL_FIXED | COL_OWN, E_POST)                                             \
    X(T, other, COL_NEED | COL_FIXED, E_UNIT)                                                      \
    X(T, other_post, COL_NEED | COL_FIXED | COL_OTHER | COL_ANY, E_POST)                           \
    X(T, start, COL_NOW, 0)                                                                        \
    X(T, stop, COL_FOREVER, 0)                                                                     \
    X(T, hours, 0, 0)                                                                              \
    X(T, presence, COL_NEED, 0)                                                                    \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, asked_by, 0, E_PERSON)                                                                    \
    X(T, accepted_by, COL_ANY, E_PERSON)                                                           \
    X(T, asked_at, COL_NOW, 0)                                                                     \
    X(T, accepted_at, 0, 0)                                                                        \
    X(T, note, COL_MEMO, 0)

enum coverage_side { COVERED = 1, COVERING = 2 };

/* A change by the covered unit is a proposal anew; the other unit answers it once. */
static const struct step coverage_steps[] = {
    {STATE_PROPOSED, COVERED,
     STEP_NEW | STEP_FROM(STATE_PROPOSED) | STEP_FROM(STATE_ACCEPTED) | STEP_FROM(STATE_REFUSED)},
    {STATE_ACCEPTED, COVERING, STEP_FROM(STATE_PROPOSED)},
    {STATE_REFUSED, COVERING, STEP_FROM(STATE_PROPOSED)},
    {STATE_ENDED, COVERED | COVERING,
     STEP_FROM(STATE_PROPOSED) | STEP_FROM(STATE_ACCEPTED) | STEP_FROM(STATE_REFUSED)},
};

static int coverage_step(int32_t from, int32_t to, unsigned who, struct err *err)
{
    return step_check(coverage_steps, CANH_LEN(coverage_steps), from, to, who, err);
}

/* What the covered unit writes is a proposal again, or an end; acceptance is the other's. */
static int coverage_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                          struct err *err)
{
    struct state_coverage *x = row;
    const struct state_coverage *was = old;

    if (x->state != STATE_ENDED) {
        x->state = STATE_PROPOSED;
        x->accepted_by = STATE_ID_NONE;
        x->accepted_at = 0;
    }
    x->asked_by = a->person;
    x->asked_at = state_now(s);
    return coverage_step(was ? was->state : 0, x->state, COVERED, err);
}

ENTITY_COLUMNS(coverage, COVERAGE)
const struct entity coverage_entity = {
    ENTITY_COMMON(coverage, E_COVERAGE),
    .unit = coverage_unit,
    .other = coverage_other,
    .readers = R_WORK,
    .writers = W_HEAD,
    .check = coverage_check,
    .sql = {ENTITY_SQL_BOTH(coverage, COVERAGE, WHEN_SPAN, "start, id"),
            ENTITY_REF(coverage, COVERAGE, "post", WHEN_SPAN, "start, id")},
};
STATE_DEFINE(coverage)

static int answer_inside(struct state *s, const struct state_actor *a, struct state_id id,
                         int64_t version, int32_t answer, struct arena *arena, struct err *err)
{
    struct state_coverage x;
    struct scope_view v;
    int r = entity_load(s, &coverage_entity, id, arena, &x, err);

    if (r == 0)
        r = scope_view(s, a, &v, err);
    if (r == 0 && !scope_writes(&v, x.other, false))
        r = err_fail(err, CE_DENIED, ERR_STATE_COVERAGE_ONLY_COVERING_UNIT_ANSWERS);
    if (r == 0 && x.version != version)
        r = err_fail(err, CE_CONFLICT, ERR_STATE_COVERAGE_WAS_CHANGED_MEANWHILE_READ);
    if (r == 0 && x.state == STATE_ENDED)
        r = err_fail(err, CE_CONFLICT, ERR_STATE_COVERAGE_AGREEMENT_ENDED);
    if (r == 0 && answer == STATE_ACCEPTED)
        r = right_own(s, a->person, x.asked_by, x.other, STATE_MAY_COVER, err);
    if (r == 0)
        r = coverage_step(x.state, answer, COVERING, err);
    if (r < 0)
        return r;
    x.state = answer;
    x.accepted_by = a->person;
    x.accepted_at = state_now(s);
    return entity_write_inside(s, a, &coverage_entity, &x, err);
}

int state_coverage_answer(struct state *s, const struct state_actor *a, struct state_id id,
                          int64_t version, int32_t answer, struct err *err)
{
    struct arena arena = ARENA_INIT(1u << 20);
    int r;

    if (answer != STATE_ACCEPTED && answer != STATE_REFUSED && answer != STATE_ENDED)
        return err_fail(err, CE_RANGE, ERR_STATE_COVERAGE_NO_SUCH_ANSWER);
    if (a->role >= STATE_ROLE_MAX || !(W_HEAD & 1u << a->role))
        return err_fail(err, CE_DENIED, ERR_STATE_ROLE_MAY_NOT_ANSWER_FOR,
                        state_role_to_str(a->role));
    r = write_begin(s, err);
    if (r < 0)
        return r;
    r = answer_inside(s, a, id, version, answer, &arena, err);
    r = write_end(s, r, err);
    arena_done(&arena);
    return r;
}

#define LAYER(X, T)                                                                                \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, post, COL_NEED | COL_FIXED | COL_OWN, E_POST)                                             \
    X(T, code, COL_NEED, 0)                                                                        \
    X(T, name, 0, 0)                                                                               \
    X(T, kind, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, position, 0, 0)                                                                           \
    X(T, rule, COL_MEMO, 0)                                                                        \
    X(T, zone, 0, 0)                                                                               \
    X(T, start, 0, 0)                                                                              \
    X(T, length, 0, 0)                                                                             \
    X(T, valid_from, COL_NOW, 0)                                                                   \
    X(T, valid_to, COL_FOREVER, 0)                                                                 \
    X(T, approved_by, COL_SELF | COL_HEAD, E_PERSON)                                               \
    X(T, approved_at, COL_HEAD | COL_SEAL, 0)                                                      \
    X(T, approved_recorded, COL_STEP, 0)                                                           \
    X(T, source, 0, 0)                                                                             \
    X(T, one_hand, 0, 0)

/*
 * Whether the approval comes from a hand that wrote the layer is the store's to say. Turns are rows
 * of their own: who changes those writes the layer anew (import/roster_target.c).
 */
static int layer_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                       struct err *err)
{
    struct state_layer *x = row;
    const struct state_layer *was = old;

    x->one_hand = was != NULL && was->one_hand;
    approval_settle(a, &layer_entity, row, old);
    x->one_hand = x->one_hand && x->approved_at != 0;
    if (was == NULL) { /* approved as it is written: by whoever writes it */
        x->one_hand = x->approved_at != 0;
        return 0;
    }
    if (x->approved_at == 0 || was->approved_at != 0)
        return 0;
    return audit_one_hand(s, a, "layer", x->id, STATE_ID_NONE, &x->one_hand, err);
}

ENTITY_COLUMNS(layer, LAYER)
const struct entity layer_entity = {
    ENTITY_COMMON(layer, E_LAYER),
    .unit = layer_unit,
    .other = COLUMN_NONE,
    .flags = ENT_DROP,
    .readers = R_WORK,
    .writers = W_TECH,
    .check = layer_check,
    .sql = {ENTITY_SQL(layer, LAYER, WHEN_VALID, "post, position, id"),
            ENTITY_REF(layer, LAYER, "post", WHEN_VALID, "position, id"),
            ENTITY_FIND(layer, LAYER, "code = ?1 AND post = ?2")},
};
STATE_DEFINE(layer)

#define TURN(X, T)                                                                                 \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, layer, COL_NEED | COL_FIXED | COL_OWN, E_LAYER)                                           \
    X(T, person, 0, E_PERSON)                                                                      \
    X(T, position, 0, 0)                                                                           \
    X(T, valid_from, COL_NOW, 0)                                                                   \
    X(T, valid_to, COL_FOREVER, 0)
ENTITY_COLUMNS(turn, TURN)
const struct entity turn_entity = {
    ENTITY_COMMON(turn, E_TURN),
    .unit = turn_unit,
    .other = COLUMN_NONE,
    .flags = ENT_DROP,
    .readers = R_WORK,
    .writers = W_TECH,
    .sql = {ENTITY_SQL(turn, TURN, WHEN_VALID, "layer, position, id"),
            ENTITY_REF(turn, TURN, "layer", WHEN_VALID, "position, id")},
};
STATE_DEFINE(turn)

#define ROSTER(X, T)                                                                               \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, layer, COL_NEED | COL_FIXED | COL_OWN, E_LAYER)                                           \
    X(T, person, COL_NEED, E_PERSON)                                                               \
    X(T, start, COL_NEED, 0)                                                                       \
    X(T, stop, COL_NEED, 0)                                                                        \
    X(T, shift, 0, 0)                                                                              \
    X(T, position, 0, 0)
ENTITY_COLUMNS(roster, ROSTER)
const struct entity roster_entity = {
    ENTITY_COMMON(roster, E_ROSTER),
    .unit = roster_unit,
    .other = COLUMN_NONE,
    .flags = ENT_DROP,
    .readers = R_WORK,
    .writers = W_TECH,
    .sql = {ENTITY_SQL(roster, ROSTER, WHEN_SPAN, "start, position, id"),
            ENTITY_REF(roster, ROSTER, "layer", WHEN_SPAN, "start, position, id")},
};
STATE_DEFINE(roster)

#define SWAP(X, T)                                                                                 \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, post, COL_NEED | COL_FIXED | COL_OWN, E_POST)                                             \
    X(T, person, COL_NEED | COL_FIXED, E_PERSON)                                                   \
    X(T, other, COL_NEED | COL_FIXED, E_PERSON)                                                    \
    X(T, start, COL_NEED | COL_FIXED, 0)                                                           \
    X(T, stop, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, back_start, COL_FIXED, 0)                                                                 \
    X(T, back_stop, COL_FIXED, 0)                                                                  \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, reason, 0, 0)                                                                             \
    X(T, agreed_by, COL_SELF, E_PERSON)                                                            \
    X(T, approved_by, COL_SELF | COL_HEAD, E_PERSON)                                               \
    X(T, agreed_at, 0, 0)                                                                          \
    X(T, agreed_recorded, COL_STEP, 0)                                                             \
    X(T, approved_at, COL_HEAD, 0)                                                                 \
    X(T, approved_recorded, COL_STEP, 0)                                                           \
    X(T, one_hand, 0, 0)

enum swap_side { GIVER = 1, TAKER = 2, HEAD = 4 };

/* Asked by one, agreed to by the other, approved by the head; what is in force the head ends. */
static const struct step swap_steps[] = {
    {STATE_SWAP_ASKED, GIVER | HEAD, STEP_NEW},
    {STATE_SWAP_AGREED, TAKER, STEP_FROM(STATE_SWAP_ASKED)},
    {STATE_SWAP_APPROVED, HEAD, STEP_FROM(STATE_SWAP_AGREED)},
    {STATE_SWAP_REFUSED, TAKER | HEAD, STEP_FROM(STATE_SWAP_ASKED) | STEP_FROM(STATE_SWAP_AGREED)},
    {STATE_SWAP_CANCELLED, GIVER | HEAD,
     STEP_FROM(STATE_SWAP_ASKED) | STEP_FROM(STATE_SWAP_AGREED)},
    {STATE_SWAP_CANCELLED, HEAD, STEP_FROM(STATE_SWAP_APPROVED)},
};

static int swap_step(const struct state_actor *a, const struct state_swap *x, int32_t from,
                     int32_t to, struct err *err)
{
    bool behalf = actor_on_behalf(a);
    unsigned who = (behalf || id_eq(a->person, x->person) ? (unsigned)GIVER : 0) |
                   (behalf || id_eq(a->person, x->other) ? (unsigned)TAKER : 0) |
                   (actor_is(a, R_HEAD) ? (unsigned)HEAD : 0);

    return step_check(swap_steps, CANH_LEN(swap_steps), from, to, who, err);
}

int state_swap_step(const struct state_actor *a, const struct state_swap *x, int32_t to,
                    struct err *err)
{
    return swap_step(a, x, x->version ? x->state : 0, to, err);
}

/* Whether a step comes from a hand that took one before is the store's to say. */
static int find_hand(struct state *s, const struct state_actor *a, struct state_swap *x,
                     const struct state_swap *was, struct err *err)
{
    bool steps = x->state == STATE_SWAP_AGREED || x->state == STATE_SWAP_APPROVED, one = false;
    int r = 0;

    x->one_hand = was != NULL && was->one_hand;
    if (was == NULL || was->state == x->state || !steps)
        return 0;
    r = right_own(s, x->approved_by, x->person, x->unit, STATE_MAY_APPROVE_SWAP, err);
    if (r == 0)
        r = right_own(s, x->approved_by, x->other, x->unit, STATE_MAY_APPROVE_SWAP, err);
    if (r < 0)
        return r;
    r = audit_one_hand(s, a, "swap", x->id,
                       x->state == STATE_SWAP_AGREED ? x->other : x->approved_by, &one, err);
    x->one_hand = x->one_hand || one;
    return r;
}

/* Who agreed and approved, and when, is said by the step and by nothing else. */
static int swap_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                      struct err *err)
{
    struct state_swap *x = row;
    const struct state_swap *was = old;
    int r =
        was && x->state == was->state ? 0 : swap_step(a, x, was ? was->state : 0, x->state, err);

    if (r < 0)
        return r;
    if (x->state != STATE_SWAP_AGREED || (was && was->state == x->state)) {
        x->agreed_by = was ? was->agreed_by : STATE_ID_NONE;
        x->agreed_at = was ? was->agreed_at : 0;
    } else {
        x->agreed_by = x->other;
        x->agreed_at = x->agreed_at ? x->agreed_at : state_now(s);
    }
    if (x->state != STATE_SWAP_APPROVED || (was && was->state == x->state)) {
        x->approved_by = was ? was->approved_by : STATE_ID_NONE;
        x->approved_at = was ? was->approved_at : 0;
    } else {
        x->approved_at = x->approved_at ? x->approved_at : state_now(s);
        x->approved_by = id_is_none(x->approved_by) ? a->person : x->approved_by;
    }
    return find_hand(s, a, x, was, err);
}

ENTITY_COLUMNS(swap, SWAP)
const struct entity swap_entity = {
    ENTITY_COMMON(swap, E_SWAP),
    .unit = swap_unit,
    .other = COLUMN_NONE,
    .readers = R_WORK,
    .writers = W_DUTY,
    .check = swap_check,
    .sql = {ENTITY_SQL(swap, SWAP, WHEN_SPAN, "start, id"),
            ENTITY_REF(swap, SWAP, "post", WHEN_SPAN, "start, id")},
};
STATE_DEFINE(swap)

#define OVERRIDE(X, T)                                                                             \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, post, COL_NEED | COL_FIXED | COL_OWN, E_POST)                                             \
    X(T, kind, COL_NEED, 0)                                                                        \
    X(T, person, COL_NEED, E_PERSON)                                                               \
    X(T, other, 0, E_PERSON)                                                                       \
    X(T, start, COL_NEED, 0)                                                                       \
    X(T, stop, COL_NEED, 0)                                                                        \
    X(T, reason, COL_NEED, 0)                                                                      \
    X(T, approved_by, COL_SELF | COL_HEAD, E_PERSON)                                               \
    X(T, approved_at, COL_HEAD | COL_SEAL, 0)                                                      \
    X(T, approved_recorded, COL_STEP, 0)

static int override_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                          struct err *err)
{
    const struct state_override *x = row;

    approval_settle(a, &override_entity, row, old);
    if ((x->kind == STATE_OVERRIDE_REPLACE) == id_is_none(x->other))
        return err_fail(err, CE_MISSING, ERR_STATE_OVERRIDE_REPLACING_AND_ONLY_NAMES);
    if (x->kind == STATE_OVERRIDE_ADD) /* a head may stand in; nobody frees themself */
        return 0;
    return right_own(s, x->approved_by, x->person, x->unit, STATE_MAY_REPLACE, err);
}

ENTITY_COLUMNS(override, OVERRIDE)
const struct entity override_entity = {
    ENTITY_COMMON(override, E_OVERRIDE),
    .unit = override_unit,
    .other = COLUMN_NONE,
    .flags = ENT_DROP,
    .readers = R_WORK,
    .writers = W_TECH,
    .check = override_check,
    .sql = {ENTITY_SQL(override, OVERRIDE, WHEN_SPAN, "start, id"),
            ENTITY_REF(override, OVERRIDE, "post", WHEN_SPAN, "start, id")},
};
STATE_DEFINE(override)

#define SHIFT(X, T)                                                                                \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, post, COL_NEED | COL_FIXED | COL_OWN, E_POST)                                             \
    X(T, start, COL_NEED | COL_FIXED, 0)                                                           \
    X(T, stop, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, planned, 0, E_PERSON)                                                                     \
    X(T, actual, 0, E_PERSON)                                                                      \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, presence, COL_NEED, 0)                                                                    \
    X(T, in_at, 0, 0)                                                                              \
    X(T, out_at, 0, 0)                                                                             \
    X(T, in_received, 0, 0)                                                                        \
    X(T, out_received, 0, 0)                                                                       \
    X(T, in_how, 0, 0)                                                                             \
    X(T, backfilled, 0, 0)                                                                         \
    X(T, clock_back, 0, 0)                                                                         \
    X(T, note, COL_MEMO, 0)                                                                        \
    X(T, entered_by, 0, 0)

/* The machine's administrator is nobody of the roster: what they enter, another hand entered. */
static void keep_hand(struct state *s, const struct state_actor *a, struct state_shift *x,
                      const struct state_shift *was)
{
    bool steps = (x->in_at && !(was && was->in_at)) || (x->out_at && !(was && was->out_at));

    if (was && was->entered_by.n) {
        if (!slice_eq(x->entered_by, was->entered_by))
            x->entered_by = was->entered_by;
    } else if (!steps) {
        x->entered_by = SLICE_NULL;
    } else if (x->entered_by.n == 0 && id_is_none(a->person) && a->role == STATE_ADMIN) {
        x->entered_by = state_hand(s, a);
    }
}

/* Received times are this room's own, and a fact once written is not written over. */
static int shift_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                       struct err *err)
{
    struct state_shift *x = row;
    const struct state_shift *was = old;

    keep_hand(s, a, x, was);
    if (was != NULL &&
        ((was->in_at && x->in_at != was->in_at) || (was->out_at && x->out_at != was->out_at)))
        return err_fail(err, CE_DENIED, ERR_STATE_SHIFT_CHECK_OR_CHECK_OUT);
    if (was != NULL && was->state == STATE_SHIFT_HANDED && x->state != STATE_SHIFT_HANDED)
        return err_fail(err, CE_DENIED, ERR_STATE_SHIFT_WAS_HANDED_OVER);
    x->in_received = was ? was->in_received : 0;
    x->out_received = was ? was->out_received : 0;
    x->clock_back = (was && was->clock_back) || state_clock_back(s);
    if (x->in_at && !x->in_received)
        x->in_received = state_now(s);
    if (x->out_at && !x->out_received)
        x->out_received = state_now(s);
    return 0;
}

ENTITY_COLUMNS(shift, SHIFT)
const struct entity shift_entity = {
    ENTITY_COMMON(shift, E_SHIFT),
    .unit = shift_unit,
    .other = COLUMN_NONE,
    .readers = R_WORK,
    .writers = W_DUTY,
    .check = shift_check,
    .sql = {ENTITY_SQL(shift, SHIFT, WHEN_SPAN, "start, id"),
            ENTITY_REF(shift, SHIFT, "post", WHEN_SPAN, "start, id")},
};
STATE_DEFINE(shift)

#define MARK(X, T)                                                                                 \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, shift, COL_NEED | COL_FIXED | COL_OWN, E_SHIFT)                                           \
    X(T, person, COL_SELF, E_PERSON)                                                               \
    X(T, at, COL_NOW, 0)                                                                           \
    X(T, how, 0, 0)
ENTITY_COLUMNS(mark, MARK)
const struct entity mark_entity = {
    ENTITY_COMMON(mark, E_MARK),
    .unit = mark_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND,
    .readers = R_WORK,
    .writers = W_DUTY,
    .sql = {ENTITY_SQL(mark, MARK, WHEN_AT("at"), "at, id"),
            ENTITY_REF(mark, MARK, "shift", WHEN_AT("at"), "at, id")},
};
STATE_DEFINE(mark)

#define LINE(X, T)                                                                                 \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, shift, COL_NEED | COL_FIXED | COL_OWN, E_SHIFT)                                           \
    X(T, person, COL_SELF, E_PERSON)                                                               \
    X(T, at, COL_NOW, 0)                                                                           \
    X(T, what, COL_NEED | COL_MEMO, 0)                                                             \
    X(T, source, COL_MEMO, 0)                                                                      \
    X(T, action, COL_MEMO, 0)                                                                      \
    X(T, result, COL_MEMO, 0)                                                                      \
    X(T, corrects, COL_OWN, E_LINE)                                                                \
    X(T, backfilled, 0, 0)
ENTITY_COLUMNS(line, LINE)
const struct entity line_entity = {
    ENTITY_COMMON(line, E_LINE),
    .unit = line_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND,
    .readers = R_WORK,
    .writers = W_DUTY,
    .sql = {ENTITY_SQL(line, LINE, WHEN_AT("at"), "at, id"),
            ENTITY_REF(line, LINE, "shift", WHEN_AT("at"), "at, id")},
};
STATE_DEFINE(line)

#define TELLING(X, T)                                                                              \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, post, COL_NEED | COL_FIXED | COL_OWN, E_POST)                                             \
    X(T, start, COL_NEED | COL_FIXED, 0)                                                           \
    X(T, told, COL_NEED | COL_ANY, E_PERSON)                                                       \
    X(T, person, COL_SELF, E_PERSON)                                                               \
    X(T, at, COL_NOW, 0)                                                                           \
    X(T, how, 0, 0)
ENTITY_COLUMNS(telling, TELLING)
const struct entity telling_entity = {
    ENTITY_COMMON(telling, E_TELLING),
    .unit = telling_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND,
    .readers = R_WORK,
    .writers = W_DUTY,
    .sql = {ENTITY_SQL(telling, TELLING, WHEN_AT("at"), "at, id"),
            ENTITY_REF(telling, TELLING, "post", WHEN_AT("at"), "at, id")},
};
STATE_DEFINE(telling)
