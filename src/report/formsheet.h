/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REPORT_FORMSHEET_H
#define CANH_REPORT_FORMSHEET_H
/*
 * A form as an Excel workbook to be filled in: yellow cells with what Excel may accept, the last
 * values beside them (and, where the form says so, already in them), limits and hints, everything
 * else locked. White keys in the first column let answers_from_workbook() read it back whatever
 * rows people insert. One sheet for the plain groups, one more per repeated group.
 */
#include "base/buf.h"
#include "base/err.h"
#include "form/form.h"

struct formsheet_options {
    struct slice unit;          /* code or name; may be empty */
    int64_t day;                /* first day of the period, or INT64_MIN: left open */
    const struct answers *last; /* of the period before; may be NULL */
    const struct answers *now;  /* what was sent for this period already; may be NULL */
    struct slice sheet, base;   /* FORM_KEY_SHEET; empty: left out */
    uint32_t rows;              /* empty rows in repeated groups; 0: 30 */
    enum lang lang;
    int64_t created; /* seconds since 1970 */
};

CANH_MUST_USE int formsheet(const struct form *f, const struct formsheet_options *o,
                            struct buf *out, struct err *err);

#endif
