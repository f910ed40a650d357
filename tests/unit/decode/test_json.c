/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/json/json.h"

#include "err_words.h"
#include "json_text.h"
#include "tap.h"

static struct keys *keys;
static struct json_decoder *decoder;

enum { NAME_LONGEST = 1024, DEEPEST = 128 };
static char longest[NAME_LONGEST + 1], deepest[2 * DEEPEST]; /* NNN…, n.n.n… */

static const char *const names[] = {"Image",
                                    "CommandLine",
                                    "Data",
                                    "a",
                                    "a.b",
                                    "a.b.c",
                                    "x",
                                    "Deep",
                                    "List",
                                    "winlog.channel",
                                    "m",
                                    "m.m",
                                    "m.m.m",
                                    "m.m.m.m",
                                    "m.m.m.m.m",
                                    "m.m.m.x",
                                    "m.m.m.m.m.m",
                                    "Empty Name",
                                    "EventData.Data.Deep"};

/* Twice: the second time over gaps already known. */
static void decodes(const char *text, const char *want, const char *what)
{
    struct slice s = slice_str(text);
    uint8_t *p = padded(s);

    for (int i = 0; i < 2; i++) {
        struct buf out = BUF_INIT(100000);
        struct err err = ERR_INIT;
        struct event e;
        int r = json_decode(decoder, slice_of(p, s.n), &e, &err);

        if (r < 0)
            buf_printf(&out, "error: %s", err_words(&err));
        else
            put_event(keys, &e, &out);
        is_str(buf_cstr(&out), want, "%s (%d)", what, i + 1);
        buf_done(&out);
    }
    free(p);
}

static void refuses(const char *text, int code, unsigned line, unsigned col, const char *what)
{
    struct slice s = slice_str(text);
    uint8_t *p = padded(s);
    struct err err = ERR_INIT;
    struct event e;

    is_int(json_decode(decoder, slice_of(p, s.n), &e, &err), -code, "%s", what);
    is_int(err.line, line, "%s: line", what);
    is_int(err.col, col, "%s: column", what);
    free(p);
}

static bool is_decoded(const char *text)
{
    struct slice s = slice_str(text);
    uint8_t *p = padded(s);
    struct event e;
    bool ret = json_decode(decoder, slice_of(p, s.n), &e, NULL) == 0;

    free(p);
    return ret;
}

/* What is said of a bad record. */
static void says(const char *text, const char *part)
{
    struct slice s = slice_str(text);
    uint8_t *p = padded(s);
    struct err err = ERR_INIT;
    struct event e;

    ok(json_decode(decoder, slice_of(p, s.n), &e, &err) < 0, "%s", text);
    ok(slice_find(slice_str(err_words(&err)), slice_str(part)) != SIZE_MAX, "%s: %s", part,
       err_words(&err));
    free(p);
}

static void test_values(void)
{
    decodes("{\"a\":\"v\"}", "a=v;", "a string");
    decodes(" { \"a\" : \"v\" , \"x\" : 1 } ", "a=v;x=#1;", "blanks everywhere");
    decodes("\t\r\n{\t\"a\"\r:\t\"v\"\n,\r\n\t\"x\"\t:\t1\r}\t\r\n", "a=v;x=#1;", "of all kinds");
    decodes("{\"a\":-0.5e+10,\"x\":0,\"a\":12345678901234567890}",
            "a=#-0.5e+10;x=#0;a=#12345678901234567890;", "numbers, a name twice");
    decodes("{\"a\":true,\"x\":false,\"b\":null,\"x\":null}", "a=#true;x=#false;x:null;",
            "literals; a null that nobody mentions");
    decodes("{\"a\":\"\",\"b\":\"unheard\"}", "a=;?=unheard;", "an empty string; no name");
    decodes("{\"a\":\"C:\\\\x\\\"\\u0110\\n\"}", "a=C:\\x\"Đ\n;", "escapes");
    decodes("{\"\\u0061\":\"v\",\"a\\u002eb\":1}", "a=v;a.b=#1;", "escapes in names");
    decodes("\"top\"", "?=top;", "a scalar record");
    decodes("[]", "", "an empty array");
    decodes("{\"x\":{},\"Deep\":[],\"a\":[{}]}", "x:group;Deep:group;a:group;", "empty groups");
    decodes(
        "{\"a\":\"0123456789012345678901234567890123456789012345678901234567890123456789\\\\\"}",
        "a=0123456789012345678901234567890123456789012345678901234567890123456789\\;",
        "a long string with an escape at its end");
}

