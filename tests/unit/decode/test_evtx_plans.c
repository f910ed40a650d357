/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plans of templates: where more than the types of values decides what is read and written, records
 * of one template come one after the other, and must come out as without plans.
 */
#include <stdio.h>

#include "event/event.h"
#include "evtx_read.h"

enum { RECORDS_MAX = 16, TIMES = 3, FILETIME = 0x11, SID = 0x13, BINARY = 0x0E };

#define FILETIME_1970 116444736000000000ull

static struct evtx_decoder *planless;
static uint32_t template_at;

static void next_record(uint64_t id)
{
    if (id > 1)
        record_end(&b);
    record_begin(&b, id);
}

/* The template of the chunk's first record is used again by the others. True: write it now. */
static bool is_defined_now(uint64_t id)
{
    next_record(id);
    if (id == 1)
        template_at = template_begin(&b, 7);
    else
        template_use(&b, 7, template_at);
    return id == 1;
}

static void open(const char *name)
{
    element(&b, name, 0xFFFF, 0);
    content(&b);
}

/* <name>%index</name> */
static void slot(const char *name, unsigned index, unsigned type)
{
    open(name);
    subst(&b, index, type, 1);
    end(&b);
}

static struct build_value utf16(char *room, const char *ascii)
{
    size_t n = strlen(ascii);

    for (size_t i = 0; i < n; i++) {
        room[2 * i] = ascii[i];
        room[2 * i + 1] = 0;
    }
    return (struct build_value){STRING, room, (uint16_t)(2 * n)};
}

static bool same_fields(const struct event *x, const struct event *y)
{
    bool same = x->count == y->count && x->flags == y->flags;

    for (uint32_t i = 0; same && i < x->count; i++) {
        const struct field *f = &x->fields[i], *g = &y->fields[i];

        same = f->key == g->key && f->type == g->type &&
               slice_eq(slice_of(f->text, f->n), slice_of(g->text, g->n));
    }
    return same;
}

static bool same_json(struct buf *ret)
{
    struct buf other = BUF_INIT(1 << 20);
    int r = evtx_record_json(d, ret, &err), o = evtx_record_json(planless, &other, &err);
    bool same = r == o && slice_eq(buf_slice(ret), buf_slice(&other));

    if (!same)
        printf("# %s\n# %s\n", buf_cstr(ret), buf_cstr(&other));
    buf_done(&other);
    return same;
}

/* Reads the chunk several times; json, when not NULL: what the records are the last time, one a
 * line. */
static void alike(unsigned records, const char *json, const char *name)
{
    struct evtx_chunk_report other;
    struct event f;
    struct buf all = BUF_INIT(1 << 20);

    record_end(&b);
    build_end(&b);
    for (unsigned time = 0; time < TIMES; time++) {
        unsigned n = 0;

        buf_clear(&all);
        (void)evtx_chunk_begin(d, slice_of(b.chunk, sizeof(b.chunk)), 4096, &report);
        (void)evtx_chunk_begin(planless, slice_of(b.chunk, sizeof(b.chunk)), 4096, &other);
        while (evtx_next(d, &e, &err) > 0 && evtx_next(planless, &f, &err) > 0) {
            struct buf one = BUF_INIT(1 << 20); /* whose room is what was asked for */

            n += same_fields(&e, &f) && same_json(&one);
            buf_append_slice(&all, buf_slice(&one));
            buf_putc(&all, '\n');
            buf_done(&one);
        }
        is_int(n, records, "%s: alike (%u)", name, time);
        if (json)
            is_str(buf_cstr(&all), json, "%s: as JSON", name);
    }
    buf_done(&all);
}

/* <Event><X/>%0</Event>: blanks between elements are no text. */
static void test_blanks(void)
{
    static const char *const texts[] = {"a", " ", "", "b", "\t"};
    char room[10];

    build_begin(&b);
    for (unsigned i = 0; i < CANH_LEN(texts); i++) {
        const struct build_value v = utf16(room, texts[i]);

        if (is_defined_now(i + 1)) {
            open("Event");
            open("X");
            end(&b);
            subst(&b, 0, STRING, 1);
            end(&b);
            template_end(&b, template_at);
        }
        values(&b, &v, 1);
    }
    alike(CANH_LEN(texts),
          "{\"Event\":{\"X\":null,\"#text\":\"a\"}}\n{\"Event\":{\"X\":null}}\n"
          "{\"Event\":{\"X\":null}}\n{\"Event\":{\"X\":null,\"#text\":\"b\"}}\n"
          "{\"Event\":{\"X\":null}}\n",
          "a text that may be blank");
}

