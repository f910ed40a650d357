/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_ALERT_H
#define CANH_DETECT_ALERT_H
/*
 * A match with all that an alert says of it, as a line of JSON (docs/alert-json.md,
 * docs/alert.schema.json) or of CSV (RFC 4180).
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "detect/generation.h"
#include "event/alert.h"
#include "event/alert_record.h"
#include "event/event.h"

enum { ALERT_SCHEMA = 2 };

/* Where an event came from. */
struct origin {
    const char *path;          /* of the log; NULL: it has none */
    struct slice source, unit; /* ids; empty: unknown, as in a scan of files */
    struct slice asset;        /* its id, where the source has one: what an alert is about */
    int64_t received;          /* TIME_NONE: unknown, the event's own time stands for it */
    int64_t fold;              /* length of the window; 0: ALERT_FOLD */
    bool history;              /* older than what is live */
    const struct zone *zone;   /* of times that name none; NULL: unknown */
    const struct zone *shown;  /* of times in CSV; NULL: UTC */
};

/*
 * When the event says it happened, a time without a zone read in the origin's where that is known;
 * else *ret_local, and the time is a clock on a wall read as UTC. Or TIME_NONE.
 */
int64_t origin_time(const struct origin *origin, const struct event *e, bool *ret_local);

/*
 * One thread's memory for writing alerts of a generation: a rule's part of the line is written
 * once, an event's parts are read once for all rules that it matches.
 */
struct alert_writer;

/* The generation is borrowed. NULL without memory. */
CANH_MUST_USE struct alert_writer *alert_writer_new(const struct generation *g);
struct alert_writer *alert_writer_free(struct alert_writer *w); /* returns NULL */

/* Before the first alert of each event. */
void alert_writer_begin(struct alert_writer *w);

struct alert {
    struct alert_writer *writer;
    const struct origin *origin;
    const struct event *event;
    uint32_t rule;            /* index in the generation's rules */
    uint32_t variant;         /* of it, that holds: match_result.variants */
    unsigned gaps;            /* enum alert_gap: not a rule's alert, but canh's own that says so */
    int64_t time;             /* TIME_NONE when the event has none */
    bool local;               /* its zone is not known */
    struct slice original;    /* empty: not asked for */
    struct slice suppression; /* id of the one that covers it, or empty */
};

/* Why an event, or part of it, was not examined fully; bits. */
enum alert_gap {
    GAP_FIELDS = 1 << 0, /* more fields, or deeper, than are kept */
    GAP_SIZE = 1 << 1,  /* the record is over the limit: only its beginning was searched, as text */
    GAP_REGEX = 1 << 2, /* a search was given up at its limit */
    GAP_CUT = 1 << 3,   /* the record's end is missing or overwritten */
};

/* The first occurrence of a field that has text, or NULL. */
const struct field *alert_field(const struct event *e, uint32_t key);

/* The same as a record of the journal's stream `alerts`; what only the caller knows (the event's
 * id, stream, suppression) stays empty. Texts lie in the arena. */
void alert_to_record(const struct alert *a, struct arena *arena, struct alert_record *ret);

/* Calls fn for each field that made the rule match, a name and a text; "*": a keyword. */
void alert_reasons(const struct alert *a,
                   void (*fn)(void *ctx, struct slice field, struct slice value), void *ctx);

void alert_json(struct buf *out, const struct alert *alert);

/* Appends "fields", "size", …, with separator between. */
void alert_write_gaps(struct buf *out, unsigned gaps, const char *separator);

/* The line of column names, with a byte order mark: spreadsheets need it to see UTF-8. */
void alert_csv_head(struct buf *out);
/* A quoted cell of CSV and a comma, nothing in it that a spreadsheet would run; scratch is cleared.
 */
void alert_write_cell(struct buf *out, struct buf *scratch, struct slice s);
void alert_csv(struct buf *out, const struct alert *alert);

#endif
