/* SPDX-License-Identifier: Apache-2.0 */
/* Handovers: written by who goes, signed by both, objected to by who comes. */
#include "lang/err_state.h"
#include "state/duty.h"
#include "state/internal.h"

#define HANDOVER(X, T)                                                                             \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, post, COL_NEED | COL_FIXED | COL_OWN, E_POST)                                             \
    X(T, from_shift, COL_NEED | COL_FIXED | COL_OWN, E_SHIFT)                                      \
    X(T, to_shift, COL_OWN, E_SHIFT)                                                               \
    X(T, at, COL_NOW, 0)                                                                           \
    X(T, items, COL_LONG, 0)                                                                       \
    X(T, note, COL_MEMO, 0)                                                                        \
    X(T, giver, 0, E_PERSON)                                                                       \
    X(T, taker, 0, E_PERSON)                                                                       \
    X(T, giver_at, 0, 0)                                                                           \
    X(T, taker_at, 0, 0)                                                                           \
    X(T, backfilled, 0, 0)                                                                         \
    X(T, objection, COL_MEMO, 0)                                                                   \
    X(T, objected_at, 0, 0)                                                                        \
    X(T, one_hand, 0, 0)

/* Signatures come from state_handover_sign; what was signed stays as it was. */
static int handover_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                          struct err *err)
{
    struct state_handover *x = row;
    const struct state_handover *was = old;
    int64_t giver_at = was ? was->giver_at : 0, taker_at = was ? was->taker_at : 0;

    (void)s, (void)a;
    x->one_hand = was != NULL && was->one_hand;
    if (x->giver_at != giver_at || x->taker_at != taker_at)
        return err_fail(err, CE_DENIED, ERR_STATE_HANDOVER_SIGNED_NOT_WRITTEN);
    if (x->objected_at != (was ? was->objected_at : 0) ||
        !slice_eq(x->objection, was ? was->objection : SLICE_NULL))
        return err_fail(err, CE_DENIED, ERR_STATE_HANDOVER_OBJECTION_MADE_NOT_WRITTEN);
    if ((giver_at || taker_at) &&
        (!slice_eq(x->items, was->items) || !slice_eq(x->note, was->note) ||
         !id_eq(x->giver, was->giver) || !id_eq(x->taker, was->taker)))
        return err_fail(err, CE_DENIED, ERR_STATE_HANDOVER_SIGNED_WRITE_LINE_LOG);
    return 0;
}

ENTITY_COLUMNS(handover, HANDOVER)
const struct entity handover_entity = {
    ENTITY_COMMON(handover, E_HANDOVER),
    .unit = handover_unit,
    .other = COLUMN_NONE,
    .readers = R_WORK,
    .writers = W_DUTY,
    .check = handover_check,
    .sql = {ENTITY_SQL(handover, HANDOVER, WHEN_AT("at"), "at, id"),
            ENTITY_REF(handover, HANDOVER, "post", WHEN_AT("at"), "at, id")},
};
STATE_DEFINE(handover)

/*
 * A person signs for themself. The administrator's shell and the program, which have no person,
 * sign on behalf of the person that the row names already (paper typed in later).
 */
static int handover_sign(struct state *s, const struct state_actor *a, struct state_id *who,
                         int64_t *when, struct state_id other, struct err *err)
{
    if (*when)
        return err_fail(err, CE_EXISTS, ERR_STATE_HANDOVER_SIGNED_ALREADY);
    if (id_is_none(a->person) && !actor_on_behalf(a))
        return err_fail(err, CE_DENIED, ERR_STATE_HANDOVER_NOBODY_ACTS);
    if (!id_is_none(a->person)) {
        if (!id_is_none(*who) && !id_eq(*who, a->person))
            return err_fail(err, CE_DENIED, ERR_STATE_HANDOVER_ANOTHER_PERSON_SIGN_HERE);
        *who = a->person;
    }
    if (id_is_none(*who))
        return err_fail(err, CE_MISSING, ERR_STATE_HANDOVER_NOBODY_SIGN);
    if (id_eq(*who, other))
        return err_fail(err, CE_DENIED, ERR_STATE_HANDOVER_GIVER_AND_TAKER_DIFFERENT);
    *when = state_now(s);
    return 0;
}

/* What a signature or an objection is put on: the row as it was read, within the actor's scope. */
static int load_to_sign(struct state *s, const struct state_actor *a, struct state_id id,
                        int64_t version, struct arena *arena, struct state_handover *x,
                        struct err *err)
{
    struct scope_view v;
    int r = entity_load(s, &handover_entity, id, arena, x, err);

    if (r == 0)
        r = scope_view(s, a, &v, err);
    if (r == 0 && !scope_writes(&v, x->unit, false))
        r = err_fail(err, CE_DENIED, ERR_STATE_HANDOVER_UNIT_OUTSIDE_ACTORS_SCOPE);
    if (r == 0 && x->version != version)
        r = err_fail(err, CE_CONFLICT, ERR_STATE_HANDOVER_WAS_CHANGED_MEANWHILE_READ);
    return r;
}

static int handovers_object(struct state *s, const struct state_actor *a, struct state_handover *x,
                            struct slice why, struct err *err)
{
    int64_t when = 0;
    int r;

    if (x->taker_at || x->objected_at)
        return err_fail(err, CE_EXISTS, ERR_STATE_HANDOVER_ALREADY,
                        ERR_ID(x->taker_at ? ERR_STATE_TAKEN_OVER : ERR_STATE_OBJECTED_TO));
    if (why.n == 0)
        return err_fail(err, CE_MISSING, ERR_STATE_HANDOVER_OBJECTION_SAYS_WHY);
    r = handover_sign(s, a, &x->taker, &when, x->giver, err);
    x->objection = why;
    x->objected_at = when;
    return r;
}

/* One change of a handover by one of the two: their signature, or the taker's objection. */
static int sign_or_object(struct state *s, const struct state_actor *a, struct state_id id,
                          int64_t version, bool as_taker, const struct slice *why, struct err *err)
{
    struct arena arena = ARENA_INIT(CONTENT_MAX);
    struct state_handover x;
    int r;

    if (a->role >= STATE_ROLE_MAX || !(W_DUTY & 1u << a->role))
        return err_fail(err, CE_DENIED, ERR_STATE_ROLE_MAY_NOT_SIGN_HANDOVER,
                        state_role_to_str(a->role));
    r = write_begin(s, err);
    if (r < 0)
        return r;
    r = load_to_sign(s, a, id, version, &arena, &x, err);
    if (r == 0 && why)
        r = handovers_object(s, a, &x, *why, err);
    else if (r == 0)
        r = as_taker ? handover_sign(s, a, &x.taker, &x.taker_at, x.giver, err)
                     : handover_sign(s, a, &x.giver, &x.giver_at, x.taker, err);
    if (r == 0 && x.giver_at && x.taker_at)
        r = audit_one_hand(s, a, "handover", x.id, as_taker ? x.taker : x.giver, &x.one_hand, err);
    if (r == 0)
        r = entity_write_inside(s, a, &handover_entity, &x, err);
    r = write_end(s, r, err);
    arena_done(&arena);
    return r;
}

int state_handover_sign(struct state *s, const struct state_actor *a, struct state_id id,
                        int64_t version, bool as_taker, struct err *err)
{
    return sign_or_object(s, a, id, version, as_taker, NULL, err);
}

int state_handover_object(struct state *s, const struct state_actor *a, struct state_id id,
                          int64_t version, struct slice why, struct err *err)
{
    return sign_or_object(s, a, id, version, true, &why, err);
}
