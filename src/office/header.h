/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_HEADER_H
#define CANH_OFFICE_HEADER_H
/*
 * Finds the heading row of a table and which column is which, as people name them: without regard
 * to case, tones, punctuation and what stands in brackets (“Ngày (dd/mm/yyyy)”). The heading need
 * not be the first row: letterheads and titles may stand above it.
 */
#include "office/workbook.h"

enum { HEADER_COLUMNS_MAX = 64, HEADER_ROWS_SEARCHED = 40 };

struct header_column {
    const char *names; /* accepted headings, separated by |; the first is used in messages */
    bool required;
    bool quiet; /* known where it stands, but no template asks for it */
};

struct header {
    uint32_t row_index;               /* of the heading in sheet->rows; data begin after it */
    uint32_t col[HEADER_COLUMNS_MAX]; /* per wanted column: where it stands, from 1; 0: not there */
};

/*
 * 0; -CE_MISSING when no row holds all required columns (err names the missing ones of the row that
 * has most, and its place); -CE_CONFLICT when one row has two columns of a kind.
 * count ≤ HEADER_COLUMNS_MAX.
 */
CANH_MUST_USE int header_find(const struct sheet *sheet, const struct header_column *columns,
                              size_t count, struct header *ret, struct err *err);

/* The cell of a wanted column in a row; an empty one when the column is not there. */
CANH_INLINE const struct cell *header_cell(const struct header *h, const struct row *row,
                                           size_t column)
{
    return row_cell(row, h->col[column]);
}

#endif
