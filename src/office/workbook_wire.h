/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_WORKBOOK_WIRE_H
#define CANH_OFFICE_WORKBOOK_WIRE_H
/*
 * A workbook as bytes, from the process that read what a stranger sent to the one that works with
 * it; whoever takes it takes nothing for granted. Little endian: u32 'CNW1', u8 format, u8
 * delimiter, u8 marks (1 external, 2 macros), u32 sheets; of each: text name, u8 hidden, u32
 * formulas, rows, merges; of each row: u32 number, cells, u8 hidden, of each cell u8 kind, u8
 * flags, text; of each merge four u32. A text is u32 length, then bytes.
 */
#include "base/buf.h"
#include "office/workbook.h"

enum {
    WORKBOOK_WIRE_MAX = 8 << 20, /* bytes */
    WORKBOOK_WIRE_SHEETS = 64,
    WORKBOOK_WIRE_ROWS = 20000,   /* of all sheets */
    WORKBOOK_WIRE_CELLS = 400000, /* of all sheets */
};

/* Appends it; out's own limit says when it is too large. */
void workbook_encode(struct buf *out, const struct workbook *t);
/* Everything in the arena but texts, which borrow from the bytes. limits (sheets, rows, cells) may
 * be NULL: those above. -CE_PEER, -CE_NOMEM. */
CANH_MUST_USE int workbook_decode(struct slice bytes, const struct workbook_limits *limits,
                                  struct arena *arena, struct workbook **ret);

#endif
