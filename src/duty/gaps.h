/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_GAPS_H
#define CANH_DUTY_GAPS_H
/*
 * What is wrong with the plan of who, ahead of time, and who is to be told when a shift is not
 * taken. Everything asks duty_spans: what is reported here is what is shown there.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "duty/roster.h"

/* How far ahead plans are looked at, unless a person asks for more. */
#define DUTY_AHEAD (48 * TIME_HOUR)

enum duty_fault {
    DUTY_GAP,      /* in required hours fewer stand than needed */
    DUTY_AWAY,     /* somebody planned is on leave and nobody took over */
    DUTY_RECALLED, /* somebody on leave was put there by an override */
};

struct duty_problem {
    enum duty_fault fault;
    int64_t from, until; /* adjacent spans with the same problem are one */
    uint32_t need, have; /* GAP */
    uint32_t person;     /* AWAY, RECALLED; else DUTY_NOBODY */
};

enum { DUTY_PROBLEMS_MAX = 10000 };

/*
 * The problems of a post in [from, until) within the prepared window, by their beginning, into the
 * arena. -CE_TOO_BIG over DUTY_PROBLEMS_MAX, -CE_NOMEM.
 */
CANH_MUST_USE int duty_problems(const struct duty_plan *plan, uint32_t post, int64_t from,
                                int64_t until, struct arena *arena, struct duty_problem **ret,
                                size_t *ret_n, struct err *err);

/* Somebody must be told so long after a shift began that nobody has taken. */
enum duty_tell { DUTY_TELL_PERSON, DUTY_TELL_DEPUTY, DUTY_TELL_HEAD, DUTY_TELL_HUB };
struct duty_step {
    int32_t minutes;
    enum duty_tell tell;
};

/* +5 the person, +15 the deputy, +30 the head of the unit, +45 the hub: used where data say
 * nothing else. */
extern const struct duty_step duty_ladder[];
extern const size_t duty_ladder_count;

/*
 * How many steps of a ladder (sorted by minutes) are due at `now` for a shift that began at `start`
 * and was taken at `taken` (0: not yet); taking it stops the ladder. *ret_next (may be NULL) gets
 * the time of the next step, or INT64_MAX.
 */
size_t duty_steps_due(const struct duty_step *ladder, size_t n, int64_t start, int64_t taken,
                      int64_t now, int64_t *ret_next);

#endif
