/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_PROGRAM_H
#define CANH_DECODE_TEXT_PROGRAM_H
/*
 * What the messages of single programs say: a row of program_table.c a program, wordings in its
 * rows_*.c. To add one: a list of pattern rows (pattern.h) and a row in the table.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"
#include "decode/decoder.h"
#include "decode/text/fields.h"
#include "decode/text/pattern.h"

struct program {
    const char *names;  /* as they stand in a syslog tag, with commas between */
    const char *before; /* beginnings to be passed over, with | between; may be NULL */
    const char *behind; /* endings likewise */
    const struct pattern_list *rows;
    /* takes what stands before the wording off the message; may be NULL */
    struct slice (*prepare)(struct fields *f, struct slice message);
    /* what wordings cannot say; called before the rows. True: done. May be NULL */
    bool (*parse)(struct fields *f, struct slice message, const struct decode_context *context);
};

extern const struct program program_table[];
extern const size_t program_count;

struct programs; /* the table compiled for a field table's keys */

/* Everything lives in the arena. NULL without memory. */
CANH_MUST_USE struct programs *programs_new(struct arena *a, const struct fields *f);
void programs_done(struct programs *p);
/*
 * Reads a message of a program into f; program may be empty. False when the program or its wording
 * is not known, which is no error.
 */
bool program_read(const struct programs *p, struct fields *f, struct slice program,
                  struct slice message, const struct decode_context *context);

#endif
