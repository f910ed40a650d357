/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

bool hex_head(struct slice s, unsigned n, uint32_t *ret)
{
    uint32_t v = 0;

    if (s.n < n)
        return false;
    for (unsigned i = 0; i < n; i++) {
        int d = hex_digit(s.p[i]);

        if (d < 0)
            return false;
        v = v << 4 | (uint32_t)d;
    }
    *ret = v;
    return true;
}

void hex_write(char *to, const uint8_t *bytes, size_t n)
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
        uint32_t v;

        if (!hex_head(slice_of(s.p + 2 * i, 2), 2, &v))
            return false;
        bytes[i] = (uint8_t)v;
    }
    return true;
}

void buf_append_hex(struct buf *out, const uint8_t *bytes, size_t n)
{
    uint8_t *to = buf_reserve(out, 2 * n);

    if (to == NULL)
        return;
    hex_write((char *)to, bytes, n);
    out->len += 2 * n;
}
