/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_DECODE_H
#define CANH_DECODE_DECODE_H
/*
 * What all decoders share: limits, the counts they keep, and how a path inside a record becomes a
 * field name. Decoders are pure: bytes in, events out; no files, clock or log.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"
#include "event/event.h"

struct decode_limits {
    uint32_t max_record; /* bytes; longer ones are truncated, marked and counted */
    uint32_t max_fields; /* ≤ EVENT_FIELDS_MAX */
    uint32_t max_depth;
    bool named; /* values of fields that nobody mentions may be left out, where that saves work */
};

/* 4 MiB, 1,024 fields, depth 64. */
extern const struct decode_limits decode_default_limits;

/* Counted, never silent. */
struct decode_counts {
    uint64_t records;     /* decoded into events */
    uint64_t bad;         /* not decodable */
    uint64_t truncated;   /* longer than the limit */
    uint64_t fields_lost; /* events that had more fields or depth than allowed */
};

/*
 * The field names that a path of a record stands for: up to two numbers that rules mention (the
 * path's own names joined by dots, and the canonical Windows name where the path has one).
 *
 *   Event.System.X → X        Event.System.X.#attributes.Y → X_Y       Event.System.X.#text → X
 *   Event.EventData.X, Event.UserData.<Node>.X, winlog.event_data.X,
 *   winlog.user_data.X → X, blanks removed     Event.EventData.Data.#text → Data
 *   winlog.channel, winlog.event_id, … → Channel, EventID, …
 *
 * The whole table stands in shape.c, with examples in docs/json-shapes.md.
 */
struct shape_names {
    uint32_t count;
    uint16_t keys[2];
};

/* path: the names from the record's root, n of them. Array positions are not part of a path. */
struct shape_names shape_resolve(const struct keys *keys, const struct slice *path, size_t n);

enum { SHAPE_PATH_MAX = 128 };

/*
 * The same path without what a tool wrapped around the record (Elasticsearch's hits, a search
 * result) and with names that have dots taken apart; 0 when nothing changes. The names lie in
 * path's.
 */
size_t shape_unwrap(const struct slice *path, size_t n, struct slice ret[SHAPE_PATH_MAX]);

/*
 * Whether a name is one in which underscores stand for a path (Graylog, GELF); *ret: without what
 * the tool put before it.
 */
bool shape_flat(struct slice name, struct slice *ret);
/* Whether such a name is that of a pattern; *ret_taken: what its % stands for. */
bool shape_flat_is(const char *pattern, struct slice name, struct slice *ret_taken);

/* Whether the names of a path are those of the text, '/' between them. */
bool shape_path_is(struct slice text, const struct slice *path, size_t n);

/* What else a path can be. */
enum shape_role {
    SHAPE_PLAIN,
    SHAPE_PAIR,      /* a <Data> that holds its name beside its text, or an array of such */
    SHAPE_PAIR_NAME, /* that name */
    SHAPE_PAIR_TEXT, /* that text: a field of that name */
    SHAPE_NESTED,    /* a string that may be JSON itself, see shape_nested() */
    SHAPE_RECORD,    /* a string that may be the record itself, as JSON or as XML */
    SHAPE_MESSAGE,   /* the same where the record has neither channel nor event id of its own */
    SHAPE_ORIGINAL,  /* the same, also where the record has none of the event's data itself */
    SHAPE_DATA_TEXT, /* a string that may be the event's data, as JSON or as XML */
    SHAPE_REQUEST,   /* a string that may be the first line of a request of HTTP */
    SHAPE_FINDING, /* the record is what another tool found, and no event: shape_tells_finding() */
    SHAPE_MARK,    /* only records of a layout that is known have it: layout.h */
    SHAPE_ECS,     /* what it stands for depends on the event: json/ecs.h */
};

enum shape_role shape_role(const struct slice *path, size_t n);
/*
 * Whether what has this name holds the event's data: pairs in a list there are asked for as if each
 * stood under Data.
 */
bool shape_holds_data(struct slice name);
/*
 * Whether only what another tool found in a log has the name (Hayabusa): it says which event that
 * was and, by names of its own, some of what the event said. No rule can judge that.
 */
bool shape_tells_finding(struct slice name);
/* The number of an event data name that stands as a value: blanks removed; or KEY_NONE. */
uint16_t shape_data_name(const struct keys *keys, struct slice name);
/* The text of a SHAPE_NESTED value is a document to be decoded as if it were the record. */
bool shape_nested(struct slice text);

#endif
