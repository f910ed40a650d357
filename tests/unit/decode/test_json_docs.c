/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of JSON at the limits of what is counted, looked at and remembered of them. */
#include <stdio.h>
#include <stdlib.h>

#include "decode/decoder.h"
#include "decode/json/split.h"
#include "decode/json/table.h"
#include "json_text.h"
#include "tap.h"

static struct keys *keys;
static struct buf seen = {.max = 1 << 20};

static void repeat(struct buf *out, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        buf_puts(out, text);
}

/* Documents in text, with their columns where they are rows of a table. */
static void documents_are(struct slice text, unsigned want, const char *columns, const char *what)
{
    struct buf found = BUF_INIT(DECODE_HEAD_MAX);
    struct json_docs docs = {.look = text.n + 1, .columns = &found};
    struct slice document;
    unsigned n = 0;

    while (json_docs_next(&docs, text, true, &document) > 0)
        n++;
    is_int(n, want, "%s", what);
    is_str(buf_cstr(&found), columns, "%s: names of columns", what);
    buf_done(&found);
}

#define TABLE "{\"columns\":[\"a\"],\"rows\":[[1],[2]]}"

/* Brackets deeper than is remembered of them do not touch anything else. */
static void test_depth(void)
{
    struct buf text = BUF_INIT(1 << 16);

    for (size_t deep = JSON_DEPTH_MAX - 2; deep <= JSON_DEPTH_MAX + 2; deep++) {
        buf_clear(&text);
        buf_puts(&text, "{\"x\":");
        repeat(&text, deep, "[");
        buf_puts(&text, "1,\n{\"y\":1},\n{\"y\":2}");
        repeat(&text, deep, "]");
        buf_puts(&text, "}\n" TABLE);
        documents_are(buf_slice(&text), 3, "\"a\"", "a deep document and a table");
    }
    buf_done(&text);
}

/* Whether a document is a list's element or the next one is told by the bracket around it, at any
 * depth. */
static void test_around(void)
{
    struct buf text = BUF_INIT(1 << 16);

    for (size_t deep = 0; deep < 140; deep++) {
        buf_clear(&text);
        repeat(&text, deep, "{\"x\":[");
        buf_puts(&text, "{\"x\":[1,\n{\"y\":1}]}");
        repeat(&text, deep, "]}");
        documents_are(buf_slice(&text), 1, "", "an element that begins a line");
        buf_clear(&text);
        repeat(&text, deep, "{\"x\":[");
        buf_puts(&text, "{\"x\":1,\n{\"y\":1}\n{\"z\":1}");
        documents_are(buf_slice(&text), 3, "", "two documents behind a broken one");
    }
    documents_are(SLICE("{\"x\":[{\"y\":1}\n{\"z\":1}"), 2, "",
                  "without a comma the next one begins");
    buf_done(&text);
}

/* evtx_dump's line between records, of which the end is not there yet. */
static void test_record_line(void)
{
    static const char text[] = "Record 1\n{\"a\":1}";
    struct json_docs docs = {.at = 0};
    struct slice document;

    for (size_t n = 1; n < sizeof(text) - 1; n++)
        is_int(json_docs_next(&docs, slice_of(text, n), false, &document), 0, "%zu bytes", n);
    is_int(json_docs_next(&docs, SLICE(text), false, &document), 1, "all of them");
    is_slice(document, SLICE("{\"a\":1}"), "the document");
}

static size_t answer(const char *text, bool final)
{
    struct json_list list;

    return json_answer(slice_str(text), 1000, final, 0, &list);
}

