/* SPDX-License-Identifier: Apache-2.0 */
#include "state/requests.h"

#include <stdio.h>

#include "base/time.h"
#include "lang/err_state.h"
#include "lang/zone.h"
#include "state/step.h"

#define REQUEST(X, T)                                                                              \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, other, COL_NEED, E_UNIT)                                                                  \
    X(T, number, COL_NEED | COL_FIXED, 0)                                                          \
    X(T, kind, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, clause, 0, 0)                                                                             \
    X(T, title, COL_NEED, 0)                                                                       \
    X(T, text, COL_MEMO, 0)                                                                        \
    X(T, opened, COL_NOW | COL_FIXED, 0)                                                           \
    X(T, due, 0, 0)                                                                                \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, asker, COL_FIXED | COL_SELF, E_PERSON)                                                    \
    X(T, owner, COL_ANY, E_PERSON)                                                                 \
    X(T, accepted_at, 0, 0)                                                                        \
    X(T, accepted_recorded, COL_STEP, 0)                                                           \
    X(T, arrived_at, 0, 0)                                                                         \
    X(T, arrived_recorded, COL_STEP, 0)                                                            \
    X(T, answered_at, 0, 0)                                                                        \
    X(T, answered_recorded, COL_STEP, 0)                                                           \
    X(T, closed_at, 0, 0)                                                                          \
    X(T, closed_recorded, COL_STEP, 0)                                                             \
    X(T, rating, 0, 0)

enum side { ASKER = 1, ASKED = 2 };

/* The asked one takes it and answers; the asker agrees to the end, asks again, or takes it back. */
static const struct step steps[] = {
    {STATE_REQUEST_NEW, ASKER, STEP_NEW},
    {STATE_REQUEST_ACCEPTED, ASKED, STEP_FROM(STATE_REQUEST_NEW)},
    {STATE_REQUEST_WORKING, ASKED,
     STEP_FROM(STATE_REQUEST_NEW) | STEP_FROM(STATE_REQUEST_ACCEPTED)},
    {STATE_REQUEST_WORKING, ASKER, STEP_FROM(STATE_REQUEST_ANSWERED)},
    {STATE_REQUEST_ANSWERED, ASKED,
     STEP_FROM(STATE_REQUEST_NEW) | STEP_FROM(STATE_REQUEST_ACCEPTED) |
         STEP_FROM(STATE_REQUEST_WORKING)},
    {STATE_REQUEST_CLOSED, ASKER, STEP_FROM(STATE_REQUEST_ANSWERED)},
    {STATE_REQUEST_WITHDRAWN, ASKER,
     STEP_FROM(STATE_REQUEST_NEW) | STEP_FROM(STATE_REQUEST_ACCEPTED) |
         STEP_FROM(STATE_REQUEST_WORKING)},
};

static int requests_sides(struct state *s, const struct state_actor *a,
                          const struct state_request *x, unsigned *ret, struct err *err)
{
    struct scope_view v;
    int r = scope_view(s, a, &v, err);

    if (r < 0)
        return r;
    /* A coordinator leads both sides but speaks for the asked one; the asker agrees itself. */
    *ret = (scope_writes(&v, x->unit, false) ? (unsigned)ASKER : 0) |
           (scope_writes(&v, x->other, true) ? (unsigned)ASKED : 0);
    return 0;
}

int state_request_step(struct state *s, const struct state_actor *a, const struct state_request *x,
                       int32_t to, struct err *err)
{
    unsigned who = 0;
    int r = requests_sides(s, a, x, &who, err);

    return r < 0 ? r : step_check(steps, CANH_LEN(steps), x->version ? x->state : 0, to, who, err);
}

/* Numbers begin anew with Vietnam's year, not with the storage's. */
static int requests_number(struct state *s, struct state_request *x, struct err *err)
{
    struct civil c;
    int64_t n = 0;
    int r;

    time_to_civil(state_now(s), ZONE_OWN, &c);
    r = meta_number_next(s, "request", c.year, &n, err);
    if (r == 0)
        (void)snprintf(s->number, sizeof(s->number), "YC-%04d-%04lld", c.year, (long long)n);
    x->number = slice_str(s->number);
    return r;
}

/* How long an answer took is measured, so nobody but the program says when it came. */
static void requests_stamp(struct state *s, const struct state_actor *a, struct state_request *x,
                           const struct state_request *was)
{
    const struct {
        int32_t state;
        int64_t *at, before;
    } stamps[] = {
        {STATE_REQUEST_ACCEPTED, &x->accepted_at, was ? was->accepted_at : 0},
        {STATE_REQUEST_ANSWERED, &x->answered_at, was ? was->answered_at : 0},
        {STATE_REQUEST_CLOSED, &x->closed_at, was ? was->closed_at : 0},
    };

    if (was == NULL && !actor_on_behalf(a))
        x->opened = state_now(s);
    for (size_t i = 0; i < CANH_LEN(stamps); i++) {
        if (!actor_on_behalf(a))
            *stamps[i].at = stamps[i].before;
        if (x->state == stamps[i].state && *stamps[i].at == 0)
            *stamps[i].at = state_now(s);
    }
    if (x->state == STATE_REQUEST_WORKING)
        x->answered_at = 0; /* asked again: the clock runs on */
}

