/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_FORMATS_H
#define CANH_DECODE_TEXT_FORMATS_H
/* The text formats: rows for format_table.c, and their line formats. */
#include "decode/decoder.h"
#include "decode/text/lines.h"

extern const struct format format_syslog;
extern const struct format format_access;
extern const struct format format_apache_error;
extern const struct format format_nginx_error;
extern const struct format format_exim;
extern const struct format format_pairs;
extern const struct format format_cef;
extern const struct format format_w3c;
extern const struct format format_postgresql;
extern const struct format format_mariadb;
extern const struct format format_auditd;
extern const struct format format_journal;
extern const struct format format_journal_json;
extern const struct format format_xml;
extern const struct format format_wineventlog;
extern const struct format format_csv;

extern const struct line_format line_syslog, line_access, line_apache_error, line_nginx_error,
    line_exim, line_pairs, line_cef, line_w3c, line_postgresql, line_mariadb, line_auditd, line_xml,
    line_wineventlog, line_csv, line_journal_json;

/* All of them, for tables and tests. */
#define TEXT_FORMATS                                                                               \
    &format_syslog, &format_access, &format_apache_error, &format_nginx_error, &format_exim,       \
        &format_cef, &format_w3c, &format_pairs, &format_postgresql, &format_mariadb,   \
        &format_auditd, &format_journal, &format_journal_json, &format_xml, &format_csv, &format_wineventlog

#endif