static void test_answers(void)
{
    struct buf text = BUF_INIT(1000);

    is_int((long)answer("{\"columns\":[\"a\"],\"values\":[]", true), 0,
           "a table that is cut behind its empty rows");
    is_int((long)answer("{\"columns\":[\"a\"],\"values\":[ ] }", true), 27, "and one that is not");
    for (size_t deep = 30; deep <= 31; deep++) {
        buf_clear(&text);
        buf_puts(&text, "{\"query\":{\"x\":");
        repeat(&text, deep, "[");
        repeat(&text, deep, "]");
        buf_puts(&text, deep == 30 ? "},\"messages\":[{}]}" : ",\"messages\":[{}]}}");
        is_int((long)answer(buf_cstr(&text), true), deep == 30 ? (long)text.len - 4 : 0,
               "%zu brackets before the list", deep + 2);
    }
    buf_done(&text);
}

static void test_table(void)
{
    struct buf list = BUF_INIT(1 << 17), out = BUF_INIT(DECODE_HEAD_MAX);

    for (unsigned n = JSON_COLUMNS_MAX; n <= JSON_COLUMNS_MAX + 1; n++) {
        buf_clear(&list);
        buf_puts(&list, "[\"a\"");
        repeat(&list, n - 1, ",\"b\"");
        buf_puts(&list, "]");
        json_columns(buf_slice(&list), &out);
        is_int((long)out.len, n == JSON_COLUMNS_MAX ? (long)n * 4 - 1 : 0, "%u columns", n);
    }
    ok(json_row(SLICE("\"a\",\"b\""), SLICE("[1,2]"), &out), "a row");
    is_slice(buf_slice(&out), SLICE("{\"a\":1,\"b\":2}"), "as a document");
    ok(!json_row(SLICE("\"a\""), SLICE("[1,2]"), &out), "a value too many");
    ok(!json_row(SLICE("\"a\",\"b\""), SLICE("[1]"), &out), "one too few");
    buf_done(&list);
    buf_done(&out);
}

/* "line:number of fields" of each record, "cut" of what is over the limit, "!" of what is none. */
static const char *read_block(struct decoder *d, struct slice text, bool single)
{
    struct decode_block block = {.line = 1, .single = single};
    uint8_t *p = padded(text);
    struct decode_fault fault;
    struct event e;
    int r;

    block.text = slice_of(p, text.n);
    buf_clear(&seen);
    decoder_open(d, &block);
    while ((r = decoder_next(d, &e, &fault)) != 0) {
        if (r < 0)
            buf_printf(&seen, "%u%s ", fault.err.line,
                       fault.err.code == CE_TRUNCATED ? "..." : "!");
        else if (e.flags & EVENT_TRUNCATED)
            buf_printf(&seen, "%u:cut ", (unsigned)e.sequence);
        else
            buf_printf(&seen, "%u:%u ", (unsigned)e.sequence, e.count);
    }
    free(p);
    return buf_cstr(&seen);
}

/* What was learned of records over several lines, or in texts, is none of lines. */
static void test_breaks(void)
{
    struct decoder *d = decoder_new(format_by_name(SLICE("json")), keys, &decode_default_limits);

    is_str(read_block(d, SLICE("{\n\"Image\":\n\"a\"\n}"), true), "1:1 ", "a record of four lines");
    is_str(read_block(d, SLICE("{\n\"Image\":\n\"a\"\n}"), false), "1... 2! 3:1 4! ",
           "the same as four lines");
    is_str(read_block(d,
                      SLICE("{\"Payload\":\"{\\n\\\"EventData\\\":{\\\"Image\\\":\\\"a\\\"}}\"}\n"
                            "{\n\"EventData\":{\"Image\":\"a\"}}\n"),
                      false),
           "1:2 2... 3! ", "a break in a text");
    is_str(read_block(d, SLICE("{\"a\":1 \"b\":2}\n{\"a\":1\n{\"a\" 1}\n{\"a\"\n"), false),
           "1! 2... 3! 4... ", "what is wrong in a line, and what ends early");
    (void)decoder_free(d);
}