/* Who may do what is judged by the request as it was: nobody makes themself the asked side. */
static int request_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                         struct err *err)
{
    struct state_request *x = row;
    const struct state_request *was = old;
    unsigned who = 0;
    int r = requests_sides(s, a, was ? was : x, &who, err);

    if (r == 0 && was == NULL && x->state == 0)
        x->state = STATE_REQUEST_NEW;
    if (r == 0 && (was == NULL || x->state != was->state))
        r = step_check(steps, CANH_LEN(steps), was ? was->state : 0, x->state, who, err);
    if (r < 0)
        return r;
    if (was != NULL && !id_eq(x->other, was->other) && !(who & ASKED))
        return err_fail(err, CE_DENIED, ERR_STATE_REQUEST_ONLY_WHO_WAS_ASKED);
    if (was != NULL && x->rating != was->rating &&
        (!(who & ASKER) || x->state != STATE_REQUEST_CLOSED))
        return err_fail(err, CE_DENIED, ERR_STATE_REQUEST_ASKER_RATES_WHEN_CLOSED);
    requests_stamp(s, a, x, was);
    return 0;
}

ENTITY_COLUMNS(request, REQUEST)
const struct entity request_entity = {
    ENTITY_COMMON(request, E_REQUEST),
    .unit = request_unit,
    .other = request_other,
    .flags = ENT_BOTH | ENT_LED,
    .readers = R_OPEN,
    .writers = W_ALL,
    .check = request_check,
    .sql = {ENTITY_SQL_BOTH(request, REQUEST, WHEN_AT("opened"), "opened, id"),
            ENTITY_FIND(request, REQUEST, "number = ?1")},
};
STATE_DEFINE_READ(request)

int state_request_put(struct state *s, const struct state_actor *a, struct state_request *x,
                      struct err *err)
{
    struct state_request before = *x;
    int r = write_begin(s, err);

    if (r < 0)
        return r;
    if (x->version == 0)
        r = requests_number(s, x, err);
    if (r == 0)
        r = entity_write(s, a, &request_entity, x, err);
    r = write_end(s, r, err);
    if (r < 0)
        *x = before;
    return r;
}

#define NOTE(X, T)                                                                                 \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, other, COL_NEED | COL_FIXED, E_UNIT)                                                      \
    X(T, request, COL_NEED | COL_FIXED, E_REQUEST)                                                 \
    X(T, person, COL_SELF, E_PERSON)                                                               \
    X(T, at, COL_NOW, 0)                                                                           \
    X(T, kind, COL_NEED, 0)                                                                        \
    X(T, text, COL_NEED | COL_MEMO, 0)

static const struct slice note_kinds[] = {
    [STATE_NOTE_COMMENT] = SLICE_INIT("comment"),
    [STATE_NOTE_ANSWER] = SLICE_INIT("answer"),
    [STATE_NOTE_AGREEMENT] = SLICE_INIT("agreement"),
};

struct slice state_note_kind_text(enum state_note_kind kind)
{
    return note_kinds[kind];
}

enum state_note_kind state_note_kind(const struct state_note *x)
{
    for (unsigned i = 0; i < CANH_LEN(note_kinds); i++) {
        if (slice_eq(x->kind, note_kinds[i]))
            return (enum state_note_kind)i;
    }
    return STATE_NOTE_COMMENT;
}

static int note_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                      struct err *err)
{
    const struct state_note *x = row;
    struct state_request q;
    int r = entity_load(s, &request_entity, x->request, NULL, &q, err);

    (void)a, (void)old;
    if (r == 0 && (!id_eq(q.unit, x->unit) || !id_eq(q.other, x->other)))
        r = err_fail(err, CE_DENIED, ERR_STATE_NOTE_UNITS_THOSE_REQUEST);
    return r;
}

ENTITY_COLUMNS(note, NOTE)
const struct entity note_entity = {
    ENTITY_COMMON(note, E_NOTE),
    .unit = note_unit,
    .other = note_other,
    .flags = ENT_APPEND | ENT_BOTH | ENT_LED,
    .readers = R_OPEN,
    .writers = W_ALL,
    .check = note_check,
    .sql = {ENTITY_SQL_BOTH(note, NOTE, WHEN_AT("at"), "at, id"),
            ENTITY_REF(note, NOTE, "request", WHEN_AT("at"), "at, id")},
};
STATE_DEFINE(note)
