/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_EXACT_SUM_H
#define CANH_SIGMA_EXACT_SUM_H
/*
 * The sum of doubles without rounding: what was added and taken away again leaves no trace, and the
 * order does not matter. A sliding window so has the same sum as one added up afresh.
 *
 * A double is a whole number of 2^-1074; the sum is kept as such a number in digits of 32 bits
 * (as R. M. Neal, "Fast exact summation using small and large superaccumulators", 2015).
 */
#include <stdint.h>

enum { EXACT_DIGITS = 68 }; /* 2,098 bits of all doubles, and room for 2^63 of them */

struct exact_sum {
    int64_t digits[EXACT_DIGITS]; /* lowest first */
    uint32_t pending;             /* additions since carries were last settled */
};

/* v must be finite. */
void exact_sum_add(struct exact_sum *s, double v);
/* As the nearest double, or within one step of it; infinite beyond the largest. */
double exact_sum_get(struct exact_sum *s);

#endif
