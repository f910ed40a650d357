/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/decoder.h"
#include "decode/json/split.h"

#include "json_text.h"
#include "tap.h"

static struct keys *keys;
static const struct decode_limits limits = {.max_record = 60, .max_fields = 20, .max_depth = 20};

/* One line per record or error: where, and what. */
static void put_block(struct json_decoder *d, const struct json_block *block, struct buf *out)
{
    struct json_block copy = *block;
    uint8_t *p = padded(block->text);
    struct event e;
    uint64_t bad = json_counts(d)->bad;
    struct err err;
    int r;

    copy.text.p = p;
    json_start(d, &copy);
    while ((r = json_next(d, &e, &err)) != 0) {
        if (r < 0) {
            buf_printf(out, "%u:%u@%u bad\n", err.line, err.col, (unsigned)err.offset);
            bad++;
            continue;
        }
        buf_printf(out, "%u@%u%s ", (unsigned)e.sequence, (unsigned)e.offset,
                   e.flags & EVENT_TRUNCATED ? " cut" : "");
        put_event(keys, &e, out);
        buf_putc(out, '\n');
    }
    if (json_counts(d)->bad != bad)
        ok(false, "bad records are counted");
    free(p);
}

/* The stream read `step` bytes at a time through a buffer of cap bytes. */
static int split(struct slice text, size_t cap, size_t step, struct buf *out)
{
    struct json_decoder *d = json_decoder_new(keys, &limits);
    struct json_split s;
    size_t from = 0, to = 0, taken;
    struct json_block block;
    struct err err;
    int r;

    json_split_init(&s, &limits);
    for (;;) {
        r = json_split_cut(&s, slice_of(text.p + from, to - from), to == text.n, &block, &taken,
                           &err);
        if (r < 0)
            break;
        if (r > 0)
            put_block(d, &block, out);
        from += taken;
        if (r > 0 || taken > 0)
            continue;
        if (to == text.n)
            break;
        if (to - from == cap) {
            r = -CE_BUG; /* no progress with a full buffer */
            break;
        }
        to = CANH_MIN(CANH_MIN(to + step, from + cap), text.n);
    }
    json_decoder_free(d);
    json_split_done(&s);
    return r < 0 ? r : from == text.n ? 0 : -CE_MISSING;
}

static void read_block(struct decoder *d, const struct decode_block *block, struct buf *out)
{
    struct decode_block copy = *block;
    struct decode_fault fault;
    uint8_t *p = padded(block->text);
    struct event e;
    int r;

    copy.text.p = p;
    decoder_open(d, &copy);
    while ((r = decoder_next(d, &e, &fault)) != 0) {
        if (r < 0) {
            buf_printf(out, "%u:%u@%u bad\n", fault.err.line, fault.err.col,
                       (unsigned)fault.err.offset);
            continue;
        }
        buf_printf(out, "%u@%u%s ", (unsigned)e.sequence, (unsigned)e.offset,
                   e.flags & EVENT_TRUNCATED ? " cut" : "");
        put_event(keys, &e, out);
        buf_putc(out, '\n');
    }
    free(p);
}

/* The same through the interface of all formats, whose blocks carry what the next must know. */
static void read_as_format(struct slice text, size_t cap, size_t step, struct buf *out)
{
    const struct format *format = format_by_name(SLICE("json"));
    struct cutter *c = cutter_new(format, &limits, NULL);
    struct decoder *d = decoder_new(format, keys, &limits);
    struct decode_block block;
    struct err err = ERR_INIT;
    size_t from = 0, to = 0, taken;
    int r;

    while ((r = cutter_cut(c, slice_of(text.p + from, to - from), to == text.n, &block, &taken,
                           &err)) >= 0) {
        if (r > 0)
            read_block(d, &block, out);
        from += taken;
        if (r == 0 && taken == 0 && to == text.n)
            break;
        if (r == 0 && taken == 0)
            to = CANH_MIN(CANH_MIN(to + step, from + cap), text.n);
    }
    (void)cutter_free(c);
    (void)decoder_free(d);
}

