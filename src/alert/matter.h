/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_MATTER_H
#define CANH_ALERT_MATTER_H
/*
 * What people are called for besides alerts: shifts that nobody took, outages, requests that nobody
 * accepted, clocks of cases, canh's own faults, changes of a coming shift, a handover that is due.
 * Such a matter lasts: whoever knows of them says now and then all that there are of a kind
 * (call_matters), and what is not among them any more is over. A matter that comes back under its
 * id climbs anew.
 */
#include "alert/ladder.h"
#include "state/act.h"

struct call_matter {
    struct state_id thing;  /* the same: the same matter */
    struct state_id unit;   /* whose people are called */
    struct state_id person; /* of a change or a handover: the one who is told, once */
    struct slice title;     /* no machine, no address, no name of a person */
    int64_t since;          /* steps count from here */
    bool drill;
};

/* An id of a matter that is no row: of a kind and the bytes that name it. */
struct state_id matter_id(enum state_matter kind, struct slice name);

/* Of the shift of a post that begins then. */
struct state_id matter_shift_id(struct state_id post, int64_t from);

/* All of a kind that there are now. One transaction. *ret_changed: calls that began or ended. */
CANH_MUST_USE int call_matters(struct state *s, const struct ladder *l, enum state_matter kind,
                               const struct call_matter *items, size_t count, size_t *ret_changed,
                               struct err *err);

/*
 * A look at what the state itself tells: shifts, outages, requests. In parts, so that a loop is
 * never held up for long: some posts at a time, and what they tell is written with them; what is
 * over ends with the last part. s, l and terms (canh's own, plans/duty.yaml) are borrowed until
 * matters_end().
 */
struct matters;
CANH_MUST_USE int matters_begin(struct matters **ret, struct state *s, const struct ladder *l,
                                struct slice terms, struct err *err);
/* 1: there is more to do. *ret_changed: calls that began or ended. */
CANH_MUST_USE int matters_go_on(struct matters *m, size_t *ret_changed, struct err *err);
struct matters *matters_end(struct matters *m); /* NULL is fine; returns NULL */

/* Those of the units in scope that are not over, kind by kind, the oldest first: at most so many
 * rows, in ctx->arena, and how many there are. */
enum { MATTERS_MAX = 4000 };
struct matter_rows {
    struct state_call *rows;
    size_t count, total; /* read; there are, of MATTERS_MAX at most */
};
CANH_MUST_USE int matter_list(const struct act_ctx *ctx, const struct state_actor *actor,
                              size_t most, struct matter_rows *ret, struct err *err);

/* The actor's person takes it: nobody else is called until it was nobody's for too long again. */
CANH_MUST_USE int matter_accept(const struct act_ctx *ctx, const struct state_actor *actor,
                                struct state_id call, struct state_call *ret, struct err *err);

/* Words of the data: alert, shift, outage, clock, request, fault … */
const char *matter_word(int32_t matter);

#endif
