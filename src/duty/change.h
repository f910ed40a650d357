/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_CHANGE_H
#define CANH_DUTY_CHANGE_H
/*
 * Who stands when, changed after the roster was made: leave, swaps, replacements, and coverage of a
 * post by another unit's. Who may take which step is the business of state/ (rights.h,
 * state_swap_step() and the like).
 *
 * Steps are taken for several rows at once: for all of them or, where one cannot be taken, for
 * none. A step that was taken before writes nothing and says so.
 */
#include "state/act.h"
#include "state/duty.h"
#include "state/people.h"

/* Which rows, and by whom. */
struct duty_decision {
    const struct state_id *ids;
    size_t count;
    struct state_id by; /* who decides; none: the actor's own person */
};

/* Leave is a person's, whatever post they stand at. */
struct leave_request {
    struct state_id person; /* none: the actor's own */
    int64_t start, stop;
    struct slice kind; /* empty: "leave" */
};
struct leave_result {
    struct state_leave leave;
    bool changed; /* false: approved before, as it stands */
};
CANH_MUST_USE int leave_ask(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct leave_request *request, struct leave_result *ret,
                            struct err *err);
/* ret: one for each row of the decision, here and below. */
CANH_MUST_USE int leave_approve(const struct act_ctx *ctx, const struct state_actor *actor,
                                const struct duty_decision *decision, struct leave_result *ret,
                                struct err *err);
/* Takes the row away; whoever is named has to have the right where it was approved. */
CANH_MUST_USE int leave_cancel(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct duty_decision *decision, struct leave_result *ret,
                               struct err *err);

struct swap_request {
    struct state_id post;
    struct state_id person, other; /* person's duty in [start, stop) is taken by other */
    int64_t start, stop;
    int64_t back_start, back_stop; /* in return, the other way round; 0: nothing */
    struct slice reason;
};
struct swap_result {
    struct state_swap swap; /* as it stands, also after a refusal */
    bool changed;
};
CANH_MUST_USE int swap_ask(const struct act_ctx *ctx, const struct state_actor *actor,
                           const struct swap_request *request, struct swap_result *ret,
                           struct err *err);
/* to: STATE_SWAP_AGREED, APPROVED, REFUSED or CANCELLED. */
CANH_MUST_USE int swap_step(const struct act_ctx *ctx, const struct state_actor *actor, int32_t to,
                            const struct duty_decision *decision, struct swap_result *ret,
                            struct err *err);

struct replacement_request {
    struct state_id post;
    enum state_override_kind kind;
    struct state_id person, other; /* other: who comes instead, of STATE_OVERRIDE_REPLACE */
    int64_t start, stop;
    struct slice reason;
    struct state_id by; /* who decides; none: the actor's own person */
};
CANH_MUST_USE int replacement_write(const struct act_ctx *ctx, const struct state_actor *actor,
                                    const struct replacement_request *request,
                                    struct state_override *ret, struct err *err);
CANH_MUST_USE int replacement_cancel(const struct act_ctx *ctx, const struct state_actor *actor,
                                     const struct duty_decision *decision,
                                     struct state_override *ret, struct err *err);

struct coverage_request {
    struct state_id post, other_post; /* covered, covering */
    int64_t start, stop;              /* 0: from now; without end */
    struct slice hours;               /* empty: all of the post's */
    int32_t presence;
    struct slice note;
};
struct coverage_result {
    struct state_coverage coverage;
    bool changed;
};
CANH_MUST_USE int coverage_ask(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct coverage_request *request, struct coverage_result *ret,
                               struct err *err);
/* answer: STATE_ACCEPTED or REFUSED, by the covering unit's head; STATE_ENDED by either unit. */
CANH_MUST_USE int coverage_answer(const struct act_ctx *ctx, const struct state_actor *actor,
                                  int32_t answer, const struct duty_decision *decision,
                                  struct coverage_result *ret, struct err *err);

#endif
