/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_ACT_H
#define CANH_DUTY_ACT_H
/*
 * What people do on duty: taking a shift, a sign of life, a line in the log, leaving.
 *
 * Claimed times (ctx->claimed) may be typed in later: what happened more than terms.typed_later
 * before it was received, or is given as from paper, is marked as typed in later ("nhập bù"). Times
 * without a claim are the clock's, but never before the last entry of the shift: when the clock was
 * set back, entries stay in the order in which they came, the shift is marked, and clock_back says
 * so.
 *
 * Plan and facts are read inside the act's transaction, or else two people take one shift.
 *
 * -CE_EXISTS: taken already; -CE_NOT_FOUND: no such shift; -CE_CONFLICT: somebody else's;
 * -CE_RANGE: a time that cannot be; -CE_DENIED: whoever acts under their own name acts for
 * themself.
 */
#include "duty/picture.h"
#include "state/act.h"

enum duty_extra {
    DUTY_OWN,       /* the person's own shift */
    DUTY_FOR,       /* in the place of `planned` */
    DUTY_UNPLANNED, /* beside the plan, or in a gap */
};

struct shift_request {
    struct state_id post;   /* none: that of the shift that the person stands or may take */
    struct state_id person; /* who stands; none: the actor's own person */
    struct slice terms;     /* canh's own (plans/duty.yaml), for units that have none */
    /* Of a check-in. */
    enum duty_extra extra;
    struct state_id planned;
    int32_t presence; /* 0: the plan's */
};

struct shift_result {
    struct state_shift shift;
    struct state_id person; /* who did it */
    int64_t at;             /* the time that stands */
    bool typed_later;       /* marked as typed in later */
    bool clock_back;        /* the clock runs behind the entry before */
    bool replaces;          /* somebody else's shift was taken */
    int64_t late_by;        /* taken so long after its beginning */
    bool late;              /* by the unit's terms */
};

/*
 * Takes the shift that the person stands in at the time, or that begins within terms.early; with
 * DUTY_FOR the shift of `planned`.
 */
CANH_MUST_USE int shift_check_in(const struct act_ctx *ctx, const struct state_actor *actor,
                                 const struct shift_request *request, struct shift_result *ret,
                                 struct err *err);
/* Leaves the shift that the person has taken. */
CANH_MUST_USE int shift_check_out(const struct act_ctx *ctx, const struct state_actor *actor,
                                  const struct shift_request *request, struct shift_result *ret,
                                  struct err *err);
/* A sign of life in the shift that the person has taken. */
CANH_MUST_USE int shift_alive(const struct act_ctx *ctx, const struct state_actor *actor,
                              const struct shift_request *request, struct shift_result *ret,
                              struct err *err);

/*
 * A line in the log of the shift that the person stands or stood in at the time. With `corrects`
 * the line goes into that line's shift, whoever writes it.
 */
struct log_request {
    struct shift_request shift;
    struct slice what, source, action, result;
    struct state_id corrects;
};
CANH_MUST_USE int shift_log(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct log_request *request, struct shift_result *ret,
                            struct err *err);

#endif
