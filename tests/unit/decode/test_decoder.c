/* SPDX-License-Identifier: Apache-2.0 */
/* The one interface of all formats: what is recognised, cut, decoded, told and stored. */
#include "decode/decoder.h"

#include <stdlib.h>

#include "base/time.h"
#include "evtx_build.h"
#include "tap.h"

static struct keys *keys;
static struct buf seen = {.max = 1 << 20};
static struct decode_counts counted; /* by the last decoder */

static const char *found(struct slice bytes, bool begins, bool ends)
{
    bool more;
    const struct format *f =
        format_find(&(struct decode_sample){.bytes = bytes, .begins = begins, .ends = ends}, &more);

    return f ? f->name : more ? "more" : "none";
}

/* Texts that begin with a bracket; they end behind what stands here. */
static const struct {
    const char *text, *format;
} brackets[] = {
    {"[package]\nname = \"a\"\n", "none"},
    {"[[bin]]\nname = \"a\"\n", "none"},
    {"[\"quoted\"]\nx = 1\n", "none"},
    {"[.ShellClassInfo]\r\nA=1\r\n", "none"},
    {"[true-colour]\na=1\n", "none"},
    {"[127.0.0.1]:22 ssh-rsa AAAA", "none"},
    {"[10.0]:22 ssh-rsa AAAA", "none"},
    {"[2026-01-01 10:00:00] x", "none"},
    {"[1] a note", "none"},
    {"[ ] to do\n[x] done\n", "none"},
    {"[link](there)", "none"},
    {"[1 2]", "none"},
    {"[,1]", "none"},
    {"{\\rtf1\\ansi x}", "none"},
    {"{{ template }}", "none"},
    {"{\n  color: red;\n}\n", "none"},
    {"{\"name\" x}", "none"},
    {"{\"name\":}", "json"}, /* a bad record */
    {"{\"name\"", "json"},   /* one that is cut */
    {"{ }", "json"},
    {"[]", "json"},
    {"[ ]\n{\"a\":1}", "json"},
    {"[ 12, -13.5e2 , null,true]", "json"},
    {"[[1,2],[\"a]\\\"\"]] [\"b\"]", "json"},
    {"[\"cut", "json"},
    {"[ [ {\"a\" : 1}]]", "json"},
};

static void test_brackets(void)
{
    for (size_t i = 0; i < CANH_LEN(brackets); i++)
        is_str(found(slice_str(brackets[i].text), true, true), brackets[i].format, "%s",
               brackets[i].text);
}

static void test_recognise(void)
{
    is_str(found(SLICE("ElfFile\0...."), true, true), "evtx", "an EVTX file");
    is_str(found(SLICE("ElfChnk\0...."), true, false), "evtx", "an EVTX chunk");
    is_str(found(SLICE("ElfF"), true, false), "more", "four bytes do not tell");
    is_str(found(SLICE("ElfFilX\0"), true, false), "none", "eight bytes tell");
    is_str(found(SLICE("ElfF"), true, true), "none", "and are no log when they are all");
    is_str(found(SLICE("{\"a\": 1}\n"), true, false), "json", "JSON");
    is_str(found(SLICE("\xEF\xBB\xBF [{\"a\":1}]"), true, true), "json",
           "behind a mark and a blank");
    is_str(found(SLICE("Record 17\n{\"a\": 1}\n"), true, true), "json", "evtx_dump's lines");
    is_str(found(SLICE("nd of a line\"}\n{\"a\": 1}\n"), false, false), "json", "from its middle");
    is_str(found(SLICE("plain text, nothing else"), true, true), "none", "anything else");
    is_str(found(SLICE(""), true, true), "none", "nothing");
    test_brackets();
    ok(format_by_name(SLICE("json")) && !format_by_name(SLICE("JSON")), "formats have names");
}

static void put_fault(const struct decode_fault *f)
{
    static const char *const kinds[] = {"!", "?", "~", "-"};

    buf_printf(&seen, "%s%u@%" PRIu64 " ", kinds[f->kind], f->damage, f->err.offset);
}

