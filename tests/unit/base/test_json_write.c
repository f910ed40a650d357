/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"

#include "base/time.h"
#include "tap.h"

static void test_structure(void)
{
    struct buf out = BUF_INIT(4096);
    struct json_write w = JSON_WRITE_INIT(&out);

    json_open(&w, '{');
    json_key(&w, "a");
    json_open(&w, '[');
    json_u64(&w, UINT64_MAX);
    json_i64(&w, -1);
    json_bool(&w, true);
    json_null(&w);
    json_open(&w, '{');
    json_close(&w, '}');
    json_open(&w, '[');
    json_close(&w, ']');
    json_close(&w, ']');
    json_key(&w, "b");
    json_time(&w, 1 * TIME_SECOND + 5);
    json_key(&w, "c");
    json_time(&w, TIME_NONE);
    json_close(&w, '}');
    is_slice(buf_slice(&out),
             SLICE("{\"a\":[18446744073709551615,-1,true,null,{},[]],"
                   "\"b\":\"1970-01-01T00:00:01.000000005Z\",\"c\":null}"),
             "values, nesting and commas");
    buf_done(&out);
}

static void escapes(struct slice text, struct slice want, const char *what)
{
    struct buf out = BUF_INIT(4096);
    struct json_write w = JSON_WRITE_INIT(&out);

    json_text(&w, text);
    is_slice(buf_slice(&out), want, "%s", what);
    buf_done(&out);
}

static void test_escapes(void)
{
    escapes(SLICE("\"\\\b\t\n\v\f\r\x1b\x7f\xC2\x9B/ Đà Nẵng 👍"),
            SLICE("\"\\\"\\\\\\b\\t\\n\\u000b\\f\\r\\u001b\\u007f\\u009b/ Đà Nẵng 👍\""),
            "escapes where needed, text as it is");
    escapes(SLICE("\xC3(\xED\xA0\x80\xF0\x9F"), SLICE("\"\uFFFD(\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\""),
            "bytes that are no UTF-8");
    escapes(slice_of("a\0b", 3), SLICE("\"a\\u0000b\""), "zero");
    escapes(SLICE_NULL, SLICE("\"\""), "nothing");
}

/* Long text is written in pieces; characters stand across their borders. */
static void test_long(void)
{
    static const char *const last[] = {"\xE1\xBA\xAB", "\"", "\xC2\x9B", "\xF0\x9F\x91\x8D",
                                       "\xE1"};
    static const char *const want[] = {"\xE1\xBA\xAB", "\\\"", "\\u009b", "\xF0\x9F\x91\x8D",
                                       "\xEF\xBF\xBD"};
    struct buf text = BUF_INIT(65536), out = BUF_INIT(65536), expected = BUF_INIT(65536);

    for (unsigned n = 1020; n < 1030; n++) {
        for (size_t k = 0; k < CANH_LEN(last); k++) {
            struct json_write w = JSON_WRITE_INIT(&out);

            buf_clear(&text);
            buf_clear(&out);
            buf_clear(&expected);
            for (unsigned i = 0; i < n; i++)
                buf_putc(&text, 'a');
            buf_putc(&expected, '"');
            buf_append_slice(&expected, buf_slice(&text));
            buf_puts(&text, last[k]);
            buf_puts(&text, "zz");
            buf_puts(&expected, want[k]);
            buf_puts(&expected, "zz\"");
            json_text(&w, buf_slice(&text));
            is_slice(buf_slice(&out), buf_slice(&expected), "%u letters and kind %zu", n, k);
        }
    }
    buf_done(&text);
    buf_done(&out);
    buf_done(&expected);
}

/* Bytes are looked at many at a time: a byte alone is written as it is among others anywhere. */
static void test_every_place(void)
{
    enum { LENGTH = 67 };
    struct buf alone = BUF_INIT(4096), among = BUF_INIT(4096);
    unsigned wrong = 0;

    for (unsigned c = 0; c < 0x80; c++) {
        struct json_write one = JSON_WRITE_INIT(&alone);
        uint8_t byte = (uint8_t)c;

        buf_clear(&alone);
        json_text(&one, slice_of(&byte, 1));
        for (size_t at = 0; at < LENGTH - 1; at++) {
            struct json_write w = JSON_WRITE_INIT(&among);
            uint8_t text[LENGTH];
            size_t n = alone.len - 2;

            memset(text, '~', sizeof(text));
            text[at] = byte;
            buf_clear(&among);
            json_text(&w, slice_of(text, sizeof(text)));
            wrong += among.len != sizeof(text) + 1 + n ||
                     memcmp(among.p + 1 + at, alone.p + 1, n) != 0 ||
                     among.p[at] != (at ? '~' : '"') || among.p[1 + at + n] != '~';
        }
    }
    is_int(wrong, 0, "every byte at every place");
    buf_done(&alone);
    buf_done(&among);
}

