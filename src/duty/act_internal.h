/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_ACT_INTERNAL_H
#define CANH_DUTY_ACT_INTERNAL_H
/* What the acts of a shift have at hand: act.c and handover.c. */
#include "duty/act.h"

struct duty_act {
    const struct act_ctx *ctx;
    struct state_actor actor; /* who acts, as the person whom it is about */
    struct duty_picture picture;
    const struct duty_load *l;
    const struct duty_facts *f;
    const struct duty_terms *terms; /* of the post */
    uint32_t post;
    struct state_id person;
    struct slice entered_by; /* another hand, that enters what the person did */
};

/* Reads what is needed, inside the transaction. */
CANH_MUST_USE int duty_act_read(const struct act_ctx *ctx, const struct state_actor *actor,
                                const struct shift_request *request, struct duty_act *ret,
                                struct err *err);
struct slice duty_act_how(const struct duty_act *d);

#endif
