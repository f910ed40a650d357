/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_JOURNAL_H
#define CANH_DECODE_TEXT_JOURNAL_H
/* What entries of the systemd journal have in common, in whichever form they were written. */
#include "decode/text/program.h"

/*
 * The entry's own fields are there: adds the schema's names of them, its time, and what the message
 * of the program says. context may be NULL.
 */
void journal_fields_name(struct fields *f, const struct programs *programs,
                         const struct decode_context *context);

#endif
