/* SPDX-License-Identifier: Apache-2.0 */
/* Source: Splunk, "Monitor Windows event log data" and inputs.conf, renderXml = false. */
#include "base/num.h"
#include "decode/text/clock.h"
#include "decode/text/formats.h"
#include "decode/text/rendered.h"
#include "decode/text/wineventlog.h"
#include "lang/msg_decode.h"

/* Names of the head; what is not here is left to the text: EventType and User are names of data. */
static const struct {
    const char *key, *name;
} heads[] = {
    {"LogName", "Channel"},          {"EventCode", "EventID"},
    {"ComputerName", "Computer"},    {"RecordNumber", "EventRecordID"},
    {"Sid", "Security_UserID"},      {"TaskCategory", "TaskCategory"},
    {"OpCode", "OpcodeDisplayName"}, {"Type", "LevelDisplayName"},
};

/* What a word of the head is in System. */
static const struct {
    const char *key, *word, *name, *value;
} words[] = {
    {"Keywords", "Audit Success", "Keywords", "0x8020000000000000"},
    {"Keywords", "Audit Failure", "Keywords", "0x8010000000000000"},
    {"Type", "Critical", "Level", "1"},
    {"Type", "Error", "Level", "2"},
    {"Type", "Warning", "Level", "3"},
    {"Type", "Information", "Level", "4"},
};

static size_t time_of(struct slice line, struct clock_time *ret)
{
    line = slice_trim(line);
    return clock_us(line, ret) == line.n ? line.n : 0;
}

bool wineventlog_begins(struct slice text)
{
    struct clock_time t;
    struct slice line;

    text = slice_head(text, 64);
    return slice_cut(&text, '\n', &line) && time_of(line, &t) > 0;
}

static void write_head(struct fields *f, struct slice key, struct slice value)
{
    const struct rendered_provider *provider;

    for (size_t i = 0; i < CANH_LEN(heads); i++) {
        if (slice_is(key, heads[i].key))
            fields_own(f, slice_str(heads[i].name), value);
    }
    for (size_t i = 0; i < CANH_LEN(words); i++) {
        if (slice_is(key, words[i].key) && slice_is(value, words[i].word))
            fields_own(f, slice_str(words[i].name), slice_str(words[i].value));
    }
    if (slice_is(key, "SourceName")) {
        provider = rendered_provider(value);
        fields_own(f, SLICE("Provider_Name"), provider ? slice_str(provider->name) : value);
    }
}

/* The lines of the head; *text is left at the message, empty where there is none. */
static void read_head(struct fields *f, struct slice *text)
{
    struct slice line;

    while (slice_cut(text, '\n', &line)) {
        size_t eq = slice_find_byte(line, '=');
        struct slice key = slice_head(line, eq);

        if (eq == SIZE_MAX)
            continue;
        if (slice_is(key, "Message")) {
            const uint8_t *end = text->p ? text->p + text->n : line.p + line.n;

            *text = slice_of(line.p + eq + 1, (size_t)(end - line.p) - eq - 1);
            return;
        }
        write_head(f, key, slice_trim(slice_from(line, eq + 1)));
    }
    *text = SLICE_NULL;
}

/* The time of Sysmon's own data has a zone, that of the head has none. */
static void write_time(struct fields *f, const struct clock_time *head)
{
    struct slice utc = fields_get_own(f, SLICE("UtcTime"));
    struct clock_time t;

    if (utc.n > 0 && clock_iso(utc, &t) > 0)
        fields_time(f, t.t, true, t.digits);
    else
        fields_time(f, head->t, head->zoned, head->digits);
}

bool wineventlog_parse(struct fields *f, struct slice text)
{
    const struct rendered_provider *provider;
    struct clock_time t;
    struct slice line;
    uint64_t id;

    if (!slice_cut(&text, '\n', &line) || time_of(line, &t) == 0 ||
        slice_find(slice_head(text, 1024), SLICE("LogName=")) == SIZE_MAX)
        return false;
    read_head(f, &text);
    provider = rendered_provider(fields_get_own(f, SLICE("Provider_Name")));
    if (provider != NULL && num_u64(fields_get_own(f, SLICE("EventID")), &id) == 0)
        (void)rendered_parse(f, provider, (uint32_t)id, text);
    write_time(f, &t);
    fields_write(f, NAME_HOST, fields_get_own(f, SLICE("Computer")));
    fields_write(f, NAME_CODE, fields_get_own(f, SLICE("EventID")));
    return true;
}

static bool text_wineventlog_begins(struct slice line, const struct decode_context *context)
{
    (void)context;
    return wineventlog_begins(line);
}

static bool wineventlog_continues(struct slice line)
{
    return !wineventlog_begins(line);
}

static bool text_wineventlog_parse(struct line_reader *r, struct slice record)
{
    if (!wineventlog_parse(&r->fields, record))
        return false;
    fields_write(&r->fields, NAME_MESSAGE, record);
    return true;
}

const struct line_format line_wineventlog = {
    .name = "wineventlog",
    .begins = text_wineventlog_begins,
    .parse = text_wineventlog_parse,
    .continues = wineventlog_continues,
    .sure = 90,
};
LINE_JOINS(wineventlog)
LINE_FORMAT(wineventlog, "wineventlog", .joins = joins_wineventlog,
            .text = MSG_DECODE_FORMAT_WINEVENTLOG,
            .recognised = "mm/dd/yyyy hh:mm:ss AM, then LogName=",
            .fields = "as EVTX; data by what stands before them in the message (English)",
            .tested = "public samples", .any_layout = true);
