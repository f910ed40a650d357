/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_WIDTH_H
#define CANH_BASE_WIDTH_H
/*
 * Text for a terminal: how many columns it takes, and how to show text from outside so that it can
 * neither move the cursor nor hide. Widths follow Unicode 15.0 (East Asian Width; combining marks
 * and format characters take none; an emoji joined by U+200D belongs to the one before it).
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

struct width_range {
    uint32_t first, last;
    uint32_t columns; /* 0 or 2; what no range holds takes 1 */
};

extern const struct width_range width_ranges[];
extern const unsigned width_range_count;

/* Columns of a text. */
size_t text_width(struct slice s);

/*
 * Appends s with everything that a terminal would act on, or that shows nothing, written as an
 * escape: controls \n \t \x1b, C1 controls and direction overrides \u202e, invalid bytes \xff.
 * What a person can read stays as it is.
 */
void text_write_safe(struct buf *out, struct slice s);

/*
 * Appends s cut to at most `columns` columns, with … for what was cut, and padded with blanks up to
 * `pad` columns. s must be safe already.
 */
void text_write_fit(struct buf *out, struct slice s, size_t columns, size_t pad);
/* The same of its end, … before it: of a path. */
void text_write_tail(struct buf *out, struct slice s, size_t columns, size_t pad);

/*
 * Appends s as it is, broken into lines of at most `columns` columns (of at least 20 behind the
 * indent): behind a blank where the line has one, else anywhere. The first line stands at column
 * `indent` already, the others are indented by as many blanks. s must be safe already.
 */
void text_write_folded(struct buf *out, struct slice s, size_t indent, size_t columns);

/* Appends s broken at blanks into lines of at most `columns` columns, later lines indented by
 * `indent` blanks (counted in `columns`); at is the column where the first line stands already. */
void text_write_wrapped(struct buf *out, struct slice s, size_t at, size_t indent, size_t columns);

#endif
