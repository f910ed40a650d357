/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_PDFTABLE_H
#define CANH_OFFICE_PDFTABLE_H
/*
 * The text of a PDF from the places of its words, as `pdftotext -tsv` prints them: line by line
 * from top to bottom, columns of a letterhead apart by wide gaps, page numbers left out, and the
 * rows of a table whose heading begins with STT or TT with bars between their cells:
 * “| 1 | Sao lưu | Sở Mẫu |”.
 *
 * A body in two columns of text is written column by column, the pages one after the other.
 *
 * A PDF has no tables, only words on places. Columns are where the heading and the lines below it
 * leave a gap from top to bottom; a line that bridges the gap between two headings ends the table.
 * A row begins where a number stands in its first column; where numbers stand in the middle of
 * their rows, a row reaches as far below its number as above it.
 *
 * Pure. At most PDFTABLE_WORDS_MAX words.
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum { PDFTABLE_WORDS_MAX = 200000 };

/* *ret_tables: how many tables and bodies in columns were found. -CE_TOO_BIG, -CE_NOMEM. Lines that
 * are no words of a page are passed over. */
CANH_MUST_USE int pdftable_write(struct arena *arena, struct slice tsv, struct buf *out,
                                 unsigned *ret_tables, struct err *err);

#endif
