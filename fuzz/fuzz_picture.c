/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes back from the process that reads uploads: photographs without what stands beside the
 * picture (cleaned twice is cleaned once), and workbooks as bytes.
 */
#include <stdlib.h>

#include "office/picture.h"
#include "office/workbook_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void clean(struct slice in)
{
    struct buf once = BUF_INIT(1 << 20), twice = BUF_INIT(1 << 20);

    if (picture_clean(in, &once) == 0) {
        if (once.len > in.n || picture_clean(buf_slice(&once), &twice) != 0 ||
            !slice_eq(buf_slice(&once), buf_slice(&twice)))
            abort();
    }
    buf_done(&once);
    buf_done(&twice);
}

static void take(struct slice in)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct buf again = BUF_INIT(WORKBOOK_WIRE_MAX);
    struct workbook *t = NULL;

    if (workbook_decode(in, NULL, &arena, &t) == 0) {
        workbook_encode(&again, t);
        if (again.len != in.n)
            abort();
    }
    buf_done(&again);
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    clean(slice_of(data, size));
    take(slice_of(data, size));
    return 0;
}
