/* SPDX-License-Identifier: Apache-2.0 */
/* JSON bodies: what is accepted is text. */
#include <stdlib.h>

#include "base/utf.h"
#include "net/body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT((size_t)4 << 20);
    struct uri_pairs pairs;

    if (body_json_parse(slice_of(data, size), &arena, &pairs) == 0) {
        for (size_t i = 0; i < pairs.count; i++) {
            if (!utf8_valid(pairs.items[i].name) || !utf8_valid(pairs.items[i].value) ||
                slice_find_byte(pairs.items[i].value, 0) != SIZE_MAX)
                abort();
        }
    }
    arena_done(&arena);
    return 0;
}
