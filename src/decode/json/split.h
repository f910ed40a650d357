/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_JSON_SPLIT_H
#define CANH_DECODE_JSON_SPLIT_H
/*
 * Cuts a stream of JSON into blocks of whole records, so that threads can decode the blocks
 * independently and memory stays bounded whatever the size of the input.
 *
 *     have: bytes read and not yet taken
 *     while ((r = json_split_cut(&s, have, last, &block, &taken, &err)) >= 0) {
 *         if (r > 0)
 *             give block away (it points into have);
 *         drop the first `taken` bytes of have
 *         if (r == 0 && taken == 0)
 *             have is empty and last: done; otherwise read more behind it
 *     }
 *
 * The kind of stream is found out from its beginning: NDJSON (one record a line), or documents of
 * any layout one behind the other, also top-level arrays of records. A UTF-8 byte order mark is
 * dropped; CRLF and blank lines are fine. UTF-16 is refused.
 *
 * Records over limits.max_record come as a block with `cut` set that holds their first max_record
 * bytes; the rest of them is dropped.
 *
 * Broken input: in NDJSON every line stands for itself. Elsewhere a line break ends a string that
 * is still open, and a record ends early where a line begins with '{' and the grammar allows none
 * there; so one broken document does not swallow those behind it.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "decode/json/json.h"

/*
 * Finds the ends of documents, without checking them: strings and brackets only. Zeroed to begin
 * with; positions are relative to the text given, which a later call may extend.
 */
struct json_docs {
    size_t at;    /* seen up to here */
    size_t start; /* of the record, when in_record */
    uint32_t depth;
    bool in_array;  /* inside a top-level array, or an answer's list of records */
    size_t look;    /* not 0: documents may be answers, to be told by so many bytes */
    uint8_t tail;   /* objects of the answer that are open around its list; also behind it */
    uint8_t beside; /* json_list.beside of that list */
    bool in_record, in_string, escape;
    bool line_start; /* the byte before at was a line break */
    uint8_t before;  /* the last byte before at that was neither blank nor in a string */
    uint64_t arrays[JSON_DEPTH_MAX / 64]; /* which open brackets are [ */
    struct buf *columns; /* the names of a table's columns (table.h) go there; NULL: nowhere */
};

/* 1 and the record; 0 when text holds no further end of a record (final: nothing at all). */
int json_docs_next(struct json_docs *s, struct slice text, bool final, struct slice *ret);

struct json_list {
    unsigned open;        /* brackets around it */
    struct slice columns; /* of a table: the list of its columns, as it stands in the text */
    unsigned beside;      /* not 0: the table is one of a list of such, and this tells which kind */
};

/*
 * Whether a document is an answer of a search whose list of records (hits.hits, results, …) begins
 * within its first `look` bytes: bytes up to the list's first record, and *ret; 0: it is none;
 * SIZE_MAX: that takes more bytes (never when final). An answer without a record is one, too.
 * beside: json_list.beside of a table, where text is an object behind it in the same list; else 0.
 */
size_t json_answer(struct slice text, size_t look, bool final, unsigned beside,
                   struct json_list *ret);

/* The bytes of a line `Record <number>` at the start of text, line break included; 0 if not. */
size_t json_record_line(struct slice text);

/* Bytes that are enough to tell the kind of stream, or of document. */
size_t json_lookahead(uint32_t max_record);

struct json_split {
    uint32_t max_record;
    bool known;  /* mode has been found out */
    bool opened; /* a byte order mark has been looked for */
    bool skipping;
    enum json_mode mode;
    uint64_t offset, line, begun;  /* of what is not yet taken */
    struct json_docs docs, before; /* before: where the text that is not yet taken begins */
    struct buf columns, head;      /* as of docs and as of before */
    bool moved;                    /* head is not yet what before asks for */
};

void json_split_init(struct json_split *s, const struct decode_limits *limits);
void json_split_done(struct json_split *s);

/*
 * last: nothing follows `have`. When have.n > max_record something is always taken.
 * 1 and *ret: a block; 0: none yet; -CE_ENCODING: not UTF-8.
 */
CANH_MUST_USE int json_split_cut(struct json_split *s, struct slice have, bool last,
                                 struct json_block *ret, size_t *ret_taken, struct err *err);

#endif
