/* SPDX-License-Identifier: Apache-2.0 */
/* What Windows hardly ever writes in BinXML, and the edges of what is read. */
#include <stdio.h>

#include "evtx_read.h"

enum { XML = 0x23, BINARY = 0x0E, DEPTH = 64 };

static void open(const char *name, int dep)
{
    element(&b, name, dep, 0);
    content(&b);
}

/* <name>text</name>; NULL: without */
static void leaf(const char *name, int dep, const char *ascii)
{
    open(name, dep);
    if (ascii)
        text(&b, ascii);
    end(&b);
}

/* <Event><EventData> and what each value is: <name>%n</name>, all of the same name. */
static void same_names(const char *name, const struct build_value *v, unsigned count)
{
    uint32_t t;

    anew();
    begin();
    t = template_begin(&b, 7);
    open("Event", 0xFFFF);
    open("EventData", 0xFFFF);
    leaf("Binary", 0xFFFF, "00");
    element(&b, "Other", 0xFFFF, 1);
    attribute(&b, "x");
    text(&b, "1");
    end_empty(&b);
    for (unsigned i = 0; i < count; i++) {
        open(name, 0xFFFF);
        subst(&b, i, STRING, 0);
        end(&b);
    }
    end(&b);
    end(&b);
    template_end(&b, t);
    values(&b, v, count);
}

/* Data elements without a name: one alone is a text, several are a list, as an array is. */
static void test_unnamed(void)
{
    const struct build_value two[] = {{STRING, "a", 2}, {STRING, "b", 2}};
    const struct build_value list = {STRING | ARRAY, "a\0\0\0b", 6}, xml = {XML, "a", 2};

    same_names("Data", two, 1);
    is_int(first(), 1, "one alone");
    has_field("Event.EventData.Data", "a", "one alone");
    has_field("Event.EventData.Data.#text", "-", "one alone");
    same_names("Data", &xml, 1);
    is_int(first(), 1, "one alone");
    has_field("Event.EventData.Data", "a", "one of XML");
    same_names("Data", two, 2);
    is_int(first(), 1, "two");
    has_field("Event.EventData.Data", "-", "two");
    has_field("Event.EventData.Data.#text", "a|b", "two");
    same_names("Data", &list, 1);
    is_int(first(), 1, "an array");
    has_field("Event.EventData.Data.#text", "a|b", "an array");
    same_names("ComplexData", two, 2);
    is_int(first(), 1, "two of another kind");
    has_field("Event.EventData.ComplexData", "a|b", "two of another kind");
    has_field("Event.EventData.ComplexData.#text", "-", "two of another kind");
}

/* Members of the same name are one list, whatever comes before them. */
static void test_same_members(void)
{
    begin();
    element(&b, "Event", -1, 1);
    attribute(&b, "x");
    text(&b, "1");
    content(&b);
    leaf("A", -1, "a");
    leaf("A", -1, "b");
    end(&b);
    reads_json("{\"Event\":{\"#attributes\":{\"x\":\"1\"},\"A\":[\"a\",\"b\"]}}", "two behind one");

    begin();
    element(&b, "Event", -1, 1);
    attribute(&b, "x");
    text(&b, "1");
    content(&b);
    leaf("#attributes", -1, "a");
    end(&b);
    reads_json("{\"Event\":{\"#attributes\":[{\"x\":\"1\"},\"a\"]}}", "a name that is JSON's");
}

/* Two elements that a text and a value name alike, each behind an attribute that says nothing. */
static void test_named_alike(void)
{
    const struct build_value v[] = {{STRING, "w", 2}, {STRING, "x", 2}};
    uint32_t t;

    anew();
    begin();
    t = template_begin(&b, 7);
    open("Event", 0xFFFF);
    open("EventData", 0xFFFF);
    for (int i = 0; i < 2; i++) {
        element(&b, "Data", 0xFFFF, 1);
        attribute(&b, "kind");
        text(&b, "1");
        attribute(&b, "Name");
        if (i == 0)
            text(&b, "w");
        else
            subst(&b, 0, STRING, 0);
        content(&b);
        subst(&b, 1, STRING, 0);
        end(&b);
    }
    end(&b);
    end(&b);
    template_end(&b, t);
    values(&b, v, 2);
    reads_json("{\"Event\":{\"EventData\":{\"w\":[\"x\",\"x\"]}}}", "a list of that name");
    has_field("w", "x|x", "both");
}

