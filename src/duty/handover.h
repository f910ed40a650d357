/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_HANDOVER_H
#define CANH_DUTY_HANDOVER_H
/*
 * Handing a shift over: what is open is filled in from the records, who goes signs, who comes takes
 * over or says why not. Errors as with the acts of a shift (act.h).
 */
#include "duty/act.h"
#include "duty/items.h"

struct handover_request {
    struct shift_request shift;    /* post, person, terms */
    const struct duty_items *more; /* beside what canh finds open: overdue obligations (of the
                                      caller, who knows the plan), what the person adds; or NULL */
    struct slice note;             /* of the giver; of who objects: why */
};

struct handover_result {
    struct state_handover handover; /* as it stands */
    struct duty_items items;
    uint32_t post;
    bool on; /* the taker has taken a shift there */
};

/*
 * The giver writes and signs the handover of the shift that they have taken. An unsigned or
 * objected one of the same shift that nobody has taken over is left as it is; a new one counts.
 */
CANH_MUST_USE int handover_give(const struct act_ctx *ctx, const struct state_actor *actor,
                                const struct handover_request *request, struct handover_result *ret,
                                struct err *err);
/*
 * The taker signs what waits: the giver's shift is then handed over, and left when it was not yet.
 * The taker's own shift, when taken already, is named in it.
 */
CANH_MUST_USE int handover_accept(const struct act_ctx *ctx, const struct state_actor *actor,
                                  const struct handover_request *request,
                                  struct handover_result *ret, struct err *err);
/* The taker does not take over as it stands; why: request->note. */
CANH_MUST_USE int handover_object(const struct act_ctx *ctx, const struct state_actor *actor,
                                  const struct handover_request *request,
                                  struct handover_result *ret, struct err *err);

/* The handover at a post that waits for somebody to take over: signed by the giver only. The
 * newest; -CE_NOT_FOUND, naming the post. */
CANH_MUST_USE int handover_waiting(const struct act_ctx *ctx, const struct state_actor *actor,
                                   const struct state_post *post, struct state_handover *ret,
                                   struct err *err);

#endif
