/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_MOVES_H
#define CANH_DUTY_MOVES_H
/*
 * What an act changes of shifts that are to come, written down (state/shift_changes.h) so that whom
 * it puts on a shift or takes off one can be told; acts within one are told as one. Around the act,
 * within its transaction:
 *
 *     r = duty_moves_begin(&moves, s, &posts, err);
 *     …the act writes…
 *     r = duty_moves_end(&moves, r, err);
 */
#include "duty/duty_state.h"

/* Shifts that begin later are told by the roster itself. */
#define DUTY_MOVES_AHEAD (7 * TIME_DAY)

struct duty_move {
    struct state_id post, unit, person;
    int64_t from, until;
};

struct duty_moves {
    struct state *s;
    struct duty_load_request posts; /* from and until are set here */
    bool known;                     /* false: the plan could not be read before; nobody is told */
    struct arena arena;
    struct duty_move *before;
    size_t before_count;
};

/* posts: those that the act may change (unit, own, among). A plan that is broken already stops no
 * act. -CE_NOMEM, -CE_IO …: then the act may not begin. */
CANH_MUST_USE int duty_moves_begin(struct duty_moves *m, struct state *s,
                                   const struct duty_load_request *posts, struct err *err);
/* Of an act that came to r. Returns r, or why the changes could not be written. */
CANH_MUST_USE int duty_moves_end(struct duty_moves *m, int r, struct err *err);

#endif
