/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a paper that is to be drawn: refused, or read and written the same again. */
#include <stdlib.h>

#include "base/buf.h"
#include "office/paper_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct buf again = BUF_INIT(1 << 24);
    struct slice bytes = slice_of(data, size);
    struct paper paper;

    if (paper_decode(bytes, &arena, &paper) == 0) {
        paper_encode(&again, &paper);
        if (again.err || !slice_eq(buf_slice(&again), bytes))
            abort();
    }
    buf_done(&again);
    arena_done(&arena);
    return 0;
}
