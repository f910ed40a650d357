/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf.h"
#include "tap.h"

static void test_round_trip(void)
{
    bool same = true;

    for (uint32_t c = 0; c < 0x110000; c += c < 0x3000 ? 1 : 61) {
        uint8_t bytes[4];
        unsigned n, taken;

        if (c >= 0xD800 && c < 0xE000)
            continue;
        n = utf8_encode(c, bytes);
        same = same && utf8_decode(bytes, n, &taken) == c && taken == n;
    }
    ok(same, "every character survives encode and decode");
}

static void test_invalid(void)
{
    static const char *const bad[] = {"\xC0\xAF",     "\xE0\x80\xAF",
                                      "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                      "\x80",         "\xE2\x82",
                                      "\xFF",         "a\xC3"};

    for (size_t i = 0; i < CANH_LEN(bad); i++)
        ok(!utf8_valid(slice_str(bad[i])), "invalid sequence %zu", i);
    ok(utf8_valid(SLICE("Quảng Ngãi 🏮")), "valid text");
    is_int(utf8_count(SLICE("Ngãi🏮\xFF")), 6, "characters, an invalid byte counting one");
}

static void test_utf16(void)
{
    struct buf out = BUF_INIT(1000);

    utf16le_to_utf8(SLICE("\x1E\x01\x3C\xD8\xEE\xDF\x41\x00"), &out);
    is_slice(buf_slice(&out),
             SLICE("Ğ\xF0\x9F\x8F\xAE"
                   "A"),
             "little endian with a surrogate pair");
    buf_clear(&out);
    utf16le_to_utf8(SLICE("\x3C\xD8\x41\x00\x42"), &out);
    is_slice(buf_slice(&out),
             SLICE("\xEF\xBF\xBD"
                   "A"),
             "a lone surrogate, an odd byte");
    buf_clear(&out);
    utf16be_to_utf8(SLICE("\x01\x1E"), &out);
    is_slice(buf_slice(&out), SLICE("Ğ"), "big endian");
    buf_done(&out);
}

int main(void)
{
    test_round_trip();
    test_invalid();
    test_utf16();
    return tap_done();
}
