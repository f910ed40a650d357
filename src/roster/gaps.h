/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ROSTER_GAPS_H
#define CANH_ROSTER_GAPS_H
/*
 * What is wrong with the plan of who, ahead of time. Everything asks duty_spans: what is reported
 * here is what is shown there.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lang/lang.h"
#include "roster/roster.h"

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

/* What is wrong, in words, without its time; name: of problem.person. */
void duty_problem_describe(struct buf *out, enum lang lang, const struct duty_problem *p,
                           struct slice name);

#endif
