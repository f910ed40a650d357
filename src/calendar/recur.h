/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_RECUR_H
#define CANH_CALENDAR_RECUR_H
/*
 * Recurrence rules of iCalendar (RFC 5545 §3.3.10), on days:
 *
 *     FREQ=DAILY, WEEKLY, MONTHLY or YEARLY; INTERVAL, COUNT or UNTIL, WKST,
 *     BYDAY (-1SU, MO …), BYMONTHDAY (1, -1 …), BYMONTH, BYSETPOS
 *
 * Several times a day (HOURLY …, BYHOUR …), BYWEEKNO and BYYEARDAY are refused by name. Occurrences
 * keep the clock time of the start; they are the days that the rule gives from the start on, so a
 * start that the rule does not give is none of them. Dates that a month lacks are left out.
 *
 * Times here are of the wall clock: nanoseconds since 1970-01-01 00:00 of the zone's own clock.
 * What they are in UTC is the caller's to say (calendar/zone.h).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

enum recur_freq { RECUR_DAILY, RECUR_WEEKLY, RECUR_MONTHLY, RECUR_YEARLY };

enum { RECUR_LIST_MAX = 31 };

struct recur {
    enum recur_freq freq;
    uint32_t interval; /* 1..1000 */
    uint32_t count;    /* 0: no end */
    int64_t until;     /* wall time of the last occurrence allowed; INT64_MAX: no end */
    bool until_utc;    /* until is UTC, as written with Z: recur_until_local() puts it right */
    uint8_t wkst;      /* 1 Monday … 7 Sunday */
    uint8_t day_count, monthday_count, setpos_count;
    uint16_t months; /* bit 1..12; 0: all */
    struct {
        int8_t n;        /* 0: every; 1 the first, -1 the last of the month or year */
        uint8_t weekday; /* 1 Monday … 7 Sunday */
    } days[RECUR_LIST_MAX];
    int16_t monthdays[RECUR_LIST_MAX];
    int16_t setpos[RECUR_LIST_MAX];
};

/* With or without "RRULE:". err.col is the place in s, from 1. -CE_SYNTAX, -CE_UNKNOWN (names and
 * values not known here), -CE_CONFLICT, -CE_MISSING. */
CANH_MUST_USE int recur_parse(struct slice s, struct recur *ret, struct err *err);
/* An UNTIL of UTC becomes wall time: offset_s is the zone's then. */
void recur_until_local(struct recur *r, int offset_s);

/* Where a walk through the occurrences stands. */
struct recur_walk {
    const struct recur *rule; /* borrowed */
    int64_t clock;            /* of the day, ns */
    int64_t first;            /* day of the start */
    int64_t period;           /* number of the next period, from the start's own: 0 */
    uint32_t done;            /* occurrences given */
    uint16_t set_count, set_at;
    int64_t set[366]; /* days of the present period */
};

/* start: wall time. */
void recur_begin(struct recur_walk *w, const struct recur *rule, int64_t start);
/*
 * The next occurrence's wall time; INT64_MAX after the last one, or when it would not lie before
 * `end`. Looks at every day before it once: *budget (may be NULL) is what is left of them, and
 * INT64_MAX comes, too, when it runs out (then it is 0).
 */
int64_t recur_next(struct recur_walk *w, int64_t end, uint64_t *budget);

#endif
