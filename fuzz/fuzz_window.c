/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes become a correlation and events; the window must say what the oracle says. */
#include <stdlib.h>

#include "window_differ.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct window_differ_counts counts = {0};

    window_differ_run(slice_of(data, size), &counts);
    if (counts.differences > 0)
        abort();
    return 0;
}