/* All that a decoder says of a block. The text is moved to where nothing else is behind it. */
static void read_block(struct decoder *d, struct decode_block block)
{
    uint8_t *p = malloc(block.text.n + DECODE_PADDING);
    struct decode_fault fault;
    struct event e;
    int r;

    memcpy(p, block.text.p, block.text.n);
    memset(p + block.text.n, '"', DECODE_PADDING);
    block.text.p = p;
    decoder_open(d, &block);
    while ((r = decoder_next(d, &e, &fault)) != 0) {
        if (r > 0)
            buf_printf(&seen, "%" PRIu64 ":%u@%" PRIu64 " ", e.sequence, e.count, e.offset);
        else
            put_fault(&fault);
    }
    free(p);
}

/* Reads a stream that comes in pieces of `step` bytes. */
static const char *read_all(struct slice text, size_t step, bool leftovers)
{
    bool more;
    const struct format *format =
        format_find(&(struct decode_sample){.bytes = text, .begins = true, .ends = true}, &more);
    struct cutter *c = cutter_new(format, &decode_default_limits, NULL);
    struct decoder *d = decoder_new(format, keys, &decode_default_limits);
    struct decode_block block;
    struct err err = ERR_INIT;
    size_t from = 0, to = 0, taken;
    int r;

    buf_clear(&seen);
    while ((r = cutter_cut(c, slice_of(text.p + from, to - from), to == text.n, &block, &taken,
                           &err)) >= 0) {
        block.leftovers = leftovers;
        if (r > 0)
            read_block(d, block);
        from += taken;
        if (r == 0 && taken == 0 && to == text.n)
            break;
        if (r == 0 && taken == 0)
            to = CANH_MIN(to + step, text.n);
    }
    if (r < 0)
        buf_printf(&seen, "refused");
    else
        ok(from == text.n, "everything is taken");
    counted = d->counts;
    (void)cutter_free(c);
    (void)decoder_free(d);
    return buf_cstr(&seen);
}

static void test_json(void)
{
    static const char lines[] = "{\"Image\":\"a\"}\n\n{\"Image\":]\n{\"x\":1,\"Image\":2}\n";
    static const char docs[] = "[{\"Image\":\n \"a\"},\n {\"Image\": \"b\"}]";

    is_str(read_all(SLICE(lines), 1000, false), "1:1@0 !0@24 4:2@26 ", "lines");
    is_str(read_all(SLICE(lines), 1, false), "1:1@0 !0@24 4:2@26 ", "byte by byte");
    is_str(read_all(SLICE(docs), 3, false), "1:1@1 3:1@19 ", "documents");
    is_str(read_all(SLICE("\xEF\xBB\xBF{\"a\0\":1}"), 3, false), "!0@6 ", "control characters");
}

#define SSH "Jan  2 03:04:05 web sshd[5]: hello"
#define DOC "{\"Image\":\"a\"}"

/* 2026-01-02, 12:00. */
static const struct decode_context at_noon = {.received = INT64_C(1767355200000000000),
                                              .modified = TIME_NONE};

/* Lines of one format in a log of another. */
static void test_mixed(void)
{
    static const char text[] = SSH "\n" DOC "\n" SSH "\n{\"Image\":]}\n {\"Image\":1,\"x\":2}\n";
    static const char json[] = DOC "\n" SSH "\n" DOC "\nneither\n" SSH "\n" DOC;
    static const char halves[] = DOC "\n{\"Image\":\n\"a=1 b=2 c=3\"}\na=1 b=2 c=3,\n" DOC "\n";
    static const char docs[] = "{\"Image\":\n\"a\"}\n" SSH "\n" DOC "\n";

    read_all(SLICE(text), 1000, false);
    ok(slice_ends(buf_slice(&seen), SLICE("2:1@35 3:5@49 4:1@84 5:2@97 ")), "JSON in a text: %s",
       buf_cstr(&seen));
    read_all(SLICE(json), 1000, false);
    is_str(buf_cstr(&seen), "1:1@0 2:5@14 3:1@49 !0@63 5:5@71 6:1@106 ", "text in JSON");
    ok(counted.records == 5 && counted.bad == 1, "%" PRIu64 " records, %" PRIu64 " bad",
       counted.records, counted.bad);
    read_all(SLICE(halves), 1000, false);
    is_str(buf_cstr(&seen), "1:1@0 !0@23 !0@37 !0@39 5:1@52 ", "half a document is no text");
    read_all(SLICE(docs), 1000, false);
    is_str(buf_cstr(&seen), "1:1@0 3:5@15 4:1@50 ", "between documents");
}