/* <EventData><Data Name="first">1</Data><Data Name="second">2</Data></EventData> in a value. */
static void named_in_value(struct slice first_name, struct slice second)
{
    struct build_value inner[] = {{STRING, first_name.p, (uint16_t)first_name.n},
                                  {STRING, second.p, (uint16_t)second.n}};
    uint32_t t, at, start;

    anew();
    begin();
    t = template_begin(&b, 9);
    open("Event", 0xFFFF);
    subst(&b, 0, BINXML, 1);
    end(&b);
    template_end(&b, t);
    put_le(&b, 1, 4);
    at = b.at;
    put_le(&b, (uint64_t)BINXML << 16, 4);
    start = b.at;
    put_le(&b, 0x0001010F, 4);
    t = template_begin(&b, 10);
    open("EventData", 0xFFFF);
    for (unsigned i = 0; i < 2; i++) {
        element(&b, "Data", 0xFFFF, 1);
        attribute(&b, "Name");
        subst(&b, i, STRING, 0);
        content(&b);
        text(&b, i ? "2" : "1");
        end(&b);
    }
    end(&b);
    template_end(&b, t);
    values(&b, inner, 2);
    set_le(b.chunk + at, b.at - start, 2);
}

static void test_names_in_values(void)
{
    static uint8_t path[2400];

    named_in_value(SLICE("w\0\0\0"), SLICE("v\0\0\0\0\0"));
    reads_json("{\"Event\":{\"EventData\":{\"w\":\"1\",\"v\":\"2\"}}}",
               "names without their zeros");
    has_field("w", "1", "its field");
    has_field("v", "2", "its field");
    named_in_value(SLICE("\0\0"), SLICE("w\0"));
    reads_json("{\"Event\":{\"EventData\":{\"\":\"1\",\"w\":\"2\"}}}", "a name of a zero alone");
    for (size_t i = 0; i < sizeof(path); i += 2)
        path[i] = 'x';
    named_in_value(SLICE("w\0"), slice_of(path, sizeof(path)));
    is_int(first(), 1, "a name longer than any that is mentioned");
    has_field("w", "1", "is not the one before");
}

/* A name that ends in a zero, or is one. */
static void test_zero_names(void)
{
    anew();
    begin();
    open("EventData", -1);
    for (unsigned letters = 0; letters < 2; letters++) {
        element(&b, "Data", -1, 1);
        attribute(&b, "Name");
        put_le(&b, 0x0105, 2);
        put_le(&b, letters + 1, 2);
        put_utf16(&b, letters ? "w" : "");
        put_le(&b, 0, 2);
        content(&b);
        text(&b, "1");
        end(&b);
    }
    end(&b);
    reads_json("{\"EventData\":{\"\":\"1\",\"w\":\"1\"}}", "names with a zero");
    has_field("w", "1", "its field");
}

/* Text of elements written out inside of a value, behind other values. */
static void test_texts_in_value(void)
{
    uint32_t t, at, start;

    anew();
    begin();
    t = template_begin(&b, 9);
    open("Event", 0xFFFF);
    open("A", 0xFFFF);
    subst(&b, 0, STRING, 0);
    end(&b);
    subst(&b, 1, BINXML, 1);
    end(&b);
    template_end(&b, t);
    put_le(&b, 2, 4);
    put_le(&b, 2 | (uint64_t)STRING << 16, 4);
    at = b.at;
    put_le(&b, (uint64_t)BINXML << 16, 4);
    put_le(&b, 'a', 2);
    start = b.at;
    put_le(&b, 0x0001010F, 4);
    leaf("B", -1, "b");
    set_le(b.chunk + at, b.at - start, 2);
    reads_json("{\"Event\":{\"A\":\"a\",\"B\":\"b\"}}", "texts in a value");
    has_field("Event.A", "a", "the record's own");
    has_field("Event.B", "b", "the value's");
}

