/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the end of a ZIP archive: the index lies inside the file, names inside the index. */
#include <stdlib.h>

#include "detect/zip_index.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice index, name;
    uint64_t at, bytes;

    if (size > ZIP_TAIL_MAX || !zip_index_find(slice_of(data, size), size, &at, &bytes))
        return 0;
    if (at > size || bytes > size - at)
        abort();
    index = slice_of(data + at, (size_t)bytes);
    while (zip_index_next(&index, &name)) {
        if (name.p < data + at || name.p + name.n > data + at + bytes)
            abort();
    }
    return 0;
}