static void test_names(void)
{
    decodes("{\"a\":{\"b\":\"1\",\"c\":\"2\"}}", "a:group;a.b=1;?=2;", "nested names are joined");
    decodes("{\"a.b\":\"1\"}", "a.b=1;", "a name that has the dot itself");
    decodes("{\"a\":{\"b.c\":\"1\"},\"a.b\":{\"c\":2}}", "a:group;a.b.c=1;a.b:group;a.b.c=#2;",
            "mixed");
    decodes("{\"List\":[\"1\",2,null,[true]]}", "List:group;List=1;List=#2;List:null;List=#true;",
            "arrays of scalars");
    decodes("{\"a\":[{\"b\":1},{\"b\":2}]}", "a:group;a.b=#1;a.b=#2;", "arrays of objects");
    decodes("[{\"x\":1},{\"x\":2}]", "x=#1;x=#2;", "an array as the record");
    decodes("{\"winlog\":{\"channel\":{}}}", "winlog.channel:group;Channel:group;",
            "a container with two names");
    decodes("{\"winlog\":{\"channel\":\"System\"}}", "winlog.channel=System;Channel=System;",
            "a path with two names");
    decodes("{\"\":1,\"x\":2}", "?=#1;x=#2;", "an empty name");
}

/* A gap before a scalar is the beginning of others. */
static void test_similar_gaps(void)
{
    decodes("{\"x\":\"1\",\"a\":null}", "x=1;a:null;", "null");
    decodes("{\"x\":\"1\",\"a\":{\"b\":2}}", "x=1;a:group;a.b=#2;", "an object instead");
    decodes("{\"x\":\"1\",\"a\":[2]}", "x=1;a:group;a=#2;", "an array instead");
    decodes("{\"x\":\"1\",\"a\":\"null\"}", "x=1;a=null;", "a string instead");
    decodes("{\"x\":\"1\",\"a\":null}", "x=1;a:null;", "null again");
}

/* A name with n letters, by itself (before is all that stands before them) or of a pair. */
static void long_name(const char *before, size_t n, const char *behind, const char *want)
{
    struct buf text = BUF_INIT(4000);

    buf_puts(&text, before);
    for (size_t i = 0; i < n; i++)
        buf_putc(&text, 'N');
    buf_puts(&text, behind);
    decodes(buf_cstr(&text), want, "a long name");
    buf_done(&text);
}

/* Names up to the limit are told apart, longer ones have none. */
static void test_long_names(void)
{
    struct buf want = BUF_INIT(4000);

    buf_printf(&want, "%s=v;x=#1;", longest);
    long_name("{\"", NAME_LONGEST, "\":\"v\",\"x\":1}", buf_cstr(&want));
    long_name("{\"", NAME_LONGEST + 1, "\":\"v\",\"x\":1}", "?=v;x=#1;");
    buf_clear(&want);
    buf_printf(&want, "Data:group;?=%s;%s=v;", longest, longest);
    long_name("{\"EventData\":{\"Data\":[{\"@Name\":\"", NAME_LONGEST, "\",\"#text\":\"v\"}]}}",
              buf_cstr(&want));
    buf_clear(&want);
    buf_printf(&want, "Data:group;?=%sN;?=v;", longest);
    long_name("{\"EventData\":{\"Data\":[{\"@Name\":\"", NAME_LONGEST + 1, "\",\"#text\":\"v\"}]}}",
              buf_cstr(&want));
    buf_done(&want);
}

/* One gap may open many containers, and what it opens comes each time. */
static void test_groups(void)
{
#define GROUPS "m:group;m.m:group;m.m.m:group;m.m.m.m:group;m.m.m.m.m:group;"
    decodes("{\"m\":{\"m\":{\"m\":{\"m\":{\"m\":{\"m\":1}}}}}}", GROUPS "m.m.m.m.m.m=#1;",
            "five containers at once");
    decodes("{\"m\":{\"m\":{\"m\":{\"m\":{\"m\":{}},\"x\":1}}}}", GROUPS "m.m.m.x=#1;",
            "and left again");
    decodes("{\"EventData\":{\"Data\":[{\"@Name\":\"Image\",\"Deep\":{\"y\":1},\"#text\":\"v\"}]}}",
            "Data:group;?=Image;EventData.Data.Deep:group;?=#1;Image=v;", "in a pair");
}