static void splits(struct slice text, const char *want, const char *what)
{
    struct buf whole = BUF_INIT(1 << 20);
    int r = split(text, text.n + 100, text.n + 100, &whole);

    ok(r == 0 && slice_is(buf_slice(&whole), want), "%s", what);
    if (r != 0 || !slice_is(buf_slice(&whole), want))
        tap_note("%d, got\n%s", r, buf_cstr(&whole));
    for (size_t step = 1; step <= text.n + 1; step++) {
        struct buf out = BUF_INIT(1 << 20);
        bool same;

        r = split(text, limits.max_record + 1 + (step * 7) % 50, step, &out);
        same = r == 0 && slice_eq(buf_slice(&out), buf_slice(&whole));
        if (!same) {
            ok(false, "%s: the same in steps of %zu", what, step);
            tap_note("%d, got\n%s", r, buf_cstr(&out));
        }
        buf_done(&out);
        if (!same)
            break;
    }
    for (size_t step = 1; step < 100; step += 9) {
        struct buf out = BUF_INIT(1 << 20);

        read_as_format(text, limits.max_record + 1 + (step * 7) % 50, step, &out);
        if (!slice_eq(buf_slice(&out), buf_slice(&whole))) {
            ok(false, "%s: the same as a format in steps of %zu", what, step);
            tap_note("got\n%s", buf_cstr(&out));
        }
        buf_done(&out);
    }
    buf_done(&whole);
}

#define SPLITS(text, want, what) splits(SLICE(text), want, what)

static void test_lines(void)
{
    SPLITS("{\"a\":1}\n{\"a\":2}\n", "1@0 a=#1;\n2@8 a=#2;\n", "NDJSON");
    SPLITS("{\"a\":1}\n{\"a\":2}", "1@0 a=#1;\n2@8 a=#2;\n", "no line break at the end");
    SPLITS("\xEF\xBB\xBF{\"a\":1}\r\n\r\n\n  {\"a\":2} \r\n", "1@3 a=#1;\n4@17 a=#2;\n",
           "BOM, CRLF, blank lines");
    SPLITS("{\"a\":1}\n{\"a\":\"\n{\"a\":3}\nx\n{\"a\":5}}\n{\"a\":6}",
           "1@0 a=#1;\n2:6@13 bad\n3@15 a=#3;\n4:1@23 bad\n5@25 a=#5;\n5:8@32 bad\n6@34 a=#6;\n",
           "bad lines cost only themselves");
    SPLITS("{\"a\":1}\n{\"a\":[\n1]}\n{\"a\":4}\n",
           "1@0 a=#1;\n2:7@14 bad\n3:2@16 bad\n4@19 a=#4;\n", "a record ends with its line");
    SPLITS("{\"a\":1}{\"a\":2} {\"a\":3}\n{\"a\":4}\n",
           "1@0 a=#1;\n1@7 a=#2;\n1@15 a=#3;\n2@23 a=#4;\n", "several in a line");
    SPLITS("{\"a\":1}\n{\"a\":\"0123456789012345678901234567890123456789012345678901234\"}\n"
           "{\"a\":\"01234567890123456789012345678901234567890123456789012345\"}\n{\"a\":4}\n",
           "1@0 a=#1;\n2@8 cut ?={\"a\":\"012345678901234567890123456789012345678901234567890123;"
           "\n3@72 cut ?={\"a\":\"012345678901234567890123456789012345678901234567890123;\n"
           "4@137 a=#4;\n",
           "lines over the limit");
    SPLITS("{\"a\":\"012345678901234567890123456789012345678901234567890\"}\n",
           "1@0 a=012345678901234567890123456789012345678901234567890;\n", "exactly the limit");
    SPLITS("{\"a\":1}\n{\"a\":]\n"
           "{\"a\":\"0123456789012345678901234567890123456789012345678901234567890\"}\n{\"a\":4}\n",
           "1@0 a=#1;\n2:6@13 bad\n"
           "3@15 cut ?={\"a\":\"012345678901234567890123456789012345678901234567890123;\n"
           "4@85 a=#4;\n",
           "one over the limit behind a bad one");
#define BLANKS "                    \t                    \t                    \t      "
    SPLITS("{\"a\":1}\n" BLANKS "\n{\"a\":2}\n", "1@0 a=#1;\n3@78 a=#2;\n",
           "blanks over the limit");
    SPLITS("{\"a\":1}\n" BLANKS "{\"a\":2}\n", "1@0 a=#1;\n2@77 a=#2;\n",
           "blanks before a record are none of it");
#undef BLANKS
    SPLITS("", "", "nothing");
    SPLITS("\n\n", "", "only blank lines");
    SPLITS("rubbish\n{\"a\":1}\n", "1:1@0 bad\n2@8 a=#1;\n", "rubbish first");
    SPLITS("Record 1\n{\"a\":1}\nRecord 2\n{\"a\":2}\n", "2@9 a=#1;\n4@26 a=#2;\n",
           "record numbers between lines");
    SPLITS("{\"a\":1\n{\"a\":2}\n", "1:7@6 bad\n2@7 a=#2;\n", "the first line is cut off");
    SPLITS("null,1\n2\nnull,3\nnull\nnullnull\n{\"a\":4}\n",
           "1:5@4 bad\n2@7 ?=#2;\n3:5@13 bad\n4@16 \n5:5@25 bad\n6@30 a=#4;\n",
           "more behind a null that is the record");
    SPLITS("{\"a\":1}\n\xEF\xBB\xBF{\"a\":2}\n", "1@0 a=#1;\n2:1@8 bad\n",
           "a mark that is not at the beginning");
    SPLITS("{\"a\":\"x\\\n{\"a\":2}\n", "1:8@7 bad\n2@9 a=#2;\n", "a backslash before the break");
}

