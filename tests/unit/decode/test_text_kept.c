/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that come one by one, and records that were kept by themselves: which lines belong to one
 * record, and that it is read as one. */
#include "text_lines.h"

static bool joins(const struct format *format, const char *record, const char *line)
{
    return format->joins(slice_str(record), line ? slice_str(line) : SLICE_NULL);
}

#define HEAD "Nov 12 08:00:01 h app[1]: x\n"

static void test_traces(void)
{
    static const char *const of_trace[] = {
        "  at a.b",
        "\tat a.b",
        "Caused by: x",
        "Traceback (most recent call last):",
        "java.lang.NullPointerException: x",
        "ValueError: x",
        "KeyError",
        "a_1$.b.Exception",
    };
    static const char *const others[] = {
        "x",         "Error in line 1",        "an Error: x", "(Error",
        "Errors: x", "Nov 12 08:00:02 h a: b", ": Error",
    };

    for (size_t i = 0; i < CANH_LEN(of_trace); i++)
        ok(joins(&format_syslog, HEAD, of_trace[i]), "of a trace: %s", of_trace[i]);
    for (size_t i = 0; i < CANH_LEN(others); i++)
        ok(!joins(&format_syslog, HEAD, others[i]), "of none: %s", others[i]);
    ok(joins(&format_syslog, HEAD, NULL), "some line may be");
}

#define EVENT(n, rest) "type=" rest " msg=audit(1794470645.130:" #n "): a=1"

static void test_joins(void)
{
    ok(joins(&format_csv, "1,\"a\n", "b\",2"), "a value in quotes that is open");
    ok(joins(&format_csv, "\"\n", NULL), "from the first byte on");
    ok(!joins(&format_csv, "1,\"a\"\n", "b"), "one that is closed");
    ok(!joins(&format_csv, "1,a\n", NULL), "one without quotes");
    ok(joins(&format_auditd, EVENT(7, "A"), EVENT(7, "B")), "a record of the same event");
    ok(!joins(&format_auditd, EVENT(7, "A"), EVENT(8, "B")), "of the next");
    ok(!joins(&format_auditd, EVENT(7, "A"), "node=n " EVENT(7, "B")), "of another node");
    ok(!joins(&format_auditd, EVENT(7, "A"), "x"), "no record");
    ok(!joins(&format_auditd, "x", EVENT(7, "A")), "behind what is none");
    ok(joins(&format_auditd, EVENT(7, "A"), NULL), "more may come");
    ok(joins(&format_auditd, EVENT(7, "A") "\n" EVENT(7, "B"), NULL), "behind two");
    ok(!joins(&format_auditd, EVENT(7, "A") "\n" EVENT(7, "EOE"), NULL), "not behind the end");
    ok(joins(&format_auditd, EVENT(7, "A") "\nx", NULL), "behind what is none");
    ok(!joins(&format_auditd, EVENT(7, "EOE"), NULL), "nor where there is only that");
    ok(joins(&format_xml, "<Event><System>\n", "</System>"), "an element that is open");
    ok(!joins(&format_xml, "<Event></Event>\n", "x"), "and one that is closed");
}

/* A record in a block of its own; what a format keeps before it counts as lines of it. */
static void read_single(struct text_log *log, const struct format *format, const char *text,
                        bool cut)
{
    struct decode_block block = {
        .text = slice_str(text), .line = 7, .offset = 100, .single = !cut, .cut = cut};

    *log = (struct text_log){.decoder = decoder_new(format, text_keys, &decode_default_limits)};
    if (log->decoder == NULL)
        abort();
    decoder_open(log->decoder, &block);
}

static void test_single(void)
{
    static const char trace[] = HEAD "\tat a.b\nsecond";
    struct text_log log;

    read_single(&log, &format_syslog, trace, false);
    ok(text_next(&log), "a record of several lines");
    is_slice(log.event.raw, SLICE(trace), "is all of it");
    is_slice(text_get(&log, "message"), SLICE("x\n\tat a.b\nsecond"), "its message, too");
    ok(!text_next(&log), "and one");
    text_close(&log);
    read_single(&log, &format_syslog, trace, true);
    ok(text_next(&log) && log.event.flags & EVENT_TRUNCATED, "the beginning of one");
    is_slice(log.event.raw, SLICE(trace), "over all its lines");
    ok(!text_next(&log), "is one");
    text_close(&log);
    read_single(&log, &format_w3c,
                "#Version: 1.0\n#Fields: date time c-ip\n2026-11-12 01:00:01 192.0.2.1", false);
    ok(text_next(&log), "a row with the names it was kept with");
    is_slice(text_get(&log, "source.ip"), SLICE("192.0.2.1"), "by which it is read");
    is_int((long)log.event.sequence, 9, "its line");
    is_int((long)log.event.offset, 138, "and where it begins");
    text_close(&log);
}

/* Which names are a log's own, and which those that stand for them everywhere. */
static void test_own(void)
{
    struct text_log log;
    const struct event *e = &log.event;

    text_open(&log, &format_syslog, "Nov 12 08:00:01 h app[1]: a=1 b=2 {\n", NULL, NULL);
    ok(text_next(&log), "an event");
    for (uint32_t i = 0; i < e->count; i++)
        ok(!e->own[i], "%.*s", SLICE_ARG(e->names[i]));
    text_close(&log);
    text_open(&log, &format_syslog, "Nov 12 08:00:01 h app[1]: {\"Image\":\"a\"}\n", NULL, NULL);
    ok(text_next(&log) && e->count > 0, "an event with a document");
    ok(slice_is(e->names[e->count - 1], "Image") && e->own[e->count - 1],
       "whose names are its own");
    text_close(&log);
}

/* What a document in a line loses is lost of the line. */
static void test_lost(void)
{
    struct buf text = BUF_INIT(1 << 16);
    struct text_log log;

    for (unsigned count = EVENT_FIELDS_MAX; count <= EVENT_FIELDS_MAX + 1; count++) {
        buf_clear(&text);
        buf_puts(&text, "Nov 12 08:00:01 h app[1]: {\"Image\":\"a\"");
        for (unsigned i = 1; i < count; i++)
            buf_printf(&text, ",\"a%u\":1", i);
        buf_puts(&text, "}\n");
        text_open(&log, &format_syslog, buf_cstr(&text), NULL, NULL);
        ok(text_next(&log), "a line with a document");
        is_slice(text_get(&log, "Image"), SLICE("a"), "what somebody asks for is there");
        is_int((log.event.flags & EVENT_FIELDS_LOST) != 0, count > EVENT_FIELDS_MAX, "%u fields",
               count);
        text_close(&log);
    }
    buf_done(&text);
}

int main(void)
{
    text_keys = keys_new();
    if (text_keys == NULL || keys_intern(text_keys, SLICE("Image")) == KEY_NONE)
        abort();
    test_traces();
    test_joins();
    test_single();
    test_own();
    test_lost();
    (void)keys_free(text_keys);
    return tap_done();
}
