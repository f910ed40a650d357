/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes become expressions and events; the engine must say what the oracle says. */
#include <stdlib.h>

#include "differ.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct differ_counts counts = {0};

    differ_run(slice_of(data, size), &counts);
    if (counts.differences > 0)
        abort();
    return 0;
}