/* A record of JSON: its program, and when it was ("~": on a clock without a zone). */
static void message_is(const char *json, const char *want)
{
    struct decoder *d = decoder_new(format_by_name(SLICE("json")), keys, &decode_default_limits);
    size_t n = strlen(json);
    uint8_t *p = calloc(1, n + DECODE_PADDING);
    struct decode_block block = {.text = slice_of(p, n), .context = &at_noon, .single = true};
    struct buf got = BUF_INIT(200);
    struct decode_fault fault;
    const struct field *program;
    struct event e;
    bool local = false;
    int64_t t;

    memcpy(p, json, n);
    decoder_open(d, &block);
    if (ok(decoder_next(d, &e, &fault) > 0, "%.40s", json)) {
        program = event_get(&e, KEY_PROGRAM);
        if (program)
            field_text(program, &got);
        t = event_clock(&e, &local);
        buf_puts(&got, local ? " ~" : " ");
        if (t != TIME_NONE)
            time_format(&got, t, 0);
        is_str(buf_cstr(&got), want, "%.60s", json);
    }
    (void)decoder_free(d);
    buf_done(&got);
    free(p);
}

#define SHIPPED "\"@timestamp\":\"2026-01-02T05:00:00Z\""
#define ZONED   "2026-01-02T03:04:05+07:00 web sshd[5]: hello"

static void test_messages(void)
{
    message_is("{\"message\":\"" SSH "\"}", "sshd ~2026-01-02T03:04:05Z");
    message_is("{\"message\":\"" SSH "\"," SHIPPED "}", "sshd 2026-01-02T05:00:00Z");
    message_is("{\"message\":\"" ZONED "\"," SHIPPED "}", "sshd 2026-01-01T20:04:05Z");
    message_is("{\"log\":\"" SSH "\\n\"}", "sshd ~2026-01-02T03:04:05Z");
    message_is("{\"Body\":\"" SSH "\"}", "sshd ~2026-01-02T03:04:05Z");
    message_is("{\"body\":{\"text\":\"" SSH "\"}}", "sshd ~2026-01-02T03:04:05Z");
    message_is("{\"message\":\"" SSH "\\nmore\"}", " ");
    message_is("{\"message\":\"" SSH "\",\"event\":{\"module\":\"shop\"}}", " ");
    message_is("{\"message\":\"" SSH "\",\"process\":{\"name\":\"shop\"}}", "shop ");
    message_is("{\"message\":\"" SSH "\",\"Channel\":\"System\"}", " ");
    message_is("{\"message\":\"" SSH "\",\"EventID\":4}", " ");
    message_is("{\"message\":\"" SSH "\",\"Provider_Name\":\"x\"}", " ");
    message_is("{\"message\":\"Jan  2 03:04:05\"," SHIPPED "}", " 2026-01-02T05:00:00Z");
    message_is("{\"message\":\"what a program of the unit has to say\"}", " ");
}

/* A line whose text or column is a document: its channel, when it was, "?" in no layout that is
 * known. */
static void document_is(const char *format, const char *head, const char *line, const char *want)
{
    struct decoder *d =
        decoder_new(format_by_name(slice_str(format)), keys, &decode_default_limits);
    size_t n = strlen(line);
    uint8_t *p = calloc(1, n + DECODE_PADDING);
    struct decode_block block = {.text = slice_of(p, n),
                                 .head = slice_str(head),
                                 .context = &at_noon,
                                 .single = true};
    struct buf got = BUF_INIT(200);
    struct decode_fault fault;
    const struct field *channel;
    struct event e;
    bool local = false;
    int64_t t;

    memcpy(p, line, n);
    decoder_open(d, &block);
    if (ok(decoder_next(d, &e, &fault) > 0, "%.40s", line)) {
        channel = event_get(&e, KEY_CHANNEL);
        if (channel)
            field_text(channel, &got);
        t = event_clock(&e, &local);
        buf_puts(&got, local ? " ~" : " ");
        if (t != TIME_NONE)
            time_format(&got, t, 0);
        buf_puts(&got, event_is_known(d->format, &e) ? "" : " ?");
        is_str(buf_cstr(&got), want, "%.60s", line);
    }
    (void)decoder_free(d);
    buf_done(&got);
    free(p);
}

