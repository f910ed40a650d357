/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_ICAL_H
#define CANH_CALENDAR_ICAL_H
/*
 * Calendars that other programs wrote (iCalendar, RFC 5545): the events, and when each of them
 * takes place. Read are DTSTART, DTEND or DURATION, RRULE (calendar/recur.h), RDATE, EXDATE,
 * RECURRENCE-ID (one occurrence that was moved), STATUS, SUMMARY, LOCATION, ATTENDEE (names by CN,
 * RFC 6868), and the calendar's name. Times are UTC, of a zone that the file describes (VTIMEZONE)
 * or that the caller knows by name, or of no zone: floating, the reader's own wall clock.
 *
 * Everything wrong is a note with its line, in the reader's language, and reading goes on: an event
 * with an error has no spans. Whoever declined, cancelled events, rooms and other components are
 * left out. Bounded: see the limits; recurrences also in the days that are looked at.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "calendar/zone.h"

enum {
    ICAL_BYTES_MAX = 8 << 20,
    ICAL_LINE_MAX = 64 << 10, /* of a content line, unfolded */
    ICAL_DEPTH_MAX = 8,
    ICAL_EVENTS_MAX = 20000,
    ICAL_SPANS_MAX = 100000,
    ICAL_PEOPLE_MAX = 32,   /* of one event */
    ICAL_DATES_MAX = 20000, /* RDATE and EXDATE of a file */
    ICAL_ZONES_MAX = 64,
    ICAL_NOTES_MAX = 1000
};

/* Somebody who attends: name by CN, address without mailto:. Either may be empty. */
struct ical_person {
    uint32_t line;
    struct slice name, address;
};

struct ical_event {
    uint32_t line; /* of its BEGIN */
    struct slice uid, summary, location;
    struct slice shift, via; /* X-CANH-SHIFT, X-CANH-VIA: roster/ics.h writes them */
    int32_t position;        /* X-CANH-POSITION; 0: none */
    struct ical_person *people;
    size_t people_count;
};

/* One time that an event takes place. */
struct ical_span {
    uint32_t event; /* index */
    bool floating;  /* start and stop are wall time, else instants */
    int64_t start, stop;
};

struct ical_note {
    uint32_t line; /* 0: of the file */
    bool warning;
    struct err what; /* without a place */
};

struct ical {
    struct slice name;
    struct ical_event *events;
    size_t event_count;
    struct ical_span *spans; /* by event, then start; no two of an event begin together */
    size_t span_count;
    struct ical_note *notes;
    size_t note_count, errors; /* errors beyond ICAL_NOTES_MAX are counted, too */
};

struct ical_options {
    int64_t until; /* an instant: nothing that begins later is taken, and a note says so */
    /* A zone by its name, when the file has no VTIMEZONE for it: 0, or any -CE_*. May be NULL. */
    int (*zone)(void *u, struct arena *arena, struct slice name, struct zone *ret);
    void *u;
};

/* Whether bytes begin as a calendar does. */
bool ical_is(struct slice bytes);

/*
 * 0, also when notes have errors. -CE_TOO_BIG, -CE_ENCODING (not UTF-8), -CE_SYNTAX (no calendar,
 * or cut off), -CE_DEPTH, -CE_NOMEM. Texts live in the arena.
 */
CANH_MUST_USE int ical_read(struct arena *arena, struct slice bytes, const struct ical_options *opt,
                            struct ical *ret, struct err *err);

#endif
