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

static void test_kind(void)
{
    static const struct {
        struct slice text;
        enum utf_kind kind;
        size_t mark;
    } texts[] = {
        {SLICE_INIT("\xFF\xFE<\0"), UTF_16LE, 2},  {SLICE_INIT("\xFE\xFF\0<"), UTF_16BE, 2},
        {SLICE_INIT("<\0E\0v\0e\0"), UTF_16LE, 0}, {SLICE_INIT("\0<\0E\0v\0\n"), UTF_16BE, 0},
        {SLICE_INIT("<\0E\0v\0"), UTF_8, 0},       {SLICE_INIT("<\0E\0v\0e\1"), UTF_8, 0},
        {SLICE_INIT("<\0E\0\7\0e\0"), UTF_8, 0},   {SLICE_INIT("\0\0\0\0\0\0\0\0"), UTF_8, 0},
        {SLICE_INIT("<Event>\n"), UTF_8, 0},       {SLICE_INIT(""), UTF_8, 0},
    };
    struct buf out = BUF_INIT(100);

    for (size_t i = 0; i < CANH_LEN(texts); i++) {
        size_t mark = 9;

        is_int(utf_kind_of(texts[i].text, &mark), texts[i].kind, "the kind of text %zu", i);
        is_int((long)mark, (long)texts[i].mark, "and its mark");
    }
    utf_to_utf8(UTF_16BE, SLICE("\0a"), &out);
    utf_to_utf8(UTF_16LE, SLICE("b\0"), &out);
    utf_to_utf8(UTF_8, SLICE("c"), &out);
    is_slice(buf_slice(&out), SLICE("abc"), "each becomes UTF-8");
    buf_done(&out);
}

int main(void)
{
    test_kind();
    test_round_trip();
    test_invalid();
    test_utf16();
    return tap_done();
}
