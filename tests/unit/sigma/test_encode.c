/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/modifier/encode.h"

#include <stdio.h>

#include "sigma/modifier/modifier.h"
#include "sigma/modifier/windash.h"
#include "sigma/pattern.h"
#include "tap.h"

static struct buf out = BUF_INIT(4096);

static void test_base64(void)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xFF\xFE\xFB", "//77"},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        buf_clear(&out);
        encode_base64(slice_str(rows[i][0]), &out);
        is_slice(buf_slice(&out), slice_str(rows[i][1]), "base64 of row %zu (RFC 4648)", i);
    }
}

static void offset_is(const char *value, unsigned shift, const char *want)
{
    buf_clear(&out);
    encode_base64_offset(slice_str(value), shift, &out);
    is_slice(buf_slice(&out), slice_str(want), "%s at offset %u", value, shift);
}

/* Whatever stands around the value, what we look for is in the base64 of the whole. */
static void test_offset_is_found(void)
{
    struct buf text = BUF_INIT(256), part = BUF_INIT(256);
    bool all = true;

    for (unsigned before = 0; before < 6; before++) {
        for (unsigned after = 0; after < 4; after++) {
            buf_clear(&text);
            buf_clear(&out);
            buf_clear(&part);
            buf_append(&text, "QZ\xF0xyz", before);
            buf_puts(&text, "thư\xE2\x82\xAC!");
            buf_append(&text, "\xFFqW", after < 3 ? after : 0);
            encode_base64(buf_slice(&text), &out);
            encode_base64_offset(SLICE("thư\xE2\x82\xAC!"), before % 3, &part);
            all = all && part.len > 4 && slice_find(buf_slice(&out), buf_slice(&part)) != SIZE_MAX;
        }
    }
    ok(all, "every neighbourhood keeps the part, non-ASCII too");
    buf_done(&text);
    buf_done(&part);
}

static void test_offsets(void)
{
    offset_is("foobar", 0, "Zm9vYmFy");
    offset_is("foobar", 1, "Zvb2Jhc");
    offset_is("foobar", 2, "mb29iYX");
    offset_is("http://", 0, "aHR0cDovL");
    offset_is("http://", 1, "h0dHA6Ly");
    offset_is("http://", 2, "odHRwOi8v");
    offset_is("a", 0, "Y");
    offset_is("a", 1, "");
    offset_is("a", 2, "h");
    offset_is("", 0, "");
    test_offset_is_found();
}

static void test_utf16(void)
{
    buf_clear(&out);
    encode_utf16(SLICE("cmd"), MOD_UTF16LE, &out);
    is_slice(buf_slice(&out), SLICE("c\0m\0d\0"), "UTF-16LE");
    buf_clear(&out);
    encode_utf16(SLICE("cmd"), MOD_UTF16BE, &out);
    is_slice(buf_slice(&out), SLICE("\0c\0m\0d"), "UTF-16BE");
    buf_clear(&out);
    encode_utf16(SLICE("cmd"), MOD_UTF16, &out);
    is_slice(buf_slice(&out),
             SLICE("\xFF\xFE"
                   "c\0m\0d\0"),
             "UTF-16 with its mark");
    buf_clear(&out);
    encode_utf16(SLICE("\xE1\xBB\x9D"), MOD_UTF16BE, &out);
    is_slice(buf_slice(&out), SLICE("\x1E\xDD"), "beyond ASCII, the high byte first");
    buf_clear(&out);
    encode_utf16(SLICE("a\xFF"), MOD_UTF16BE, &out);
    is_slice(buf_slice(&out), SLICE("\0a\xFF\xFD"), "what is no character is U+FFFD");
    buf_clear(&out);
    encode_utf16(SLICE("\xE1\xBB\x9D\xF0\x9F\x98\x80"), MOD_UTF16LE, &out);
    is_slice(buf_slice(&out), SLICE("\xDD\x1E\x3D\xD8\x00\xDE"), "beyond ASCII, and a pair");
}

