/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_WINEVENTLOG_H
#define CANH_DECODE_TEXT_WINEVENTLOG_H
/*
 * Windows events as text, as Splunk's WinEventLog input writes them: a line with the time, lines
 * `LogName=Security`, then `Message=` and the message to the record's end (rendered.h).
 */
#include <stdbool.h>

#include "decode/text/fields.h"

/* Whether a record begins here: a time alone in its line. */
bool wineventlog_begins(struct slice text);
/* False: it is none. */
bool wineventlog_parse(struct fields *f, struct slice text);

#endif