static void test_docs(void)
{
    SPLITS("{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n", "1@0 a=#1;\n4@13 a=#2;\n", "pretty-printed");
    SPLITS("Record 1\n{\n  \"a\": 1\n}\nRecord 2\n{\n  \"a\": 2\n}\n", "2@9 a=#1;\n6@31 a=#2;\n",
           "with record numbers");
    SPLITS("{\n \"a\"\n:1\n}{\"a\":2}\n\n{\"a\":\"}{\\\"\"}",
           "1@0 a=#1;\n4@11 a=#2;\n6@20 a=}{\";\n", "of all layouts");
    SPLITS("{\"a\":1}{\"a\":2}{\"a\":3}", "1@0 a=#1;\n1@7 a=#2;\n1@14 a=#3;\n", "no line break");
    SPLITS("{\"a\":1}{\"a\":2}{\"a\":3}{\"a\":4}{\"a\":5}{\"a\":6}{\"a\":7}{\"a\":8}{\"a\":9}",
           "1@0 a=#1;\n1@7 a=#2;\n1@14 a=#3;\n1@21 a=#4;\n1@28 a=#5;\n1@35 a=#6;\n1@42 a=#7;\n"
           "1@49 a=#8;\n1@56 a=#9;\n",
           "more without a line break than a record may have");
    SPLITS("[{\"a\":1},{\"a\":2},\n {\"a\":[3,{\"b\":4}]}]\n",
           "1@1 a=#1;\n1@9 a=#2;\n2@19 a:group;a=#3;?=#4;\n", "an array of records");
    SPLITS("[\n  {\n    \"a\": 1\n  },\n  {\n    \"a\": 2\n  }\n]\n[{\"a\":3}]",
           "2@4 a=#1;\n5@24 a=#2;\n9@44 a=#3;\n", "pretty arrays back to back");
    SPLITS("{\n\"a\": {\n\"b\": 1\n}\n}\n{\n\"a\": [\n{\n\"b\":2}\n,\n{\"a\":2}\n]\n}\n",
           "1@0 a:group;?=#1;\n6@20 a:group;?=#2;a.a=#2;\n", "pretty without indentation");
    SPLITS("[1,\"x\",null,[2,[3]],{}]", "1@1 ?=#1;\n1@3 ?=x;\n1@7 \n1@12 ?=#2;?=#3;\n1@20 \n",
           "an array of anything");
    SPLITS("{\"a\":[\n{\"a\":1}\n]}\n{\"a\":2}\n", "1@0 a:group;a.a=#1;\n4@18 a=#2;\n",
           "an element begins the second line");
    SPLITS("{\n \"a\": {\n  \"b\": 1\n}\n{\n \"a\": 2\n}\n", "5:1@21 bad\n5@21 a=#2;\n",
           "a bracket missing");
    SPLITS("{\n \"a\": \"x\n }\n{\n \"a\": 2\n}\n", "2:9@10 bad\n4@14 a=#2;\n", "a quote missing");
    SPLITS("{\"a\":1}{\"a\":\"0123456789012345678901234567890123456789012345678\"}",
           "1@0 a=#1;\n1@7 a=0123456789012345678901234567890123456789012345678;\n",
           "two without a line break");
    SPLITS("{\n\"a\":1}\n\n  {\n"
           "\"a\":\"0123456789012345678901234567890123456789012345678901234567890\"}\n{\"a\":3}",
           "1@0 a=#1;\n"
           "4@12 cut ?={\n\"a\":\"01234567890123456789012345678901234567890123456789012;\n"
           "6@83 a=#3;\n",
           "blanks before one over the limit");
    SPLITS("{\n \"a\": 1\n}}\n{\n \"a\": 2\n}\n", "1@0 a=#1;\n3:2@11 bad\n4@13 a=#2;\n",
           "a bracket too many");
    SPLITS("{\n \"a\": 1\n}\nrubbish\n{\n \"a\": 2\n}\n{\n\"a",
           "1@0 a=#1;\n4:1@12 bad\n5@20 a=#2;\n"
           "9:1@34 bad\n",
           "rubbish between, and a broken end");
    SPLITS("{\n\"a\":\"0123456789012345678901234567890123456789012345678901234567890\",\n"
           "\"b\":[1]}\n{\n\"a\":2}\n",
           "1@0 cut ?={\n\"a\":\"01234567890123456789012345678901234567890123456789012;\n"
           "4@80 a=#2;\n",
           "a document over the limit");
}

