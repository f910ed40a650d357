/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_PERIOD_H
#define CANH_CALENDAR_PERIOD_H
/*
 * A frequency laid over a plan's window: see calendar/frequency.h for the rules.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"
#include "calendar/frequency.h"

struct window_part {
    struct slice name;
    int64_t from, until;
};

enum { WINDOW_PHASES_MAX = 16, WINDOW_SHIFTS_MAX = 24 };

/* What periods depend on besides the rule. Arrays are borrowed. */
struct window {
    int offset_s;                     /* the zone, seconds east of UTC */
    int64_t start, end;               /* [start, end); end = INT64_MAX while it is not known */
    const struct window_part *phases; /* sorted, not overlapping */
    size_t phase_count;
    const struct window_part *heightened; /* sorted, not overlapping; names unused */
    size_t heightened_count;
    const uint16_t *shifts; /* beginnings, minutes of the local day, sorted; none: 00:00 */
    size_t shift_count;
    const struct calendar *calendar; /* NULL: weekends only */
    unsigned level;                  /* 1..5, 0 unknown */
};

/* Periods are known from 1900 until 2200. due is in (from, until], or TIME_NONE when another rule
 * took over before it was due. */
struct period {
    int64_t from, until, due;
};

/* The period that holds t. False when none does (outside the window, event rules, level none). */
bool period_at(const struct frequency *f, const struct window *w, int64_t t, struct period *ret);
/* The first period with until > t: start with t = INT64_MIN, go on with the last one's until. */
bool period_after(const struct frequency *f, const struct window *w, int64_t t, struct period *ret);
/* The period of one event of a within() rule: from the event to due = until. False when the event
 * lies outside the window or the rule is another. */
bool period_of_event(const struct frequency *f, const struct window *w, int64_t event,
                     struct period *ret);
/* The rule in force at t: an override's or the base rule. */
const struct frequency_rule *period_rule_at(const struct frequency *f, const struct window *w,
                                            int64_t t);
/* t plus a length of time, working days counted in the window's calendar. Saturates. */
int64_t span_add(const struct window *w, int64_t t, struct span s);

#endif