/* What is remembered of a long gap is that gap and no other. */
static void test_long_gaps(void)
{
#define BLANKS20 "                    "
    decodes("{" BLANKS20 BLANKS20 "\"a\":\"123456789\",            \"x\":\"1\"}",
            "a=123456789;x=1;", "a long gap");
    decodes("{" BLANKS20 BLANKS20 "\"x\":\"1\"}", "x=1;", "with another name");
    decodes("{          \"a\":\"12345678901234567\"," BLANKS20 BLANKS20 "\"x\":\"1\"}",
            "a=12345678901234567;x=1;", "a long gap that ends like one before it");
    decodes("{\"a\":\"1\"," BLANKS20 BLANKS20 "\"a\":\"2\"}", "a=1;a=2;", "is not that one");
}

static void test_bad(void)
{
    refuses("", CE_TRUNCATED, 1, 1, "nothing");
    refuses("{\"a\":1", CE_TRUNCATED, 1, 7, "no end");
    refuses("{\"a\":\"1", CE_TRUNCATED, 1, 6, "an open string");
    refuses("{\"a\":1}}", CE_SYNTAX, 1, 8, "more behind the end");
    refuses("{\"a\":1,\n \"b\":01}", CE_SYNTAX, 2, 7, "a leading zero");
    refuses("{\"a\":\"\\x\"}", CE_SYNTAX, 1, 7, "a wrong escape");
    refuses("{\"a\":\"\\u12G4\"}", CE_SYNTAX, 1, 7, "a wrong \\u escape");
    refuses("{\"a\":\"\\uG234\"}", CE_SYNTAX, 1, 7, "a wrong first digit");
    refuses("{\"a\":\"\\u1G34\"}", CE_SYNTAX, 1, 7, "a wrong second digit");
    refuses("{\"a\":\"\\u123G\"}", CE_SYNTAX, 1, 7, "a wrong last digit");
    refuses("{\"a\":\"\\u00e9\\x\"}", CE_SYNTAX, 1, 13, "a wrong escape behind a long one");
    refuses("{\"a\":\"\\n\\x\"}", CE_SYNTAX, 1, 9, "a wrong escape behind a short one");
    refuses("{\"a\":\"b c\\x\"}", CE_SYNTAX, 1, 10, "a wrong escape behind a blank");
    refuses("{\"a\"\\:1}", CE_SYNTAX, 1, 5, "a backslash behind a name");
    refuses("{\"a\":\"b\\u00e9\\nc\t\"}", CE_SYNTAX, 1, 17, "a tab behind escapes");
    refuses("{\"a\":\"\\", CE_SYNTAX, 1, 7, "half an escape");
    refuses("{\"a\":\"\\u12", CE_SYNTAX, 1, 7, "half a long escape");
    refuses("{\"a\":\"\\u1234", CE_TRUNCATED, 1, 6, "an open string behind an escape");
    refuses("{\"\xE1\xBA\xBF\":\"\xC3(\"}", CE_ENCODING, 1, 9, "not UTF-8 behind what is");
    refuses("\xFF", CE_ENCODING, 1, 1, "not UTF-8 from the first byte on");
    says("{\"a\":\"\\x\"}", "escape");
    says("{\"a\":\"\x01\"}", "control");
    refuses("{\"a\":\"\t\"}", CE_SYNTAX, 1, 7, "a tab in a string");
    refuses("{\"a\":\"\xC3(\"}", CE_ENCODING, 1, 7, "not UTF-8");
    refuses("{\"a\":tru}", CE_SYNTAX, 1, 6, "half a literal");
    refuses("{\"a\":1 \"b\":2}", CE_SYNTAX, 1, 8, "no comma");
    refuses("{\"a\":1,}", CE_SYNTAX, 1, 8, "a comma too many");
    refuses("[1,]", CE_SYNTAX, 1, 4, "a comma too many in an array");
    refuses("{\"a\" 1}", CE_SYNTAX, 1, 6, "no colon");
    refuses("{a:1}", CE_SYNTAX, 1, 2, "a name without quotes");
    refuses("[1}", CE_SYNTAX, 1, 3, "the wrong bracket");
    refuses("\\\"a\"", CE_SYNTAX, 1, 1, "a backslash outside");
    refuses("{\"a\":1.}", CE_SYNTAX, 1, 8, "a number that ends in a dot");
    refuses("{\"a\":-}", CE_SYNTAX, 1, 7, "only a minus");
    refuses("\n\n{\"a\":]", CE_SYNTAX, 3, 6, "breaks before the record");
}

