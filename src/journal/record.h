/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_RECORD_H
#define CANH_JOURNAL_RECORD_H
/*
 * One record of the journal, and what is committed with records: how far a source has been read,
 * which batches have been taken, how far a consumer has come. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/cur.h"
#include "base/slice.h"

enum {
    JOURNAL_ID_SIZE = 16,
    JOURNAL_HASH_SIZE = 32,
    JOURNAL_RAW_MAX = 8 * 1024 * 1024,    /* bytes of one record */
    JOURNAL_GROUP_MAX = 32 * 1024 * 1024, /* bytes of one group, as written */
    JOURNAL_CURSOR_MAX = 1024, /* bytes of a source's position, or of a position's base */
    JOURNAL_NAME_MAX = 63,     /* bytes of a stream's or consumer's name */
    JOURNAL_STREAMS_MAX = 64,
};

/* What `at` counts, so that it is stored small. */
enum journal_count {
    JOURNAL_AT_RECORD, /* the next record of the same base has at + 1 */
    JOURNAL_AT_BYTE,   /* at + its length + 1: lines of a file */
};

/*
 * Where in its source a record stood. Two records of one source with the same position are the same
 * record. base: device+inode+generation of a file, a journald cursor, channel+computer, a batch id;
 * at: offset, record number, index.
 */
struct journal_position {
    struct slice base;
    uint64_t at;
    enum journal_count count;
};

/* The lower 16 bits belong to the journal, the upper ones to its caller. */
enum journal_flag {
    JOURNAL_TRUNCATED = 1 << 0, /* raw was longer than the limit when it was received */
    JOURNAL_CANONICAL = 1 << 1, /* raw is a form we gave it: the source has no bytes of its own */
    JOURNAL_GAP = 1 << 2,       /* raw says what was lost: struct journal_gap as JSON */
    JOURNAL_REDACTED =
        1 << 3,               /* raw was removed by a person; the stream `audit` says who and why */
    JOURNAL_HISTORY = 1 << 4, /* old at reception: never sent, never on a ladder */
};

struct journal_record {
    uint32_t stream;  /* as journal_stream() gave it */
    uint64_t offset;  /* in its stream, from 0, without gaps; set by the journal */
    int64_t received; /* UTC */
    int64_t claimed;  /* when it says it happened, or TIME_NONE */
    uint8_t source[JOURNAL_ID_SIZE];
    uint8_t unit[JOURNAL_ID_SIZE];
    struct journal_position position;
    uint32_t decoder; /* version of the decoder that read it at reception */
    uint32_t flags;   /* enum journal_flag */
    struct slice raw; /* original bytes, without the line end that framed them */
};

/* A source has been read up to here: an opaque text of its collector, written and given back. */
struct journal_input {
    uint8_t source[JOURNAL_ID_SIZE];
    struct slice cursor; /* at most JOURNAL_CURSOR_MAX */
};

/* A batch of a source has been taken. */
struct journal_batch {
    uint8_t source[JOURNAL_ID_SIZE];
    struct slice id;
    int64_t received;
};

/* A consumer has the effect of every record before offset on disk. */
struct journal_consumer {
    struct slice name, stream;
    uint64_t offset;
};

/* What was lost. */
struct journal_gap {
    uint64_t count;      /* records, or 0 when nobody knows */
    int64_t from, until; /* received times, or TIME_NONE */
    struct slice reason; /* a word for programs: retention, queue-full, disk-full, unreadable … */
};

/* Appends the gap as one JSON object, for the raw of a record that is flagged JOURNAL_GAP. */
void journal_gap_write(struct buf *out, const struct journal_gap *gap);

/*
 * A record as bytes, for the tail and for frames between processes (its stream is a number that
 * both ends agree on). get: false when the bytes are no record; slices borrow from the cursor's.
 */
void journal_record_write(struct buf *out, const struct journal_record *r);
CANH_MUST_USE bool journal_record_get(struct cur *c, struct journal_record *ret);

/* Lower-case words of a–z 0–9 - _, of which two may be joined by a slash: events/default. */
bool journal_name_valid(struct slice name);

#endif
