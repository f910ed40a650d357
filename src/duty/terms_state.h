/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_TERMS_STATE_H
#define CANH_DUTY_TERMS_STATE_H
/*
 * Whose terms a unit goes by: its own file (a setting named "duty"), else that of the nearest unit
 * above that has one, else canh's own (plans/duty.yaml), which the caller gives.
 */
#include "duty/duty_state.h"
#include "roster/terms.h"
#include "state/act.h"

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

/* A unit's own terms, instead of those above: checked (err.line and col in the file), kept. */
struct terms_request {
    struct state_id unit;
    struct slice yaml, source;
};
CANH_MUST_USE int terms_keep(const struct act_ctx *ctx, const struct state_actor *actor,
                             const struct terms_request *request, struct duty_terms_found *ret,
                             struct err *err);
/* Without their own the unit goes by those above. -CE_NOT_FOUND: it has none. */
CANH_MUST_USE int terms_drop(const struct act_ctx *ctx, const struct state_actor *actor,
                             struct state_id unit, struct err *err);

#endif
