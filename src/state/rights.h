/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_RIGHTS_H
#define CANH_STATE_RIGHTS_H
/*
 * Who may decide what about a unit: one rule book for every act by which a person answers for
 * others. A decision is written as the person's own actor, so that the rules of the entity (scope,
 * roles, seals) hold for it, too; the machine's administrator only enters it.
 *
 *     r = state_right_of(ctx->s, actor, request->by, x.unit, STATE_MAY_APPROVE_LEAVE, &who, err);
 *     if (r == 0)
 *         r = state_leave_put(ctx->s, &who, &x, err);
 *
 * Nobody decides about what is their own matter, whatever role they hold: the check of the entity
 * asks right_own() (state/internal.h), so that no caller can forget it.
 */
#include "state/state.h"

enum state_right {
    STATE_MAY_APPROVE_ROSTER, /* head or coordinator of the unit or above it */
    STATE_MAY_APPROVE_LEAVE,
    STATE_MAY_APPROVE_SWAP,
    STATE_MAY_REPLACE,
    STATE_MAY_COVER,   /* head of the covering unit */
    STATE_MAY_ACCEPT,  /* a plan, as head of the unit */
    STATE_MAY_CONFIRM, /* what a plan asks the head to confirm */
    STATE_MAY_EXEMPT,  /* coordinator above the unit or of a lead authority; nobody of the unit */
    STATE_MAY_ATTEST,  /* evidence: head or coordinator of another unit, above it or leading it;
                          nobody who belongs to the unit, whatever role they hold there */
    STATE_MAY_APPROVE_FORM, /* and return: as ATTEST */
    STATE_RIGHT_MAX
};

/*
 * The actor as whom `person` decides about the unit. Whoever acts under their own name decides as
 * themself alone; the administrator and the program name the person. -CE_MISSING: nobody is named;
 * -CE_DENIED: that person may not, with the roles that may.
 */
CANH_MUST_USE int state_right_of(struct state *s, const struct state_actor *a,
                                 struct state_id person, struct state_id unit,
                                 enum state_right right, struct state_actor *ret, struct err *err);

#endif
