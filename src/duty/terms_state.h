/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_TERMS_STATE_H
#define CANH_DUTY_TERMS_STATE_H
/*
 * Whose terms a unit goes by: its own file (a setting named "duty"), else that of the nearest unit
 * above that has one, else canh's own (plans/duty.yaml), which the caller gives.
 */
#include "duty/duty_state.h"
#include "roster/terms.h"

#define DUTY_TERMS_NAME "duty"

struct duty_terms_found {
    struct duty_terms terms;
    struct state_id unit; /* whose file it is; none: canh's own */
    struct slice yaml, source;
};

/* Of one unit; everything in the arena. A file that cannot be read is named by its unit. */
CANH_MUST_USE int duty_terms_of(struct state *s, struct state_id unit, struct slice shipped,
                                struct arena *arena, struct duty_terms_found *ret, struct err *err);

/* Of every post of a load, into l->terms. */
CANH_MUST_USE int duty_terms_load(struct state *s, struct duty_load *l, struct slice shipped,
                                  struct arena *arena, struct err *err);

#endif
