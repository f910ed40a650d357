/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_IMPORT_DITTO_H
#define CANH_IMPORT_DITTO_H
/*
 * Cells that say “as above”: “-nt-”, “nt”, “như trên”, " and '' between dashes or alone, “//”.
 */
#include "base/arena.h"
#include "office/workbook.h"

struct ditto {
    struct sheet sheet; /* the same, with what stands above in the place of such cells */
    uint32_t count;     /* of them that were read so */
    uint32_t row, col;  /* the first, as Excel counts */
    struct slice mark;  /* as it is written there */
    uint32_t open_count, open_row, open_col; /* those with nothing above; they become empty */
};

struct ditto_codes {
    uint32_t first, last; /* columns, from 1; first 0: none */
    uint32_t unit;        /* one more, or 0 */
};

/* “nt” alone, without dashes: a mark, or somebody's code. */
bool ditto_is_bare(struct slice s);

/*
 * Reads the rows below the heading (an index of sheet->rows). A cell takes what the nearest cell
 * above it in its column has, from below the heading or below where the heading stands again.
 * In columns of codes “nt” alone may be one of them.
 * The copy borrows from the sheet. 0 or -CE_NOMEM.
 */
CANH_MUST_USE int ditto_resolve(struct arena *arena, const struct sheet *sheet, uint32_t head,
                                struct ditto_codes codes, struct ditto *ret, struct err *err);

#endif