/* A name's keys are those of its whole path. */
static void test_roots(void)
{
    anew();
    begin();
    open("Event", -1);
    leaf("A", -1, "1");
    end(&b);
    is_int(first(), 1, "a record");
    has_field("Event.A", "1", "mentioned");
    begin();
    open("Other", -1);
    leaf("A", -1, "1");
    end(&b);
    is_int(first(), 1, "another root");
    has_field("Event.A", "-", "not mentioned");
}

/* The root is there even when the value it depends on is not; others are not. */
static void test_root_depends(void)
{
    const struct build_value none = {0, "", 0};
    uint32_t t;

    begin();
    t = template_begin(&b, 7);
    open("Event", 0);
    leaf("A", 0, "a");
    leaf("B", 0xFFFF, "b");
    end(&b);
    template_end(&b, t);
    values(&b, &none, 1);
    reads_json("{\"Event\":{\"B\":\"b\"}}", "a root that depends on nothing");
}

/* A template asks for a value in the middle of a text, and the record brings none. */
static void test_no_values(void)
{
    uint32_t t;

    begin();
    t = template_begin(&b, 7);
    open("A", 0xFFFF);
    text(&b, "a");
    subst(&b, 0, STRING, 0);
    end(&b);
    template_end(&b, t);
    values(&b, NULL, 0);
    fails(CE_CORRUPT, "EVTX: a record without its values", "values in a text");
}

/* A value that the record has not, beside an attribute: no text. */
static void test_value_beyond(void)
{
    const struct build_value a = {STRING, "a", 2};
    uint32_t t;

    anew();
    begin();
    t = template_begin(&b, 7);
    open("Event", 0xFFFF);
    element(&b, "A", 0xFFFF, 1);
    attribute(&b, "x");
    subst(&b, 0, STRING, 0);
    content(&b);
    subst(&b, 5, STRING, 0);
    end(&b);
    end(&b);
    template_end(&b, t);
    values(&b, &a, 1);
    reads_json("{\"Event\":{\"A\":{\"#attributes\":{\"x\":\"a\"}}}}", "a value beyond the last");
    has_field("Event.A.#text", "-", "no text");
}

/* An element that a rule mentions, of an attribute and a child that are both left out. */
static void test_left_out(void)
{
    const struct build_value none = {0, "", 0};
    uint32_t t;

    anew();
    begin();
    t = template_begin(&b, 7);
    open("Event", 0xFFFF);
    element(&b, "A", 0xFFFF, 1);
    attribute(&b, "x");
    subst(&b, 0, STRING, 1);
    content(&b);
    leaf("B", 0, "b");
    end(&b);
    end(&b);
    template_end(&b, t);
    values(&b, &none, 1);
    is_int(first(), 1, "a record");
    has_field("Event.A", "", "empty");
    ok(e.count == 1 && e.fields[0].type == VALUE_EMPTY, "and no group");
}

/* Text behind a child that has attributes is its parent's. */
static void test_text_behind(void)
{
    anew();
    begin();
    open("Event", -1);
    open("A", -1);
    element(&b, "B", -1, 1);
    attribute(&b, "x");
    text(&b, "1");
    end_empty(&b);
    text(&b, "two");
    end(&b);
    end(&b);
    is_int(first(), 1, "a record");
    has_field("Event.A", "|two", "a group, and text behind a child");
}

/* A name that stands elsewhere in the chunk, or nowhere. */
static void name_elsewhere(uint32_t at)
{
    begin();
    put_le(&b, 0x01, 1);
    put_le(&b, 0, 4);
    put_le(&b, at, 4);
    end_empty(&b);
    put_le(&b, 0, 8);
    if (at < BUILD_CHUNK - 40)
        set_le(b.chunk + at + 6, 1, 2);
    if (at < BUILD_CHUNK - 40)
        set_le(b.chunk + at + 8, 'A', 2);
}

