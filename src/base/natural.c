/* SPDX-License-Identifier: Apache-2.0 */
#include "base/natural.h"

#include "base/ascii.h"

static size_t digits_at(struct slice s, size_t at)
{
    size_t n = 0;

    while (at + n < s.n && ascii_is_digit(s.p[at + n]))
        n++;
    return n;
}

/* Cuts the run of digits at *at, leading zeros left out. */
static struct slice cut_number(struct slice s, size_t *at)
{
    struct slice run = slice_of(s.p + *at, digits_at(s, *at));

    *at += run.n;
    while (run.n > 1 && *run.p == '0')
        run = slice_from(run, 1);
    return run;
}

int slice_cmp_natural(struct slice a, struct slice b)
{
    size_t i = 0, j = 0;

    while (i < a.n && j < b.n) {
        int d;

        if (ascii_is_digit(a.p[i]) && ascii_is_digit(b.p[j])) {
            struct slice x = cut_number(a, &i), y = cut_number(b, &j);

            d = x.n != y.n ? (x.n > y.n) - (x.n < y.n) : slice_cmp(x, y);
        } else {
            d = (int)a.p[i++] - b.p[j++];
        }
        if (d != 0)
            return d;
    }
    if (i < a.n || j < b.n)
        return i < a.n ? 1 : -1;
    return slice_cmp(a, b); /* 01 and 1 */
}
