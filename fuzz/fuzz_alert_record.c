/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as an alert of the journal: refused, or read, and then written and read to the same. */
#include <stdlib.h>

#include "event/alert_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT(1 << 22);
    struct buf one = BUF_INIT(1 << 20), two = BUF_INIT(1 << 20);
    struct alert_record x, y;

    if (alert_record_read(slice_of(data, size), &arena, &x, NULL) == 0) {
        alert_record_write(&one, &x);
        if (one.len <= ALERT_RECORD_MAX) {
            if (alert_record_read(buf_slice(&one), &arena, &y, NULL) < 0)
                abort();
            alert_record_write(&two, &y);
            if (!slice_eq(buf_slice(&one), buf_slice(&two)))
                abort();
        }
    }
    buf_done(&one);
    buf_done(&two);
    arena_done(&arena);
    return 0;
}
