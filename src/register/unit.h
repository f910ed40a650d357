/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REGISTER_UNIT_H
#define CANH_REGISTER_UNIT_H
/* The unit that keeps a node, so that verbs may leave --unit out there. */
#include "state/act.h"
#include "state/units.h"

struct unit_own_request {
    struct slice code; /* empty: the only unit there is, else one called `fallback` */
    struct slice fallback;
};

struct unit_own_result {
    bool made;         /* a new unit */
    struct slice code; /* of that unit */
};

/*
 * Marks a unit as this node's, making it where the state has none (or none of that code). Nothing
 * is done where one is marked, nor where which of several it is would be a guess.
 */
CANH_MUST_USE int unit_own(const struct act_ctx *ctx, const struct state_actor *actor,
                           const struct unit_own_request *request, struct unit_own_result *ret,
                           struct err *err);
/* The unit so marked, else the only one there is. 1: found; 0: there are several, or none. */
CANH_MUST_USE int unit_own_find(struct state *s, const struct state_actor *actor,
                                struct state_id *ret, struct err *err);

#endif
