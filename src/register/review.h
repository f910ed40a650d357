/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REGISTER_REVIEW_H
#define CANH_REGISTER_REVIEW_H
/*
 * Review campaigns: one unit asks, others look (at firewall rules, database administrators, idle
 * accounts …) and sign, and the signature holds for a while.
 */
#include "state/act.h"
#include "state/reviews.h"

struct review_draft {
    struct state_id unit; /* who runs it */
    struct slice code, title, kind, clause, questions;
    int64_t due;   /* 0: a week from its start */
    int64_t lasts; /* how long a signature holds, nanoseconds; 0: without end */
};

/* Starts a campaign. -CE_EXISTS: the unit has one of this code. */
CANH_MUST_USE int review_start(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct review_draft *draft, struct state_campaign *ret,
                               struct err *err);

struct review_signature {
    struct state_id campaign;
    struct state_id unit;
    struct state_id signer;          /* none: the actor's person */
    struct state_id asset, evidence; /* or none */
    struct slice result;
    bool issues; /* something must change: what, in `result` */
    bool backfilled;
};

/* A unit signs. -CE_MISSING: issues without saying which; what state/ refuses of a step. */
CANH_MUST_USE int review_sign(const struct act_ctx *ctx, const struct state_actor *actor,
                              const struct review_signature *signature, struct state_review *ret,
                              struct err *err);

#endif
