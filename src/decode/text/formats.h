/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_FORMATS_H
#define CANH_DECODE_TEXT_FORMATS_H
/* The text formats: rows for format_table.c, and their line formats. */
#include "decode/decoder.h"
#include "decode/text/lines.h"

extern const struct format format_syslog;
extern const struct line_format line_syslog;

/* All of them, for tables and tests. */
#define TEXT_FORMATS &format_syslog

#endif
