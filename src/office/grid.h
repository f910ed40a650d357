/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_GRID_H
#define CANH_OFFICE_GRID_H
/*
 * Tables for Excel: XLSX by libxlsxwriter and CSV, from one grid of typed cells. Telephone numbers,
 * ids and everything else given as text stay text, so that no 0 is lost; dates are dates; nothing
 * is ever a formula. The bytes depend on the grid and the time passed only.
 *
 * CSV is UTF-8 with a byte order mark and semicolons, as Excel with Vietnamese settings reads it;
 * text that a spreadsheet would take for a formula (= + - @ tab) gets an apostrophe before it,
 * which office/workbook.h takes off again.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum grid_kind {
    GRID_EMPTY,
    GRID_TEXT,
    GRID_NUMBER,  /* number */
    GRID_DATE,    /* number: days since 1970 */
    GRID_TIME,    /* number: minutes since midnight */
    GRID_DATETIME /* number: minutes since 1970-01-01T00:00, local */
};

enum grid_style {
    GRID_PLAIN,
    GRID_TITLE,  /* large, bold, no border */
    GRID_NOTE,   /* small, grey, no border */
    GRID_HEAD,   /* bold on grey, wrapped, border */
    GRID_CELL,   /* border, wrapped */
    GRID_STRONG, /* the same, bold */
    GRID_INPUT,  /* to be filled in: border, light yellow, not locked */
    GRID_HIDDEN, /* white on white: keys that a template needs when it comes back */
    GRID_STYLE_MAX
};

struct grid_cell {
    enum grid_kind kind;
    enum grid_style style;
    struct slice text;
    double number;
};

enum grid_check_kind {
    GRID_CHECK_LIST,
    GRID_CHECK_NUMBER,
    GRID_CHECK_COUNT,
    GRID_CHECK_DATE,
    GRID_CHECK_TIME
};

/* What Excel lets a person type into a cell. row and col from 0. */
struct grid_check {
    uint32_t row, col;
    enum grid_check_kind kind;
    const struct slice *choices; /* of LIST */
    size_t choice_count;
    double min, max;      /* of NUMBER and COUNT; min > max: no limits */
    struct slice prompt;  /* shown when the cell is chosen; may be empty */
    struct slice refusal; /* shown when the value is refused; empty: Excel's own */
};

/* Cells joined into one, bounds inclusive, from 0. */
struct grid_span {
    uint32_t row1, col1, row2, col2;
};

struct grid {
    struct slice name; /* of the sheet; made fit for Excel */
    uint32_t rows, cols;
    const struct grid_cell *cells; /* rows × cols */
    const unsigned *widths;        /* characters per column; NULL: by the longest text, 6..60 */
    uint32_t freeze_rows;          /* stay in sight, and repeat on every printed page */
    bool landscape;
    bool protect; /* only GRID_INPUT may be changed (no password: against slips, not people) */
    const struct grid_check *checks;
    size_t check_count;
    const struct grid_span *spans;
    size_t span_count;
};

enum { GRID_ROWS_MAX = 1000000, GRID_COLS_MAX = 1024, GRID_CHECKS_MAX = 4096 };

/* Appends a workbook. created: seconds since 1970 for its properties. title may be empty. */
CANH_MUST_USE int sheet_xlsx(const struct grid *grids, size_t count, struct slice title,
                             int64_t created, struct buf *out, struct err *err);
/* Appends one grid as CSV. */
CANH_MUST_USE int sheet_csv(const struct grid *grid, struct buf *out, struct err *err);

#endif
