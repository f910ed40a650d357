/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DEMO_DEMO_H
#define CANH_DEMO_DEMO_H
/* An invented province in an empty state that is a demonstration (state_is_demo). */
#include "state/act.h"

enum demo_who {
    DEMO_TECHNICIAN,  /* of a commune */
    DEMO_OFFICER,     /* on duty there */
    DEMO_HEAD,        /* of the commune */
    DEMO_COORDINATOR, /* of the province */
    DEMO_OPERATOR,    /* control room of a telecom operator */
    DEMO_PEOPLE
};
/* How each signs in. */
const char *demo_login(enum demo_who who);

/* Every account gets the password. What a failure leaves is thrown away with its folder.
 * -CE_DENIED: not a demonstration. */
CANH_MUST_USE int demo_make(const struct act_ctx *ctx, const struct state_actor *actor,
                            struct slice password, struct err *err);

#endif
