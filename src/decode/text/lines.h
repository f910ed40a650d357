/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_LINES_H
#define CANH_DECODE_TEXT_LINES_H
/*
 * The decoder of all formats in which a record is a line, or a line with further ones that continue
 * it. A format says which lines are its own and reads them; everything else is here: cutting,
 * counting, lines too long, column names in the block's head, a format that changes in the middle.
 *
 * A line that the format cannot read is offered to all line formats. A line that none reads becomes
 * an event with its text as `message`, so that rules which look for words still see it.
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "decode/decoder.h"
#include "decode/text/fields.h"
#include "decode/text/program.h"

/* What a line is read with. */
struct line_reader {
    struct fields fields;
    struct programs *programs;
    struct arena table; /* of programs */
    const struct decode_context *context;
    struct slice head; /* of the block: the lines that `head` kept */
    /* A JSON document that the record holds, written by `parse`: a program's message, a row of a
     * table. What it says and the record does not is added; empty: there is none. */
    struct buf document;
    struct buf joined; /* a message that stood in several lines */
};

struct line_format {
    const char *name;
    /* True for a line with which a record of the format begins; decides what an input is. */
    bool (*begins)(struct slice line, const struct decode_context *context);
    /* Sets the record's fields; false when it is not of the format (nothing may be set then). */
    bool (*parse)(struct line_reader *r, struct slice record);
    /* True for a line that belongs to the record before it. NULL: a record is a line. */
    bool (*continues)(struct slice line);
    /* The same where lines come one by one (format.joins); NULL: as `continues` says. */
    bool (*joins)(struct slice line);
    /* True for a line of names that later lines need; it is no record. NULL: there are none. */
    bool (*names)(struct slice line);
    /* Whether the record after a line of names fits them, where the line alone does not say that it
     * is one. NULL: it does. */
    bool (*fits)(struct slice names, struct slice record);
    /* True for one of those that nothing needs. NULL: all are needed. */
    bool (*comment)(struct slice line);
    /*
     * Several records may stand in a line: bytes of s up to the end of the first, 0 when none ends
     * in s. Where none ends, what begins like a record is
     * one, the rest is none. NULL: only line breaks end records.
     * Without `continues` nothing else ends a record, which may go over several lines so; where
     * none ends in s, s is one.
     */
    size_t (*ends)(struct slice s);
    int sure; /* of an input whose first lines begin like this, per cent */
};

/* All line formats; NULL ends. In the order in which an unknown line is offered to them. */
extern const struct line_format *const line_formats[];

/* NULL without memory. keys is borrowed. */
CANH_MUST_USE struct line_reader *line_reader_new(const struct keys *keys);
struct line_reader *line_reader_free(struct line_reader *r); /* returns NULL */
/*
 * Reads a line by the first format that knows it: r->fields with event.module. Left out is `but`,
 * which has tried already. r->context must be set. False:
 * none does, and no field is set.
 */
bool line_reader_any(struct line_reader *r, struct slice line, const struct line_format *but);

/* What `struct format` asks for, for any line format. */
int lines_recognise(const struct line_format *format, const struct decode_sample *sample);
void *lines_cutter_new(const struct line_format *format, const struct decode_limits *limits,
                       const struct decode_context *context);
void lines_cutter_free(void *cutter);
int lines_cut(void *cutter, struct slice have, bool last, struct decode_block *ret,
              size_t *ret_taken, struct err *err);
CANH_MUST_USE struct decoder *lines_decoder_new(const struct line_format *format,
                                                const struct keys *keys,
                                                const struct decode_limits *limits);
void lines_decoder_free(struct decoder *d);
bool lines_joins(const struct line_format *format, struct slice record, struct slice line);
enum line_role lines_role(const struct line_format *format, struct slice line);
void lines_begin(struct decoder *d, const struct decode_block *block);
int lines_next(struct decoder *d, struct event *ret, struct decode_fault *ret_fault);

/*
 * The same for records of several lines: safe_end(whole lines) is where a block may end, 0 for
 * nowhere yet. NULL: as the format's `continues` says.
 */
int lines_cut_at(void *cutter, struct slice have, bool last, size_t (*safe_end)(struct slice lines),
                 struct decode_block *ret, size_t *ret_taken, struct err *err);

/* Defines format.joins of line format line_NAME, joins_NAME. */
#define LINE_JOINS(NAME)                                                                           \
    static bool joins_##NAME(struct slice record, struct slice line)                               \
    {                                                                                              \
        return lines_joins(&line_##NAME, record, line);                                            \
    }

/* Defines format_NAME of line format line_NAME. */
#define LINE_FORMAT(NAME, TEXT, ...)                                                               \
    static int recognise_##NAME(const struct decode_sample *sample)                                \
    {                                                                                              \
        return lines_recognise(&line_##NAME, sample);                                              \
    }                                                                                              \
    static void *new_cutter_##NAME(const struct decode_limits *limits,                             \
                                   const struct decode_context *context)                           \
    {                                                                                              \
        return lines_cutter_new(&line_##NAME, limits, context);                                    \
    }                                                                                              \
    static struct decoder *new_decoder_##NAME(const struct keys *keys,                             \
                                              const struct decode_limits *limits)                  \
    {                                                                                              \
        return lines_decoder_new(&line_##NAME, keys, limits);                                      \
    }                                                                                              \
    static enum line_role role_##NAME(struct slice line)                                           \
    {                                                                                              \
        return lines_role(&line_##NAME, line);                                                     \
    }                                                                                              \
    const struct format format_##NAME = {.name = TEXT,                                             \
                                         .lines = true,                                            \
                                         .recognise = recognise_##NAME,                            \
                                         .cutter_new = new_cutter_##NAME,                          \
                                         .cutter_free = lines_cutter_free,                         \
                                         .cut = lines_cut,                                         \
                                         .role = role_##NAME,                                      \
                                         .decoder_new = new_decoder_##NAME,                        \
                                         .decoder_free = lines_decoder_free,                       \
                                         .begin = lines_begin,                                     \
                                         .next = lines_next,                                       \
                                         __VA_ARGS__}

#endif
