/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/exact_sum.h"

#include <math.h>

enum {
    PENDING_MAX = 1 << 29, /* each adds less than 2^32 to a digit of 63 bits */
    SHIFT = 1074 + 52,     /* frexp() of the smallest number, as a whole one of 53 bits */
};

/* Brings every digit but the highest into 0..2^32-1. */
static void exact_sum_settle(struct exact_sum *s)
{
    int64_t carry = 0;

    for (unsigned i = 0; i + 1 < EXACT_DIGITS; i++) {
        int64_t v = s->digits[i] + carry;

        s->digits[i] = v & 0xFFFFFFFF;
        carry = (v - s->digits[i]) / ((int64_t)1 << 32);
    }
    s->digits[EXACT_DIGITS - 1] += carry;
    s->pending = 0;
}

void exact_sum_add(struct exact_sum *s, double v)
{
    int exponent;
    double fraction = frexp(v, &exponent); /* v = fraction × 2^exponent, ½ ≤ |fraction| < 1 */
    uint64_t whole = (uint64_t)ldexp(fabs(fraction), 53);
    int at = exponent - 53 + SHIFT, sign = v < 0 ? -1 : 1;
    __uint128_t bits;

    if (v == 0)
        return;
    bits = (__uint128_t)whole << at % 32;
    for (unsigned i = (unsigned)at / 32; bits; i++, bits >>= 32)
        s->digits[i] += sign * (int64_t)(uint32_t)bits;
    if (++s->pending >= PENDING_MAX)
        exact_sum_settle(s);
}

double exact_sum_get(struct exact_sum *s)
{
    struct exact_sum positive;
    long double v = 0;
    int sign = 1, top = EXACT_DIGITS - 1;

    exact_sum_settle(s);
    positive = *s;
    if (s->digits[top] < 0) {
        sign = -1;
        for (unsigned i = 0; i < EXACT_DIGITS; i++)
            positive.digits[i] = -positive.digits[i];
        exact_sum_settle(&positive);
    }
    while (top > 0 && positive.digits[top] == 0)
        top--;
    for (int i = top; i >= 0 && i > top - 4; i--)
        v += ldexpl((long double)positive.digits[i], 32 * i - SHIFT);
    return sign * (double)v;
}
