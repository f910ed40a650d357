/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of Windows events (messages.txt; written after Microsoft's pages, values invented) and
 * the data that they tell: "-- Name=value", \n for a line break, "(none)" for no such data.
 */
#include <stdio.h>

#include "base/file.h"
#include "base/num.h"
#include "decode/text/formats.h"
#include "decode/text/rendered.h"
#include "decode/text/wineventlog.h"
#include "tap.h"
#include "text_lines.h"

static struct fields fields;

static void put_shown(struct slice s, struct buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\n')
            buf_puts(out, "\\n");
        else
            buf_putc(out, s.p[i]);
    }
}

static void check_value(struct slice event, struct slice want)
{
    size_t eq = slice_find_byte(want, '=');
    struct slice name = slice_head(want, eq), value = slice_from(want, eq + 1);
    struct slice got = fields_get_own(&fields, name);
    struct buf shown = BUF_INIT(4096);

    if (got.p == NULL)
        buf_puts(&shown, "(none)");
    else
        put_shown(got, &shown);
    is_slice(buf_slice(&shown), value, SLICE_FMT ": " SLICE_FMT, SLICE_ARG(event), SLICE_ARG(name));
    buf_done(&shown);
}

/* A message ends where the first "-- " begins. */
static void check_event(struct slice text)
{
    const struct rendered_provider *provider;
    struct slice head, line, body;
    size_t blank, end;
    uint64_t id;

    (void)slice_cut(&text, '\n', &head);
    for (blank = head.n; blank > 0 && head.p[blank - 1] != ' '; blank--)
        continue;
    provider = rendered_provider(slice_head(head, blank - 1));
    if (!ok(provider != NULL && num_u64(slice_from(head, blank), &id) == 0, SLICE_FMT " is known",
            SLICE_ARG(head)))
        return;
    end = slice_find(text, SLICE("\n-- "));
    body = slice_head(text, end);
    fields_begin(&fields);
    ok(rendered_parse(&fields, provider, (uint32_t)id, body), SLICE_FMT " tells something",
       SLICE_ARG(head));
    text = slice_from(text, end + 1);
    while (slice_cut(&text, '\n', &line)) {
        if (slice_starts(line, SLICE("-- ")))
            check_value(head, slice_from(line, 3));
    }
}

static void test_messages(void)
{
    struct buf text = BUF_INIT(1 << 20);
    struct slice rest;
    char path[5000];
    struct err err;
    unsigned count = 0;

    (void)snprintf(path, sizeof(path), "%s/tests/unit/decode/messages.txt", tap_source_dir());
    if (!ok(file_read(path, &text, &err) == 0, "messages.txt is there"))
        return;
    rest = buf_slice(&text);
    while (slice_starts(rest, SLICE("== "))) {
        size_t end = slice_find(rest, SLICE("\n== "));

        check_event(slice_from(slice_head(rest, end), 3));
        rest = end == SIZE_MAX ? SLICE_NULL : slice_from(rest, end + 1);
        count++;
    }
    ok(count > 30, "%u messages", count);
    buf_done(&text);
}

static void test_none(void)
{
    const struct rendered_provider *p = rendered_provider(SLICE("Microsoft-Windows-Sysmon"));

    ok(rendered_provider(SLICE("Sysmon")) == NULL, "a provider nobody knows");
    is_slice(slice_str(rendered_provider(SLICE("Microsoft Windows security auditing."))->name),
             SLICE("Microsoft-Windows-Security-Auditing"), "a provider by its other name");
    fields_begin(&fields);
    ok(!rendered_parse(&fields, p, 1, SLICE("Process Create:\n\nno label here")), "no data");
    ok(!rendered_parse(&fields, p, 1, SLICE("")), "no message");
    ok(!rendered_parse(&fields, p, 1, SLICE("a label: x\nC:\\y: z\n: w\n")), "no names");
    is_int((long)fields.count, 0, "nothing is set");
    ok(rendered_parse(&fields, p, 1, SLICE("Image: a\nC:\\b\nImage: c")), "data");
    is_slice(fields_get_own(&fields, SLICE("Image")), SLICE("a\nC:\\b"), "a path is no label");
    is_int((long)fields.count, 2, "both values of a name that comes twice");
}

/* Of Sysmon alone a label is a name; and the one log of each, where there is one. */
static void test_providers(void)
{
    static const struct {
        const char *name, *channel;
    } rows[] = {
        {"Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational"},
        {"Microsoft-Windows-Security-Auditing", "Security"},
        {"Microsoft Windows security auditing.", "Security"},
        {"Service Control Manager", "System"},
        {"Microsoft-Windows-Service Control Manager", "System"},
        {"Microsoft-Windows-Eventlog", NULL},
        {"Microsoft-Windows-PowerShell", "Microsoft-Windows-PowerShell/Operational"},
        {"Microsoft-Windows-Windows Defender", "Microsoft-Windows-Windows Defender/Operational"},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        const struct rendered_provider *p = rendered_provider(slice_str(rows[i].name));

        fields_begin(&fields);
        if (!ok(p != NULL, "%s is known", rows[i].name))
            continue;
        is_int(rendered_parse(&fields, p, 1, SLICE("Odd: x")), i == 0, "a label of it is a name");
        ok(p->channel == NULL ? rows[i].channel == NULL
                              : rows[i].channel && strcmp(p->channel, rows[i].channel) == 0,
           "its log");
    }
}

