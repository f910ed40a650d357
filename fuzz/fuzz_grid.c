/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a list that is to be drawn for Excel: refused, or read and written the same again.
 */
#include <stdlib.h>

#include "office/grid_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct buf again = BUF_INIT(1 << 24);
    struct slice bytes = slice_of(data, size);
    struct grid_job job;

    if (grid_decode(bytes, &arena, &job) == 0) {
        grid_encode(&again, &job);
        if (again.err || !slice_eq(buf_slice(&again), bytes))
            abort();
    }
    buf_done(&again);
    arena_done(&arena);
    return 0;
}
