/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_GRID_WIRE_H
#define CANH_OFFICE_GRID_WIRE_H
/*
 * One table for Excel as bytes, from the process that has the records to the one that draws the
 * workbook. Little endian: u32 'CNG1', text title, i64 created, text name, u32 rows, cols,
 * freeze_rows, u8 landscape; of each cell u8 kind, u8 style, then a text, or the bits of a number.
 */
#include "base/arena.h"
#include "office/grid.h"

/* GRID_WIRE_MAX: as much as canh-convert reads. */
enum { GRID_WIRE_MAX = 16 << 20, GRID_WIRE_ROWS = 100000, GRID_WIRE_COLS = 64 };

struct grid_job {
    struct slice title;
    int64_t created; /* seconds since 1970 */
    struct grid grid;
};

/* Appends it; out's own limit says when it is too large. */
void grid_encode(struct buf *out, const struct grid_job *job);
/* Cells in the arena; texts borrow from the bytes. -CE_PEER, -CE_NOMEM. */
CANH_MUST_USE int grid_decode(struct slice bytes, struct arena *arena, struct grid_job *ret);

#endif
