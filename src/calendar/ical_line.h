/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_ICAL_LINE_H
#define CANH_CALENDAR_ICAL_LINE_H
/*
 * The syntax of iCalendar: content lines, parameters, values. Only for files of this room.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

/* NAME;PARAM=…:value, unfolded; slices are of the reader's buffer and live until the next line. */
struct ical_line {
    uint32_t number; /* of its first line in the file */
    struct slice name, params, value;
    bool bad; /* no colon */
};

struct ical_lines {
    struct slice rest;
    uint32_t number; /* of the next line */
    struct buf text; /* BUF_INIT(ICAL_LINE_MAX) */
};

/* The next line that is not empty. 1, 0 at the end, -CE_TOO_BIG or -CE_NOMEM. */
CANH_MUST_USE int ical_next_line(struct ical_lines *l, struct ical_line *ret);

/* A parameter's first value without its quotes, RFC 6868 undone, in the arena; empty: none. */
struct slice ical_param(struct arena *arena, struct slice params, const char *name);
/* TEXT without its backslashes and control characters but newlines (§3.3.11), in the arena. */
struct slice ical_text(struct arena *arena, struct slice value);

/* 20270131 or 20270131T235959[Z], as a wall time (or UTC). */
struct ical_time {
    bool date, utc;
    int64_t at;
};
bool ical_parse_time(struct slice s, struct ical_time *ret);
/* The same; years before 1970 become 1970, as a zone's first change may be given (1601). */
bool ical_parse_onset(struct slice s, int64_t *ret);
/* P1D, PT8H30M, P2W: whole days and time apart. False also for nothing and for less. */
bool ical_parse_duration(struct slice s, int64_t *ret_days, int64_t *ret_ns);
/* +0700, -033015 */
bool ical_parse_offset(struct slice s, int *ret);

#endif
