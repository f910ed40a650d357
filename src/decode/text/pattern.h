/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_PATTERN_H
#define CANH_DECODE_TEXT_PATTERN_H
/*
 * Wordings of messages as rows of data, matched in one pass and without backtracking.
 *
 *     {"Failed password for {user.name T} from {source.ip a} port {source.port n}{? ssh2?}", "..."}
 *
 * Text stands for itself; the whole message must be consumed. {name kind} takes a value:
 *     w  one word: no blanks, at least one byte     n  decimal digits
 *     a  an IP address, [in brackets] or with a zone, to name.ip of source or destination
 *     h  an address or a host's name (source.ip → source.ip or source.domain)
 *     q  up to the next " that no backslash stands before
 *     t  up to the first place where the text behind it in the pattern stands; may be empty
 *     T  up to the last place behind which the rest of the pattern fits: for text that whoever
 *        caused the line chose himself, so that nothing in it can pass for what follows
 *     *  the rest, whatever it is
 * {- kind} takes and drops. {?…?} is taken when its inside fits here, else passed over; it holds no
 * other {?…?}. Inside it, t and T look no further than its end. One that begins with a value is
 * passed over where the text that follows it in the pattern stands already.
 *
 * `sets` is name=value;name=value: fields that the wording means.
 *
 * Time: a T tries each place at most once and what follows fails within a bounded number of bytes;
 * a pattern has at most one T.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"
#include "decode/text/fields.h"

struct pattern_row {
    const char *pattern;
    const char *sets; /* may be NULL */
};

/* The rows of one program. */
struct pattern_list {
    const struct pattern_row *rows;
    size_t count;
};

#define PATTERN_LIST(rows_array)                                                                   \
    {                                                                                              \
        (rows_array), CANH_LEN(rows_array)                                                         \
    }

struct pattern;

/*
 * Compiles rows for a field table's keys into the arena. NULL without memory; a row that is not
 * well formed is our own mistake and stops the program.
 */
CANH_MUST_USE struct pattern *pattern_compile(struct arena *a, const struct fields *f,
                                              const struct pattern_list *list);
/* Sets the fields of the first row that fits. False when none does: nothing is set. */
bool pattern_match(const struct pattern *p, struct fields *f, struct slice text);

#endif