static void test_name_elsewhere(void)
{
    anew();
    name_elsewhere(60000);
    reads_json("{\"A\":null}", "a name elsewhere");
    name_elsewhere(0x7FFFFFFF);
    fails(CE_CORRUPT, "EVTX: a name outside the chunk", "beyond the chunk");
    name_elsewhere(BUILD_CHUNK - 9);
    fails(CE_CORRUPT, "EVTX: a name outside the chunk", "half of its head");
    name_elsewhere(60000);
    set_le(b.chunk + 60010, 'B', 2);
    fails(CE_CORRUPT, "EVTX: a name outside the chunk", "without its end");
    name_elsewhere(60000);
    set_le(b.chunk + 60006, 0x7FFF, 2);
    fails(CE_CORRUPT, "EVTX: a name outside the chunk", "longer than the chunk");
}

/* Whether elements tell what they depend on is seen by the first one's name. */
static void test_dependency(void)
{
    const struct build_value none = {0, "", 0};
    uint32_t t;

    anew();
    begin();
    open("Event", 0xFFFF);
    leaf("A", 5, "a");
    end(&b);
    reads_json("{\"Event\":{\"A\":\"a\"}}", "elements written out that tell, of no value");
    for (int headless = 0; headless < 2; headless++) {
        anew();
        begin();
        t = template_begin(&b, 7);
        open("Event", -1);
        leaf("A", -1, "a");
        end(&b);
        template_end(&b, t);
        values(&b, &none, 1);
        record_end(&b);
        build_end(&b);
        memset(b.chunk, 0, headless ? 128 : 8);
        (void)evtx_chunk_begin(d, slice_of(b.chunk, sizeof(b.chunk)), 0, &report);
        is_int(evtx_next(d, &e, &err), 1, "a template that does not");
        has_field("Event.A", "a", "is read");
    }
}

/* The five entities, in a text and as a name. */
static void test_entities(void)
{
    static const char *const names[] = {"amp", "lt", "gt", "quot", "apos"};

    begin();
    open("A", -1);
    for (size_t i = 0; i < CANH_LEN(names); i++) {
        put_le(&b, 0x09, 1);
        put_name(&b, names[i]);
    }
    end(&b);
    reads_json("{\"A\":\"&<>\\\"'\"}", "entities");
    begin();
    open("EventData", -1);
    element(&b, "Data", -1, 1);
    attribute(&b, "Name");
    put_le(&b, 0x09, 1);
    put_name(&b, "amp");
    content(&b);
    end(&b);
    end(&b);
    reads_json("{\"EventData\":{\"&\":null}}", "one as a name");
    begin();
    open("A", -1);
    put_le(&b, 0x09, 1);
    put_name(&b, "yen");
    end(&b);
    fails(CE_UNKNOWN, "EVTX: an unknown entity", "one that there is not");
}

/* Half a pair at the end of a value, and the other half where the next one begins. */
static void test_half_pairs(void)
{
    const struct build_value v[] = {{STRING, "\x3C\xD8", 2},
                                    {STRING, "\xEE\xDF", 2},
                                    {2, "\x80", 1}};
    uint32_t t;

    begin();
    t = template_begin(&b, 7);
    open("Event", 0xFFFF);
    for (unsigned i = 0; i < 2; i++) {
        open(i ? "B" : "A", 0xFFFF);
        subst(&b, i, STRING, 0);
        end(&b);
    }
    open("C", 0xFFFF);
    text(&b, "1");
    subst(&b, 2, 2, 0);
    end(&b);
    end(&b);
    template_end(&b, t);
    values(&b, v, 3);
    reads_json("{\"Event\":{\"A\":\"\xEF\xBF\xBD\",\"B\":\"\xEF\xBF\xBD\",\"C\":\"1€\"}}",
               "halves of pairs");
}

