/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "differ.h"
#include "tap.h"

enum { ROUNDS = 1500, BYTES_MAX = 3000 };

int main(void)
{
    struct differ_counts counts = {0};
    uint64_t state = 0x9E3779B97F4A7C15u;
    uint8_t *bytes = malloc(BYTES_MAX);

    for (int round = 0; round < ROUNDS && counts.differences == 0 && bytes; round++) {
        size_t n = 200 + (size_t)round * 7 % (BYTES_MAX - 200);

        for (size_t i = 0; i < n; i++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            bytes[i] = (uint8_t)(state >> 40);
        }
        differ_run(slice_of(bytes, n), &counts);
    }
    free(bytes);
    is_int(counts.differences, 0, "engine and oracle agree on %llu verdicts",
           (unsigned long long)counts.verdicts);
    ok(counts.matches * 10 > counts.verdicts && counts.matches * 10 < counts.verdicts * 9,
       "of which %llu are matches", (unsigned long long)counts.matches);
    return tap_done();
}
