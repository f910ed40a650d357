/* SPDX-License-Identifier: Apache-2.0 */
#include "base/num.h"
#include "base/ascii.h"
#include "base/hex.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/err.h"

int num_u64(struct slice s, uint64_t *ret)
{
    uint64_t v = 0;

    if (s.n == 0)
        return -CE_SYNTAX;
    for (size_t i = 0; i < s.n; i++) {
        if (!ascii_is_digit(s.p[i]))
            return -CE_SYNTAX;
        if (__builtin_mul_overflow(v, (uint64_t)10, &v) ||
            __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
            return -CE_RANGE;
    }
    *ret = v;
    return 0;
}

int num_i64(struct slice s, int64_t *ret)
{
    bool negative = s.n && *s.p == '-';
    uint64_t v;
    int r = num_u64(negative ? slice_from(s, 1) : s, &v);

    if (r < 0)
        return r;
    if (v > (uint64_t)INT64_MAX + negative)
        return -CE_RANGE;
    *ret = negative ? (int64_t)(0 - v) : (int64_t)v;
    return 0;
}

int num_range(struct slice s, int64_t min, int64_t max, int64_t *ret)
{
    int64_t v;
    int r = num_i64(s, &v);

    if (r < 0)
        return r;
    if (v < min || v > max)
        return -CE_RANGE;
    *ret = v;
    return 0;
}

int num_hex(struct slice s, uint64_t *ret)
{
    uint64_t v = 0;

    if (s.n >= 2 && s.p[0] == '0' && (s.p[1] | 0x20) == 'x')
        s = slice_from(s, 2);
    if (s.n == 0)
        return -CE_SYNTAX;
    for (size_t i = 0; i < s.n; i++) {
        int d = hex_digit(s.p[i]);

        if (d < 0)
            return -CE_SYNTAX;
        if (v >> 60)
            return -CE_RANGE;
        v = v << 4 | (uint64_t)d;
    }
    *ret = v;
    return 0;
}

static size_t num_digits(struct slice s, size_t at)
{
    size_t n = 0;

    while (at + n < s.n && ascii_is_digit(s.p[at + n]))
        n++;
    return n;
}

/* number = [-] (0 | [1-9][0-9]*) [. [0-9]+] [(e|E) [+-] [0-9]+], RFC 8259 section 6 */
static bool is_json_number(struct slice s)
{
    size_t at = s.n && *s.p == '-', n = num_digits(s, at);

    if (n == 0 || (n > 1 && s.p[at] == '0'))
        return false;
    at += n;
    if (at < s.n && s.p[at] == '.') {
        n = num_digits(s, ++at);
        if (n == 0)
            return false;
        at += n;
    }
    if (at < s.n && (s.p[at] | 0x20) == 'e') {
        at++;
        at += at < s.n && (s.p[at] == '+' || s.p[at] == '-');
        n = num_digits(s, at);
        if (n == 0)
            return false;
        at += n;
    }
    return at == s.n;
}

int num_double(struct slice s, double *ret)
{
    char text[64];
    double v;

    if (s.n >= sizeof(text) || !is_json_number(s))
        return -CE_SYNTAX;
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    v = strtod(text, NULL);
    if (!isfinite(v))
        return -CE_RANGE;
    *ret = v;
    return 0;
}