/* No room for another rendering: what is left has no text, which is told. */
static void test_no_scratch(void)
{
    static uint8_t big[40000];
    const struct build_value v[] = {{BINARY, big, sizeof(big)}, {U32, "\1\0\0\0", 4}};
    uint32_t t;

    anew();
    begin();
    t = template_begin(&b, 14);
    open("Event", 0xFFFF);
    for (int i = 0; i < 14; i++) {
        open("B", 0xFFFF);
        subst(&b, 0, BINARY, 0);
        end(&b);
    }
    open("A", 0xFFFF);
    subst(&b, 1, U32, 0);
    end(&b);
    end(&b);
    template_end(&b, t);
    values(&b, v, 2);
    is_int(first(), 1, "more renderings than there is room for");
    ok(e.flags & EVENT_TRUNCATED, "which is marked");
    has_field("Event.A", "", "the last has no text");
}

/* The JSON of a record whose fields just fit: whole, or none. Its elements have so many copies of a
 * value each. */
static void json_room(unsigned elements, unsigned copies, int want)
{
    static uint8_t big[40000];
    const struct build_value v = {BINARY, big, sizeof(big)};
    struct buf out = BUF_INIT(4 << 20);
    uint32_t t;

    anew();
    begin();
    t = template_begin(&b, 7);
    open("Event", 0xFFFF);
    for (unsigned i = 0; i < elements; i++) {
        open("B", 0xFFFF);
        for (unsigned k = 0; k < copies; k++)
            subst(&b, 0, BINARY, 0);
        end(&b);
    }
    end(&b);
    template_end(&b, t);
    values(&b, &v, 1);
    is_int(first(), 1, "a record of much text");
    ok((e.flags & EVENT_TRUNCATED) == 0, "which has room");
    is_int(evtx_record_json(d, &out, &err), want, "its JSON");
    buf_clear(&out);
    is_int(evtx_record_json(d, &out, &err), want, "once more");
    ok(want < 0 || out.len > elements * copies * 2 * sizeof(big), "is whole");
    ok(want == 0 || strcmp(err_words(&err), "EVTX: no room for JSON") == 0, "is not: %s",
       err_words(&err));
    buf_done(&out);
}

static void test_json_room(void)
{
    json_room(13, 1, 0);
    json_room(1, 4, -CE_TOO_BIG);
}

static void nest(unsigned elements)
{
    for (unsigned i = 0; i < elements; i++)
        open("A", 0xFFFF);
}

static void unnest(unsigned elements)
{
    while (elements-- > 0)
        end(&b);
}

/* XML in a value below so many elements, which holds XML in a value below so many more. */
static void deep_value(unsigned outer, unsigned inner, uint64_t id)
{
    uint32_t t, at[2], start[2];

    record_begin(&b, id);
    t = template_begin(&b, 7);
    nest(outer);
    subst(&b, 0, BINXML, 1);
    unnest(outer);
    template_end(&b, t);
    put_le(&b, 1, 4);
    at[0] = b.at;
    put_le(&b, (uint64_t)BINXML << 16, 4);
    start[0] = b.at;
    put_le(&b, 0x0001010F, 4);
    t = template_begin(&b, 8);
    nest(inner);
    subst(&b, 0, BINXML, 1);
    unnest(inner);
    template_end(&b, t);
    put_le(&b, 1, 4);
    at[1] = b.at;
    put_le(&b, (uint64_t)BINXML << 16, 4);
    start[1] = b.at;
    put_le(&b, 0x0001010F, 4);
    leaf("B", -1, "b");
    for (int i = 0; i < 2; i++)
        set_le(b.chunk + at[i], b.at - start[i], 2);
}

static void test_deep_values(void)
{
    struct buf out = BUF_INIT(1 << 16);

    for (unsigned more = 0; more < 2; more++) {
        anew();
        build_begin(&b);
        deep_value(DEPTH / 2, DEPTH / 2 + more, 1);
        record_end(&b);
        deep_value(DEPTH / 2, DEPTH / 2 + more, 2);
        is_int(first(), more ? -CE_DEPTH : 1, "a path of %u names", DEPTH + more);
        is_int(evtx_next(d, &e, &err), more ? -CE_DEPTH : 1, "once more");
        is_int(evtx_record_json(d, &out, &err), more ? -CE_DEPTH : 0, "and as JSON");
    }
    buf_done(&out);
}

