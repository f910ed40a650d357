/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_CONVERT_REPORT_H
#define CANH_NODE_CONVERT_REPORT_H
/* A log as the page that hunt/report.h draws. */
#include "base/buf.h"
#include "base/err.h"
#include "lang/lang.h"

/*
 * Reads standard input. rules: a folder, or NULL for those that canh carries; confine is called
 * once they are loaded and before the first byte of the log is looked at. Appends the page.
 */
CANH_MUST_USE int report_make(const char *rules, enum lang lang, int (*confine)(struct err *err),
                              struct buf *out, struct err *err);

#endif
