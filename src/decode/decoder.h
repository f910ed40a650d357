/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_DECODER_H
#define CANH_DECODE_DECODER_H
/*
 * One interface for every format of logs. A format is a folder or file of this room and a row in
 * format_table.c; nothing outside the room knows a format by its name.
 *
 * Bytes become events in two steps, so that the second may run on several threads and memory stays
 * bounded whatever the size of the input:
 *
 *     format = format_find(&sample, …)            what it is, by content
 *     cutter = cutter_new(format, …)              one for an input: blocks of whole records
 *     while (cutter_cut(cutter, …, &block, …))    see there
 *         give the block to a thread:
 *             decoder_open(d, &block);            one for a thread and format
 *             while ((r = decoder_next(d, &event, &fault)) != 0)
 *                 r > 0 ? use(&event) : tell(&fault);
 *
 * A record that was stored by itself is decoded again the same way: a block whose text is
 * decoder_raw()'s, with `single` set.
 *
 * A line that is in another format than its input is read in its own (other.h).
 *
 * Decoders are pure: no files, clock or log. What they cannot see in the bytes (year, time of
 * arrival) comes in the context. Values of an event lie in the block or in the decoder's own memory
 * and are gone at the next call.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "decode/decode.h"
#include "event/event.h"
#include "event/keys.h"
#include "lang/lang.h"

enum {
    DECODE_PADDING = 128,       /* readable bytes behind every block's text; any content */
    DECODE_HEAD_MAX = 64 * 1024 /* bytes of block.head */
};

/*
 * What is known of an input besides its bytes; set once, before the first block. A time without a
 * zone stays local (EVENT_TIME_LOCAL): whoever knows the zone applies it to the event's time, so
 * none is needed here. Times are TIME_NONE when unknown.
 */
struct decode_context {
    int64_t received; /* when the bytes came in */
    int64_t modified; /* the file's modification time: no record in it is later */
    int32_t year;     /* of the last record, where records have none; 0: from the times above */
    /* The record has no form of its own and is JSON because a node keeps it so. One of an EVTX file
     * has null or "" for an element without content, which is both. */
    bool canonical;
};

/* Unknown times, no year. */
extern const struct decode_context decode_no_context;

/* Some bytes of an input, to be recognised. */
struct decode_sample {
    struct slice bytes; /* UTF-8 or binary: byte order marks are resolved before */
    bool begins;        /* the input's first bytes; else the first line may be the end of one */
    bool ends;          /* no more bytes will come */
};

/* How sure a format is of a sample: 1 to 100 per cent, or one of these. */
enum { RECOGNISE_NO = 0, RECOGNISE_MORE = -1 /* too little to tell */, RECOGNISE_SURE = 100 };

/*
 * Whole records, to be decoded on any thread. text and head belong to the caller, who may move them
 * before the block is opened: DECODE_PADDING bytes behind text must be readable.
 */
struct decode_block {
    struct slice text;
    struct slice head; /* what came earlier and is needed to read the text: names of columns */
    const struct decode_context *context; /* NULL: decode_no_context */
    uint64_t offset;                      /* of text in the input */
    uint64_t line;                        /* of text's first byte, from 1 */
    uint64_t begun;                       /* bytes of that line before it */
    uint32_t state;                       /* the format's own */
    bool cut;                             /* text is only the start of one record over the limit */
    bool single;                          /* text is one record, of any layout, and nothing else */
    bool leftovers; /* only what no longer belongs to the log: format.leftovers */
};

/* What can be wrong with an input besides a record; bits of decode_fault.damage. */
enum decode_damage {
    DAMAGE_SIGNATURE = 1 << 0, /* the mark with which a part begins */
    DAMAGE_HEADER = 1 << 1,    /* a header's checksum */
    DAMAGE_DATA = 1 << 2,      /* the checksum of the data */
    DAMAGE_CUT = 1 << 3,       /* the input ends inside a part */
    DAMAGE_LOST = 1 << 4,      /* `bytes` bytes in which nothing can be read */
};

enum decode_fault_kind {
    FAULT_RECORD, /* a record that cannot be decoded; err says why */
    FAULT_PART,   /* a damaged part of the input, of which whole records were read; damage or err */
    FAULT_STALE,  /* not wrong: records go on behind the end that a part states */
    FAULT_LOST,   /* a leftover that cannot be decoded any more; only its sequence is known */
};

struct decode_fault {
    enum decode_fault_kind kind;
    unsigned damage;   /* enum decode_damage */
    uint64_t bytes;    /* DAMAGE_LOST */
    uint64_t sequence; /* FAULT_LOST */
    struct err err;    /* offset in the input, line and column where there are lines; the reason */
};

/* What a line of an input is. */
enum line_role {
    LINE_RECORD,
    LINE_NAMES,   /* says what the lines behind it need to be read: names of columns */
    LINE_COMMENT, /* neither */
};

/* The common beginning of every format's decoder. */
struct decoder {
    const struct format *format;
    struct decode_counts counts;
    struct decoder_other *other; /* reads lines of other formats (other.h) */
};

struct format {
    const char *name;   /* "json" */
    const char *stored; /* format of decoder_raw()'s bytes; NULL: this one */
    bool any_layout;    /* records may say anything: those that are known are EVENT_KNOWN, or
                           have a channel or an event id */
    bool lines;         /* a record ends with a line, so that an unfinished line is no record */
    bool documents;     /* lines are JSON documents that it reads itself */
    bool leftovers;     /* blocks can be read again for what no longer belongs to the log */