/* Elements in each other, and values in values, as many as the caller allows. */
static void test_depth_limit(void)
{
    struct decode_limits limits = decode_default_limits;
    struct buf out = BUF_INIT(1 << 16);
    struct evtx_decoder *whole = d;

    limits.max_depth = 3;
    d = evtx_decoder_new(keys, &limits);
    for (unsigned levels = 3; levels < 5; levels++) {
        begin();
        for (unsigned i = 0; i < levels; i++)
            open("A", -1);
        unnest(levels);
        is_int(first(), levels == 3 ? 1 : -CE_DEPTH, "%u elements in each other", levels);
    }
    for (unsigned levels = 3; levels < 5; levels++) {
        uint32_t t, at[4];

        begin();
        t = template_begin(&b, 7);
        open("A", 0xFFFF);
        subst(&b, 0, BINXML, 1);
        end(&b);
        template_end(&b, t);
        for (unsigned i = 0; i < levels; i++) {
            put_le(&b, 1, 4);
            at[i] = b.at;
            put_le(&b, (uint64_t)BINXML << 16, 4);
            if (i + 1 < levels)
                template_use(&b, 7, t);
        }
        leaf("B", -1, NULL);
        for (unsigned i = 0; i < levels; i++)
            set_le(b.chunk + at[i], b.at - at[i] - 4, 2);
        is_int(first(), levels == 3 ? 1 : -CE_DEPTH, "%u values in each other", levels);
        is_int(evtx_record_json(d, &out, &err), levels == 3 ? 0 : -CE_DEPTH, "and as JSON");
    }
    evtx_decoder_free(d);
    d = whole;
    buf_done(&out);
}

/* One element of a name that no other has. */
static void distinct_record(unsigned number)
{
    record_begin(&b, number + 1);
    put_le(&b, 0x01, 1);
    put_le(&b, 0, 4);
    put_le(&b, b.at + 4, 4);
    put_le(&b, 0, 6); /* next, hash */
    put_le(&b, 1, 2);
    put_le(&b, 0x4E00 + number, 2);
    put_le(&b, 0, 2);
    end_empty(&b);
    record_end(&b);
}

/* The same two templates by turns. */
static void by_turns(unsigned number)
{
    uint32_t at[2];

    for (unsigned i = 0; i < 6; i++) {
        const struct build_value v = {STRING, i % 2 ? "b" : "a", 2};

        record_begin(&b, number + i + 1);
        if (i < 2) {
            at[i] = template_begin(&b, 20 + i);
            open(i % 2 ? "LongerThanTheOther" : "Short", 0xFFFF);
            subst(&b, 0, STRING, 0);
            end(&b);
            template_end(&b, at[i]);
        } else {
            template_use(&b, 20 + i % 2, at[i % 2]);
        }
        values(&b, &v, 1);
        record_end(&b);
    }
}

/* More forms of records than are remembered: what has no room is read all the same. */
static void test_full_cache(void)
{
    enum { EACH = 1020, LAST = 1050, CHUNKS = 4 };
    struct buf out = BUF_INIT(1 << 16);
    unsigned read = 0;

    anew();
    for (unsigned chunk = 0; chunk < CHUNKS; chunk++) {
        bool last = chunk + 1 == CHUNKS;

        build_begin(&b);
        for (unsigned i = 0; i < (last ? LAST : EACH); i++)
            distinct_record(chunk * EACH + i);
        if (last)
            by_turns(CHUNKS * EACH + LAST);
        build_end(&b);
        (void)evtx_chunk_begin(d, slice_of(b.chunk, sizeof(b.chunk)), 0, &report);
        while (evtx_next(d, &e, &err) == 1) {
            buf_clear(&out);
            if (evtx_record_json(d, &out, &err) < 0)
                break;
            if (read++ >= EACH * (CHUNKS - 1) + LAST)
                is_str(buf_cstr(&out),
                       read % 2 ? "{\"Short\":\"a\"}" : "{\"LongerThanTheOther\":\"b\"}",
                       "a template without room");
        }
    }
    is_int(read, EACH * (CHUNKS - 1) + LAST + 6, "records of so many forms");
    buf_done(&out);
}

