/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_LADDER_H
#define CANH_ALERT_LADDER_H
/*
 * Who is called for an alert, as data: plans/ladder.yaml, whose comments tell what each key means.
 */
#include "base/err.h"
#include "base/time.h"
#include "roster/hours.h"
#include "state/calls.h"

enum { LADDER_STEPS_MAX = 16, LADDER_LEVELS = 6 };

enum ladder_who { LADDER_DUTY, LADDER_DEPUTY, LADDER_HEAD, LADDER_HUB, LADDER_WHO_MAX };

struct ladder_step {
    int64_t after; /* nanoseconds */
    enum ladder_who who;
};

struct ladder_level {
    struct ladder_step steps[LADDER_STEPS_MAX]; /* by after, ascending; none: nobody is called */
    uint32_t count;
    bool quiet;    /* waits for the end of the quiet hours */
    int64_t again; /* 0: an answer stands for good */
    int64_t answers;
};

/* Of what is no alert: the level whose steps it takes, and how long it lasts (of a clock: is still
 * to run) before it takes the first. level 0: nobody is called. */
struct ladder_matter {
    int32_t level;
    int64_t wait;
};

struct ladder {
    struct ladder_matter matters[STATE_MATTER_MAX];
    struct ladder_level levels[LADDER_LEVELS]; /* by an alert's level, 1 … 5 */
    struct hours quiet;
    int offset_s;
    int64_t awake, within, last;
    int64_t most;
};

/* Everything but levels is required; err has line and column. */
CANH_MUST_USE int ladder_parse(struct slice yaml, struct ladder *ret, struct err *err);

/* When a level may call that would at t: t, or the end of the quiet hours. */
int64_t ladder_not_before(const struct ladder *l, int32_t level, int64_t t);

#endif
