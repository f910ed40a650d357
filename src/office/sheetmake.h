/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_SHEETMAKE_H
#define CANH_OFFICE_SHEETMAKE_H
/*
 * Builds one sheet row by row for the readers of CSV, XLSX and ODS, within the limits. Rows come in
 * ascending order, cells of a row in any. Over a limit: -CE_TOO_BIG with row and column in err.
 */
#include "base/buf.h"
#include "office/workbook.h"

struct sheetmake {
    struct arena *arena;
    const struct workbook_limits *limits;
    uint64_t *cells_used; /* over all sheets of the table */
    uint32_t *rows_used;
    struct slice name;
    struct cell *line; /* the row being made, max_cols long */
    uint32_t line_used, row_number;
    bool hidden, open;
    struct row *rows; /* on the heap, copied to the arena at the end */
    size_t row_count, row_cap;
    uint32_t formulas;
    struct buf scratch;
};

CANH_MUST_USE int sheetmake_init(struct sheetmake *m, struct arena *arena,
                                 const struct workbook_limits *limits, uint64_t *cells_used,
                                 uint32_t *rows_used, struct err *err);
void sheetmake_done(struct sheetmake *m);
CANH_MUST_USE int sheetmake_row(struct sheetmake *m, uint32_t number, bool hidden, struct err *err);
/* Puts a cell in the open row; text is cleaned (blanks at the ends, NFC) and copied. */
CANH_MUST_USE int sheetmake_cell(struct sheetmake *m, uint32_t col, enum cell_kind kind,
                                 unsigned flags, struct slice text, struct err *err);
/* The same with text that is in the arena and clean already. */
CANH_MUST_USE int sheetmake_cell_ready(struct sheetmake *m, uint32_t col, enum cell_kind kind,
                                       unsigned flags, struct slice text, struct err *err);
/* Cleans text as cells are and copies it to the arena; p is NULL on failure (err filled). */
struct slice sheetmake_clean(struct sheetmake *m, struct slice text, struct err *err);
CANH_MUST_USE int sheetmake_row_end(struct sheetmake *m, struct err *err);
/* The row that was ended last once more, under another number; used: its line_used. */
CANH_MUST_USE int sheetmake_row_again(struct sheetmake *m, uint32_t number, uint32_t used,
                                      struct err *err);
/* Closes the sheet: its rows move to the arena. */
CANH_MUST_USE int sheetmake_end(struct sheetmake *m, struct sheet *ret, struct err *err);
/* Gives the cells of merged areas of a closed sheet their first one's value (merge.c). */
CANH_MUST_USE int sheetmake_merge(struct sheetmake *m, struct sheet *s, const struct merge *list,
                                  size_t n, struct err *err);

#endif