static void test_documents(void)
{
    document_is("syslog", "", "<14>Jan  2 03:04:05 pc a: {\"Channel\":\"S\"}",
                "S ~2026-01-02T03:04:05Z");
    document_is(
        "syslog", "",
        "<14>Jan  2 03:04:05 pc a: {\"Channel\":\"S\",\"@timestamp\":\"2026-01-01T20:04:05Z\"}",
        "S 2026-01-01T20:04:05Z");
    document_is(
        "syslog", "",
        "<14>Jan  2 03:04:05 pc a: {\"Channel\":\"S\",\"@timestamp\":\"2026-01-01T20:04:05\"}",
        "S ~2026-01-02T03:04:05Z");
    document_is("syslog", "",
                "<14>1 2026-01-02T03:04:05Z pc a - - - {\"@timestamp\":\"2026-01-01T20:04:05Z\"}",
                " 2026-01-02T03:04:05Z");
    document_is("csv", "Id,LogName,TimeCreated\n", "1,S,2026-01-02 03:04:05",
                "S ~2026-01-02T03:04:05Z");
    document_is("csv", "Level,Channel,_raw\n", "1,S,x", "S ");
    document_is("csv", "host,sourcetype,_raw\n", "a,b,x", "  ?");
    document_is("csv", "host,sourcetype,_raw\n",
                "a,b,\"{\"\"ecs\"\":{\"\"version\"\":\"\"8\"\"}}\"", " ");
    document_is(
        "csv", "host,sourcetype,_raw\n",
        "a,b,\"{\"\"Channel\"\":\"\"S\"\",\"\"@timestamp\"\":\"\"2026-01-02T03:04:05\"\"}\"",
        "S ~2026-01-02T03:04:05Z");
}

/* Where a log begins behind the text: "format@place" or "none@place". */
static void later_is(const char *text, bool ends, const char *want)
{
    struct buf got = BUF_INIT(100);
    size_t at = SIZE_MAX;
    const struct format *f = format_find_later(slice_str(text), ends, &at);

    buf_printf(&got, "%s@%zu", f ? f->name : "none", at);
    is_str(buf_cstr(&got), want, "%.40s", text);
    buf_done(&got);
}

static void test_later(void)
{
    struct buf junk = BUF_INIT(1 << 20), want = BUF_INIT(100);

    later_is("", true, "none@0");
    later_is("text\n\n" SSH "\n", true, "syslog@6");
    later_is("text\n" SSH, true, "syslog@5");
    later_is("text\n" SSH, false, "none@0");
    later_is("text\n" DOC "\n", true, "json@5");
    later_is("text\n" DOC "\n" DOC, true, "json@5");
    later_is("text\n" DOC "\ntext\n", true, "none@24"); /* as it may stand in a manual */
    later_is("text\n" DOC ",\n", true, "none@20");
    later_is("text\n  " SSH "\n", true, "none@42"); /* an example */
    later_is("text\n" SSH "\na\nb\nc\n", true, "none@46");
    later_is("text\n" SSH "\n" SSH "\nb\n", true, "syslog@5");
    for (int i = 0; i < 1000; i++)
        buf_printf(&junk, "line %d of nothing\n", i);
    buf_printf(&want, "none@%zu", junk.len);
    later_is(buf_cstr(&junk), true, buf_cstr(&want));
    buf_clear(&want);
    buf_printf(&want, "none@%zu", junk.len - 40 * strlen("line 980 of nothing\n"));
    later_is(buf_cstr(&junk), false, buf_cstr(&want)); /* more may follow these */
    buf_clear(&want);
    buf_printf(&want, "syslog@%zu", junk.len);
    buf_puts(&junk, SSH "\n");
    later_is(buf_cstr(&junk), true, buf_cstr(&want));
    buf_done(&junk);
    buf_done(&want);
}

