/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "base/hash_text.h"
#include "base/utf.h"
#include "tap.h"

enum { UNITS_MAX = 80 };

/* A text of `units` characters, that at `beyond` not ASCII; false: it has none. */
static bool is_hashed(size_t units, size_t beyond, bool *ret_same)
{
    struct buf text = BUF_INIT(3 * UNITS_MAX);
    uint8_t utf16[2 * UNITS_MAX];
    uint64_t h = 0;
    bool hashed;

    for (size_t i = 0; i < units; i++) {
        utf16[2 * i] = (uint8_t)(i * 37 % 128);
        utf16[2 * i + 1] = 0;
    }
    if (beyond < units)
        memcpy(utf16 + 2 * beyond, beyond % 2 ? "\x80\0" : "a\x1E", 2);
    utf16le_to_utf8(slice_of(utf16, 2 * units), &text);
    hashed = hash_utf16le(utf16, units, 7 + units, &h);
    *ret_same = h == hash_slice(buf_slice(&text), 7 + units);
    buf_done(&text);
    return hashed;
}

int main(void)
{
    bool ascii = true, others = false, equal = true, same;

    for (size_t units = 0; units < UNITS_MAX; units++) {
        ascii = ascii && is_hashed(units, SIZE_MAX, &same);
        equal = equal && same;
        for (size_t i = 0; i < units; i++)
            others = others || is_hashed(units, i, &same);
    }
#ifdef __SSE2__
    ok(ascii, "texts of ASCII are hashed as they are");
    ok(equal, "with what hash_slice() gives for them as UTF-8");
#endif
    ok(!others, "a single other character is seen wherever it stands");
    return tap_done();
}
