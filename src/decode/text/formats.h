/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_FORMATS_H
#define CANH_DECODE_TEXT_FORMATS_H
/* The text formats: rows for format_table.c, and their line formats. */
#include "decode/decoder.h"
#include "decode/text/lines.h"

/* All of them, as they are recognised and listed. */
#define TEXT_FORMATS(X)                                                                            \
    X(syslog)                                                                                      \
    X(cri)                                                                                         \
    X(access)                                                                                      \
    X(apache_error)                                                                                \
    X(nginx_error)                                                                                 \
    X(exim)                                                                                        \
    X(cef)                                                                                         \
    X(leef)                                                                                        \
    X(w3c)                                                                                         \
    X(pairs)                                                                                       \
    X(postgresql)                                                                                  \
    X(mariadb)                                                                                     \
    X(auditd)                                                                                      \
    X(journal)                                                                                     \
    X(journal_json)                                                                                \
    X(xml)                                                                                         \
    X(csv)                                                                                         \
    X(wineventlog)

/* format_NAME of each, and line_NAME where its records are lines (LINE_FORMAT). */
#define X(NAME)                                                                                    \
    extern const struct format format_##NAME;                                                      \
    extern const struct line_format line_##NAME;
TEXT_FORMATS(X)
#undef X

/* An element of an array of them. */
#define TEXT_FORMAT_ROW(NAME) &format_##NAME,

#endif
