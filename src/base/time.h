/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_TIME_H
#define CANH_BASE_TIME_H
/*
 * Instants are int64_t nanoseconds since 1970-01-01T00:00:00Z (years 1678 to 2261), proleptic
 * Gregorian, no leap seconds. Pure: nothing here reads a clock but time_now().
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

#define TIME_NONE   INT64_MIN
#define TIME_SECOND INT64_C(1000000000)
#define TIME_MINUTE (60 * TIME_SECOND)
#define TIME_HOUR   (60 * TIME_MINUTE)
#define TIME_DAY    (24 * TIME_HOUR)

struct civil {
    int year;              /* 1678..2261 */
    unsigned month, day;   /* 1..12, 1..31 */
    unsigned hour, minute; /* 0..23, 0..59 */
    unsigned second;       /* 0..59 (60 is read as the next second) */
    uint32_t nano;
};

/* Days from 1970-01-01 to a date, and back. The date must be a real one: see date_valid(). */
int64_t days_from_date(int year, unsigned month, unsigned day);
void date_from_days(int64_t days, int *ret_year, unsigned *ret_month, unsigned *ret_day);
bool date_valid(int year, unsigned month, unsigned day);
/* 1 = Monday … 7 = Sunday (ISO 8601). */
unsigned weekday_of_days(int64_t days);
/* ISO 8601 week number, 1..53. */
unsigned week_of_days(int64_t days);

/* TIME_NONE when the date is not real or out of range. offset_s: seconds east of UTC. */
int64_t time_from_civil(const struct civil *c, int offset_s);
void time_to_civil(int64_t t, int offset_s, struct civil *ret);

/*
 * ISO 8601 / RFC 3339: YYYY-MM-DD[(T| )hh:mm[:ss[(.|,)fraction]]][Z|UTC|GMT|±hh[:]mm]. Without a
 * zone the time is taken as default_offset_s; *ret_zoned (may be NULL) says whether the text had
 * one.
 * Returns 0, -CE_SYNTAX or -CE_RANGE.
 */
CANH_MUST_USE int time_parse(struct slice s, int default_offset_s, int64_t *ret, bool *ret_zoned);
/* The same text's date and clock as written, its zone not applied. */
CANH_MUST_USE int time_parse_civil(struct slice s, struct civil *ret);
/* Appends 2020-10-05T08:11:53.123Z with `digits` (0..9) of fraction, in UTC. */
void time_format(struct buf *out, int64_t t, unsigned digits);

/* The only clock: wall time now. Not for pure rooms. */
int64_t time_now(void);

/*
 * The moment of lateness, one for every deadline: what was done at the deadline's own instant was
 * in time; what is not done by then is late from that instant on. done 0: not yet. due 0: there is
 * no deadline.
 */
CANH_INLINE bool time_is_late(int64_t due, int64_t done, int64_t now)
{
    return due != 0 && (done != 0 ? done > due : now >= due);
}

#endif
