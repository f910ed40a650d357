/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sparse.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tap.h"

enum { BYTES = 8 * 1024 * 1024 };

int main(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), taken = 0;
    unsigned char in[BYTES / 4096] = {0}; /* no page is smaller */
    uint8_t *p = sparse_new(BYTES);

    if (!ok(p != NULL, "there is memory"))
        return tap_done();
    ok(p[0] == 0 && p[BYTES - 1] == 0, "of zeros");
    p[BYTES / 2] = 1;
    is_int(mincore(p, BYTES, in), 0, "what is taken of it can be told");
    for (size_t i = 0; i < BYTES / page; i++)
        taken += in[i] & 1;
    ok(taken <= 3, "only the pages that were touched");
    sparse_free(p, BYTES);
    sparse_free(NULL, BYTES);
    ok(sparse_new(SIZE_MAX / 2) == NULL, "more than there is");
    return tap_done();
}
