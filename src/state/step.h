/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_STEP_H
#define CANH_STATE_STEP_H
/*
 * Workflows as tables: a row is one state that a thing may be brought to, from which states, and by
 * whom. The table of each entity stands beside it and is the only rule book: its check function
 * asks it at every put, its public state_<thing>_step() tells a face beforehand. Only files of this
 * room include this header.
 *
 *     static const struct step steps[] = {
 *         {STATE_SWAP_ASKED, STEP_NEW, STEP_ANY},
 *         {STATE_SWAP_AGREED, STEP_FROM(STATE_SWAP_ASKED), OTHER}, …
 */
#include "state/internal.h"

/* Bits of the states that a step may leave; a row that is not there yet has the state 0. */
#define STEP_FROM(state) (1u << (state))
#define STEP_NEW         STEP_FROM(0)
/* Whoever may write the row at all. */
#define STEP_ANY 0x80u

struct step {
    uint8_t to;
    uint8_t who; /* bits of the entity's own, any of which is enough */
    uint16_t from;
};

/*
 * 0 when somebody who is `who` may bring a thing from `from` to `to`. -CE_RANGE: there is no such
 * state; -CE_CONFLICT: not from the state it is in; -CE_DENIED: not by them.
 */
CANH_MUST_USE int step_check(const struct step *steps, size_t count, int32_t from, int32_t to,
                             unsigned who, struct err *err);

/* Whether the actor's role is one of the set (entity.h), for the `who` of a step. */
CANH_INLINE bool actor_is(const struct state_actor *a, uint32_t roles)
{
    return a->role < STATE_ROLE_MAX && (roles & 1u << a->role);
}

#endif