/* <Event><EventData><Data Name="%0">%1</Data></EventData></Event> */
static void test_names(void)
{
    static const char *const data_names[] = {"v", "w", "v", "w", "other"};
    char room[20];

    build_begin(&b);
    for (unsigned i = 0; i < CANH_LEN(data_names); i++) {
        const struct build_value v[] = {utf16(room, data_names[i]), {STRING, "t", 2}};

        if (is_defined_now(i + 1)) {
            open("Event");
            open("EventData");
            element(&b, "Data", 0xFFFF, 1);
            attribute(&b, "Name");
            subst(&b, 0, STRING, 0);
            content(&b);
            subst(&b, 1, STRING, 0);
            end(&b);
            end(&b);
            end(&b);
            template_end(&b, template_at);
        }
        values(&b, v, 2);
    }
    alike(CANH_LEN(data_names), NULL, "data named by a value");
}

/* <name>text</name> as a value, of a template of its own; or <Data Name="text">text</Data>, where
 * the name is a value, too. */
static void fragment(const char *name, const char *ascii)
{
    char room[100];
    const struct build_value v = utf16(room, ascii);
    uint32_t t = template_begin(&b, 100 + (uint32_t)(uint8_t)name[0]);

    if (strcmp(name, "Data") != 0) {
        slot(name, 0, STRING);
    } else {
        element(&b, name, 0xFFFF, 1);
        attribute(&b, "Name");
        subst(&b, 0, STRING, 0);
        content(&b);
        subst(&b, 0, STRING, 0);
        end(&b);
    }
    template_end(&b, t);
    values(&b, &v, 1);
}

/* Fragments as values. */
static void fragments(const char *const (*of)[2], unsigned count)
{
    uint32_t described = b.at + 4;

    put_le(&b, count, 4);
    for (unsigned i = 0; i < count; i++)
        put_le(&b, (uint64_t)BINXML << 16, 4);
    for (unsigned i = 0; i < count; i++) {
        uint32_t begin_at = b.at;

        fragment(of[i][0], of[i][1]);
        set_le(b.chunk + described + 4 * i, b.at - begin_at, 2);
    }
}

/* <Event><A>1</A>%0<X/>%1…</Event>: what has the name of a member joins it. */
static void test_joining(unsigned count, const char *json)
{
    static const char *const pairs[][2][2] = {
        {{"B", "b"}, {"B", "c"}},    {{"A", "b"}, {"B", "c"}},    {{"B", "b"}, {"C", "c"}},
        {{"Data", "C"}, {"B", "B"}}, {{"Data", "A"}, {"X", "x"}}, {{"Data", "B"}, {"B", "b"}},
        {{"B", "b"}, {"B", "c"}},    {{"X", "b"}, {"A", "c"}},    {{"B", "b"}, {"C", "c"}}};

    build_begin(&b);
    for (unsigned i = 0; i < CANH_LEN(pairs); i++) {
        if (is_defined_now(i + 1)) {
            open("Event");
            open("A");
            text(&b, "1");
            end(&b);
            for (unsigned k = 0; k < count; k++) {
                subst(&b, k, BINXML, 1);
                open("X");
                end(&b);
            }
            end(&b);
            template_end(&b, template_at);
        }
        fragments(pairs[i], count);
    }
    alike(CANH_LEN(pairs), json, count > 1 ? "two fragments" : "a fragment beside elements");
}