/* What evtx_dump writes between records. */
static void test_record_lines(void)
{
    static const struct {
        const char *text;
        size_t n;
    } rows[] = {{"Record 1\n", 9},
                {"Record 12\r\n{", 11},
                {"Record 0\n\n", 9},
                {"Record \n", 0},
                {"Record 1", 0},
                {"Record 1\r", 0},
                {"Record 1x\n", 0},
                {"Record 1:\n", 0},
                {"Record\n", 0},
                {"Record 1 \n", 0},
                {"record 1\n", 0},
                {"Record 1\rx", 0},
                {"", 0}};

    for (size_t i = 0; i < CANH_LEN(rows); i++)
        is_int(json_record_line(slice_str(rows[i].text)), rows[i].n, "%s", rows[i].text);
    SPLITS("Record 1\n{\n\"a\":1}\nRecord 2\n{\n\"a\":2}\n", "2@9 a=#1;\n5@27 a=#2;\n",
           "record numbers between documents");
}

static void test_tables(void)
{
    SPLITS("{\"columns\":[\"a\",\"b\"],\"rows\":[[1,2],[3,\"]\"], [\"x\",{\"a\":[4,5]}]]}",
           "1@29 a=#1;?=#2;\n1@35 a=#3;?=];\n1@44 a=x;?=#4;?=#5;\n", "rows of a table");
    SPLITS("{\"tables\":[{\"columns\":[{\"name\":\"a\"}],\"rows\":[[1],\n[2]]}],\"a\":7}",
           "1@45 a=#1;\n2@50 a=#2;\n", "Azure's, what follows it is passed over");
    SPLITS("{\"Tables\":[{\"Columns\":[{\"ColumnName\":\"a\"}],\"Rows\":[[1]]}]}", "1@51 a=#1;\n",
           "by its older name");
    SPLITS(
        "{\"meta\":[{\"name\":\"a\"}],\"data\":[[1]]}{\"meta\":[{\"name\":\"b\"}],\"data\":[[2]]}",
        "1@31 a=#1;\n1@67 ?=#2;\n", "two tables");
    SPLITS("{\"fields\":[\"a\"],\"rows\":[[1],[2,3],[],[4]]}{\"a\":5}",
           "1@24 a=#1;\n1:29@28 bad\n1:35@34 bad\n1@37 a=#4;\n1@42 a=#5;\n",
           "too many values, too few, a record behind it");
    SPLITS("{\"columns\":[\"a\"],\"rows\":[[tru],[2]]}", "1:26@25 bad\n1@31 a=#2;\n",
           "a value that is none");
    SPLITS(
        "{\"columns\":[\"a\"],\"rows\":[["
        "\"01234567890123456789012345678901234567890123456789012345\"],[2]]}",
        "1@25 cut ?=[\"01234567890123456789012345678901234567890123456789012345\"];\n1@86 a=#2;\n",
        "a row over the limit");
    SPLITS("{\"columns\":[\"a\",{\"b\":1}],\"rows\":[[1,2]]}", "1@33 ?=#1;?=#2;\n",
           "a column without a name");
    SPLITS("{\"columns\":[\"a\"],\"data\":[[1]],\"b\":2}", "1@0 ?=a;?=#1;?=#2;\n",
           "names of another kind of table");
    SPLITS("{\"rows\":[[1]],\"columns\":[\"a\"]}", "1@0 ?=#1;?=a;\n", "names behind the rows");
    SPLITS(
        "{\"tables\":[{\"columns\":[\"a\"],\"rows\":[[1]],\"x\":{}},{\"n\":\"{[\\\"\"},[{}],"
        "{\"columns\":[\"b\"],\"rows\":[]},{\"columns\":[\"b\",\"a\"],\"rows\":[[2,3],[4,5]]},7],"
        "\"y\":{\"columns\":[\"a\"],\"rows\":[[6]]}} {\"a\":7}",
        "1@36 a=#1;\n1@124 ?=#2;a=#3;\n1@130 ?=#4;a=#5;\n1@177 a=#7;\n",
        "several tables in an answer, each by its own columns");
    SPLITS("{\"records\":[{\"a\":1}],\"n\":"
           "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"} {\"a\":2}",
           "1@12 a=#1;\n1@94 a=#2;\n", "a text behind the records in which a block ends");
    SPLITS("{\"tables\":[{\"columns\":[\"a\"],\"rows\":[]}],\"a\":1}\n"
           "{\"tables\":[{\"columns\":[\"a\"],\"rows\":[[2]]}]}",
           "2@83 a=#2;\n", "a table without rows");
    SPLITS("{\"took\":1,\"hits\":{\"a\":0,\"hits\":[ ] } }", "", "an answer without hits");
    SPLITS("{\"events\":[],\"a\":1}", "1@0 a=#1;\n", "a record whose first list is empty");
    SPLITS("Record 1\n{\"records\":[{\"a\":1}]}", "2@21 a=#1;\n", "behind a record's number");
    SPLITS("{\n\"b\":\"012345678901234567890123456789012345678901234567890123456\"}\n"
           "{\"records\":[{\"a\":1}]}",
           "1@0 cut ?={\n\"b\":\"01234567890123456789012345678901234567890123456789012;\n"
           "3@67 a=#1;\n",
           "none where the first document is not known to be one");
    SPLITS("{\"columns\":[ \"a\" , {\"type\":\"x\", \"name\" : \"a.a\"} ],\"rows\":[[ 1 , 2 ]]}",
           "1@58 a=#1;a.a=#2;\n", "blanks, a column that says more than its name");
    SPLITS("{\"columns\":\t[\r\n\"a\"\t,\"b\\\"]\"\r],\t\"rows\":\r\n[\t[\t1\r,\"\\\\\"\t]\r]\t}",
           "3@41 a=#1;?=\\;\n", "blanks and escapes of all kinds");
    SPLITS("{\"columns\":[\"\",\"a\"],\"rows\":[[1,2]]}", "1@28 ?=#1;a=#2;\n",
           "a column whose name is empty");
    SPLITS("{\"values\":[[1]],\"columns\":1}", "1@0 ?=#1;?=#1;\n", "no list of names");
}

