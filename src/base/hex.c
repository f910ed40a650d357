/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

#include "base/num.h"

void hex_put(char *to, const uint8_t *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
    }
}

bool hex_get(struct slice s, uint8_t *bytes, size_t n)
{
    if (s.n != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        uint64_t v;

        if (num_hex(slice_of(s.p + 2 * i, 2), &v) < 0)
            return false;
        bytes[i] = (uint8_t)v;
    }
    return true;
}

void buf_put_hex(struct buf *out, const uint8_t *bytes, size_t n)
{
    uint8_t *to = buf_reserve(out, 2 * n);

    if (to == NULL)
        return;
    hex_put((char *)to, bytes, n);
    out->len += 2 * n;
}
