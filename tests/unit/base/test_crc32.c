/* SPDX-License-Identifier: Apache-2.0 */
#include "base/crc32.h"

#include "tap.h"

int main(void)
{
    uint8_t bytes[400];
    bool same = true;
    uint32_t x = 1;

    is_int(crc32_update(0, SLICE("")), 0, "no bytes");
    is_int(crc32_update(0, SLICE("123456789")), 0xCBF43926, "the check value");
    for (size_t i = 0; i < sizeof(bytes); i++) {
        x = x * 1103515245 + 12345;
        bytes[i] = (uint8_t)(x >> 16);
    }
    /* a byte at a time never takes the path for long inputs */
    for (size_t n = 0; n <= sizeof(bytes) - 3; n++) {
        uint32_t whole = crc32_update(7, slice_of(bytes + n % 3, n)), steps = 7;

        for (size_t i = 0; i < n; i++)
            steps = crc32_update(steps, slice_of(bytes + n % 3 + i, 1));
        same = same && whole == steps;
    }
    ok(same, "long and short inputs, all lengths, agree");
    return tap_done();
}
