/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_ACT_H
#define CANH_DUTY_ACT_H
/*
 * What people do on duty, written into the state: taking a shift, a sign of life, a line in the
 * log, leaving.
 *
 * Claimed times may be typed in later: what happened more than terms.typed_later before it was
 * received, or is given as from paper, is marked as typed in later ("nhập bù"). Times without a
 * claim are the clock's, but never before the last entry of the shift: when the clock was set back,
 * entries stay in the order in which they came, the shift is marked, and clock_back says so.
 *
 * What was loaded decides: load and facts come from inside the same transaction of the state as the
 * act, or else two people take one shift.
 *
 * Errors are in `lang`, for the person: -CE_EXISTS (taken already), -CE_NOT_FOUND (no such shift),
 * -CE_CONFLICT (somebody else's), -CE_RANGE (a time that cannot be), and the state room's.
 */
#include "duty/facts.h"
#include "lang/lang.h"

struct duty_act {
    struct state *s;
    const struct state_actor *actor;
    const struct duty_load *l;
    const struct duty_facts *f;
    const struct duty_terms *terms;
    enum lang lang;
    uint32_t post;
    struct state_id person; /* who does it */
    int64_t at;             /* as claimed; 0: now */
    bool paper;             /* typed in from paper */
    struct slice how;       /* cli, web, sms, paper */
};

struct duty_acted {
    struct state_shift shift;
    int64_t at;       /* the time that stands */
    bool typed_later; /* marked as typed in later */
    bool clock_back;  /* the clock runs behind the entry before */
    bool replaces;    /* somebody else's shift was taken */
    int64_t late_by;  /* taken so long after its beginning */
};

enum duty_extra {
    DUTY_OWN,       /* the person's own shift */
    DUTY_FOR,       /* in the place of `planned` */
    DUTY_UNPLANNED, /* beside the plan, or in a gap */
};

/*
 * Takes the shift that the person stands in at the time, or that begins within terms.early; with
 * DUTY_FOR the shift of `planned`. presence 0: the plan's.
 */
CANH_MUST_USE int duty_check_in(const struct duty_act *d, enum duty_extra extra,
                                struct state_id planned, int32_t presence, struct duty_acted *ret,
                                struct err *err);
/* Leaves the shift that the person has taken. */
CANH_MUST_USE int duty_check_out(const struct duty_act *d, struct duty_acted *ret, struct err *err);
/* A sign of life in the shift that the person has taken. */
CANH_MUST_USE int duty_alive(const struct duty_act *d, struct duty_acted *ret, struct err *err);

/*
 * A line in the log of the shift that the person stands or stood in at the time. With `corrects`
 * the line goes into that line's shift, whoever writes it. x: what, source, action, result and
 * corrects are taken, the rest is filled in.
 */
CANH_MUST_USE int duty_write_line(const struct duty_act *d, struct state_line *x,
                                  struct duty_acted *ret, struct err *err);

#endif
