/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_NUMFMT_H
#define CANH_OFFICE_NUMFMT_H
/*
 * What a spreadsheet's number format makes of a stored number (ECMA-376 part 1, 18.8.30): dates and
 * times become dates and times, percentages keep their sign, codes of zeros keep their zeros
 * (0000000000 shows a telephone number that lost its first 0); everything else is the plain number.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "office/workbook.h"

struct numfmt {
    bool date, time, elapsed, percent;
    uint8_t zeros; /* a code of zeros only: how many digits at least */
};

/* The format of a built-in id (0–163) or of a code such as dd/mm/yyyy;@ */
struct numfmt numfmt_builtin(uint32_t id);
struct numfmt numfmt_code(struct slice code);

/*
 * Appends the value as cells have it and gives its kind; adds CELL_LOSSY to *flags. v is finite.
 * A date outside 1900–9999 stays a number.
 */
enum cell_kind numfmt_write(struct buf *out, struct numfmt f, double v, bool date1904,
                            unsigned *flags);
/* Appends at most 15 significant digits without exponent: 0.1, 912345678, 1500000000000000000. */
void numfmt_write_plain(struct buf *out, double v);

#endif