/* Wherever a character of several bytes stands, and however far from the others. */
static void test_wide(void)
{
    enum { PLACES = 4, LENGTH = 2000 };
    static const unsigned places[PLACES] = {100, 180, 900, 1900};
    char text[LENGTH + 1], what[64];
    unsigned wrong = 0;

    for (unsigned shift = 0; shift < 64; shift += 9) {
        memset(text, 'x', LENGTH);
        memcpy(text, "{\"a\":\"", 6);
        memcpy(text + LENGTH - 2, "\"}", 3);
        for (unsigned i = 0; i < PLACES; i++)
            memcpy(text + places[i] + shift, "\xE1\xBA\xBF", 3);
        wrong += !is_decoded(text);
        for (unsigned i = 0; i < PLACES; i++) {
            (void)snprintf(what, sizeof(what), "character %u of %u, moved by %u", i, PLACES, shift);
            text[places[i] + shift + 2] = 'x';
            refuses(text, CE_ENCODING, 1, places[i] + shift + 1, what);
            text[places[i] + shift + 2] = '\xBF';
        }
    }
    is_int(wrong, 0, "characters of several bytes at any place");
}

static uint32_t flags_of(struct json_decoder *d, struct slice s, uint32_t *ret_count)
{
    uint8_t *p = padded(s);
    struct event e = {0};
    uint32_t flags = UINT32_MAX;

    if (json_decode(d, slice_of(p, s.n), &e, NULL) == 0)
        flags = e.flags & ~(uint32_t)EVENT_TEXT_IN_RAW;
    *ret_count = e.count;
    free(p);
    return flags;
}

static unsigned bad_at(struct json_decoder *d, struct slice s)
{
    uint8_t *p = padded(s);
    struct err err = ERR_INIT;
    struct event e;
    int r = json_decode(d, slice_of(p, s.n), &e, &err);

    free(p);
    return r < 0 ? err.col : 0;
}

static bool in_raw(const char *text)
{
    uint8_t *p = padded(slice_str(text));
    struct event e = {0};
    bool yes = json_decode(decoder, slice_of(p, strlen(text)), &e, NULL) == 0 &&
               (e.flags & EVENT_TEXT_IN_RAW);

    free(p);
    return yes;
}

static void test_text_in_raw(void)
{
    ok(in_raw("{\"a\": \"C:\\\\x\\n\\u00e9\"}"), "text stands in the record as it is");
    ok(!in_raw("{\"a\": \"\\u0041\"}"), "a letter as an escape");
    ok(!in_raw("{\"a\": \"\\u212a\"}"), "the Kelvin sign, which folds to a letter");
    ok(!in_raw("{\"a\": \"\\u017F\"}"), "the long s");
    ok(!in_raw("{\"a\": \"b\\/c\"}"), "an escaped slash");
    ok(in_raw("{\"a\": \"\\u0000\\u001f\"}"), "control characters stand for themselves");
    ok(!in_raw("{\"Payload\": \"{\\\"EventData\\\":{\\\"Data\\\":\\\"x\\\"}}\"}"),
       "a document inside a string");
}

static void put_many(struct buf *b, size_t n, const char *text)
{
    buf_clear(b);
    for (size_t i = 0; i < n; i++)
        buf_puts(b, text);
}

static struct slice nest(struct buf *b, size_t depth)
{
    put_many(b, depth, "[");
    for (size_t i = 0; i < depth; i++)
        buf_putc(b, ']');
    return buf_slice(b);
}

