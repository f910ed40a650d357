/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_FILL_H
#define CANH_RECORD_FILL_H
/* A form as it comes back: a filled-in template, or a plain table, → answers. */
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "form/form.h"
#include "lang/lang.h"
#include "office/workbook.h"

/*
 * Reads a filled-in template (report/formsheet.h), or any table with the columns field, row (may
 * lack) and value. Problems with single answers are listed with their places and the rest is read;
 * -CE_MISSING when it is no filled form, -CE_CONFLICT when it is another form or edition.
 */
CANH_MUST_USE int answers_from_workbook(const struct form *f, const struct workbook *t,
                                        struct arena *arena, struct answers *ret,
                                        struct form_problem **ret_problems, uint32_t *ret_count,
                                        struct err *err);

/* The form whose filled-in template a table is; empty: none. */
struct slice workbook_form(const struct workbook *t);
/* Appends where the answer to a field and row stands, as workbook_place(); nothing when not known.
 */
void answers_place(struct buf *out, const struct answers *a, uint32_t field, uint32_t row,
                   enum lang lang);

#endif
