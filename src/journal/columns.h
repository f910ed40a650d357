/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_COLUMNS_H
#define CANH_JOURNAL_COLUMNS_H
/*
 * The columns of a block as bytes, before they are compressed. Pure.
 */
#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "journal/block.h"

void columns_write(const struct block *b, struct buf *out);
/* Fills metas and contexts of an empty block; count and raw_size say what must come out. */
CANH_MUST_USE int columns_get(struct slice columns, uint32_t count, uint32_t raw_size,
                              struct block *b);

#endif