/* Answers of searches; the list of records begins behind the ^, nowhere where there is none. */
static const char *const answers[] = {
    "{\"took\":1,\"hits\":{\"total\":3,\"hits\":[^{\"a\":1}]}}",
    "{\"took\":[1],\"hits\":{\"hits\":[^{\"a\":1}]}}",
    "{\"hits\":[{\"hits\":[{\"a\":1}]}]}",
    "{\"hits\":{\"hits\":[^ ] } }",
    "{\"hits\":{\"hits\":[],\"x\":1}}",
    "{\"preview\":false,\"results\":[^{\"a\":1}]}",
    "{\"init_offset\":0,\"results\":[^{\"a\":1}]}",
    "{\"results\":[{\"a\":1}],\"preview\":false}",
    "{\"results\":[{\"a\":1}]}",
    "{\"query\":\"x\",\"messages\":[^{\"a\":1}]}",
    "{\"built_query\":\"x\",\"y\":1,\"messages\":[^{\"a\":1}]}",
    "{\"messages\":[{\"a\":1}],\"query\":1}",
    "{\"x\":{\"query\":1},\"messages\":[{\"a\":1}]}",
    "{\"x\":[\"query\",\"query\"],\"messages\":[{\"a\":1}]}",
    "{\"x\":\"query\",\"messages\":[{\"a\":1}]}",
    "{\"query\":1,\"x\":{\"messages\":[{\"a\":1}]}}",
    ("{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":1,\"6\":1,\"7\":1,\"8\":1,\"9\":1,\"10\":1,\"11\":1,"
     "\"12\":1,\"13\":1,\"14\":1,\"query\":1,\"messages\":[^{\"a\":1}]}"),
    "{\"records\":[^{\"a\":1}]}",
    "{\"Records\":[^\n{\"a\":1}]}",
    "{\"x\":1,\"records\":[{\"a\":1}]}",
    "{\"x\":1,\"Records\":[{\"a\":1}]}",
    "{\"records\":[1]}",
    "{\"@odata.context\":\"x\",\"value\":[^{\"a\":1}]}",
    "{\"@odata.nextLink\":\"x\",\"value\":[^{\"a\":1}]}",
    "{\"value\":[{\"a\":1}]}",
    "{\"Events\":{\"x\":1,\"Event\":[^{\"a\":1}]}}",
    "{\"Event\":[^{\"a\":1}]}",
    "{\"events\":[^{\"a\":1}]}",
    "{\"Events\":[^{\"a\":1}]}",
    "{\"x\":1,\"Event\":[{\"a\":1}]}",
    "{\"x\":1,\"events\":[{\"a\":1}]}",
    "{\"x\":1,\"Events\":[{\"a\":1}]}",
    "[{\"records\":[{\"a\":1}]}]",
};

