/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows events as CSV with a line of names: Event Viewer's "Save as", EvtxECmd, `Get-WinEvent |
 * Export-Csv` of PowerShell, and what Splunk, Kibana and Azure export. RFC 4180, also with
 * semicolons or tabs; a value in quotes may go over several lines.
 *
 * A row is also read as the flat JSON object that it is, because what stands in a column may be a
 * whole record, an event's data or its message (docs/json-shapes.md).
 */
#include "base/ascii.h"
#include "base/json_write.h"
#include "base/num.h"
#include "base/time.h"
#include "decode/decode.h"
#include "decode/text/clock.h"
#include "decode/text/formats.h"
#include "lang/msg_decode.h"

enum {
    COLUMNS_SEEN = 256,
    KNOWN_LEAST = 3,    /* a heading is known by its first columns */
    VALUE_LINES = 4096, /* a quote that nothing closes in so many lines opened nothing */
};

/* Columns by which such a table is known; canonical NULL: their own name will do. */
static const struct {
    const char *column, *canonical;
} known[] = {
    {"EventId", "EventID"},
    {"Event ID", "EventID"},
    {"Id", "EventID"},
    {"EventID", "EventID"},
    {"EventCode", "EventID"},
    {"winlog.event_id", "EventID"},
    {"ProviderName", "Provider_Name"},
    {"Provider", "Provider_Name"},
    {"Source", "Provider_Name"},
    {"SourceName", "Provider_Name"},
    {"EventSourceName", "Provider_Name"},
    {"winlog.provider_name", "Provider_Name"},
    {"LogName", "Channel"},
    {"Channel", "Channel"},
    {"EventLog", "Channel"},
    {"winlog.channel", "Channel"},
    {"MachineName", "Computer"},
    {"Computer", "Computer"},
    {"ComputerName", "Computer"},
    {"winlog.computer_name", "Computer"},
    {"RecordId", "EventRecordID"},
    {"EventRecordId", "EventRecordID"},
    {"RecordNumber", "EventRecordID"},
    {"TimeCreated", "TimeCreated_SystemTime"},
    {"TimeGenerated", "TimeCreated_SystemTime"},
    {"TimeGenerated [UTC]", "TimeCreated_SystemTime"},
    {"Date and Time", "TimeCreated_SystemTime"},
    {"@timestamp", "@timestamp"},
    {"_time", "@timestamp"},
    {"Level", "Level"},
    {"LevelDisplayName", "LevelDisplayName"},
    {"Message", "message"},
    {"Task Category", "Task"},
    {"_raw", NULL},
    {"host", NULL},
    {"sourcetype", NULL},
    {"splunk_server", NULL},
};

static size_t known_column(struct slice column)
{
    size_t i = 0;

    while (i < CANH_LEN(known) && !slice_is(column, known[i].column))
        i++;
    return i;
}

/* NULL: its own. */
static const char *canonical_of(struct slice column)
{
    size_t i = known_column(column);

    return i < CANH_LEN(known) ? known[i].canonical : NULL;
}

/* separator 0: any, and a line break. */
static bool ends_value(uint8_t c, uint8_t separator)
{
    return separator ? c == separator : c == ',' || c == ';' || c == '\t' || c == '\n';
}

/* Bytes of the text in quotes at the start of s, with them; 0: none begins there. */
static size_t quoted_length(struct slice s)
{
    size_t n = 1;

    if (s.n == 0 || s.p[0] != '"')
        return 0;
    while (n < s.n && !(s.p[n] == '"' && (n + 1 >= s.n || s.p[n + 1] != '"')))
        n += s.p[n] == '"' ? 2 : 1;
    return CANH_MIN(n + 1, s.n);
}

/* Bytes of the value at the start of s, with its quotes. */
static size_t value_length(struct slice s, uint8_t separator)
{
    size_t n = quoted_length(s);

    while (n < s.n && !ends_value(s.p[n], separator))
        n++;
    return n;
}

/* A value without its quotes, those in it once. A quote that nothing closes may have taken other
 * rows along. */
static struct slice csv_unquoted(struct fields *f, struct slice s)
{
    size_t n = 1, to = 0;
    bool doubled = false;
    uint8_t *p;

    if (s.n == 0 || s.p[0] != '"')
        return s;
    while (n < s.n && !(s.p[n] == '"' && (n + 1 >= s.n || s.p[n + 1] != '"'))) {
        doubled |= s.p[n] == '"';
        n += s.p[n] == '"' ? 2 : 1;
    }
    if (n >= s.n && f != NULL)
        f->lost = true;
    s = slice_of(s.p + 1, CANH_MIN(n, s.n) - 1);
    if (!doubled || f == NULL || (p = fields_scratch(f, s.n)) == NULL)
        return s;
    for (size_t i = 0; i < s.n; i++) {
        p[to++] = s.p[i];
        i += s.p[i] == '"';
    }
    return slice_of(p, to);
}

/* One value off *s; true while there is one. f NULL: doubled quotes may stay. */
static bool next_value(struct fields *f, struct slice *s, uint8_t separator, struct slice *ret)
{
    size_t n;

    if (s->p == NULL)
        return false;
    n = value_length(*s, separator);
    *ret = csv_unquoted(f, slice_head(*s, n));
    *s = n < s->n ? slice_from(*s, n + 1) : SLICE_NULL;
    return true;
}

/* In quotes as a whole or without any: members of JSON, too, are such texts with commas between. */
static bool is_name(struct slice value)
{
    value = slice_trim(value);
    return slice_find_byte(value, '"') == SIZE_MAX || quoted_length(value) == value.n;
}

/* What stands between the names of a heading; 0: the line is none. */
static uint8_t separator_of(struct slice line)
{
    size_t n = value_length(line, 0);
    struct slice value;
    int columns = 0, seen = 0;
    bool findings = false;
    uint8_t separator;

    if (n >= line.n)
        return 0;
    separator = line.p[n];
    while (columns < COLUMNS_SEEN && line.p != NULL) {
        if (!is_name(slice_head(line, value_length(line, separator))))
            return 0;
        (void)next_value(NULL, &line, separator, &value);
        columns++;
        seen += known_column(value) < CANH_LEN(known);
        findings |= shape_tells_finding(value);
    }
    return seen >= KNOWN_LEAST && !findings ? separator : 0;
}

static bool csv_names(struct slice line)
{
    return slice_starts(line, SLICE("#TYPE ")) || separator_of(line) != 0;
}

static bool csv_begins(struct slice line, const struct decode_context *context)
{
    (void)context;
    return separator_of(line) != 0;
}

/* Line breaks within the value at the start of s, VALUE_LINES at most. */
static size_t breaks_in(struct slice s)
{
    size_t count = 0, n;

    while (count < VALUE_LINES && (n = slice_find_byte(s, '\n')) != SIZE_MAX) {
        s = slice_from(s, n + 1);
        count++;
    }
    return count;
}

/* Bytes of the record with its line break. Which separator counts does not matter here: whoever
 * writes a quote into a value quotes the value. */
static size_t csv_ends(struct slice s)
{
    size_t at = 0;

    while (at < s.n) {
        size_t n = value_length(slice_from(s, at), 0);

        if (breaks_in(slice_of(s.p + at, n)) == VALUE_LINES)
            n = value_length(slice_from(s, at + 1), 0) + 1;
        at += n + 1;
        if (at <= s.n && s.p[at - 1] == '\n')
            return at;
    }
    return 0;
}

/* A quoted value is open: who writes a quote into it writes two. */
static bool csv_joins(struct slice record, struct slice line)
{
    bool open = false;

    (void)line;
    for (size_t i = 0; i < record.n; i++)
        open ^= record.p[i] == '"';
    return open;
}

static bool csv_number(struct slice s, unsigned *ret)
{
    int64_t value;

    if (num_range(s, 0, 9999, &value) < 0)
        return false;
    *ret = (unsigned)value;
    return true;
}

/* ISO, or month/day/year h:mm:ss AM|PM as these programs write it in English. utc: where it names
 * no zone. */
static void write_time(struct fields *f, struct slice s, bool utc)
{
    struct slice date = slice_head(s, slice_find_byte(s, ' ')), rest = slice_from(s, date.n + 1);
    struct slice clock = slice_head(rest, slice_find_byte(rest, ' ')), part[3], hms[3];
    struct civil c = {0};
    struct clock_time t;
    unsigned year;

    if (clock_iso(s, &t) > 0) {
        fields_time(f, t.t, t.zoned || utc, t.digits);
        return;
    }
    date = slice_head(date, slice_find_byte(date, ','));
    clock = slice_head(clock, slice_find_byte(clock, '.'));
    for (int i = 0; i < 3; i++) {
        if (!slice_cut(&date, '/', &part[i]) || !slice_cut(&clock, ':', &hms[i]))
            return;
    }
    if (!csv_number(part[0], &c.month) || !csv_number(part[1], &c.day) ||
        !csv_number(part[2], &year) || !csv_number(hms[0], &c.hour) ||
        !csv_number(hms[1], &c.minute) || !csv_number(hms[2], &c.second))
        return;
    c.year = (int)year;
    if (slice_ends(rest, SLICE("PM")) && c.hour < 12)
        c.hour += 12;
    else if (slice_ends(rest, SLICE("AM")) && c.hour == 12)
        c.hour = 0;
    fields_time(f, time_from_civil(&c, 0), utc, 0);
}

/* The name under which a value is kept. */
static struct slice name_of(struct slice column)
{
    const char *name = canonical_of(column);
    bool own = name == NULL || strcmp(name, "message") == 0 || strcmp(name, "@timestamp") == 0;

    return own ? column : slice_str(name);
}

static bool is_time(struct slice column)
{
    const char *name = canonical_of(column);

    return name != NULL &&
           (strcmp(name, "TimeCreated_SystemTime") == 0 || strcmp(name, "@timestamp") == 0);
}

static void write_column(struct fields *f, struct slice column, struct slice value, bool utc)
{
    const char *name = canonical_of(column);

    fields_own(f, name_of(column), value);
    if (name == NULL)
        return;
    if (is_time(column))
        write_time(f, value, utc);
    else if (strcmp(name, "message") == 0)
        fields_write(f, NAME_MESSAGE, value);
    else if (strcmp(name, "Computer") == 0)
        fields_write(f, NAME_HOST, value);
    else if (strcmp(name, "EventID") == 0)
        fields_write(f, NAME_CODE, value);
}

/* The last of the lines of names. */
static struct slice header_of(struct slice head, uint8_t *ret_separator)
{
    struct slice header = SLICE_NULL, line;

    while (head.n > 0 && slice_cut(&head, '\n', &line)) {
        uint8_t separator = separator_of(line);

        if (separator != 0) {
            header = line;
            *ret_separator = separator;
        }
    }
    return header;
}

static bool csv_parse(struct line_reader *r, struct slice record)
{
    struct json_write w = JSON_WRITE_INIT(&r->document);
    uint8_t separator = 0;
    struct slice header = header_of(r->head, &separator), column, value;
    struct fields *f = &r->fields;
    bool utc;

    if (header.p == NULL)
        return false;
    utc = slice_find(header, SLICE("MapDescription")) != SIZE_MAX || /* EvtxECmd */
          slice_find(header, SLICE("[UTC]")) != SIZE_MAX;
    json_open(&w, '{');
    while (next_value(f, &header, separator, &column) &&
           next_value(f, &record, separator, &value)) {
        write_column(f, column, value, utc);
        if (is_time(column) && f->time != TIME_NONE)
            continue; /* in the document a time without a zone would be UTC */
        json_key_slice(&w, name_of(column));
        json_text(&w, value);
    }
    /* Event Viewer names no column for the message */
    if (header.p == NULL && record.p != NULL && next_value(f, &record, separator, &value)) {
        fields_write(f, NAME_MESSAGE, value);
        json_key(&w, "Message");
        json_text(&w, value);
    }
    json_close(&w, '}');
    return true;
}

const struct line_format line_csv = {
    .name = "csv",
    .begins = csv_begins,
    .parse = csv_parse,
    .names = csv_names,
    .ends = csv_ends,
    .sure = 95,
};
LINE_FORMAT(
    csv, "csv", .joins = csv_joins, .text = MSG_DECODE_FORMAT_CSV,
    .recognised = "a line of column names, three of them known",
    .fields =
        "Windows names, other columns as they are, what a column holds (Payload, _raw, Message …)",
    .tested = "system/shapes", .any_layout = true);