static struct build b;

static void add_record(uint64_t id)
{
    record_begin(&b, id);
    element(&b, "Event", -1, 0);
    content(&b);
    element(&b, "System", -1, 0);
    content(&b);
    element(&b, "Computer", -1, 0);
    content(&b);
    text(&b, "pc-1");
    end(&b);
    end(&b);
    end(&b);
    record_end(&b);
}

enum { FILE_BYTES = 4096 + 3 * 65536 };

/* A file header and three chunks: records 10 and 11; zeros; rubbish. */
static uint8_t *make_file(void)
{
    uint8_t *file = calloc(1, FILE_BYTES);

    memcpy(file, "ElfFile", 8);
    file[36] = 1;
    file[38] = 3;
    set_le(file + 124, crc32_update(0, slice_of(file, 120)), 4);
    build_begin(&b);
    add_record(10);
    add_record(11);
    build_end(&b);
    memcpy(file + 4096, b.chunk, sizeof(b.chunk));
    memset(file + 4096 + 2 * 65536, 'x', 1000);
    return file;
}

/* A chunk whose header states an end before its second record. */
static void test_closed(uint8_t *file)
{
    struct slice all = slice_of(file, 4096 + 65536);
    uint8_t *chunk = file + 4096, kept[512];
    uint32_t used = 512 + (uint32_t)(chunk[512 + 4] | chunk[512 + 5] << 8), state = 0;

    memcpy(kept, chunk, sizeof(kept));
    set_le(chunk + 48, used, 4);
    set_le(chunk + 52, crc32_update(0, slice_of(chunk + 512, used - 512)), 4);
    state = crc32_update(0, slice_of(chunk, 120));
    set_le(chunk + 124, crc32_update(state, slice_of(chunk + 128, 512 - 128)), 4);
    is_str(read_all(all, 999, false), "10:1@4608 ", "a file that was closed ends where it says");
    ok(strstr(read_all(all, 999, true), "11:1@") != NULL, "what is behind is left over");
    file[120] = 1; /* dirty */
    set_le(file + 124, crc32_update(0, slice_of(file, 120)), 4);
    ok(strstr(read_all(all, 999, false), "11:1@") != NULL, "one that was not goes on");
    ok(slice_ends(buf_slice(&seen), SLICE("~0@4096 ")), "which is told: %s", buf_cstr(&seen));
    file[120] = 0;
    file[130]++;
    file[124] ^= 1;
    ok(strstr(read_all(all, 999, false), "11:1@") != NULL, "as does a damaged one");
    file[124] ^= 1;
    memcpy(chunk, kept, sizeof(kept));
}

/* A block that is opened before the one before it was read to its end. */
static void test_reopened(uint8_t *file)
{
    struct decoder *d = decoder_new(format_by_name(SLICE("evtx")), keys, &decode_default_limits);
    struct decode_block block = {.text = slice_of(file, FILE_BYTES), .line = 1};
    struct decode_fault fault;
    struct event e;
    uint64_t first = 0;

    for (int i = 0; i < 2; i++) {
        decoder_open(d, &block);
        is_int(decoder_next(d, &e, &fault), 1, "its first record");
        first = i ? first : e.sequence;
        is_int(e.sequence, first, "is the first again");
    }
    is_int(decoder_next(d, &e, &fault), 1, "its second");
    ok(decoder_next(d, &e, &fault) < 0 && fault.kind == FAULT_PART && fault.damage == DAMAGE_LOST &&
           fault.bytes == 65536,
       "and %" PRIu64 " bytes that are none", fault.bytes);
    is_int(decoder_next(d, &e, &fault), 0, "nothing more");
    ok(d->format->leftovers, "what is behind can be read again");
    file[4096 + 512 + 28] ^= 0x30;
    decoder_open(d, &block);
    ok(decoder_next(d, &e, &fault) < 0 && fault.kind == FAULT_RECORD && fault.damage == 0,
       "a bad record");
    is_int(d->counts.bad, 1, "is counted");
    file[4096 + 512 + 28] ^= 0x30;
    (void)decoder_free(d);
}

