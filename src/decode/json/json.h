/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_JSON_H
#define CANH_DECODE_JSON_H
/*
 * JSON (RFC 8259) into events, one decoder per thread.
 *
 * A record is one JSON document, or one element of a top-level array. Every scalar in it (but no
 * null that nobody mentions) becomes a field, named after the path of its names joined by dots
 * (shape_resolve()); array positions are not part of a name. Values stay where they are in the
 * record: an event is valid only until the decoder's next call and only as long as the record's
 * bytes are.
 *
 * The whole grammar is checked, also in values that nobody asks for: UTF-8, control characters,
 * escapes (a lone surrogate is a legal escape), numbers, literals. Records that break it are
 * refused. Nesting beyond limits.max_depth is checked and left out (EVENT_FIELDS_LOST); beyond
 * JSON_DEPTH_MAX the record is refused.
 *
 * JSON_PADDING bytes behind the text given must be readable (their content does not matter).
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "decode/decode.h"
#include "event/event.h"
#include "event/keys.h"

enum {
    JSON_PADDING = 64,
    JSON_DEPTH_MAX = 1024,
};

struct json_decoder;

/* keys is borrowed and must not change any more. NULL without memory. */
CANH_MUST_USE struct json_decoder *json_decoder_new(const struct keys *keys,
                                                    const struct decode_limits *limits);
struct json_decoder *json_decoder_free(struct json_decoder *d); /* returns NULL */
const struct decode_counts *json_counts(const struct json_decoder *d);

/*
 * How many levels of processor the decoder knows that this one has, at least 1. It uses the
 * highest; tests and benchmarks choose by json_set_level(d, 0 … json_levels() - 1). All give the
 * same result.
 */
unsigned json_levels(void);
void json_set_level(struct json_decoder *d, unsigned level);

/*
 * Decodes one record, blanks around it allowed. 0, or negative with err filled: offset counts
 * from the record's start, line from 1. A record over limits.max_record is not parsed: its first
 * max_record bytes become one text field (EVENT_TRUNCATED). sequence and offset are set to 0.
 */
CANH_MUST_USE int json_decode(struct json_decoder *d, struct slice record, struct event *ret,
                              struct err *err);

enum json_mode {
    JSON_LINES, /* records do not contain line breaks: NDJSON */
    JSON_DOCS,  /* any documents one behind the other, or top-level arrays of records */
};

/* Whole records, as split.c cuts them. */
struct json_block {
    struct slice text;
    uint64_t offset; /* of text in the input */
    uint64_t line;   /* of its first byte, from 1 */
    uint64_t begun;  /* bytes of that line before it (JSON_DOCS) */
    enum json_mode mode;
    bool in_array; /* JSON_DOCS: text begins inside a top-level array */
    /* JSON_DOCS: as in struct json_docs, which goes on where it was in what is no record */
    bool answers, in_string, escape;
    uint8_t tail, beside;
    uint16_t depth;
    struct slice columns; /* of the table that text begins in (table.h); empty: in none */
    bool cut;             /* text is only the start of one record over the limit */
    bool elements;        /* null and "" are what evtx_record_json() wrote for VALUE_EMPTY */
    const struct decode_context *context; /* of lines in messages; NULL: decode_no_context */
};

/*
 * Decodes a block record by record. json_next() returns 1 and the event; 0 at the block's end; or
 * negative for a bad record, with err.offset and err.line in the input and err.col in the line.
 * After a bad record the next call goes on behind it: at the next line (JSON_LINES), or at the
 * document's end as json_docs_next() finds it (JSON_DOCS). event.sequence is the line where the
 * record starts.
 *
 * In JSON_LINES several documents may stand in one line. Lines `Record <number>`, which evtx_dump
 * writes between documents, are skipped in both modes.
 */
void json_start(struct json_decoder *d, const struct json_block *block);
CANH_MUST_USE int json_next(struct json_decoder *d, struct event *ret, struct err *err);

#endif
