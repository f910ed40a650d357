/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_FOLD_H
#define CANH_BASE_FOLD_H
/*
 * Unicode simple case folding (CaseFolding.txt, statuses C and S, Unicode 15.0). The one table
 * that rules and events share: two texts are equal without case when their folds are the same
 * bytes. Bytes that are not valid UTF-8 stay as they are.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

/* One row: code points first..last, every `step`-th, fold to themselves + delta. */
struct fold_range {
    uint32_t first, last;
    int32_t delta;
    uint32_t step;
};

extern const struct fold_range fold_ranges[];
extern const unsigned fold_range_count;

uint32_t fold_char(uint32_t c);

/* The longest a folded text can be: U+023A (two bytes) folds to U+2C65 (three). */
CANH_INLINE size_t fold_max(size_t n)
{
    return n + n / 2 + 1;
}

/* True when s is ASCII and folds to itself. */
bool fold_keeps(struct slice s);

/* Folds s into `to` (at least fold_max(s.n) bytes); returns the length. to may equal s.p only
 * when s is ASCII. */
size_t fold_text(struct slice s, uint8_t *to);

CANH_INLINE uint8_t fold_ascii(uint8_t c)
{
    return (uint8_t)(c - 'A') < 26 ? (uint8_t)(c | 0x20) : c;
}

#endif