/* More fields than are kept are counted. */
static void test_lost_fields(uint8_t *file)
{
    struct decode_limits limits = decode_default_limits;
    struct decode_block block = {.text = slice_of(file, 4096 + 65536), .line = 1};
    struct decode_fault fault;
    struct decoder *d;
    struct event e;

    limits.max_fields = 1;
    d = decoder_new(format_by_name(SLICE("evtx")), keys, &limits);
    decoder_open(d, &block);
    for (int i = 0; i < 2; i++)
        ok(decoder_next(d, &e, &fault) == 1 && (e.flags & EVENT_FIELDS_LOST) == 0,
           "one field fits");
    is_int(d->counts.fields_lost, 0, "none is lost");
    (void)decoder_free(d);
    limits.max_fields = 0;
    d = decoder_new(format_by_name(SLICE("evtx")), keys, &limits);
    decoder_open(d, &block);
    for (int i = 0; i < 2; i++)
        ok(decoder_next(d, &e, &fault) == 1 && (e.flags & EVENT_FIELDS_LOST) != 0, "none fits");
    is_int(d->counts.fields_lost, 2, "both are counted");
    (void)decoder_free(d);
}

static void set_chunks(uint8_t *file, unsigned count)
{
    set_le(file + 42, count, 2);
    set_le(file + 124, crc32_update(0, slice_of(file, 120)), 4);
}

/* A file that has less chunks than its header says is cut, wherever that is. */
static void test_cut(uint8_t *file)
{
    static const size_t steps[] = {999, 4096, 65536, FILE_BYTES};
    struct slice all = slice_of(file, FILE_BYTES), first = slice_of(file, 4096 + 65536);

    for (size_t i = 0; i < CANH_LEN(steps); i++) {
        set_chunks(file, 3);
        ok(slice_ends(slice_str(read_all(all, steps[i], false)), SLICE(" ?16@135168 ")),
           "as many as it says, %zu bytes at a time: %s", steps[i], buf_cstr(&seen));
        set_chunks(file, 4);
        ok(slice_ends(slice_str(read_all(all, steps[i], false)), SLICE(" ?16@135168 ?8@200704 ")),
           "one less: %s", buf_cstr(&seen));
        is_str(read_all(all, steps[i], true), "", "what is left over is not asked for it");
        ok(slice_ends(slice_str(read_all(first, steps[i], false)), SLICE(" ?8@69632 ")) &&
               slice_starts(buf_slice(&seen), SLICE("10:1@4608 11:1@")),
           "cut behind a chunk: %s", buf_cstr(&seen));
        is_str(read_all(slice_head(first, 4096), steps[i], false), "?8@4096 ", "before the first");
        ok(slice_ends(slice_str(read_all(slice_head(first, 9000), steps[i], false)),
                      SLICE(" ?8@4096 ")),
           "within a chunk, which is told once: %s", buf_cstr(&seen));
        file[124] ^= 1;
        ok(slice_find(slice_str(read_all(first, steps[i], false)), SLICE("?8")) == SIZE_MAX,
           "a damaged header says nothing of it");
    }
    set_chunks(file, 0);
}

static void test_evtx(void)
{
    static const char want[] = "10:1@4608 11:1@";
    uint8_t *file = make_file();
    struct slice all = slice_of(file, FILE_BYTES);

    ok(slice_starts(slice_str(read_all(all, FILE_BYTES, false)), SLICE(want)) &&
           slice_ends(buf_slice(&seen), SLICE(" ?16@135168 ")),
       "its chunks, and bytes that are none: %s", buf_cstr(&seen));
    ok(slice_starts(slice_str(read_all(all, 999, false)), SLICE(want)) &&
           slice_ends(buf_slice(&seen), SLICE(" ?16@135168 ")),
       "the same in small pieces");
    ok(counted.records == 2 && counted.bad == 0, "two records");
    is_str(read_all(all, FILE_BYTES, true), "", "nothing that no longer belongs to it");
    test_cut(file);
    test_closed(file);
    test_reopened(file);
    test_lost_fields(file);
    file[38] = 4;
    ok(slice_starts(slice_str(read_all(all, 4096, false)), SLICE("?0@0 10:1@4608")),
       "an unknown version is told, and read all the same");
    file[38] = 3;
    file[4096 + 512 + 60] ^= 1;
    ok(slice_ends(slice_str(read_all(all, 4096, false)), SLICE("?4@4096 ?16@135168 ")),
       "a wrong checksum: %s", buf_cstr(&seen));
    free(file);
}

