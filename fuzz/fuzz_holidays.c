/* SPDX-License-Identifier: Apache-2.0 */
/* A holiday file: parses or not; working days can always be found. */
#include <stdlib.h>

#include "calendar/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = ARENA_INIT(64 << 20);
    const struct calendar *c;
    struct err err = ERR_INIT;

    if (calendar_parse(&a, slice_of(data, size), &c, &err) == 0) {
        for (int64_t day = 0; day < 40000; day += 97) {
            int64_t next = calendar_add_workdays(c, day, 1);

            if (next <= day || next > day + 100 || calendar_is_off(c, next))
                abort();
        }
    }
    arena_done(&a);
    return 0;
}