static void test_limits(void)
{
    struct decode_limits limits = {.max_record = 1000000, .max_fields = 5, .max_depth = 3};
    struct json_decoder *d = json_decoder_new(keys, &limits);
    struct buf b = BUF_INIT(1000000);
    uint32_t n;

    is_int(flags_of(d, SLICE("[1,2,3,4,5]"), &n), 0, "as many fields as allowed");
    is_int(n, 5, "all of them are there");
    is_int(flags_of(d, SLICE("[1,2,3,4,5,6]"), &n), EVENT_FIELDS_LOST, "one more");
    is_int(n, 5, "the first ones are there");
    is_int(flags_of(d, SLICE("[1,2,3,4,5,6"), &n), UINT32_MAX, "what is lost is checked too");
    is_int(flags_of(d, SLICE("{\"a\":{\"b\":{\"c\":1}}}"), &n), 0, "as deep as allowed");
    is_int(n, 1 + 1 + 1, "and there");
    is_int(flags_of(d, SLICE("[1,{\"a\":{\"b\":[1]}},2]"), &n), EVENT_FIELDS_LOST, "deeper");
    is_int(n, 2 + 1 + 0, "what is around it stays");
    is_int(flags_of(d, SLICE("[[[[1,{\"a\":[1,2,{\"b\":3}]},\"x\"]]]]"), &n), EVENT_FIELDS_LOST,
           "deeper, of all kinds");
    is_int(flags_of(d, SLICE("[[[[1,{\"a\":[1,2,{\"b\":3]}]},\"x\"]]]]"), &n), UINT32_MAX,
           "and checked there");
    is_int(flags_of(d, SLICE("[[[{\"a\"}]]]"), &n), UINT32_MAX, "no value there");
    is_int(flags_of(d, SLICE("[[[[[1],{\"a\":-1.5e3},true,-2]]]]"), &n), EVENT_FIELDS_LOST,
           "an object behind an array, numbers and literals there");
    is_int(flags_of(d, SLICE("[[[[\"\",\"s\",{\"\":\"\",\"k\":\"v\"},[]]]]]"), &n),
           EVENT_FIELDS_LOST, "texts there, also empty ones");
    for (int i = 0; i < 100; i++) {
        put_many(&b, 4 + (size_t)i, "[{\"a\":");
        buf_puts(&b, "[1,{\"b\":2},3]");
        for (int k = 0; k < 4 + i; k++)
            buf_puts(&b, "}]");
        ok(flags_of(d, buf_slice(&b), &n) == EVENT_FIELDS_LOST, "%d containers deeper", 2 * i);
    }
    is_int(bad_at(d, SLICE("[[[[tru]]]]")), 5, "where something is wrong there");
    is_int(flags_of(d, nest(&b, JSON_DEPTH_MAX), &n), EVENT_FIELDS_LOST, "the deepest");
    is_int(flags_of(d, nest(&b, JSON_DEPTH_MAX + 1), &n), UINT32_MAX, "too deep");
    is_int(json_counts(d)->fields_lost, 106, "counted");
    json_decoder_free(d);
    buf_done(&b);
}

/* The smallest limits there are, and the depth that is allowed where nothing else is said. */
static void test_least(void)
{
    struct decode_limits limits = {.max_record = 1000, .max_fields = 0, .max_depth = 3};
    struct json_decoder *d = json_decoder_new(keys, &limits);
    struct buf b = BUF_INIT(1000);
    uint32_t n;

    is_int(flags_of(d, SLICE("{\"b\":1,\"c\":2}"), &n), EVENT_FIELDS_LOST, "two fields");
    is_int(n, 1, "one is kept in any case");
    json_decoder_free(d);
    is_int(flags_of(decoder, nest(&b, 64), &n), 0, "64 containers");
    is_int(flags_of(decoder, nest(&b, 65), &n), EVENT_FIELDS_LOST, "one more");
    buf_done(&b);
}

