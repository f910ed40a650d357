/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_EVENT_EVENT_H
#define CANH_EVENT_EVENT_H
/*
 * One log record as fields. A decoder fills the struct and owns all memory in it until its next
 * record; text is left in the form it had in the record and decoded only where someone asks.
 *
 * A field may occur several times (arrays, repeated names): a condition holds when any of them
 * satisfies it. A field whose name nobody mentions has key KEY_NONE; it still counts for keyword
 * search. Objects and arrays that have a mentioned name are present as VALUE_GROUP, without text.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "event/keys.h"

enum { EVENT_FIELDS_MAX = 1024 };

enum value_type {
    VALUE_STRING,
    VALUE_NUMBER, /* text is a JSON number or an integer */
    VALUE_EMPTY,  /* an XML element without content: no text, and null as well as "" */
    VALUE_BOOL,   /* text is "true" or "false" */
    VALUE_NULL,   /* JSON null, no text */
    VALUE_GROUP,  /* an object or array: present, no text of its own */
};

/* Strings, numbers and booleans have text, be it empty. */
CANH_INLINE bool value_type_has_text(uint8_t type)
{
    return type <= VALUE_BOOL;
}

CANH_INLINE bool value_type_is_null(uint8_t type)
{
    return type == VALUE_NULL || type == VALUE_EMPTY;
}

/* How text is stored. */
enum value_form {
    FORM_UTF8,  /* as is; may contain invalid bytes where the source had them */
    FORM_JSON,  /* the inside of a JSON string, valid, backslash escapes still in it */
    FORM_UTF16, /* UTF-16LE, even length */
};

struct field {
    const uint8_t *text;
    uint32_t n; /* bytes of text */
    uint16_t key;
    uint8_t type; /* enum value_type */
    uint8_t form; /* enum value_form */
};

enum event_flag {
    EVENT_TRUNCATED = 1 << 0,   /* the record was longer than the limit */
    EVENT_FIELDS_LOST = 1 << 1, /* more fields than EVENT_FIELDS_MAX, or deeper than the limit */
    /*
     * All text of the values stands in raw, and no character of it that folds to ASCII is written
     * as a \u escape or / as \/: what a value contains, raw contains. Only where it is surely so.
     */
    EVENT_TEXT_IN_RAW = 1 << 4,
    /* raw is text, and the values in FORM_UTF8 that stand in it do so as they are. */
    EVENT_RAW_PLAIN = 1 << 8,
    EVENT_KNOWN = 1 << 7,     /* in a layout that is known, where a format's records may have any */
    EVENT_RECOVERED = 1 << 2, /* from the unused part of an EVTX chunk, or one without its header */
    EVENT_DAMAGED = 1 << 3,   /* an EVTX record whose end is overwritten: values may be missing */
    EVENT_TIME = 1 << 5,      /* the decoder read the time itself: event.time */
    EVENT_TIME_LOCAL = 1 << 6, /* that time has no zone: it is the clock on the source's wall */
};

struct event {
    struct field *fields; /* EVENT_FIELDS_MAX of them, in record order */
    uint32_t count;
    uint32_t flags;
    struct slice raw;  /* the record's original bytes */
    uint64_t sequence; /* EVTX record number, or line number from 1 */
    uint64_t offset;   /* of raw in the input */
    /* Of the fields, for people; NULL where the decoder keeps only numbers. own: not of ECS. */
    const struct slice *names;
    const uint8_t *own;
    int64_t time; /* EVENT_TIME: nanoseconds since 1970, UTC or local */
};

/* Appends the value as UTF-8, escapes and encodings resolved, case kept. */
void field_text(const struct field *f, struct buf *out);

/*
 * Where to put a field that somebody mentions when there is no more room: over one that nobody
 * mentions, looked for from *from downwards (count at first). NULL: all are mentioned. The record
 * counts as EVENT_FIELDS_LOST all the same: keywords do not see what is gone.
 */
struct field *event_room_over(struct field *fields, uint32_t *from);

/* The first field with the key, one with text rather than a group; or NULL. */
const struct field *event_get(const struct event *e, uint32_t key);

/*
 * Who asks for a name. A route asks what Windows says of the record: where the same name stands
 * several times, the first. A rule's condition sees all values of a name, except that Channel is
 * the data's where the event's data has one: there it says what the event is about (which log was
 * cleared), while which log it stands in is the route's matter.
 */
enum event_view { VIEW_ROUTE, VIEW_CONDITION };

/* Whether field i of the event is a value of the name with that key, as it is seen there. */
bool event_has_value(const struct event *e, uint32_t i, uint32_t key, enum event_view view);

/*
 * When the event says it happened (TIME_NONE when it does not): TimeCreated, @timestamp,
 * EventTime, UtcTime in this order. Without a zone it is read as UTC.
 */
int64_t event_time(const struct event *e);
/* The same; *ret_local: the time names no zone, so it is a clock on a wall read as UTC. */
int64_t event_clock(const struct event *e, bool *ret_local);

#endif