static void test_answers(void)
{
    for (size_t i = 0; i < CANH_LEN(answers); i++) {
        size_t n = strlen(answers[i]);
        size_t mark = slice_find_byte(slice_str(answers[i]), '^');
        struct buf text = BUF_INIT(1000);
        struct json_list list = {0};

        buf_append(&text, answers[i], CANH_MIN(mark, n));
        if (mark != SIZE_MAX)
            buf_puts(&text, answers[i] + mark + 1);
        is_int(json_answer(buf_slice(&text), 1000, true, 0, &list), mark == SIZE_MAX ? 0 : mark,
               "%s", answers[i]);
        ok(list.columns.n == 0 && list.beside == 0, "no table");
        for (size_t cut = 1; mark != SIZE_MAX && cut < mark; cut++)
            if (json_answer(slice_head(buf_slice(&text), cut), 1000, false, 0, &list) != SIZE_MAX)
                ok(false, "more is wanted behind %zu bytes of %s", cut, answers[i]);
        buf_done(&text);
    }
}

/* What has been seen of a text, as one number. */
static uint64_t ends_of(const uint8_t *text, size_t n, size_t step, unsigned *found)
{
    struct json_docs docs = {0};
    struct slice doc;
    uint64_t sum = 0;

    for (size_t to = step; to <= n; to += step) {
        while (json_docs_next(&docs, slice_of(text, to), false, &doc) > 0) {
            sum = sum * 31 + (uint64_t)(doc.p - text) * 1000 + doc.n;
            (*found)++;
        }
    }
    sum = sum * 31 + docs.at * 1000 + docs.depth;
    if (docs.in_record && !docs.in_string)
        sum = sum * 31 + docs.before * 2 + docs.line_start;
    return sum * 4 + docs.in_string * 2 + (docs.in_string && docs.escape);
}

