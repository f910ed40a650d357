/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REGISTER_CONTACT_H
#define CANH_REGISTER_CONTACT_H
/*
 * How a unit's people and roles are reached. A contact is meant by whose it is and its kind; where
 * several are alike, the one that is tried first.
 */
#include "state/act.h"
#include "state/people.h"

struct contact_of {
    struct state_id unit;
    struct state_id person; /* or none, */
    struct slice role;      /* and a role of the unit without a person; both empty: anybody's */
    int32_t kind;           /* enum state_contact_kind; 0: any */
};

/* -CE_NOT_FOUND. */
CANH_MUST_USE int contact_find(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct contact_of *of, struct state_contact *ret,
                               struct err *err);

struct contact_change {
    struct contact_of of;
    struct slice value;
    int32_t position; /* 1 is tried first; 0: as before, or 1 */
};

/* Gives it a value: a new one loses the proof that the old one had. */
CANH_MUST_USE int contact_set(const struct act_ctx *ctx, const struct state_actor *actor,
                              const struct contact_change *change, struct state_contact *ret,
                              struct err *err);

#endif