/* A list that becomes longer than an object may be is no JSON, instead of half of it. */
static void test_long_list(void)
{
    static uint8_t big[30000];
    const struct build_value v = {STRING, big, sizeof(big)};
    struct buf out = BUF_INIT(256 << 20);
    uint32_t t;

    for (size_t i = 0; i < sizeof(big); i += 2)
        big[i] = 1; /* six bytes in JSON */
    anew();
    begin();
    t = template_begin(&b, 7);
    open("Event", 0xFFFF);
    for (int i = 0; i < 800; i++) {
        open("A", 0xFFFF);
        subst(&b, 0, STRING, 0);
        end(&b);
    }
    end(&b);
    template_end(&b, t);
    values(&b, &v, 1);
    is_int(first(), 1, "a list of 72 MB");
    is_int(evtx_record_json(d, &out, &err), -CE_TOO_BIG, "is too long");
    buf_done(&out);
}

/* A fragment's head alone, and a record that has not even that. */
static void test_empty(void)
{
    begin();
    fails(CE_TRUNCATED, "EVTX: an empty BinXML fragment", "nothing behind the head");
    set_le(b.chunk + BUILD_FIRST + 4, 28, 4);
    set_le(b.chunk + BUILD_FIRST + 24, 28, 4);
    (void)evtx_chunk_begin(d, slice_of(b.chunk, sizeof(b.chunk)), 0, &report);
    is_int(evtx_next(d, &e, &err), -CE_TRUNCATED, "a record of nothing");
    is_str(err_words(&err), "EVTX: an empty BinXML fragment", "is one");
}

/* JSON that fails says why, and does not repeat what was wrong with the record before. */
static void test_json_fails(void)
{
    struct buf small = BUF_INIT(4);
    uint32_t second;

    build_begin(&b);
    record_begin(&b, 1);
    put_le(&b, 0x3F, 4);
    record_end(&b);
    second = b.at;
    record_begin(&b, 2);
    leaf("LongerThanFour", -1, "text");
    ok(first() < 0, "a bad record: %s", err_words(&err));
    is_int(evtx_record_json(d, &small, &err), -CE_NOT_FOUND, "has no JSON");
    is_int(evtx_next(d, &e, &err), 1, "a good one");
    ok(evtx_record_json(d, &small, &err) == -CE_TOO_BIG, "has too little room");
    is_str(err_words(&err), "EVTX: too big", "which is said");
    is_int(err.offset, 4096 + second + 24, "of its own place");
    buf_done(&small);
}

int main(void)
{
    static const char *const names[] = {"v",
                                        "w",
                                        "Event.A",
                                        "Event.A.#text",
                                        "Event.B",
                                        "Event.EventData.Data",
                                        "Event.EventData.Data.#text",
                                        "Event.EventData.ComplexData",
                                        "Event.EventData.ComplexData.#text"};

    setup(names, CANH_LEN(names));
    test_unnamed();
    test_same_members();
    test_named_alike();
    test_names_in_values();
    test_zero_names();
    test_texts_in_value();
    test_roots();
    test_root_depends();
    test_no_values();
    test_value_beyond();
    test_left_out();
    test_text_behind();
    test_name_elsewhere();
    test_dependency();
    test_entities();
    test_half_pairs();
    test_no_scratch();
    test_json_room();
    test_deep_values();
    test_depth_limit();
    test_full_cache();
    test_long_list();
    test_empty();
    test_json_fails();
    d = evtx_decoder_free(d);
    ok(evtx_decoder_free(d) == NULL, "no decoder is none");
    keys_free(keys);
    return tap_done();
}
