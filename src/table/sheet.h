/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TABLE_SHEET_H
#define CANH_TABLE_SHEET_H
/* Tables of more rows than fit into memory, into a workbook part by part (office/rows.h). */
#include "base/attr.h"
#include "base/err.h"
#include "office/rows.h"
#include "table/table.h"

/* Begins a sheet with the table's columns. */
CANH_MUST_USE int table_sheet_begin(struct rows_writer *w, const struct table *t, struct slice name,
                                    struct err *err);
/* Puts the rows that the table holds behind those before. */
CANH_MUST_USE int table_sheet_rows(struct rows_writer *w, const struct table *t, struct err *err);

#endif
