/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of text in a log of JSON wherever its blocks begin, which lines join a record, ids that are
 * none, and what a record's own names are. */
#include <stdlib.h>

#include "decode/decoder.h"
#include "decode/other.h"
#include "json_text.h"
#include "tap.h"

#define SSH "Jan  2 03:04:05 web sshd[5]: hello"
#define DOC "{\"Image\":\"a\"}"

static const struct format *json;
static struct keys *keys;
static struct buf seen = {.max = 1 << 16};

/* A block that begins at line 7 and place 500: "line@place" of each record, "?" in no layout that
 * is known; "!line@place" of what is none. */
static const char *read_block(const char *text)
{
    struct decoder *d = decoder_new(json, keys, &decode_default_limits);
    uint8_t *p = padded(slice_str(text));
    struct decode_block block = {.text = slice_of(p, strlen(text)), .offset = 500, .line = 7};
    struct decode_fault fault;
    struct event e;
    int r;

    buf_clear(&seen);
    decoder_open(d, &block);
    memset(&fault, 0xAA, sizeof(fault));
    while ((r = decoder_next(d, &e, &fault)) != 0) {
        if (r > 0)
            buf_printf(&seen, "%llu@%llu%s ", (unsigned long long)e.sequence,
                       (unsigned long long)e.offset, event_is_known(json, &e) ? "" : "?");
        else
            buf_printf(&seen, "!%u@%llu%s ", fault.err.line, (unsigned long long)fault.err.offset,
                       fault.kind == FAULT_RECORD && fault.damage == 0 ? "" : " of another kind");
        memset(&fault, 0xAA, sizeof(fault));
    }
    (void)decoder_free(d);
    free(p);
    return buf_cstr(&seen);
}

static void test_places(void)
{
    is_str(read_block(DOC "\n" SSH "\n" DOC "\n"), "7@500? 8@514 9@549? ", "a line between");
    is_str(read_block(SSH "\n" DOC "\n" SSH), "7@500 8@535? 9@549 ", "and at both ends");
    is_str(read_block(DOC "\n{\"Image\":]\n" DOC "\n"), "7@500? !8@523 9@525? ", "a bad record");
    is_str(read_block("neither\n" DOC "\n"), "!7@500 8@508? ", "a line of no format");
}

static bool joins(const char *record, const char *line)
{
    return json->joins(slice_str(record), line ? slice_str(line) : SLICE_NULL);
}

static void test_joins(void)
{
    ok(joins("{\"a\":\n", "1}"), "a document goes on");
    ok(joins("{\"a\":\n", ""), "over an empty line");
    ok(joins("{\"a\":\n", NULL), "with any line");
    ok(!joins("{\"a\":\n", "{\"a\":1}"), "not with one that begins a document");
    ok(!joins("{\"a\":1}\n", "x"), "nor behind its end");
    ok(!joins(SSH "\n", "x"), "nor where there is none");
}

static const char *names_of(const char *text, unsigned most)
{
    struct event e = {.raw = slice_str(text)};

    buf_clear(&seen);
    event_write_names(json, &e, most, &seen);
    return buf_cstr(&seen);
}

static void test_names(void)
{
    is_str(names_of("{\"a\":{\"b\":1,\"c\":[{\"d\":2}]},\"e\":\"f\",\"g\":[\"h\",\"i\"],\"j\":1}",
                    9),
           "a, e, g, j", "of the outermost object");
    is_str(names_of("{\"a\":1,\"b\":2,\"c\":3}", 2), "a, b", "no more than are wanted");
    is_str(names_of("{\"a\\\"b\":\"}\",\"c\":\"\\\\\"}", 9), "a\\\"b, c",
           "quotes and brackets in texts");
    is_str(names_of("{\"a", 9), "a", "of what is cut");
}

static void test_ids(void)
{
    static const struct {
        const char *id;
        bool known;
    } ids[] = {
        {"1", true},
        {"4294967295", true},
        {"4294967296", false},
        {"\"4688\"", true},
        {"\" 4688 \"", true},
        {"\"0x1250\"", true},
        {"\"0x\"", false},
        {"\"0x1\"", true},
        {"\"0xFFFFFFFF\"", true},
        {"4688.0", true},
        {"\"4688x\"", false},
        {"\"\"", false},
        {"\"4688-1\"", false},
        {"null", false},
        {"true", false},
        {"{}", false},
        {"\"0xFFFFFFFFF\"", false},
        {"\"123456789.0123\"", false},
    };
    struct buf text = BUF_INIT(200);

    for (size_t i = 0; i < CANH_LEN(ids); i++) {
        buf_clear(&text);
        buf_printf(&text, "{\"EventID\":%s}", ids[i].id);
        is_str(read_block(buf_cstr(&text)), ids[i].known ? "7@500 " : "7@500? ", "%s", ids[i].id);
    }
    is_str(read_block("{\"Channel\":\"S\",\"EventID\":\"x\"}"), "7@500 ", "a channel says enough");
    buf_done(&text);
}

static const char *found(const char *text)
{
    struct decode_sample sample = {.bytes = slice_str(text), .begins = true};
    bool more;
    const struct format *format = format_find(&sample, &more);

    return format != NULL ? format->name : more ? "more" : "none";
}

/* The first bytes of a log to which more will come. */
static void test_beginnings(void)
{
    is_str(found("Record 17\n"), "more", "a record's number");
    is_str(found("Record 17\n{"), "json", "and a bracket");
    is_str(found("Record 17\nx"), "none", "or something else");
    is_str(found("\n__CURSOR=a\nMESSAGE=b\n\n"), "journal-export", "a break before the journal");
    is_str(found("Timestamp,RuleTitle,Level,Computer,Channel,EventID,RecordID\na,b,c,d,e,f,g\n"),
           "none", "a table of findings is no log");
    is_str(found("Timestamp,Title,Level,Computer,Channel,EventID,RecordID\na,b,c,d,e,f,g\n"), "csv",
           "and a table of events one");
}

