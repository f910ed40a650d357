/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_WORKBOOK_H
#define CANH_OFFICE_WORKBOOK_H
/*
 * Tables that people hand in: XLSX (ECMA-376, transitional and strict), ODS (ISO 26300) and CSV
 * (RFC 4180 and what Excel makes of it) behind one interface: sheets of rows of cells, each cell
 * UTF-8 in NFC with its place, so that every message can say “dòng 12, cột C”. Bytes in, structs
 * out.
 *
 * Nothing is computed and nothing is followed: a formula gives its stored value and a flag, links
 * to other files are noted and left alone. Refused with a message that names the cure: encrypted
 * and old .xls files, other formats, zip bombs, XML with a document type (entities), text in the
 * legacy Vietnamese encodings TCVN3 (ABC) and VNI, anything over the limits.
 *
 * In errors err->line is the row and err->col the column, from 1.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "lang/lang.h"
#include "lang/value.h"

struct row {
    uint32_t number; /* as Excel counts, from 1; in CSV the number of the record */
    uint32_t count;  /* cells from column 1 on, gaps filled with empty ones */
    bool hidden;
    struct cell *cells;
};

/* A merged area, all bounds inclusive, from 1. */
struct merge {
    uint32_t row1, row2;
    uint32_t col1, col2;
};

struct sheet {
    struct slice name; /* empty for CSV */
    bool hidden;
    struct row *rows; /* rows with at least one value, ascending */
    uint32_t row_count;
    struct merge *merges;
    uint32_t merge_count;
    uint32_t formulas; /* cells with CELL_FORMULA */
};

enum workbook_format { WORKBOOK_CSV, WORKBOOK_XLSX, WORKBOOK_ODS };

struct workbook {
    enum workbook_format format;
    char delimiter; /* CSV: , ; or tab */
    bool external;  /* refers to other files, which were not read */
    bool macros;    /* carries macros, which were not looked at */
    struct sheet *sheets;
    uint32_t sheet_count;
};

struct workbook_limits {
    size_t max_bytes;    /* of the file */
    size_t max_unpacked; /* of all parts read */
    uint32_t max_ratio;  /* unpacked to packed, of a part over 1 MiB */
    uint32_t max_entries, max_sheets, max_rows, max_cols, max_cells, max_merges;
    uint32_t max_cell_bytes;
};

/*
 * 64 MiB, 1 GiB unpacked at most 250:1, 4,096 entries, 256 sheets, 1,000,000 rows of 1,024 columns,
 * 20,000,000 cells, 65,536 merges, cells of 128 KiB (Excel's own limit is 32,767 characters).
 * Memory is bounded by the arena: WORKBOOK_ARENA_MAX lets all of that pass.
 */
extern const struct workbook_limits workbook_default_limits;
#define WORKBOOK_ARENA_MAX ((size_t)1 << 30)

/*
 * Reads a file, whatever its name says: XLSX and ODS by their content, else CSV. Everything lives
 * in the arena and borrows nothing from the bytes. limits may be NULL. On success *ret is never
 * NULL; a file without a value has sheets without rows.
 */
CANH_MUST_USE CANH_NONNULL(1, 4) int workbook_read(struct arena *arena, struct slice bytes,
                                                   const struct workbook_limits *limits,
                                                   struct workbook **ret, struct err *err);

/* The cell in a column (from 1); an empty one beyond the last. */
const struct cell *row_cell(const struct row *row, uint32_t col);
/* The sheet of that name without regard to case and tones; NULL when there is none. */
const struct sheet *workbook_sheet(const struct workbook *t, struct slice name);
/* The first sheet that is not hidden and has rows; NULL when there is none. */
const struct sheet *workbook_first(const struct workbook *t);

/* Column letters: 1 → A, 28 → AB; at most 4 bytes with the zero. */
const char *column_name(uint32_t col, char to[8]);
/* A place, for the argument of an error: trang “Lịch trực”, dòng 12, cột C. Row or col 0 and an
 * empty name are left out; of all of them nothing is left (code 0). */
struct err workbook_place_err(struct slice sheet, uint32_t row, uint32_t col);
/* The same in words, appended. */
void workbook_place(struct buf *out, enum lang lang, struct slice sheet, uint32_t row,
                    uint32_t col);

#endif
