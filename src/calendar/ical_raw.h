/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_ICAL_RAW_H
#define CANH_CALENDAR_ICAL_RAW_H
/*
 * A calendar as its lines give it, before zones are known: what ical_read.c fills and
 * ical_expand.c makes times of. Only for files of this room.
 */
#include "calendar/ical.h"
#include "calendar/ical_line.h"

/* A value with the zone that it names. */
struct ical_raw_time {
    uint32_t line; /* 0: not there */
    struct slice text, tzid;
};

enum ical_date_kind { ICAL_RDATE, ICAL_EXDATE };

/* A value of RDATE (a period, too) or EXDATE; those of an event are a list. */
struct ical_raw_date {
    struct ical_raw_time time;
    enum ical_date_kind kind;
    struct ical_raw_date *next;
};

struct ical_raw_event {
    uint32_t event;                         /* index in the answer */
    struct ical_raw_time start, end, moved; /* moved: RECURRENCE-ID */
    struct ical_raw_time duration, rule;    /* without zones */
    struct ical_raw_date *dates;
    bool cancelled, bad;
};

struct ical_observance {
    uint32_t line;
    struct ical_raw_time start, rule;
    struct ical_raw_date *dates;
    int from_s, to_s;
    bool has_from, has_to;
    struct ical_observance *next;
};

struct ical_raw_zone {
    uint32_t line;
    struct slice tzid;
    struct ical_observance *observances;
    struct zone zone;
    bool bad;
};

struct ical_reader {
    struct arena *arena;
    const struct ical_options *opt;
    struct ical *out;
    struct ical_raw_event *events;
    struct ical_raw_zone zones[ICAL_ZONES_MAX]; /* those described first, then those looked up */
    size_t zone_count, date_count;
    size_t event_cap, raw_cap, span_cap, note_cap;
    size_t event_count;
    uint64_t budget; /* of days to look at */
    int r;
    struct err *err;
};

/* One more item of an array in the arena; NULL (o->r is set) when there is no room. */
void *ical_grow(struct ical_reader *o, void **items, size_t n, size_t *cap, size_t size);
void ical_note_add(struct ical_reader *o, uint32_t line, bool warning, const struct err *what);
#define ical_note(o, line, warning, id, ...)                                                       \
    ({                                                                                             \
        struct err note_ = ERR_INIT;                                                               \
        (void)err_fail(&note_, CE_SYNTAX, id, ##__VA_ARGS__);                                      \
        ical_note_add(o, line, warning, &note_);                                                   \
    })
/* Fails the whole reading. */
#define ical_fail(o, code, line, id, ...)                                                          \
    ((o)->r = (o)->r ? (o)->r : err_fail_at((o)->err, code, line, 0, id, ##__VA_ARGS__))

/* The zone of a name, NULL with a note when there is none. */
const struct zone *ical_find_zone(struct ical_reader *o, struct slice tzid, uint32_t line);
/* Fills the zone from its observances; bad with a note when it cannot be. */
void ical_make_zone(struct ical_reader *o, struct ical_raw_zone *z);
/* Makes the spans of all events. */
void ical_expand(struct ical_reader *o);

#endif