/* <Event>%0</Event>, in it <A>%0</A>, in that <B>text</B>, its text another in each record. */
static void test_deep(void)
{
    static const char *const texts[] = {"a", "bb", "a longer text", "", "c"};

    build_begin(&b);
    for (unsigned i = 0; i < CANH_LEN(texts); i++) {
        uint32_t outer, inner, t;

        if (is_defined_now(i + 1)) {
            open("Event");
            subst(&b, 0, BINXML, 1);
            end(&b);
            template_end(&b, template_at);
        }
        put_le(&b, 1, 4);
        outer = b.at;
        put_le(&b, (uint64_t)BINXML << 16, 4);
        t = template_begin(&b, 8);
        open("A");
        subst(&b, 0, BINXML, 1);
        end(&b);
        template_end(&b, t);
        put_le(&b, 1, 4);
        inner = b.at;
        put_le(&b, (uint64_t)BINXML << 16, 4);
        fragment("B", texts[i]);
        set_le(b.chunk + inner, b.at - inner - 4, 2);
        set_le(b.chunk + outer, b.at - outer - 4, 2);
    }
    alike(CANH_LEN(texts),
          "{\"Event\":{\"A\":{\"B\":\"a\"}}}\n{\"Event\":{\"A\":{\"B\":\"bb\"}}}\n"
          "{\"Event\":{\"A\":{\"B\":\"a longer text\"}}}\n{\"Event\":{\"A\":{\"B\":\"\"}}}\n"
          "{\"Event\":{\"A\":{\"B\":\"c\"}}}\n",
          "fragments in fragments");
}

/* One value stands in many places, and each character of it is escaped. */
static void test_value_again(void)
{
    static const char quotes[] = "\"\1\"\1\"\1\"\1\"\1\"\1\"\1\"\1\"\1\"\1\"\1\"\1\"\1\"\1\"\1\"\1";
    char room[2 * sizeof(quotes)];

    build_begin(&b);
    for (unsigned i = 0; i < 4; i++) {
        const struct build_value v = utf16(room, quotes + i);

        if (is_defined_now(i + 1)) {
            open("Event");
            for (unsigned k = 0; k < 60; k++)
                slot(k % 2 ? "A" : "B", 0, STRING);
            end(&b);
            template_end(&b, template_at);
        }
        values(&b, &v, 1);
    }
    alike(4, NULL, "one value in many places");
}

/* More kinds of values than there are plans, empty ones and such of wrong size among them. */
static void test_kinds(void)
{
    static const struct build_value kinds[] = {
        {STRING, "a", 2},  {STRING, "", 0},         {U32, "abcd", 4},
        {U32, "ab", 2},    {U32, "abc", 3},         {U32, "", 0},
        {0, "", 0},        {BINARY, "ab", 2},       {BINARY, "", 0},
        {FILETIME, "", 0}, {STRING | ARRAY, "", 0}, {STRING | ARRAY, "a", 2},
        {0x0D, "\1", 1},   {0x0C, "", 0},           {0x0C, "\0\0\0\0\0\0A", 8},
        {0x23, "", 0}};

    build_begin(&b);
    for (unsigned i = 0; i < RECORDS_MAX; i++) {
        const struct build_value v[] = {kinds[i], kinds[(i + 5) % RECORDS_MAX]};

        if (is_defined_now(i + 1)) {
            open("Event");
            element(&b, "A", 0xFFFF, 1);
            attribute(&b, "x");
            subst(&b, 1, STRING, 1);
            content(&b);
            subst(&b, 0, STRING, 1);
            end(&b);
            slot("ANameThatIsLongerThanWhatIsCopiedAtOnce", 1, STRING);
            open("Literal");
            text(&b, "and a text that is longer than that, with \"quotes\" in it");
            end(&b);
            end(&b);
            template_end(&b, template_at);
        }
        values(&b, v, 2);
    }
    alike(RECORDS_MAX, NULL, "kinds of values");
}