/* Whether the layout of a record is known, and the first names of it. */
static void is_known(const char *format, const char *text, bool known, const char *names)
{
    struct decoder *d =
        decoder_new(format_by_name(slice_str(format)), keys, &decode_default_limits);
    struct buf padded = BUF_INIT(1000), got = BUF_INIT(1000);
    struct decode_block block = {.line = 1, .single = true};
    struct decode_fault fault;
    struct event e;

    buf_puts(&padded, text);
    (void)buf_reserve(&padded, DECODE_PADDING);
    block.text = buf_slice(&padded);
    decoder_open(d, &block);
    if (ok(decoder_next(d, &e, &fault) == 1, "%s", text)) {
        is_int(event_is_known(d->format, &e), known, "known");
        event_write_names(d->format, &e, 3, &got);
        is_str(buf_cstr(&got), names, "its names");
    }
    buf_done(&padded);
    buf_done(&got);
    (void)decoder_free(d);
}

static void test_known(void)
{
    is_known("json", "{\"Channel\":\"Security\",\"a\":1,\"b\":{\"x\":2},\"c\":3}", true,
             "Channel, a, b");
    is_known("json", "{\"EventID\":1,\"a\":1}", true, "EventID, a");
    is_known("json", "{\"Image\":\"a\",\"b\":1}", false, "Image, b");
    is_known("syslog", SSH, true, "host.hostname, process.name, process.pid");
}

/* A record stored by itself is decoded again to the same. */
static void test_raw(void)
{
    struct decoder *d = decoder_new(format_by_name(SLICE("evtx")), keys, &decode_default_limits);
    const struct format *stored = format_by_name(slice_str(d->format->stored));
    struct decoder *again = decoder_new(stored, keys, &decode_default_limits);
    uint32_t key = keys_find(keys, SLICE("Computer"));
    struct buf raw = BUF_INIT(1 << 20);
    struct decode_block block = {.line = 1};
    struct decode_fault fault;
    struct err err = ERR_INIT;
    uint8_t *file = make_file();
    struct event e;

    block.text = slice_of(file, FILE_BYTES);
    decoder_open(d, &block);
    is_int(decoder_next(d, &e, &fault), 1, "a record");
    is_int(decoder_raw(d, &e, &raw, &block.text, &err), 0, "as what is stored");
    is_slice(block.text, buf_slice(&raw), "which it gives");
    (void)buf_reserve(&raw, DECODE_PADDING);
    block.single = true;
    block.text = buf_slice(&raw);
    decoder_open(again, &block);
    is_int(decoder_next(again, &e, &fault), 1, "is a record: %s", buf_cstr(&raw));
    ok(event_get(&e, key) && event_get(&e, key)->n == 4, "with the same field");
    is_int(d->counts.records, 1, "records are counted");
    {
        struct buf small = BUF_INIT(10);

        ok(decoder_raw(d, &e, &small, &block.text, &err) < 0 && block.text.n == 0,
           "no room for it");
        buf_done(&small);
    }
    is_int(decoder_next(again, &e, &fault), 0, "and nothing behind it");
    is_int(decoder_raw(again, &e, &raw, &block.text, &err), 0, "JSON is stored as it is");
    buf_done(&raw);
    free(file);
    (void)decoder_free(d);
    (void)decoder_free(again);
}

int main(void)
{
    keys = keys_new();
    ok(keys_intern(keys, SLICE("Image")) != KEY_NONE, "keys");
    test_recognise();
    test_json();
    test_mixed();
    test_messages();
    test_documents();
    test_later();
    test_evtx();
    test_known();
    test_raw();
    buf_done(&seen);
    (void)keys_free(keys);
    return tap_done();
}