/* Characters of all lengths that end wherever a chunk does, and escapes next to each other: what
 * each gives alone, in a buffer that has room for just that. */
static void test_tight(void)
{
    static const char *const parts[] = {
        "a", "\\", "\xC2\x9B", "\xE1\xBA\xAB", "\"", "\xF0\x9F\x91\x8D", "zzzzzzz", "\xFF", "\x01"};
    struct buf text = BUF_INIT(4096), want = BUF_INIT(4096);
    unsigned wrong = 0;

    for (unsigned seed = 0; seed < 3000; seed++) {
        struct buf one = BUF_INIT(64), fits, short_of;

        buf_clear(&text);
        buf_clear(&want);
        buf_putc(&want, '"');
        for (unsigned i = 0, x = seed; i < seed % 41; i++) {
            struct json_write w = JSON_WRITE_INIT(&one);
            const char *part = parts[((x = x * 1103515245 + 12345) >> 16) % CANH_LEN(parts)];

            buf_clear(&one);
            json_text(&w, slice_str(part));
            buf_puts(&text, part);
            buf_append(&want, one.p + 1, one.len - 2);
        }
        buf_putc(&want, '"');
        fits = BUF_INIT(want.len);
        short_of = BUF_INIT(want.len - 1);
        json_text(&JSON_WRITE_INIT(&fits), buf_slice(&text));
        json_text(&JSON_WRITE_INIT(&short_of), buf_slice(&text));
        wrong +=
            fits.err != 0 || !slice_eq(buf_slice(&fits), buf_slice(&want)) || short_of.err == 0;
        buf_done(&one);
        buf_done(&fits);
        buf_done(&short_of);
    }
    is_int(wrong, 0, "text as its characters one by one, in as much room as it takes");
    buf_done(&text);
    buf_done(&want);
}

/* What is the inside of a string already is taken as it stands, or not at all. */
static void test_inside(void)
{
    static const struct {
        const char *text;
        bool taken;
    } parts[] = {
        {"a", true},        {"plain text, somewhat longer", true},
        {"\\\\", true},     {"\\\"", true},
        {"\\n\\t", true},   {"\xE1\xBA\xBF", true},
        {"\\/", false},     {"\\u0041", false},
        {"\x7F", false},    {"\xC2\x85", false},
        {"\\u001b", false},
    };
    struct buf text = BUF_INIT(4096), out = BUF_INIT(4096), want = BUF_INIT(4096);
    unsigned wrong = 0, taken = 0;
    uint64_t random = 1;

    for (unsigned i = 0; i < 20000; i++) {
        struct json_write w = JSON_WRITE_INIT(&out);
        bool wanted = true;

        buf_clear(&text);
        buf_clear(&out);
        buf_clear(&want);
        for (unsigned n = i % 12; n > 0; n--) {
            size_t most = i % 2 ? 6 : CANH_LEN(parts), at;

            random = random * 6364136223846793005u + 1442695040888963407u;
            at = (size_t)(random >> 33) % most;
            buf_puts(&text, parts[at].text);
            wanted = wanted && parts[at].taken;
        }
        buf_printf(&want, "[\"%s\"", buf_cstr(&text));
        json_open(&w, '[');
        wrong += json_inside(&w, buf_slice(&text)) != wanted ||
                 !slice_eq(buf_slice(&out), wanted ? buf_slice(&want) : SLICE("["));
        taken += wanted;
    }
    is_int(wrong, 0, "taken as it stands where it is as it would be written");
    ok(taken > 5000 && taken < 15000, "both come: %u", taken);
    ok(!json_inside(&JSON_WRITE_INIT(&out), SLICE("a\\")), "half an escape is none");
    buf_done(&text);
    buf_done(&out);
    buf_done(&want);
}

int main(void)
{
    test_structure();
    test_long();
    test_escapes();
    test_every_place();
    test_tight();
    test_inside();
    return tap_done();
}
