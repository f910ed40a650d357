/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ACCOUNT_GRANT_H
#define CANH_ACCOUNT_GRANT_H
/*
 * Roles of people, given and ended. A role is held at the person's own unit, from now on; what each
 * may do is the state's (state/state.h). Who may give which is, too: HEAD up to SYSADMIN, ADMIN
 * all.
 */
#include "state/act.h"
#include "state/people.h"

struct grant_request {
    struct state_id person;
    int32_t role;        /* enum state_role */
    int64_t until;       /* 0: until somebody ends it */
    struct slice source; /* number of the decision, or empty */
};

/* -CE_EXISTS: the person holds that role now. -CE_RANGE: no such role, or over before it begins. */
CANH_MUST_USE int grant_add(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct grant_request *request, struct state_grant *ret,
                            struct err *err);
/* From now on. -CE_CONFLICT: nobody would be left who administers. */
CANH_MUST_USE int grant_end(const struct act_ctx *ctx, const struct state_actor *actor,
                            struct state_id id, struct state_grant *ret, struct err *err);
/* Whether it is held at a time. */
CANH_INLINE bool grant_holds(const struct state_grant *x, int64_t at)
{
    return x->valid_from <= at && (x->valid_to == 0 || x->valid_to > at);
}

#endif