/* A path with as many names as containers may be deep. */
static void test_deepest(void)
{
    struct decode_limits limits = decode_default_limits;
    struct buf text = BUF_INIT(4000);
    struct json_decoder *d;
    struct event e;
    uint8_t *p;

    limits.max_depth = UINT32_MAX;
    d = json_decoder_new(keys, &limits);
    for (int i = 0; i < DEEPEST; i++)
        buf_puts(&text, "{\"n\":");
    buf_puts(&text, "1");
    for (int i = 0; i < DEEPEST; i++)
        buf_puts(&text, "}");
    p = padded(buf_slice(&text));
    ok(json_decode(d, slice_of(p, text.len), &e, NULL) == 0 && e.count == 1, "deep");
    is_int(e.fields[0].key, keys_find(keys, slice_str(deepest)), "its name");
    json_decoder_free(d);
    free(p);
    buf_done(&text);
}

static void test_too_long(void)
{
    struct decode_limits limits = {.max_record = 10, .max_fields = 5, .max_depth = 3};
    struct json_decoder *d = json_decoder_new(keys, &limits);
    uint8_t *p = padded(SLICE("{\"a\":1234}x"));
    struct event e;

    ok(json_decode(d, slice_of(p, 10), &e, NULL) == 0 && (e.flags & EVENT_FIELDS_LOST) == 0,
       "just fits");
    ok(json_decode(d, slice_of(p, 11), &e, NULL) == 0 && e.flags == EVENT_TRUNCATED, "too long");
    ok(json_decode(d, slice_of(p, 11), &e, NULL) == 0 && e.flags == EVENT_TRUNCATED, "again");
    ok(e.count == 1 && e.fields[0].key == KEY_NONE, "one text");
    is_slice(slice_of(e.fields[0].text, e.fields[0].n), SLICE("{\"a\":1234}"), "its beginning");
    is_int(json_counts(d)->truncated, 2, "counted");
    json_decoder_free(d);
    free(p);
}

/* More names than the decoder keeps; it must go on and stay right. */
static void test_many_names(void)
{
    struct buf b = BUF_INIT(10000000);
    uint32_t n;
    bool right = true;

    for (unsigned round = 0; round < 60 && right; round++) {
        struct slice s;
        uint8_t *p;
        struct event e;

        buf_clear(&b);
        buf_putc(&b, '{');
        for (unsigned i = 0; i < 1000; i++)
            buf_printf(&b, "\"k%u\":{\"v\":%u},", round * 1000 + i, i);
        buf_puts(&b, "\"Image\":\"last\"}");
        s = buf_slice(&b);
        p = padded(s);
        right = json_decode(decoder, slice_of(p, s.n), &e, NULL) == 0 && e.count == 1001 &&
                e.fields[1000].key == keys_find(keys, SLICE("Image"));
        free(p);
    }
    ok(right, "60,000 names");
    put_many(&b, 0, "");
    buf_putc(&b, '{');
    for (unsigned i = 0; i < 20000; i++)
        buf_puts(&b, "\"k\":{},");
    buf_puts(&b, "\"x\":1}");
    is_int(flags_of(decoder, buf_slice(&b), &n), 0, "one name again and again");
    put_many(&b, 0, "");
    buf_putc(&b, '{');
    for (unsigned i = 0; i < 30000; i++)
        buf_printf(&b, "\"k%u\":{},", i);
    buf_puts(&b, "\"x\":1}");
    is_int(flags_of(decoder, buf_slice(&b), &n), EVENT_FIELDS_LOST, "too many in one record");
    buf_done(&b);
}

static void mention_longest(void)
{
    const char *const both[] = {longest, deepest};

    memset(longest, 'N', NAME_LONGEST);
    for (size_t i = 0; i + 1 < sizeof(deepest); i++)
        deepest[i] = i % 2 ? '.' : 'n';
    mention(keys, both, CANH_LEN(both));
}

int main(void)
{
    keys = keys_new();
    mention(keys, names, CANH_LEN(names));
    mention_longest();
    for (unsigned level = 0; level < json_levels(); level++) {
        tap_note("processor level %u", level);
        decoder = json_decoder_new(keys, &decode_default_limits);
        json_set_level(decoder, level);
        test_text_in_raw();
        test_values();
        test_names();
        test_similar_gaps();
        test_long_names();
        test_groups();
        test_long_gaps();
        test_bad();
        test_wide();
        test_many_names();
        json_decoder_free(decoder);
    }
    test_limits();
    decoder = json_decoder_new(keys, &decode_default_limits);
    test_least();
    json_decoder_free(decoder);
    test_deepest();
    test_too_long();
    keys_free(keys);
    return tap_done();
}
