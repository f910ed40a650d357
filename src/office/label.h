/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_LABEL_H
#define CANH_OFFICE_LABEL_H
/* The numbers that word processors put before list items, worked out as they do. */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

enum { LABEL_LEVELS = 9, LABEL_TEXT_MAX = 24 };

enum label_format {
    LABEL_NONE,
    LABEL_DECIMAL,
    LABEL_DECIMAL_ZERO, /* 01, 02 */
    LABEL_LOWER_LETTER, /* a … z, aa, bb */
    LABEL_UPPER_LETTER,
    LABEL_LOWER_ROMAN,
    LABEL_UPPER_ROMAN,
    LABEL_BULLET
};

struct label_level {
    uint8_t format;
    uint8_t text_n;
    char text[LABEL_TEXT_MAX]; /* %1.%2) ; of a bullet its sign */
    uint32_t start;
};

struct label_list {
    struct label_level level[LABEL_LEVELS];
    uint32_t count[LABEL_LEVELS]; /* the last number given; begun says whether there is one */
    bool begun[LABEL_LEVELS];
};

void label_number(struct buf *out, enum label_format format, uint32_t n);
/* Counts one item on a level (from 0) and appends its label. */
void label_next(struct label_list *l, unsigned level, struct buf *out);
/* The next item on a level gets this number. */
void label_restart(struct label_list *l, unsigned level, uint32_t start);
void label_set_text(struct label_level *l, struct slice text);

#endif