/* Each is written as it is, whatever the one before was; bytes that are none as bytes. */
static void test_sids(void)
{
    static const struct build_value sids[] = {{SID, "\0\0\0\0\0\0\0\0", 8},
                                              {SID, "\1\1\0\0\0\0\0\5\x12\0\0\0", 12},
                                              {SID, "\1\1\0\0\0\0\0\5\x12\0\0\0", 12},
                                              {SID, "\1\2\0\0\0\0\0\5\x20\0\0\0\x20\2\0\0", 16},
                                              {SID, "\1\1\0\0\0\0\0\5\x20\0\0\0\x20\2\0\0", 16},
                                              {SID, "\1\2\0\0\0\0\0\5\x20\0\0\0", 12},
                                              {SID, "\1\1\0\0\0\0\0\5\x12\0\0\0", 12}};

    build_begin(&b);
    for (unsigned i = 0; i < CANH_LEN(sids); i++) {
        if (is_defined_now(i + 1)) {
            open("Event");
            slot("v", 0, SID);
            end(&b);
            template_end(&b, template_at);
        }
        values(&b, &sids[i], 1);
    }
    alike(CANH_LEN(sids),
          "{\"Event\":{\"v\":\"S-0-0\"}}\n{\"Event\":{\"v\":\"S-1-5-18\"}}\n"
          "{\"Event\":{\"v\":\"S-1-5-18\"}}\n{\"Event\":{\"v\":\"S-1-5-32-544\"}}\n"
          "{\"Event\":{\"v\":\"S-1-5-32\"}}\n{\"Event\":{\"v\":\"010200000000000520000000\"}}\n"
          "{\"Event\":{\"v\":\"S-1-5-18\"}}\n",
          "SIDs");
}

/* The time is the value's, and what no text says is left to the text. */
static void test_time(uint64_t time, bool is_value, int64_t want)
{
    uint8_t le[8];
    const struct build_value v = {FILETIME, le, 8};

    set_le(le, time, 8);
    build_begin(&b);
    for (unsigned i = 0; i < 3; i++) {
        if (is_defined_now(i + 1)) {
            open("Event");
            open("System");
            element(&b, "TimeCreated", 0xFFFF, 1);
            attribute(&b, "SystemTime");
            subst(&b, 0, FILETIME, 0);
            end_empty(&b);
            end(&b);
            end(&b);
            template_end(&b, template_at);
        }
        values(&b, &v, 1);
    }
    alike(3, NULL, "a time");
    (void)evtx_chunk_begin(d, slice_of(b.chunk, sizeof(b.chunk)), 4096, &report);
    is_int(evtx_next(d, &e, &err), 1, "a time");
    is_int((e.flags & EVENT_TIME) != 0, is_value, "of a value or a text");
    is_int(event_time(&e), want, "in nanoseconds");
    e.flags &= ~(unsigned)EVENT_TIME;
    is_int(event_time(&e), want, "and its text says the same");
}

int main(void)
{
    static const char *const names[] = {
        "v",           "w",   "Event.A", "Event.B",      "Event.EventData.Data",
        "Event.#text", "A_x", "Event",   "Event.A.#text"};

    setup(names, CANH_LEN(names));
    planless = evtx_decoder_new(keys, &decode_default_limits);
    evtx_decoder_plans(planless, false);
    test_sids(); /* first, so that there was none before */
    test_blanks();
    test_names();
    test_joining(1, "{\"Event\":{\"A\":\"1\",\"B\":\"b\",\"X\":null}}\n"
                    "{\"Event\":{\"A\":[\"1\",\"b\"],\"X\":null}}\n"
                    "{\"Event\":{\"A\":\"1\",\"B\":\"b\",\"X\":null}}\n"
                    "{\"Event\":{\"A\":\"1\",\"C\":\"C\",\"X\":null}}\n"
                    "{\"Event\":{\"A\":[\"1\",\"A\"],\"X\":null}}\n"
                    "{\"Event\":{\"A\":\"1\",\"B\":\"B\",\"X\":null}}\n"
                    "{\"Event\":{\"A\":\"1\",\"B\":\"b\",\"X\":null}}\n"
                    "{\"Event\":{\"A\":\"1\",\"X\":[\"b\",null]}}\n"
                    "{\"Event\":{\"A\":\"1\",\"B\":\"b\",\"X\":null}}\n");
    test_joining(2, NULL);
    test_deep();
    test_value_again();
    test_kinds();
    test_time(132000000000000001, true, 1555526400000000100);
    test_time(FILETIME_1970, true, 0);
    test_time(FILETIME_1970 - 1, false, -100);
    test_time(189024192000000000, true, 7257945600000000000);
    d = evtx_decoder_free(d);
    planless = evtx_decoder_free(planless);
    keys_free(keys);
    return tap_done();
}
