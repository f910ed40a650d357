/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_CORRELATE_INTERNAL_H
#define CANH_DETECT_CORRELATE_INTERNAL_H
/* Between correlate*.c: what a worker says of a match, and values as text. */
#include "detect/correlate.h"
#include "sigma/correlation_plan.h"

/* Followed by group_n and value_n bytes: values, each with its length (4 bytes) before it. */
struct correlate_item {
    int64_t time;
    uint64_t offset;
    uint64_t group;
    union {
        uint64_t value;
        double number;
    };
    uint32_t part; /* a leg of the plan; behind these its chains */
    uint32_t group_n, value_n;
    bool local;
};

/* Types whose condition is about a number in a field. */
CANH_INLINE bool correlate_numeric(enum correlation_type type)
{
    return type >= CORRELATION_VALUE_SUM;
}

/* Of the text folded: values that differ in case alone are the same. */
uint64_t correlate_hash(struct slice values, struct buf *folded);
/* An order in which values that differ in case alone are equal. */
int correlate_compare(struct slice a, struct slice b, struct buf *fold_a, struct buf *fold_b);
/* The next value of several; false at the end. */
bool correlate_next_value(struct slice *values, struct slice *ret);
/*
 * What a correlation above asks for, at `at` among the values of the group below, appended to `to`.
 * False: one is missing.
 */
bool correlate_pick_values(const struct sigma_correlation *below, struct slice all,
                           const uint32_t *at, uint32_t count, struct buf *to);

#endif
