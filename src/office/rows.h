/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_ROWS_H
#define CANH_OFFICE_ROWS_H
/*
 * A workbook written row by row, for tables that are larger than memory; grid.h is for those that
 * people fill in. Parts lie in files in $TMPDIR that have no name until the workbook is done.
 *
 *     rows_open(&w, title, created, &err);
 *     rows_sheet(w, name, columns, count); rows_write(w, cells) …; rows_sheet(…) …
 *     rows_close(w, fd, &err)
 *
 * Beyond ROWS_SHEET_MAX rows a sheet goes on in another one with the same columns.
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "office/grid.h"

enum { ROWS_SHEET_MAX = 1000000, ROWS_COLUMNS_MAX = 64 };

struct rows_column {
    struct slice heading;
    unsigned width; /* characters */
};

struct rows_writer;

CANH_MUST_USE int rows_open(struct rows_writer **ret, struct slice title, int64_t created,
                            struct err *err);
/* Begins a sheet. */
CANH_MUST_USE int rows_sheet(struct rows_writer *w, struct slice name,
                             const struct rows_column *columns, uint32_t count, struct err *err);
/* As many cells as the sheet has columns; their style is not looked at. */
CANH_MUST_USE int rows_write(struct rows_writer *w, const struct grid_cell *cells, struct err *err);
/* Writes the workbook to fd (-1: nobody wants it) and frees all. */
CANH_MUST_USE int rows_close(struct rows_writer *w, int fd, struct err *err);

#endif