static uint32_t dashes_in(struct arena *arena, const char *value, struct dash ret[DASHES_MAX])
{
    struct pattern p;

    return pattern_parse(arena, slice_str(value), OPEN_BOTH, &p) == 0 ? windash_find(&p, ret) : 99;
}

static void test_windash(void)
{
    static const struct {
        const char *value;
        uint32_t dashes;
    } rows[] = {
        {"-foo", 1},           {" -foo", 1},         {"/foo", 1},      {"a-b", 0},
        {"--foo", 1},          {"foo -", 0},         {"-", 0},         {" - x", 0},
        {"-a -b /c", 3},       {"-foo-bar", 1},      {"*-x", 1},       {"-\xE1\xBB\x9D", 1},
        {"\xE1\xBB\x9D-x", 0}, {"_-x", 0},           {"(-x", 1},       {" \xE2\x80\x93x", 1},
        {"\xE2\x80\x94x", 1},  {"\xE2\x80\x95x", 1}, {"https://x", 1}, {"-a -b -c -d -e", 5},
    };
    struct arena arena = ARENA_INIT(1 << 20);
    struct dash d[DASHES_MAX];

    for (size_t i = 0; i < CANH_LEN(rows); i++)
        is_int(dashes_in(&arena, rows[i].value, d), rows[i].dashes, "dashes in '%s'",
               rows[i].value);
    is_int(dashes_in(&arena, "a \xE2\x80\x93x", d), 1, "a place");
    ok(d[0].part == 1 && d[0].at == 2 && d[0].n == 3, "with its bytes");
    arena_done(&arena);
}

/* Which characters before a dash make it part of a word: \w of Python's regexes, but for letters'
 * marks beyond Latin-1. */
static void test_words(void)
{
    static const struct {
        const char *before;
        bool word;
    } rows[] = {
        {"0", true},
        {"9", true},
        {":", false},
        {"a", true},
        {"z", true},
        {"A", true},
        {"Z", true},
        {"@", false},
        {"[", false},
        {"`", false},
        {"{", false},
        {"_", true},
        {"^", false},
        {"\xFF", false},
        {"\xC2\xA9", false},
        {"\xC2\xAA", true},
        {"\xC2\xAB", false},
        {"\xC2\xB4", false},
        {"\xC2\xB5", true},
        {"\xC2\xB6", false},
        {"\xC2\xB9", false},
        {"\xC2\xBA", true},
        {"\xC2\xBB", false},
        {"\xC2\xBF", false},
        {"\xC3\x80", true},
        {"\xC3\x96", true},
        {"\xC3\x97", false},
        {"\xC3\x98", true},
        {"\xC3\xB6", true},
        {"\xC3\xB7", false},
        {"\xC3\xB8", true},
        {"\xE1\xBF\xBF", true},
        {"\xE2\x80\x80", false},
        {"\xE2\x81\xAF", false},
        {"\xE2\x81\xB0", true},
        {"\xFF", false},
    };
    struct arena arena = ARENA_INIT(1 << 20);
    struct dash d[DASHES_MAX];
    char text[20];

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        (void)snprintf(text, sizeof(text), "%s-x", rows[i].before);
        is_int(dashes_in(&arena, text, d), !rows[i].word, "%s before a dash", rows[i].before);
        (void)snprintf(text, sizeof(text), "-%s", rows[i].before);
        is_int(dashes_in(&arena, text, d), rows[i].word, "%s behind a dash", rows[i].before);
    }
    is_int(dashes_in(&arena, "\xE2\x80\x92x", d), 0, "no dash that Windows takes");
    is_int(dashes_in(&arena, "\xE2\x80\x96x", d), 0, "nor this");
    arena_done(&arena);
}

int main(void)
{
    test_base64();
    test_offsets();
    test_utf16();
    test_windash();
    test_words();
    buf_done(&out);
    return tap_done();
}
