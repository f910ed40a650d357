/* SPDX-License-Identifier: Apache-2.0 */
/* Hours of a week: parse or not; spans of one answer lie end to end and say the same inside. */
#include <stdlib.h>

#include "base/time.h"
#include "roster/hours.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const int64_t week = 7 * TIME_DAY;
    struct err err = ERR_INIT;
    struct hours h;

    if (hours_parse(slice_of(data, size), &h, &err) < 0) {
        if (err.col == 0 || err.col > size + 1)
            abort();
        return 0;
    }
    for (unsigned i = 0; i < h.count; i++) {
        if (h.parts[i].from >= h.parts[i].until || h.parts[i].until > HOURS_WEEK ||
            (i > 0 && h.parts[i].from <= h.parts[i - 1].until))
            abort();
    }
    for (int64_t t = 0; t < week;) {
        int64_t lo = -week, hi = 2 * week, lo2 = -week, hi2 = 2 * week;
        bool in = hours_at(&h, 7 * 3600, t, &lo, &hi);

        if (lo > t || hi <= t || hours_at(&h, 7 * 3600, hi - 1, &lo2, &hi2) != in || lo2 != lo ||
            hi2 != hi)
            abort();
        t = hi;
    }
    return 0;
}
