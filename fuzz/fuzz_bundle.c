/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the rules of an archive that somebody handed in: refused, or written the same again,
 * and no name leads out of its folder. */
#include <stdlib.h>

#include "office/bundle_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(struct slice name)
{
    if (name.n == 0 || name.p[0] == '/' || slice_starts(name, SLICE("../")) ||
        slice_find(name, SLICE("/../")) != SIZE_MAX || slice_find_byte(name, 0) != SIZE_MAX)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct buf again = BUF_INIT(1 << 24);
    struct slice bytes = slice_of(data, size);
    struct bundle b;

    if (bundle_decode(bytes, &arena, &b) == 0) {
        bundle_begin(&again);
        for (uint32_t i = 0; i < b.count; i++) {
            check_name(b.files[i].name);
            bundle_put(&again, b.files[i].name, b.files[i].text);
        }
        bundle_end(&again, &b.counts, b.licences);
        if (again.err || !slice_eq(buf_slice(&again), bytes))
            abort();
    }
    buf_done(&again);
    arena_done(&arena);
    return 0;
}