/* Which formats the records of a log of JSON are in, where they are none. */
static const char *modules_of(const char *text)
{
    struct decoder *d = decoder_new(json, keys, &decode_default_limits);
    uint8_t *p = padded(slice_str(text));
    struct decode_block block = {.text = slice_of(p, strlen(text)), .line = 1};
    struct decode_fault fault;
    struct event e;

    buf_clear(&seen);
    decoder_open(d, &block);
    while (decoder_next(d, &e, &fault) != 0) {
        for (uint32_t i = 0; e.names != NULL && i < e.count; i++) {
            if (!slice_is(e.names[i], "event.module"))
                continue;
            field_text(&e.fields[i], &seen);
            buf_putc(&seen, ' ');
        }
    }
    (void)decoder_free(d);
    free(p);
    return buf_cstr(&seen);
}

static void test_formats(void)
{
    is_str(modules_of(SSH "\nCEF:0|V|P|1|9|N|5|src=192.0.2.1\n" SSH "\n" SSH "\n"),
           "syslog cef syslog syslog ", "each line by its own format");
}

/* A line that is cut is no document, though it ends like one. */
static void test_cut(void)
{
    struct decoder *d = decoder_new(format_by_name(SLICE("syslog")), keys, &decode_default_limits);
    uint8_t *p = padded(SLICE(DOC));
    struct decode_block block = {.text = slice_of(p, sizeof(DOC) - 1), .line = 1};
    struct decode_fault fault;
    struct event e;

    decoder_open(d, &block);
    ok(decoder_next(d, &e, &fault) > 0 && event_get(&e, keys_find(keys, SLICE("Image"))) != NULL,
       "a document in a log of lines");
    free(p);
    p = padded(SLICE(DOC " x"));
    block.text = slice_of(p, sizeof(DOC " x") - 1);
    decoder_open(d, &block);
    ok(decoder_next(d, &e, &fault) > 0 && event_get(&e, keys_find(keys, SLICE("Image"))) == NULL,
       "one that does not fill its line");
    block.text = slice_of(p, sizeof(DOC) - 1);
    block.cut = true;
    decoder_open(d, &block);
    ok(decoder_next(d, &e, &fault) > 0 && e.flags & EVENT_TRUNCATED, "one that is cut");
    ok(event_get(&e, keys_find(keys, SLICE("Image"))) == NULL, "says nothing");
    (void)decoder_free(d);
    free(p);
}

/* Only where a format's records may say anything is a line looked for in what it cannot read. */
static void test_faults(void)
{
    struct decoder_other *o = decoder_other_new(keys, &decode_default_limits);
    uint8_t *p = padded(SLICE(SSH "\n"));
    struct decode_block block = {.text = slice_of(p, sizeof(SSH)),
                                 .context = &decode_no_context,
                                 .line = 1};
    struct decode_fault fault = {.kind = FAULT_RECORD, .err = {.line = 1}};
    struct event e;

    decoder_other_open(o, &block);
    is_int(decoder_other_fault(o, json, &fault, &e), 1, "a line in a log of JSON");
    is_int(decoder_other_fault(o, json, &fault, &e), 0, "has been read");
    decoder_other_open(o, &block);
    is_int(decoder_other_fault(o, format_by_name(SLICE("evtx")), &fault, &e), -1,
           "one in a log of Windows");
    fault.kind = FAULT_PART;
    is_int(decoder_other_fault(o, json, &fault, &e), -1, "what is no record");
    decoder_other_free(o);
    free(p);
}

/* Where a log begins behind other lines; -1: more must be seen first. */
static long begins_at(const char *text, bool ends)
{
    size_t at = 0;
    const struct format *format = format_find_later(slice_str(text), ends, &at);

    return format != NULL ? (long)at : -1;
}

static void test_later(void)
{
    struct buf text = BUF_INIT(1 << 16);

    for (int i = 0; i < 10; i++)
        buf_puts(&text, SSH "\n");
    is_int(begins_at(buf_cstr(&text), true), 0, "a log");
    is_int(begins_at(buf_cstr(&text), false), -1, "not known as long as there are few");
    for (int i = 0; i < 12; i++)
        buf_puts(&text, SSH "\n");
    is_int(begins_at(buf_cstr(&text), false), -1, "nor while those behind may be more");
    for (int i = 0; i < 20; i++)
        buf_puts(&text, SSH "\n");
    is_int(begins_at(buf_cstr(&text), false), 0, "but with as many as are looked at");
    is_int(begins_at("x\n{\"a\":1}\n{\"a\":2}\nx\n", true), 2, "two documents begin a log");
    is_int(begins_at("x\n{\"a\":1}\nx\n{\"a\":2}\n{\"a\":3}\n", true), 12, "one does not");
    is_int(begins_at("x\n{\"a\":\n{\"a\":2}\n", true), 8, "nor half of one");
    buf_done(&text);
}

int main(void)
{
    json = format_by_name(SLICE("json"));
    keys = keys_new();
    ok(keys_intern(keys, SLICE("Image")) != KEY_NONE, "keys");
    test_places();
    test_joins();
    test_names();
    test_ids();
    test_beginnings();
    test_formats();
    test_cut();
    test_faults();
    test_later();
    (void)keys_free(keys);
    buf_done(&seen);
    return tap_done();
}
