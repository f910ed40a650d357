/* SPDX-License-Identifier: Apache-2.0 */
/* BinXML through the EVTX decoder: what each construct becomes, as fields and as JSON. */
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "decode/decoder.h"
#include "evtx_read.h"

#define BYTES(lit) lit, sizeof(lit) - 1

static const struct type_case {
    uint8_t type;
    const char *bytes;
    uint16_t n;
    const char *json;
} types[] = {
    {0x00, BYTES(""), "null"},
    {0x01, BYTES("a\0\"\0\1\0\0\0\0\0"), "\"a\\\"\\u0001\""},
    {0x01, BYTES("\x3C\xD8\xEE\xDF\x3C\xD8"), "\"🏮\xEF\xBF\xBD\""},
    {0x01, BYTES(""), "\"\""},
    {0x02, BYTES("narrow\0"), "\"narrow\""},
    {0x02, BYTES("\x80\xE9"), "\"€é\""},
    {0x03, BYTES("\x80"), "-128"},
    {0x04, BYTES("\xFF"), "255"},
    {0x05, BYTES("\xFE\xFF"), "-2"},
    {0x06, BYTES("\xFE\xFF"), "65534"},
    {0x07, BYTES("\0\0\0\x80"), "-2147483648"},
    {0x08, BYTES("\xFF\xFF\xFF\xFF"), "4294967295"},
    {0x09, BYTES("\0\0\0\0\0\0\0\x80"), "-9223372036854775808"},
    {0x0A, BYTES("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), "18446744073709551615"},
    {0x0B, BYTES("\0\0\x20\x41"), "10"},
    {0x0B, BYTES("\xCD\xCC\xCC\x3D"), "0.1"},
    {0x0C, BYTES("\x9A\x99\x99\x99\x99\x99\xB9\x3F"), "0.1"},
    {0x0C, BYTES("\0\0\0\0\0\0\xF0\x7F"), "\"inf\""},
    {0x0D, BYTES("\1\0\0\0"), "true"},
    {0x0D, BYTES("\0\0\0\0"), "false"},
    {0x0D, BYTES("\2"), "true"},
    {0x0E, BYTES("\xDE\xAD\x01"), "\"DEAD01\""},
    {0x0F, BYTES("\x78\x56\x34\x12\xBC\x9A\xF0\xDE\1\2\3\4\5\6\7\x08"),
     "\"{12345678-9ABC-DEF0-0102-030405060708}\""},
    {0x10, BYTES("\0\0\x40\0\1\0\0\0"), "\"0x100400000\""},
    {0x11, BYTES("\x00\x80\x3E\xD5\xDE\xB1\x9D\x01"), "\"1970-01-01T00:00:00.0000000Z\""},
    {0x11, BYTES("\0\0\0\0\0\0\0\0"), "\"1601-01-01T00:00:00.0000000Z\""},
    {0x11, BYTES("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), "\"60056-05-28T05:36:10.9551615Z\""},
    {0x12, BYTES("\xE4\x07\x0A\0\0\0\x05\0\x08\0\x0B\0\x35\0\x7B\0"),
     "\"2020-10-05T08:11:53.1230000Z\""},
    {0x13, BYTES("\1\1\0\0\0\0\0\5\x12\0\0\0"), "\"S-1-5-18\""},
    {0x13, BYTES("\1\2\0\0\0\0\0\5"), "\"0102000000000005\""}, /* two parts promised, none there */
    {0x13, BYTES("\1\1\1\0\0\0\0\5\x12\0\0\0"), "\"S-1-0x010000000005-18\""},
    {0x14, BYTES("\xA4\1\0\0"), "\"0x1a4\""},
    {0x14, BYTES("\0\0\0\0"), "\"0x0\""},
    {0x15, BYTES("\0\0\0\0\0\0\x20\x80"), "\"0x8020000000000000\""},
    {0x20, BYTES("\1\2"), "\"0102\""},
    {0x23, BYTES("<\0a\0/\0>\0"), "\"<a/>\""},
    {0x08, BYTES("\1\2\3"), "\"010203\""}, /* no integer has three bytes */
    {0x0F, BYTES("\1"), "\"01\""},
    {0x11, BYTES(""), "null"},
    {0x77, BYTES("\1"), "\"01\""},
    {0x16, BYTES("\1\0\0\0"), "\"01000000\""},
    {0x81, BYTES("a\0\0\0\0\0b\0"), "[\"a\",\"\",\"b\"]"},
    {0x82, BYTES("a\0bc\0"), "[\"a\",\"bc\"]"},
    {0x86, BYTES("\1\0\2\0"), "[1,2]"},
    {0x86, BYTES("\1\0\2"), "[1,\"02\"]"},
    {0x93, BYTES("\1\1\0\0\0\0\0\5\x12\0\0\0\1\1\0\0\0\0\0\5\x13\0\0\0"),
     "[\"S-1-5-18\",\"S-1-5-19\"]"},
    {0x94, BYTES("\x10\0\0\0\0\0\0\0"), "[\"0x10\",\"0x0\"]"},
    {0x8E, BYTES("\1\2"), "[\"0102\"]"},
    {0x81, BYTES(""), "null"},
    {0x0B, BYTES("\x00\x00\x80\x4B"), "16777216"},
    {0x0B, BYTES("\xAB\xAA\xAA\x3E"), "0.33333334"},
    {0x0C, BYTES("\x84\xE9\x46\x37\xDD\x9A\xBF\x3F"), "0.1234567890123"},
    {0x0C, BYTES("\x9C\x75\x00\x88\x3C\xE4\x37\xFE"), "-1e+300"},
    {0x0C, BYTES("\x00\x00\x00\x00\x00\x00\xF8\x7F"), "\"nan\""},
    {0x0B, BYTES("\x00\x00\x80\xFF"), "\"-inf\""},
    {0x11, BYTES("\xFF\x3F\xC0\xD1\x5E\x5A\xC8\x24"), "\"9999-12-31T23:59:59.9999999Z\""},
    {0x11, BYTES("\x00\x40\xC0\xD1\x5E\x5A\xC8\x24"), "\"10000-01-01T00:00:00.0000000Z\""},
    {0x13, BYTES("\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00"),
     "\"S-1-5-32-544\""},
    {0x13, BYTES("\x01\x01\x00\x00\xFF\xFF\xFF\xFF\x12\x00\x00\x00"), "\"S-1-4294967295-18\""},
    {0x13, BYTES("\x01\x01\x00\x01\x00\x00\x00\x00\x12\x00\x00\x00"), "\"S-1-0x000100000000-18\""},
    {0x83, BYTES("\x01\xFF"), "[1,-1]"},
    {0x84, BYTES("\x01\xFF"), "[1,255]"},
    {0x85, BYTES("\x01\x00\xFF\xFF"), "[1,-1]"},
    {0x87, BYTES("\x01\x00\x00\x00\xFE\xFF\xFF\xFF"), "[1,-2]"},
    {0x88, BYTES("\x01\x00\x00\x00\xFF\xFF\xFF\xFF"), "[1,4294967295]"},
    {0x89, BYTES("\x01\x00\x00\x00\x00\x00\x00\x00\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), "[1,-2]"},
    {0x8A, BYTES("\x01\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00"), "[1,2]"},
    {0x8B, BYTES("\x00\x00\x00\x3F\x00\x00\x00\x40"), "[0.5,2]"},
    {0x8C, BYTES("\x00\x00\x00\x00\x00\x00\xE0\x3F\x00\x00\x00\x00\x00\x00\x00\x40"), "[0.5,2]"},
    {0x8D, BYTES("\x01\x00\x00\x00\x00\x00\x00\x00"), "[true,false]"},
    {0x91, BYTES("\x00\xC0\x6E\x93\xFF\xC0\xD5\x01\x80\xC9\x67\x15\xB4\x10\xD7\x01"),
     "[\"2020-01-02T00:00:00.0000000Z\",\"2021-03-04T05:06:07.0000000Z\"]"},
    {0x92,
     BYTES("\xE4\x07\x0A\x00\x01\x00\x05\x00\x08\x00\x0B\x00\x35\x00\x7B\x00\xE5\x07\x01\x00\x05"
           "\x00\x02\x00\x00\x00\x00\x00\x00\x00\x01\x00"),
     "[\"2020-10-05T08:11:53.1230000Z\",\"2021-01-02T00:00:00.0010000Z\"]"},
    {0x95, BYTES("\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
     "[\"0x10\",\"0x0\"]"},
};

/* Text of several parts, of which some are rendered. */
static void test_mixed_text(void)
{
    static const uint8_t number[] = {7};
    const struct build_value v[] = {{0x04, number, 1},
                                    {0x02, "\xE9", 1},
                                    {STRING, "\x10\x01", 2},
                                    {STRING | ARRAY, "x\0", 2}};
    uint32_t t;

    begin();
    t = template_begin(&b, 7);
    element(&b, "Event", 0xFFFF, 0);
    content(&b);
    element(&b, "A", 0xFFFF, 1);
    attribute(&b, "x");
    text(&b, "a");
    subst(&b, 0, 0x04, 0);
    content(&b);
    subst(&b, 0, 0x04, 0);
    text(&b, "b");
    subst(&b, 1, 0x02, 0);
    subst(&b, 2, STRING, 0);
    subst(&b, 3, STRING | ARRAY, 0);
    text(&b, "z");
    end(&b);
    end(&b);
    template_end(&b, t);
    values(&b, v, 4);
    reads_json("{\"Event\":{\"A\":{\"#attributes\":{\"x\":\"a7\"},\"#text\":\"7bé\xC4\x90z\"}}}",
               "parts of a text");
}

static void test_types(void)
{
    for (size_t i = 0; i < CANH_LEN(types); i++) {
        const struct type_case *c = &types[i];
        struct build_value v = {c->type, c->bytes, c->n};
        char want[200];

        begin();
        (void)one_value_template(7, 0);
        values(&b, &v, 1);
        snprintf(want, sizeof(want), "{\"Event\":{\"EventData\":{\"v\":%s}}}", c->json);
        reads_json(want, "a value");
    }
}

static void test_reuse(void)
{
    uint8_t n[4] = {42, 0, 0, 0};
    struct build_value v = {STRING, "a\0b", 4}, w = {U32, n, 4};
    uint32_t t;

    begin();
    t = one_value_template(7, 0);
    values(&b, &v, 1);
    record_end(&b);
    record_begin(&b, 2);
    template_use(&b, 7, t);
    values(&b, &w, 1);
    is_int(first(), 1, "the first record");
    has_field("v", "ab", "a template");
    is_int(e.sequence, 1, "its number");
    is_int(evtx_next(d, &e, &err), 1, "the second record");
    has_field("v", "42", "the same template");
    is_int(e.fields[0].type, VALUE_NUMBER, "a number");
    is_int(e.offset, 4096 + b.record, "its offset in the file");
    ok(e.raw.p == b.chunk + b.record && e.raw.n == b.at - b.record, "its bytes");
    is_int(evtx_next(d, &e, &err), 0, "the end");
    is_int(report.records, 2, "both counted");
}

/* <Event><A x="%0" y="1">%1</A><B x="%0"/>{dep 2: <C>c</C>}</Event> */
static void optional_parts(const struct build_value v[3])
{
    uint32_t t;

    begin();
    t = template_begin(&b, 8);
    element(&b, "Event", 0xFFFF, 0);
    content(&b);
    element(&b, "A", 0xFFFF, 1);
    attribute(&b, "x");
    subst(&b, 0, STRING, 1);
    content(&b);
    subst(&b, 1, STRING, 1);
    end(&b);
    element(&b, "B", 0xFFFF, 1);
    attribute(&b, "x");
    subst(&b, 0, STRING, 1);
    end_empty(&b);
    element(&b, "C", 2, 0);
    content(&b);
    text(&b, "c");
    end(&b);
    end(&b);
    template_end(&b, t);
    values(&b, v, 3);
}

static void test_optional(void)
{
    const struct build_value none = {0, "", 0}, a = {STRING, "a", 2};

    optional_parts((struct build_value[]){a, a, a});
    reads_json("{\"Event\":{\"A\":{\"#attributes\":{\"x\":\"a\"},\"#text\":\"a\"},"
               "\"B\":{\"#attributes\":{\"x\":\"a\"}},\"C\":\"c\"}}",
               "all values there");
    optional_parts((struct build_value[]){none, a, none});
    reads_json("{\"Event\":{\"A\":\"a\",\"B\":null}}", "attribute and element left out");
    optional_parts((struct build_value[]){a, none, none});
    reads_json("{\"Event\":{\"A\":{\"#attributes\":{\"x\":\"a\"}},"
               "\"B\":{\"#attributes\":{\"x\":\"a\"}}}}",
               "text left out");
    optional_parts((struct build_value[]){none, none, none});
    reads_json("{\"Event\":{\"A\":null,\"B\":null}}", "nothing there");
    is_int(e.count, 2, "two empty elements are two fields");
    is_int(e.fields[1].type, VALUE_EMPTY, "which are null and empty");
}

/* The types of the values of "v" and "Data" in the record's JSON as a node keeps it, or in that of
 * somebody else. */
static void stored_types(bool canonical, enum value_type v, enum value_type w)
{
    struct decoder *json = decoder_new(format_by_name(SLICE("json")), keys, &decode_default_limits);
    const struct decode_context context = {.received = TIME_NONE, .canonical = canonical};
    struct decode_block block = {.context = &context, .line = 1, .single = true};
    struct buf out = BUF_INIT(1 << 20);
    const struct field *fields[2] = {NULL, NULL};
    struct decode_fault fault;
    struct event back;
    int r = evtx_record_json(d, &out, &err);

    block.text = buf_slice(&out);
    ok(r == 0 && buf_reserve(&out, DECODE_PADDING) != NULL, "its JSON");
    block.text.p = out.p;
    decoder_open(json, &block);
    is_int(decoder_next(json, &back, &fault), 1, "read again");
    for (uint32_t i = 0; r == 0 && i < back.count; i++) {
        if (back.fields[i].key == keys_find(keys, SLICE("v")))
            fields[0] = &back.fields[i];
        if (back.fields[i].key == keys_find(keys, SLICE("w")))
            fields[1] = &back.fields[i];
    }
    ok(fields[0] && fields[0]->type == v && fields[1] && fields[1]->type == w, "%s: %d and %d",
       canonical ? "kept by a node" : "of somebody else", fields[0] ? fields[0]->type : -1,
       fields[1] ? fields[1]->type : -1);
    json = decoder_free(json);
    buf_done(&out);
}

/* A record that a node keeps as JSON means what the record itself meant. */
static void test_stored(void)
{
    static const char *const names[] = {"v", "w"};
    const struct build_value values_of[] = {{0, "", 0}, {STRING, "", 0}};
    uint32_t t;

    begin();
    t = template_begin(&b, 9);
    element(&b, "Event", 0xFFFF, 0);
    content(&b);
    element(&b, "EventData", 0xFFFF, 0);
    content(&b);
    for (unsigned i = 0; i < CANH_LEN(names); i++) {
        element(&b, "Data", 0xFFFF, 1);
        attribute(&b, "Name");
        text(&b, names[i]);
        content(&b);
        subst(&b, i, STRING, 0);
        end(&b);
    }
    end(&b);
    end(&b);
    template_end(&b, t);
    values(&b, values_of, 2);
    is_int(first(), 1, "a record with a null and an empty text");
    for (uint32_t i = 0; i < e.count; i++)
        is_int(e.fields[i].type, VALUE_EMPTY, "null and empty");
    is_int(e.count, 2, "two values");
    stored_types(true, VALUE_EMPTY, VALUE_EMPTY);
    stored_types(false, VALUE_NULL, VALUE_STRING);
}

/* The value of the outer template is a fragment with a template of its own, as Windows does it. */
static void test_nested(void)
{
    struct build_value inner = {STRING, "x\0", 2}, outer = {BINXML, NULL, 0};
    static struct build n;
    uint32_t t, values_at, start, definition;

    begin();
    t = template_begin(&b, 9);
    element(&b, "Event", 0xFFFF, 0);
    content(&b);
    subst(&b, 0, BINXML, 1);
    end(&b);
    template_end(&b, t);
    values_at = b.at;
    n = b;
    n.at = values_at + 8; /* count and one descriptor come before */
    start = n.at;
    put_le(&n, 0x0001010F, 4);
    definition = template_begin(&n, 10);
    element(&n, "EventData", 0xFFFF, 0);
    content(&n);
    element(&n, "Data", 0xFFFF, 1);
    attribute(&n, "Name");
    text(&n, "v");
    content(&n);
    subst(&n, 0, STRING, 0);
    end(&n);
    end(&n);
    template_end(&n, definition);
    values(&n, &inner, 1);
    outer.p = n.chunk + start;
    outer.n = (uint16_t)(n.at - start);
    values(&b, &outer, 1);
    reads_json("{\"Event\":{\"EventData\":{\"v\":\"x\"}}}", "a template in a value");
    has_field("v", "x", "the nested path");
}

/* Elements written out, without dependency ids; names, entities and twins. */
static void inline_record(void)
{
    begin();
    element(&b, "Event", -1, 1);
    attribute(&b, "xmlns");
    text(&b, "urn:x");
    content(&b);
    element(&b, "EventData", -1, 0);
    content(&b);
    for (int i = 0; i < 2; i++) {
        element(&b, "Data", -1, 1);
        attribute(&b, "Name");
        text(&b, i ? "w" : "v");
        content(&b);
        text(&b, i ? "2 " : "1");
        if (i) { /* "2 &x" */
            put_le(&b, 0x09, 1);
            put_name(&b, "amp");
            put_le(&b, 'x' << 8 | 0x08, 3);
        }
        end(&b);
    }
    end(&b);
    end(&b);
}

static void test_inline(void)
{
    inline_record();
    reads_json("{\"Event\":{\"#attributes\":{\"xmlns\":\"urn:x\"},"
               "\"EventData\":{\"v\":\"1\",\"w\":\"2 &x\"}}}",
               "a record written out");
    has_field("v", "1", "written out");
    has_field("w", "2 &x", "with an entity and a character reference");
    is_int(e.count, 2, "a namespace is no field");
    ok(e.fields[0].text > b.chunk && e.fields[0].text < b.chunk + sizeof(b.chunk),
       "the text was not copied");
}

static void test_twins(void)
{
    begin();
    element(&b, "Event", -1, 0);
    content(&b);
    element(&b, "EventData", -1, 0);
    content(&b);
    for (int i = 0; i < 3; i++) {
        element(&b, "Data", -1, 0);
        content(&b);
        if (i != 1)
            text(&b, i ? "c" : "a");
        end(&b);
    }
    element(&b, "Binary", -1, 0);
    content(&b);
    text(&b, "00");
    end(&b);
    end(&b);
    end(&b);
    reads_json(
        "{\"Event\":{\"EventData\":{\"Data\":{\"#text\":[\"a\",null,\"c\"]},\"Binary\":\"00\"}}}",
        "elements of the same name");
    has_field("Data", "a||c", "all are fields");
}

/* Text beside elements, CDATA, blanks between elements, a processing instruction. */
static void test_mixed(void)
{
    begin();
    element(&b, "Event", -1, 0);
    content(&b);
    text(&b, " \r\n");
    element(&b, "A", -1, 0);
    content(&b);
    put_le(&b, 0x0A, 1);
    put_name(&b, "pi");
    put_le(&b, 0x0B, 1);
    put_le(&b, 1, 2);
    put_utf16(&b, "x");
    text(&b, "one");
    element(&b, "B", -1, 0);
    end_empty(&b);
    put_le(&b, 0x07, 1);
    put_le(&b, 3, 2);
    put_utf16(&b, "two");
    end(&b);
    end(&b);
    reads_json("{\"Event\":{\"A\":{\"#text\":[\"one\",\"two\"],\"B\":null}}}", "mixed content");

    begin();
    element(&b, "Event", -1, 0);
    content(&b);
    put_le(&b, 0x0105, 2); /* half of whose bytes are blanks */
    put_le(&b, 1, 2);
    put_le(&b, 0x2020, 2);
    element(&b, "B", -1, 0);
    end_empty(&b);
    end(&b);
    reads_json("{\"Event\":{\"#text\":\"†\",\"B\":null}}", "a character that is no blank");
}

/* Fields beyond the limit: one that somebody mentions takes the room of one that nobody does. */
static void test_late_field(void)
{
    struct decode_limits limits = decode_default_limits;
    struct evtx_decoder *whole = d;

    limits.max_fields = 2;
    d = evtx_decoder_new(keys, &limits);
    begin();
    element(&b, "Event", -1, 0);
    content(&b);
    element(&b, "Q", -1, 0);
    content(&b);
    text(&b, "1");
    end(&b);
    element(&b, "R", -1, 0);
    content(&b);
    text(&b, "2");
    end(&b);
    element(&b, "System", -1, 0);
    content(&b);
    element(&b, "A", -1, 0);
    content(&b);
    text(&b, "3");
    end(&b);
    end(&b);
    end(&b);
    is_int(first(), 1, "more fields than are kept");
    ok((e.flags & EVENT_FIELDS_LOST) != 0, "is marked");
    has_field("A", "3", "kept");
    d = evtx_decoder_free(d);
    d = whole;
}

/* The Name attribute is itself a substitution. */
static void dynamic_name(struct build_value name)
{
    struct build_value v[] = {name, {STRING, "x", 2}};
    uint32_t t;

    begin();
    t = template_begin(&b, 11);
    element(&b, "Event", 0xFFFF, 0);
    content(&b);
    element(&b, "EventData", 0xFFFF, 0);
    content(&b);
    element(&b, "Data", 0xFFFF, 1);
    attribute(&b, "Name");
    subst(&b, 0, STRING, 0);
    content(&b);
    subst(&b, 1, STRING, 0);
    end(&b);
    end(&b);
    end(&b);
    template_end(&b, t);
    values(&b, v, 2);
}

static void test_dynamic_name(void)
{
    dynamic_name((struct build_value){STRING, "w", 2});
    reads_json("{\"Event\":{\"EventData\":{\"w\":\"x\"}}}", "a name that is a value");
    has_field("w", "x", "and its field");
    dynamic_name((struct build_value){STRING, "", 0});
    reads_json("{\"Event\":{\"EventData\":{\"\":\"x\"}}}", "a name of nothing");
}

static void test_bad_templates(void)
{
    struct build_value v = {STRING, "a", 2};
    uint32_t t;

    begin();
    template_use(&b, 7, 70000);
    values(&b, &v, 1);
    fails(CE_CORRUPT, "EVTX: a template outside the chunk", "an offset beyond the chunk");

    begin();
    t = one_value_template(7, 0);
    set_le(b.chunk + t + 4, 8, 4);
    values(&b, &v, 1);
    fails(CE_CORRUPT, "EVTX: a template that was overwritten", "another identifier");

    begin();
    t = one_value_template(7, 0);
    values(&b, &v, 0);
    fails(CE_CORRUPT, "EVTX: a record without its values", "no values");

    begin();
    t = one_value_template(7, 0);
    put_le(&b, 0x10000000, 4);
    fails(CE_CORRUPT, "EVTX: more values than the record can hold", "a huge count");

    begin();
    t = one_value_template(7, 0);
    put_le(&b, 1, 4);
    put_le(&b, 0x0001FFFF, 4);
    fails(CE_TRUNCATED, "EVTX: values run past the record", "a huge value");

    begin();
    t = one_value_template(7, 0);
    set_le(b.chunk + t + 20, 0x7FFFFFFF, 4);
    values(&b, &v, 1);
    fails(CE_TRUNCATED, "EVTX: a template that runs past its record", "a huge template");

    begin();
    t = template_begin(&b, 12); /* its content is an instance of itself */
    template_use(&b, 12, t);
    template_end(&b, t);
    values(&b, &v, 1);
    fails(CE_SYNTAX, "EVTX: no element where a BinXML fragment begins", "a template in itself");
    is_int(err.offset, 4096 + t + 28, "and where");
}

/* <A/>, whose name's offset, length or final zero is changed. */
static void bad_name(uint32_t offset, uint32_t length, uint16_t zero, const char *what)
{
    uint32_t at, name;

    begin();
    at = b.at;
    element(&b, "A", -1, 0);
    end_empty(&b);
    name = at + 9;
    if (offset)
        set_le(b.chunk + at + 5, offset, 4);
    if (length)
        set_le(b.chunk + name + 6, length, 2);
    set_le(b.chunk + name + 10, zero, 2);
    ok(first() < 0, "%s", what);
}

static void test_bad_names(void)
{
    bad_name(0x7FFFFFFF, 0, 0, "a name beyond the chunk");
    bad_name(BUILD_CHUNK, 0, 0, "a name at its end");
    bad_name(BUILD_CHUNK - 9, 0, 0, "half a name");
    bad_name(0, 0xFFFF, 0, "a name that runs past it");
    bad_name(0, 0, 'x', "a name without its end");
}

static void test_depth(void)
{
    begin();
    for (int i = 0; i < 200; i++) {
        element(&b, "A", -1, 0);
        content(&b);
    }
    fails(CE_DEPTH, "EVTX: elements nested too deeply", "200 elements in each other");
}

/* Each level uses its one value twice, and the value is such a fragment again. */
static void test_bomb(void)
{
    enum { LEVELS = 30 };
    uint32_t t, at[LEVELS + 1];

    begin();
    t = template_begin(&b, 13);
    element(&b, "A", 0xFFFF, 0);
    content(&b);
    subst(&b, 0, BINXML, 1);
    element(&b, "B", 0xFFFF, 0);
    end_empty(&b);
    subst(&b, 0, BINXML, 1);
    end(&b);
    template_end(&b, t);
    for (int i = 0; i < LEVELS; i++) {
        put_le(&b, 1, 4);
        at[i] = b.at;
        put_le(&b, (uint64_t)BINXML << 16, 4);
        template_use(&b, 13, t);
    }
    put_le(&b, 1, 8); /* one null value */
    for (int i = 0; i < LEVELS; i++)
        set_le(b.chunk + at[i], b.at - at[i] - 4, 2);
    fails(CE_TOO_BIG, "EVTX: more elements than a record may have", "a billion laughs");
}

static void test_many_fields(void)
{
    begin();
    element(&b, "Event", -1, 0);
    content(&b);
    for (int i = 0; i < 1200; i++) {
        element(&b, "A", -1, 0);
        end_empty(&b);
    }
    end(&b);
    is_int(first(), 1, "1,200 elements");
    ok(e.count <= EVENT_FIELDS_MAX && (e.flags & EVENT_FIELDS_LOST), "lost fields are marked");
}

/* More text than the scratch holds: one big value, rendered again and again. */
static void test_scratch(void)
{
    static uint8_t big[40000];
    struct build_value v = {0x0E, big, sizeof(big)};
    uint32_t t;

    begin();
    t = template_begin(&b, 14);
    element(&b, "Event", 0xFFFF, 0);
    content(&b);
    for (int i = 0; i < 100; i++) {
        element(&b, "A", 0xFFFF, 0);
        content(&b);
        subst(&b, 0, 0x0E, 0);
        end(&b);
    }
    end(&b);
    template_end(&b, t);
    values(&b, &v, 1);
    is_int(first(), 1, "a hundred renderings of 40,000 bytes");
    ok(e.flags & EVENT_TRUNCATED, "what has no room is marked");
    is_int(e.fields[0].n, 80000, "the first is whole");
}

/* Texts between elements are looked at before they are read: that takes none of the room. */
static void test_scratch_between(void)
{
    static uint8_t big[40000];
    const struct build_value v[] = {{0x0E, big, sizeof(big)}, {0, "", 0}};
    uint32_t t;

    begin();
    t = template_begin(&b, 15);
    element(&b, "A", 0xFFFF, 0);
    content(&b);
    for (int i = 0; i < 13; i++) {
        subst(&b, 0, 0x0E, 0);
        element(&b, "B", 1, 0);
        end_empty(&b);
    }
    end(&b);
    template_end(&b, t);
    values(&b, v, 2);
    is_int(first(), 1, "as much text as there is room for");
    ok((e.flags & EVENT_TRUNCATED) == 0, "nothing is cut");
    is_int(e.count, 13, "each is a field");
    is_int(e.fields[12].n, 80000, "and whole");
}

/* Every length of a record's chunk and every changed byte: no crash, whatever comes out. */
static void test_damage(void)
{
    struct buf out = BUF_INIT(1 << 16);
    unsigned good = 0, tried = 0;

    inline_record();
    record_end(&b);
    build_end(&b);
    for (uint32_t n = 512; n <= b.at; n++) {
        uint8_t *exact = malloc(n);

        memcpy(exact, b.chunk, n);
        (void)evtx_chunk_begin(d, slice_of(exact, n), 0, &report);
        while (evtx_next(d, &e, &err) != 0)
            good++;
        free(exact);
    }
    for (uint32_t at = 512; at < b.at; at++) {
        for (int bit = 0; bit < 8; bit++) {
            b.chunk[at] ^= (uint8_t)(1 << bit);
            (void)evtx_chunk_begin(d, slice_of(b.chunk, b.at), 0, &report);
            for (int r; (r = evtx_next(d, &e, &err)) != 0; tried++) {
                buf_clear(&out);
                if (r > 0 && evtx_record_json(d, &out, &err) == 0)
                    good++;
            }
            b.chunk[at] ^= (uint8_t)(1 << bit);
        }
    }
    ok(good > 100 && tried > good / 2, "cut off and changed records are survived");
    buf_done(&out);
}

/* As many texts, values and places as there is room for, and one more. */
static void test_values_limit(void)
{
    for (int more = 0; more < 2; more++) {
        begin();
        element(&b, "Event", -1, 0);
        content(&b);
        for (int i = 0; i < 8192 + more; i++)
            text(&b, "");
        end(&b);
        is_int(first(), more ? -CE_TOO_BIG : 1, "texts that stand written out");
        if (more)
            is_str(err_words(&err), "EVTX: too many values", "refused");
    }
    for (int more = 0; more < 2; more++) {
        begin();
        (void)one_value_template(16, 1);
        put_le(&b, 8192 + (unsigned)more, 4);
        for (int i = 0; i < 8192 + more; i++)
            put_le(&b, 0, 4);
        is_int(first(), more ? -CE_TOO_BIG : 1, "values of a template");
        if (more)
            is_str(err_words(&err), "EVTX: too many values", "refused");
    }
}

/* <name/> as the value of a type that holds XML. */
static uint16_t put_leaf(struct build *to, const char *name)
{
    uint32_t start = to->at;

    put_le(to, 0x0001010F, 4);
    element(to, name, -1, 0);
    end_empty(to);
    put_le(to, 0, 1);
    return (uint16_t)(to->at - start);
}

/* XML in values at so many places of one template. */
static int at_places(unsigned count)
{
    uint32_t t, at;

    anew();
    begin();
    t = template_begin(&b, 17);
    element(&b, "Event", 0xFFFF, 0);
    content(&b);
    for (unsigned i = 0; i < count; i++) {
        char name[16];

        (void)snprintf(name, sizeof(name), "A%u", i);
        element(&b, name, 0xFFFF, 0);
        content(&b);
        subst(&b, i, BINXML, 0);
        end(&b);
    }
    end(&b);
    template_end(&b, t);
    put_le(&b, count, 4);
    at = b.at;
    for (unsigned i = 0; i < count; i++)
        put_le(&b, (uint64_t)BINXML << 16, 4);
    for (unsigned i = 0; i < count; i++)
        set_le(b.chunk + at + (size_t)4 * i, put_leaf(&b, "B"), 2);
    return first();
}

static void test_places_limit(void)
{
    struct buf out = BUF_INIT(1 << 16);

    is_int(at_places(255), 1, "values in values at 255 places, and the record itself");
    is_int(at_places(256), -CE_TOO_BIG, "at one more: %s", err_words(&err));
    is_int(evtx_record_json(d, &out, &err), -CE_TOO_BIG, "nor as JSON");
    buf_done(&out);
}

/*
 * Objects in each other that are open at the same time, with so many members: each is the same
 * template with 2,000 small elements in front of the next one, the innermost has what is left.
 */
static int members_open(unsigned count)
{
    enum { EACH = 2000, LEVELS = 8 };
    struct buf out = BUF_INIT(4 << 20);
    uint32_t t, at[LEVELS];
    int r;

    anew();
    begin();
    t = template_begin(&b, 18);
    element(&b, "A", 0xFFFF, 0);
    content(&b);
    for (int i = 0; i < EACH; i++) {
        element(&b, "B", 0xFFFF, 0);
        end_empty(&b);
    }
    subst(&b, 0, BINXML, 1);
    end(&b);
    template_end(&b, t);
    for (int i = 0; i < LEVELS; i++) {
        put_le(&b, 1, 4);
        at[i] = b.at;
        put_le(&b, (uint64_t)BINXML << 16, 4);
        put_le(&b, 0x0001010F, 4);
        if (i + 1 < LEVELS)
            template_use(&b, 18, t);
    }
    element(&b, "A", -1, 0);
    content(&b);
    for (unsigned i = LEVELS * (EACH + 1) + 1; i < count; i++) {
        element(&b, "B", -1, 0);
        end_empty(&b);
    }
    end(&b);
    put_le(&b, 0, 1);
    for (int i = 0; i < LEVELS; i++)
        set_le(b.chunk + at[i], b.at - at[i] - 4, 2);
    r = first();
    if (r == 1)
        r = evtx_record_json(d, &out, &err);
    buf_done(&out);
    return r;
}

static void test_members_limit(void)
{
    is_int(members_open(16384), 0, "16,384 members of open objects");
    is_int(members_open(16385), -CE_TOO_BIG, "one more: %s", err_words(&err));
}

int main(void)
{
    static const char *const names[] = {"v", "w", "Data", "A_x", "A", "B"};

    setup(names, CANH_LEN(names));
    test_types();
    test_mixed_text();
    test_reuse();
    test_optional();
    test_stored();
    test_nested();
    test_inline();
    test_twins();
    test_mixed();
    test_late_field();
    test_dynamic_name();
    test_bad_templates();
    test_bad_names();
    test_depth();
    test_bomb();
    test_many_fields();
    test_scratch();
    test_scratch_between();
    test_values_limit();
    test_places_limit();
    test_members_limit();
    test_damage();
    evtx_decoder_free(d);
    keys_free(keys);
    return tap_done();
}
