/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_CALENDAR_H
#define CANH_CALENDAR_CALENDAR_H
/*
 * Days off, as data: weekly rest days, public holidays by solar or lunar date with the years they
 * are valid, days off in place of a holiday on a rest day, and each year's decisions (how many
 * days before Tết, which workday is swapped with which Saturday). A file, YAML:
 *
 *     holidays: vn
 *     name: {vi: Ngày nghỉ lễ của Việt Nam, en: Public holidays of Vietnam}
 *     zone: +07:00                 # also decides the lunar dates
 *     years: {from: 2015, until: 2040}
 *     weekend: [sat, sun]
 *     days:
 *       - {id: tet, name: {vi: …, en: …}, lunar: 01-01, before: 1, days: 4, since: 2013-05-01,
 *          until: 2030-01-01, in-lieu: yes, source: …, checked: 2026-11-22}
 *       - {id: new-year, name: …, date: 01-01, source: …}
 *     decisions:
 *       - {year: 2020, day: tet, before: 2, days: 3, source: …}
 *       - {off: 2024-04-29, work: 2024-05-04, source: …}
 *
 * A date is month-day; before is how many days before it are also off; in-lieu (default yes):
 * each of the days that falls on a weekly rest day gives the next working day instead. Whatever
 * has no `checked` date is shown as not yet checked by a person.
 *
 * Days count from 1970-01-01 in the calendar's own zone. A calendar is immutable after parsing.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

enum day_kind {
    DAY_WORK,    /* an ordinary working day */
    DAY_REST,    /* weekly rest */
    DAY_HOLIDAY, /* the holiday itself, also on a rest day */
    DAY_IN_LIEU, /* off because a holiday fell on a rest day */
    DAY_SWAPPED, /* off by a decision, worked on another day */
    DAY_MADE_UP, /* a rest day worked in exchange */
    DAY_KIND_MAX
};

struct holiday {
    struct slice id, vi, en, source;
    int64_t checked; /* day on which a person checked the source, or TIME_NONE */
};

struct calendar;

/*
 * Reads a file's text. The calendar and its texts live in the arena. On failure err has line and
 * column; *ret is untouched.
 */
CANH_MUST_USE int calendar_parse(struct arena *arena, struct slice text,
                                 const struct calendar **ret, struct err *err);

/* A calendar of weekends only (Saturday, Sunday). */
const struct calendar *calendar_plain(void);

/* What a day is; ret_holiday (may be NULL) gets the holiday it belongs to, or NULL. Constant time.
 */
enum day_kind calendar_day(const struct calendar *c, int64_t day,
                           const struct holiday **ret_holiday);
bool calendar_is_off(const struct calendar *c, int64_t day);

/* The n-th working day after `day` (n = 0: the day itself if worked, else the next one).
 * Bounded: at most 400 days ahead, then that day. */
int64_t calendar_add_workdays(const struct calendar *c, int64_t day, unsigned n);

/* Years for which holidays are known; outside them only weekends are. */
void calendar_years(const struct calendar *c, int *ret_first, int *ret_last);
/* Seconds east of UTC. */
int calendar_offset(const struct calendar *c);

const char *day_kind_to_str(enum day_kind kind);

#endif