/*
 * Ends of documents are looked for 64 bytes at a time; byte by byte they must be the same, and so
 * must be what is known at the end. Texts of brackets, quotes and breaks, mostly inside of
 * brackets.
 */
static void test_blocks(void)
{
    static const char bytes[] = "{} []\"\"\"\"\\\\\\\n\n,:";
    const unsigned cases = 20000;
    uint32_t random = 1;
    unsigned same = 0, found = 0, ignore;
    uint8_t text[300];

    for (unsigned i = 0; i < cases; i++) {
        size_t n = i % 2 ? sizeof(text) : 1 + 4 * 64; /* where blocks end behind the first byte */

        for (size_t k = 0; k < n; k++) {
            random = random * 1664525 + 1013904223;
            text[k] = random >> 27 < 10 + i % 21 ? 'x' : (uint8_t)bytes[(random >> 16) % 16];
        }
        memcpy(text, "{[{[", 4);
        same += ends_of(text, n, n, &found) == ends_of(text, n, 1, &ignore);
    }
    is_int(same, cases, "ends of documents, found by blocks and by bytes");
    ok(found > cases, "many of them: %u", found);
}

static void test_refused(void)
{
    static const struct {
        const char *text;
        size_t n;
    } cases[] = {{"\xFF\xFE{\0", 4}, {"\xFE\xFF\0{", 4}, {"{\0\"\0", 4},
                 {"\0[\0", 3},       {"\0{\0\"", 4},     {"[\0\"\0", 4}};

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct buf out = BUF_INIT(100);

        is_int(split(slice_of(cases[i].text, cases[i].n), 100, 100, &out), -CE_ENCODING, "UTF-16");
        buf_done(&out);
    }
}

int main(void)
{
    static const char *const names[] = {"a", "a.a"};

    keys = keys_new();
    mention(keys, names, CANH_LEN(names));
    test_lines();
    test_docs();
    test_record_lines();
    test_tables();
    test_answers();
    test_blocks();
    test_refused();
    keys_free(keys);
    return tap_done();
}
