/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/near.h"

#include "base/fold.h"

enum { NEAR_MAX = 64 };

unsigned near_distance(struct slice a, struct slice b, unsigned max)
{
    uint8_t rows[3][NEAR_MAX + 1]; /* of the table: the last two and this one */
    uint8_t *old = rows[0], *last = rows[1], *now = rows[2];

    if (a.n > NEAR_MAX || b.n > NEAR_MAX)
        return max + 1;
    for (size_t j = 0; j <= b.n; j++)
        last[j] = (uint8_t)j;
    for (size_t i = 1; i <= a.n; i++) {
        uint8_t *free_row = old, ca = fold_ascii(a.p[i - 1]);

        now[0] = (uint8_t)i;
        for (size_t j = 1; j <= b.n; j++) {
            uint8_t cb = fold_ascii(b.p[j - 1]);
            unsigned d = last[j - 1] + (ca != cb);

            d = CANH_MIN(d, (unsigned)last[j] + 1);
            d = CANH_MIN(d, (unsigned)now[j - 1] + 1);
            if (i > 1 && j > 1 && ca == fold_ascii(b.p[j - 2]) && fold_ascii(a.p[i - 2]) == cb)
                d = CANH_MIN(d, (unsigned)old[j - 2] + 1);
            now[j] = (uint8_t)d;
        }
        old = last;
        last = now;
        now = free_row;
    }
    return CANH_MIN((unsigned)last[b.n], max + 1);
}

size_t near_find(struct slice name, const void *base, size_t count, size_t stride)
{
    unsigned best = (unsigned)CANH_MIN(name.n / 3 + (name.n < 3), (size_t)3) + 1;
    size_t found = SIZE_MAX;

    for (size_t i = 0; i < count; i++) {
        const struct slice *s = (const void *)((const uint8_t *)base + i * stride);
        unsigned d = near_distance(name, *s, best);

        if (d < best) {
            best = d;
            found = i;
        }
    }
    return found;
}