    /* What people need to know of it; names and marks of logs are the same in every language. */
    msg_id text;
    const char *recognised, *fields; /* by what; the names that its events have */
    const char *tested;              /* against what */

    /* RECOGNISE_*; must not depend on how many bytes beyond the first few records are there. */
    int (*recognise)(const struct decode_sample *sample);

    /* See cutter_cut(). A cutter holds no part of the text. */
    void *(*cutter_new)(const struct decode_limits *limits, const struct decode_context *context);
    void (*cutter_free)(void *cutter);
    int (*cut)(void *cutter, struct slice have, bool last, struct decode_block *ret,
               size_t *ret_taken, struct err *err);

    /*
     * For who gets lines one by one and keeps each record by itself. A record may then be names of
     * columns, as they stand before it, and the record.
     *
     * Whether a line goes on with the record before it, or, with line.p NULL, any line may; NULL: a
     * record is a line.
     */
    bool (*joins)(struct slice record, struct slice line);
    /* NULL: all are LINE_RECORD. */
    enum line_role (*role)(struct slice line);

    /* See decoder_new() and the following. */
    struct decoder *(*decoder_new)(const struct keys *keys, const struct decode_limits *limits);
    void (*decoder_free)(struct decoder *d);
    void (*begin)(struct decoder *d, const struct decode_block *block);
    int (*next)(struct decoder *d, struct event *ret, struct decode_fault *ret_fault);
    /* Appends the names that the record of an event begins with; NULL: event.names are they. */
    void (*names)(const struct event *e, unsigned most, struct buf *out);
    /* NULL: the event's raw bytes are the record. */
    int (*raw)(struct decoder *d, const struct event *e, struct buf *out, struct err *err);
};

/* All formats, in the order in which they are asked; NULL ends. */
extern const struct format *const decode_formats[];

/*
 * The format that is surest of the sample, the first of equals. NULL: none, or, with *ret_more,
 * none as long as there are no more bytes (never when sample->ends).
 */
const struct format *format_find(const struct decode_sample *sample, bool *ret_more);
/* The same where no more bytes will come; *ret_sure: how sure it is, per cent. */
const struct format *format_find_sure(const struct decode_sample *sample, int *ret_sure);
/*
 * For an input whose beginning is in no format: the first line of text at which a log begins, where
 * it is (*ret_at) and its format. NULL: none begins before *ret_at; what stands behind needs more
 * text, and text that ends holds none. A line decides with those behind it, so that one that only
 * looks like a log's does not make a log.
 */
const struct format *format_find_later(struct slice text, bool ends, size_t *ret_at);
/* NULL when there is none of that name. */
const struct format *format_by_name(struct slice name);

struct cutter;

/* limits and context are borrowed. NULL without memory. */
CANH_MUST_USE struct cutter *cutter_new(const struct format *format,
                                        const struct decode_limits *limits,
                                        const struct decode_context *context);
struct cutter *cutter_free(struct cutter *c); /* returns NULL */

/*
 * have: bytes read and not yet taken. last: nothing follows them.
 *
 *     while ((r = cutter_cut(c, have, last, &block, &taken, &err)) >= 0) {
 *         if (r > 0)
 *             give the block away (it points into have, and block.head into the cutter: copy it)
 *         drop the first `taken` bytes of have
 *         if (r == 0 && taken == 0)
 *             have is empty and last: done; otherwise read more behind it
 *     }
 *
 * 1 and *ret: a block; 0: none yet; negative: the input cannot be read any further. When have.n is
 * over limits.max_record and a part of 64 KiB, something is always taken. A block holds whole
 * records, or with `cut` the first max_record bytes of a longer one. A source that lives gives
 * last = true once it wants to have what may be only half of a record of several lines.
 */
CANH_MUST_USE int cutter_cut(struct cutter *c, struct slice have, bool last,
                             struct decode_block *ret, size_t *ret_taken, struct err *err);

/*
 * A decoder of the format for one thread. keys must be complete: names added later are not seen.
 * Borrowed. NULL without memory.
 */
CANH_MUST_USE struct decoder *decoder_new(const struct format *format, const struct keys *keys,
                                          const struct decode_limits *limits);
struct decoder *decoder_free(struct decoder *d); /* NULL is fine; returns NULL */

/* Starts on a block; its bytes, head and context must stay until its last event is done with. */
void decoder_open(struct decoder *d, const struct decode_block *block);

/*
 * 1: a record in *ret; its fields, also in number, are the decoder's until the next call.
 * 0: the block is done. Negative: something to tell in *ret_fault; go on calling.
 */
CANH_MUST_USE int decoder_next(struct decoder *d, struct event *ret,
                               struct decode_fault *ret_fault);

/* Whether the event is in a layout of which rules can make sense. */
bool event_is_known(const struct format *format, const struct event *e);
/* Appends up to `most` names with which its record begins, ", " between them. */
void event_write_names(const struct format *format, const struct event *e, unsigned most,
                       struct buf *out);

/*
 * The record of the event that decoder_next() returned last in bytes that can be decoded by
 * themselves (format->stored): the original ones where they can, else appended to *out, which is
 * cleared before. Negative with err filled.
 */
CANH_MUST_USE int decoder_raw(struct decoder *d, const struct event *e, struct buf *out,
                              struct slice *ret, struct err *err);
/* The same bytes appended to *out, which at a failure is as it was, with its error if it has one.
 */
CANH_MUST_USE int decoder_append(struct decoder *d, const struct event *e, struct buf *out,
                                 struct err *err);

#endif
