/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_FREQUENCY_H
#define CANH_CALENDAR_FREQUENCY_H
/*
 * How often something is due, one line of text:
 *
 *     frequency = rule { "|" name ":" rule }          name: a phase of the plan, or `heightened`
 *     rule      = word [ "/" n ] [ "(" arguments ")" ] [ "@" hh:mm { "," hh:mm } ] [ workday ]
 *     workday   = "workdays" | "before-holiday" | "after-holiday"
 *
 *     continuous(<=5m)        at no time may the proof be older than this; reckoned by the day
 *     each-shift              once in every shift of the plan
 *     daily@07:30             every day, due at 07:30 (without @: by the end of the day)
 *     weekly(mon)@16:00       every week from Monday to Sunday, due on a day (without: on Sunday)
 *     monthly(1)              due on a day of the month, or (last); without: on its last day
 *     quarterly, half-yearly  due on the last day; quarterly(20): on a day of the last month
 *     yearly(12-20)           due on a date, without: on 31 December
 *     at-start(24h)           once, due this long after the plan's start (without: 24h)
 *     at-end(7d)              once, in the last days before the plan's end (without: any time)
 *     phase(peak, 24h)        once in a phase, due at its end or this long after its start
 *     within(1h, event)       due this long after each event of that name
 *     daily/15, weekly/2(fri)@16:00, monthly/2(25), yearly/2
 *                             once in so many days, weeks, months or years, counted from the one
 *                             in which the plan's window begins; due in the last of them
 *     daily@10:00,16:00; weekly(tue,fri)@16:00; monthly(10,25)
 *                             up to four times in a period, each due for what lies behind the
 *                             one before; 24:00 is the end of the day
 *     by-level(1=year, 2=year, 3=6month, 4=quarter, 5=month)
 *                             by the level of the unit: none, year, 6month, quarter, month, week,
 *                             day; without a known level the most frequent of them
 *
 * A length of time is a number with s, m, h, d, w, or wd (working days). `workdays`: only on
 * working days, rest days belong to the working day before. before-holiday, after-holiday: a due
 * day that is off moves to the nearest working day before or after it within its period (or the
 * other way when that side has none). The part after | replaces the rule in that phase or while
 * a heightened watch is ordered, e.g. weekly(fri)@16:00 | peak:daily@16:00 (in
 * YAML without a blank after the colon, or quoted).
 *
 * Expansion (period_*): periods are half-open [from, until) and lie end to end, so that an
 * instant belongs to at most one. They are cut at the plan's window and where the rule changes:
 * a first part that begins after its due time is due at its end; a part that is cut before its
 * due time is due at its end when the plan ends there, and never when another rule takes over.
 * Everything here is pure, deterministic and bounded in time however long the window is.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "lang/title.h"

struct calendar;

enum frequency_kind {
    FREQ_CONTINUOUS,
    FREQ_SHIFT,
    FREQ_DAILY,
    FREQ_WEEKLY,
    FREQ_MONTHLY,
    FREQ_QUARTERLY,
    FREQ_HALF_YEARLY,
    FREQ_YEARLY,
    FREQ_AT_START,
    FREQ_AT_END,
    FREQ_PHASE,
    FREQ_WITHIN,
    FREQ_BY_LEVEL,
    FREQ_NONE, /* only inside by-level */
    FREQ_MAX
};

enum workday_rule { WORKDAY_ANY, WORKDAY_ONLY, WORKDAY_BEFORE, WORKDAY_AFTER, WORKDAY_MAX };

/* Names are short enough for every canonical form to be shorter than the longest text. */
enum {
    FREQ_LEVELS = 5,
    FREQ_OVERRIDES = 4,
    FREQ_POINTS = 4,
    FREQ_NAME_MAX = 64,
    FREQ_TEXT_MAX = 1000,
    FREQ_NO_TIME = -1
};

/* Either ns, or a number of working days. Both 0: none given. */
struct span {
    int64_t ns;
    uint16_t workdays;
};

struct frequency_rule {
    enum frequency_kind kind;
    enum workday_rule workday;
    int16_t minute;     /* of the day, or FREQ_NO_TIME */
    uint8_t weekday;    /* 1 = Monday … 7; 0 none */
    uint8_t month, day; /* 0 none; day 0 is the last */
    uint16_t interval;  /* so many days, weeks, months or years; 0 and 1: each */
    /* What is due before weekday, day or minute in the same period: of a week its days, of a month
     * its days, of a day its minutes; ascending. */
    uint16_t earlier[FREQ_POINTS - 1];
    uint8_t earlier_count;
    uint8_t levels[FREQ_LEVELS]; /* enum frequency_kind for levels 1..5 */
    struct span span;
    struct slice name; /* event or phase */
};

struct frequency_override {
    struct slice when; /* phase name or "heightened" */
    struct frequency_rule rule;
};

/* Borrows its names from the text that was parsed. */
struct frequency {
    struct frequency_rule base;
    struct frequency_override overrides[FREQ_OVERRIDES];
    unsigned override_count;
};

/* err.col is the place in s, from 1; err.line is 0. */
CANH_MUST_USE int frequency_parse(struct slice s, struct frequency *ret, struct err *err);
/* A length of time alone: 5m, 24h, 3wd. */
CANH_MUST_USE int span_parse(struct slice s, struct span *ret, struct err *err);

/* The text again, in one canonical form that parses to the same. */
void frequency_write(struct buf *out, const struct frequency *f);
void span_write(struct buf *out, struct span s);

/* In words, for people. name (may be NULL) gives the title of an event or phase; NULL from it
 * leaves the name as it is. */
typedef const struct title *(*frequency_name_fn)(const void *ctx, bool event, struct slice name);
void frequency_describe(struct buf *out, enum lang lang, const struct frequency *f,
                        frequency_name_fn name, const void *ctx);
void span_describe(struct buf *out, enum lang lang, struct span s);

enum rrule { RRULE_NONE, RRULE_APPROX, RRULE_EXACT };
/*
 * Appends an RFC 5545 RRULE value (of local times). RRULE_APPROX: holidays and overrides are left
 * out. RRULE_NONE, and nothing appended: not a recurrence that a calendar program can hold.
 */
enum rrule frequency_write_rrule(struct buf *out, const struct frequency *f, unsigned level);

const char *frequency_kind_to_str(enum frequency_kind kind);

#endif
