/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REGISTER_STATEMENT_H
#define CANH_REGISTER_STATEMENT_H
/*
 * What a unit says about a plan: accepted, confirmed, not yet because, something happened; and what
 * a lead authority says of it: exempt. Who may say what for a unit is in state/rights.h. Plans and
 * obligations are rows of the state; their parts and kinds are proof's business.
 */
#include "state/act.h"
#include "state/evidence.h"
#include "state/plans.h"

struct statement_acceptance {
    struct state_id unit, plan;
    struct state_id person; /* the head; none: the actor's person */
    struct state_id deputy; /* who answers for it from day to day; none: as before */
    struct slice paper;     /* that it was signed on; empty: none */
};

/*
 * The unit takes the plan on. 0; 1: it was accepted before, *ret tells by whom and when, and
 * nothing was written (but another deputy, where one is named). -CE_MISSING, -CE_DENIED:
 * state_right_of().
 */
CANH_MUST_USE int statement_accept(const struct act_ctx *ctx, const struct state_actor *actor,
                                   const struct statement_acceptance *acceptance,
                                   struct state_assignment *ret, struct err *err);

struct statement_confirmation {
    struct state_id unit;
    struct state_id person; /* the head; none: the actor's person */
    struct slice title;     /* of the evidence that it leaves, in the unit's language */
    const struct state_id *obligations;
    size_t count;
};

/* The head confirms what the plan asks the head to: one statement an obligation. */
CANH_MUST_USE int statement_confirm(const struct act_ctx *ctx, const struct state_actor *actor,
                                    const struct statement_confirmation *confirmation,
                                    struct err *err);

/* Of one obligation, for a time. */
struct statement_about {
    struct state_id unit, obligation, person;
    int64_t start, stop;
    struct slice reason;
};

/* Not yet, because, promised by `stop`: in place of what was said for the same start before. */
CANH_MUST_USE int statement_not_yet(const struct act_ctx *ctx, const struct state_actor *actor,
                                    const struct statement_about *about, struct state_task *ret,
                                    struct err *err);
/* Exempt until `stop`, by a lead authority. 0; 1: it is already, *ret tells by whom and when, and
 * nothing was written. -CE_MISSING, -CE_DENIED: state_right_of(). */
CANH_MUST_USE int statement_exempt(const struct act_ctx *ctx, const struct state_actor *actor,
                                   const struct statement_about *about, struct state_exemption *ret,
                                   struct err *err);

struct statement_event {
    struct state_id unit, person;
    struct slice kind, title;
};

/* Something happened at the unit that obligations hang on. */
CANH_MUST_USE int statement_event(const struct act_ctx *ctx, const struct state_actor *actor,
                                  const struct statement_event *event, struct state_evidence *ret,
                                  struct err *err);

#endif