/* {"k0":1,"k1":1,… with count members, a gap too long to be remembered before the one at `gap`. */
static void put_members(struct buf *out, unsigned count, unsigned gap)
{
    buf_clear(out);
    for (unsigned i = 0; i < count; i++) {
        buf_putc(out, i ? ',' : '{');
        repeat(out, i == gap ? 1100 : 0, " ");
        buf_printf(out, "\"k%u\":1", i);
    }
}

/*
 * What was learned before all was forgotten is not believed: which gap comes next is remembered by
 * the number of the gap before it.
 */
static void test_forgotten(void)
{
    enum { GAP = 448, REACHED = 511 }; /* so that what comes next is remembered by number 0 */
    struct decoder *d = decoder_new(format_by_name(SLICE("json")), keys, &decode_default_limits);
    struct buf text = BUF_INIT(1 << 20);

    put_members(&text, 600, GAP);
    buf_puts(&text, "}");
    is_str(read_block(d, buf_slice(&text), false), "1:600 ", "many members");
    (void)read_block(d, SLICE("[\n]"), true); /* lines and documents do not learn of each other */
    put_members(&text, REACHED, GAP);
    buf_puts(&text, ",\"q\":1,");
    repeat(&text, 1100, " ");
    buf_puts(&text, "\"r\":{\"s\":1}}\n");
    is_str(read_block(d, buf_slice(&text), false), "1:513 ", "other members behind them");
    put_members(&text, REACHED, GAP);
    buf_puts(&text, ",\"q\":1}}\n");
    is_str(read_block(d, buf_slice(&text), false), "1:512 1! ", "a bracket too many");
    (void)decoder_free(d);
    buf_done(&text);
}

/* Lines are scanned many at once, but never half a line. */
static void test_chunks(void)
{
    struct decoder *d = decoder_new(format_by_name(SLICE("json")), keys, &decode_default_limits);
    struct buf text = BUF_INIT(1 << 20), want = BUF_INIT(1 << 20);

    for (unsigned line = 1; text.len < 300000; line++) {
        buf_printf(&text, "{\"a\":%u,\"b\":[", line);
        repeat(&text, line % 7, "1 , ");
        buf_puts(&text, "true]}\n");
        buf_printf(&want, "%u:%u ", line, 2 + line % 7);
    }
    is_str(read_block(d, buf_slice(&text), false), buf_cstr(&want), "lines of numbers");
    buf_clear(&text);
    buf_puts(&text, "{\"a\":1}\n{\"a\":[");
    repeat(&text, 40000, "1,");
    buf_puts(&text, "2]}");
    is_str(read_block(d, buf_slice(&text), false), "1:1 2:1024 ", "a line that is long");
    (void)decoder_free(d);
    buf_done(&text);
    buf_done(&want);
}

/* Lines over the limit, also where they are broken or hold several records. */
static void test_over(void)
{
    struct decode_limits limits = decode_default_limits;
    struct decoder *d;

    limits.max_record = 20;
    d = decoder_new(format_by_name(SLICE("json")), keys, &limits);
    is_str(read_block(d, SLICE("{\"a\":\"0123456789012345\n{\"a\":1}\n"), false), "1:cut 2:1 ",
           "an open string");
    is_str(read_block(d, SLICE("{\"a\":1}        {\"a\":2}\n{\"a\":3}\n"), false), "1:cut 2:1 ",
           "two records");
    is_str(read_block(d, SLICE("{\"a\":1}      {\"a\":2}\n{\"a\":3}\n"), false), "1:1 1:1 2:1 ",
           "two that fit");
    (void)decoder_free(d);
}

int main(void)
{
    static const char *const names[] = {"Image", "a"};

    keys = keys_new();
    mention(keys, names, CANH_LEN(names));
    test_depth();
    test_around();
    test_record_line();
    test_answers();
    test_table();
    test_breaks();
    test_forgotten();
    test_chunks();
    test_over();
    (void)keys_free(keys);
    buf_done(&seen);
    return tap_done();
}
