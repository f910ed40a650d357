/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REPORT_TEMPLATE_H
#define CANH_REPORT_TEMPLATE_H
/*
 * Text with {{placeholders}}. A placeholder without a value is left as it stands, so that a person
 * sees what is missing; values are put in as they are and never read again for placeholders.
 */
#include "base/buf.h"
#include "base/slice.h"

struct template_value {
    const char *name;
    const struct slice *items; /* one text, or several for a list */
    size_t count;
};

/* Appends text with its placeholders filled; of a list the items joined by “, ”. */
void template_fill(struct buf *out, struct slice text, const struct template_value *values,
                   size_t count);
/* The value that a text consists of entirely ({{name}} alone), or NULL. */
const struct template_value *template_whole(struct slice text, const struct template_value *values,
                                            size_t count);

#endif