static void test_lines(void)
{
    const struct rendered_provider *sysmon = rendered_provider(SLICE("Microsoft-Windows-Sysmon"));
    const struct rendered_provider *audit =
        rendered_provider(SLICE("Microsoft-Windows-Security-Auditing"));
    const struct rendered_provider *shell =
        rendered_provider(SLICE("Microsoft-Windows-PowerShell"));
    struct slice script = SLICE("Creating Scriptblock text (1 of 1):\ndir\n");

    fields_begin(&fields);
    ok(!rendered_parse(&fields, sysmon, 1,
                       SLICE("Ima[ge: a\nIma`ge: b\nIma/ge: c\n-Image: d\nImage-: e")),
       "a label that is no word");
    ok(rendered_parse(&fields, sysmon, 1, SLICE("Image: a\nfoo bar: z\n\nfoo bar: y")), "data");
    is_slice(fields_get_own(&fields, SLICE("Image")), SLICE("a\nfoo bar: z"),
             "what is no label goes on with what stands above, up to an empty line");
    fields_begin(&fields);
    ok(rendered_parse(&fields, audit, 4688,
                      SLICE("Creator Subject:\n\tOdd:\n\tAccount Name:\tbob\n")),
       "data");
    is_slice(fields_get_own(&fields, SLICE("SubjectUserName")), SLICE("bob"),
             "an indented label without a value is no heading");
    fields_begin(&fields);
    ok(rendered_parse(&fields, shell, 4104, script), "a script");
    is_slice(fields_get_own(&fields, SLICE("ScriptBlockText")), SLICE("dir"), "its text");
    fields_begin(&fields);
    ok(!rendered_parse(&fields, shell, 4104, SLICE("dir")), "no script");
    ok(!rendered_parse(&fields, shell, 4103, SLICE("dir")), "no pipeline");
    ok(!rendered_parse(&fields, shell, 4100, script), "no event of scripts");
    ok(!rendered_parse(&fields, audit, 4104, script), "nor of PowerShell");
    is_int((long)fields.count, 0, "nothing is set");
}

#define HEAD                                                                                       \
    "LogName=Security\nSourceName=Microsoft Windows security auditing.\nEventCode=4688\n"          \
    "EventType=0\nType=Information\nComputerName=pc1\nUser=x\nKeywords=Audit Success\n"            \
    "RecordNumber=12\nTaskCategory=Process Creation\nOpCode=Info\nSid=S-1\n"

static void test_splunk(void)
{
    text_check(&format_wineventlog,
               "01/02/2026 03:04:05 PM\n" HEAD "Message=A new process has been created.\n\n"
               "Process Information:\n\tProcess Command Line:\tx=1\n\n01/02/2026 is no time",
               "Channel=Security|EventID=4688|Provider_Name=Microsoft-Windows-Security-Auditing|"
               "Computer=pc1|EventRecordID=12|Keywords=0x8020000000000000|Level=4|User=|"
               "EventType=|CommandLine=x=1|@timestamp=2026-01-02T15:04:05|Security_UserID=S-1|"
               "TaskCategory=Process Creation|OpcodeDisplayName=Info|LevelDisplayName=Information|"
               "host.hostname=pc1|event.code=4688|event.module=wineventlog");
    text_check(&format_wineventlog,
               "12/31/2026 12:59:59.170 AM\r\nLogName=X/Operational\r\n"
               "SourceName=Microsoft-Windows-Sysmon\r\nEventCode=1\r\nType=Error\r\n"
               "Keywords=Audit Failure\r\nMessage=Process Create:\r\n"
               "UtcTime: 2026-12-30 17:59:59.170\r\nImage: a.exe\r\n",
               "Image=a.exe|@timestamp=2026-12-30T17:59:59.170Z|Level=2|"
               "Keywords=0x8010000000000000");
    text_check(
        &format_wineventlog,
        "01/02/2026 12:04:05 PM\nLogName=System\nSourceName=Other\nEventCode=1\nType=Warning",
        "Channel=System|Provider_Name=Other|EventID=1|Level=3|"
        "@timestamp=2026-01-02T12:04:05");
    text_check(&format_wineventlog, "1/2/2026 1:04:05 AM\nLogName=System\nType=Critical",
               "Level=1|@timestamp=2026-01-02T01:04:05");
    text_check(&format_wineventlog, "01/02/2026 03:04:05 AM\nSomething=else\n",
               "Channel=|event.module=");
    ok(!wineventlog_begins(SLICE("01/02/2026 03:04:05")), "no half of the day");
    ok(!wineventlog_begins(SLICE("01/02/2026 13:04:05 PM")), "no hour 13");
    ok(!wineventlog_begins(SLICE("01/02/2026 00:04:05 AM")), "no hour 0");
    ok(!wineventlog_begins(SLICE("01/02/2026 03:04:05 AM x")), "something behind it");
    ok(!wineventlog_begins(SLICE("13/02/2026 03:04:05 AM")), "no month 13");
    ok(wineventlog_begins(SLICE("01/02/2026 03:04:05 AM \r\nx")), "blanks behind it");
}

static void test_two_records(void)
{
    struct text_log log;

    text_open(&log, &format_wineventlog,
              "01/02/2026 03:04:05 AM\nLogName=System\nEventCode=1\nMessage=a\n\nb\n"
              "01/02/2026 03:04:06 AM\nLogName=System\nEventCode=2\n",
              NULL, NULL);
    ok(text_next(&log), "the first");
    is_slice(text_get(&log, "EventID"), SLICE("1"), "its id");
    ok(text_next(&log), "the second");
    is_slice(text_get(&log, "EventID"), SLICE("2"), "its id");
    ok(!text_next(&log), "no third");
    text_close(&log);
}

int main(void)
{
    if (fields_init(&fields, NULL) < 0)
        return 1;
    test_messages();
    test_none();
    test_providers();
    test_lines();
    test_splunk();
    test_two_records();
    fields_done(&fields);
    return tap_done();
}
