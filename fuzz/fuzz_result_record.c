/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as a check result of the journal: refused, or read, and then written and read to the
 * same. */
#include <stdlib.h>

#include "check/result_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT(1 << 22);
    struct buf one = BUF_INIT(1 << 20), two = BUF_INIT(1 << 20);
    struct result_record x, y;

    if (result_record_read(slice_of(data, size), &arena, &x, NULL) == 0) {
        result_record_write(&one, &x);
        if (one.len <= RESULT_RECORD_MAX) {
            if (result_record_read(buf_slice(&one), &arena, &y, NULL) < 0)
                abort();
            result_record_write(&two, &y);
            if (!slice_eq(buf_slice(&one), buf_slice(&two)))
                abort();
        }
    }
    buf_done(&one);
    buf_done(&two);
    arena_done(&arena);
    return 0;
}
