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
    KNOWN_LEAST = 3,  /* a heading is known by its first columns */
    VIEWER_NAMES = 5, /* columns that Event Viewer names; the message has no name */
    VIEWER_ROW = 6,
    VIEWER_NAMES_MAX = 512, /* bytes of them */
    VALUE_LINES = 4096,     /* a quote that nothing closes in so many lines opened nothing */
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

/* Values of a line; those of the first VIEWER_ROW in ret. */
static size_t values_of(struct slice line, uint8_t separator, struct slice ret[VIEWER_ROW])
{
    struct slice value;
    size_t count = 0;

    while (count <= VIEWER_ROW && next_value(NULL, &line, separator, &value)) {
        if (count < VIEWER_ROW)
            ret[count] = slice_trim(value);
        count++;
    }
    return count;
}

static bool has_digit(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (ascii_is_digit(s.p[i]))
            return true;
    }
    return false;
}

/*
 * What stands between the five names of Event Viewer in whatever language; 0: the line cannot be
 * them. That it is them the row behind it says: csv_fits().
 */
static uint8_t viewer_separator(struct slice line)
{
    struct slice value[VIEWER_ROW];
    size_t n = value_length(line, 0);
    uint8_t separator;

    if (n >= line.n || line.n > VIEWER_NAMES_MAX)
        return 0;
    separator = line.p[n];
    if (values_of(line, separator, value) != VIEWER_NAMES)
        return 0;
    for (size_t i = 0; i < VIEWER_NAMES; i++) {
        if (value[i].n == 0 || has_digit(value[i]) || slice_find_byte(value[i], '=') != SIZE_MAX ||
            slice_find_byte(value[i], '{') != SIZE_MAX)
            return 0;
    }
    return separator;
}

static bool csv_names(struct slice line)
{
    return slice_starts(line, SLICE("#TYPE ")) || separator_of(line) != 0 ||
           viewer_separator(line) != 0;
}

/* Six values: a level, a time, a provider, an event id, a task, the message. */
static bool csv_fits(struct slice names, struct slice record)
{
    struct slice value[VIEWER_ROW];
    uint8_t separator;
    int64_t id;

    if (separator_of(names) != 0 || (separator = viewer_separator(names)) == 0)
        return true;
    return values_of(record, separator, value) == VIEWER_ROW && has_digit(value[1]) &&
           value[2].n > 0 && num_range(value[3], 0, UINT16_MAX, &id) == 0;
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

/* The date at the start of s, which has '/', '-' or '.' between numbers; bytes taken, 0: none.
 * Month and day are told apart by a number over 12, else as English has it or, day_first, all
 * others. */
static size_t read_date(struct slice s, bool day_first, struct civil *ret)
{
    size_t n = 0, at[2] = {0}, count = 0;
    unsigned first, second, year;

    while (n < s.n &&
           (ascii_is_digit(s.p[n]) || slice_find_byte(SLICE("/-."), s.p[n]) != SIZE_MAX)) {
        if (!ascii_is_digit(s.p[n])) {
            if (count == CANH_LEN(at) || (count == 1 && s.p[n] != s.p[at[0]]))
                break;
            at[count++] = n;
        }
        n++;
    }
    if (count != CANH_LEN(at) || n - at[1] != sizeof("2026") || /* with what stands before it */
        !csv_number(slice_head(s, at[0]), &first) ||
        !csv_number(slice_of(s.p + at[0] + 1, at[1] - at[0] - 1), &second) ||
        !csv_number(slice_of(s.p + at[1] + 1, n - at[1] - 1), &year))
        return 0;
    if (s.p[at[0]] == '.' || first > 12)
        day_first = true;
    else if (second > 12)
        day_first = false;
    ret->month = day_first ? second : first;
    ret->day = day_first ? first : second;
    ret->year = (int)year;
    return ret->month >= 1 && ret->month <= 12 && ret->day >= 1 && ret->day <= 31 ? n : 0;
}

/* h:mm[:ss[.fraction]] at the start of s. */
static bool read_clock(struct slice s, struct civil *ret)
{
    struct slice clock = slice_head(s, slice_find_byte(s, ' ')), part;

    clock = slice_head(clock, slice_find_byte(clock, '.'));
    if (!slice_cut(&clock, ':', &part) || !csv_number(part, &ret->hour) ||
        !slice_cut(&clock, ':', &part) || !csv_number(part, &ret->minute))
        return false;
    if (clock.n > 0 && !csv_number(clock, &ret->second))
        return false;
    return ret->hour < 24 && ret->minute < 60 && ret->second < 61;
}

/* Which half of the day stands behind the clock: English, Vietnamese. */
static void read_half(struct slice s, struct civil *c)
{
    if ((slice_ends(s, SLICE("PM")) || slice_ends(s, SLICE("CH"))) && c->hour < 12)
        c->hour += 12;
    else if ((slice_ends(s, SLICE("AM")) || slice_ends(s, SLICE("SA"))) && c->hour == 12)
        c->hour = 0;
}

/* ISO, or a date and h:mm:ss [AM|PM] as these programs write it. utc: where it names no zone. */
static void write_time(struct fields *f, struct slice s, bool utc, bool day_first)
{
    struct civil c = {0};
    struct clock_time t;
    size_t n;

    if (clock_iso(s, &t) > 0) {
        fields_time(f, t.t, t.zoned || utc, t.digits);
        return;
    }
    n = read_date(s, day_first, &c);
    if (n == 0)
        return;
    s = slice_from(s, n);
    while (s.n > 0 && (s.p[0] == ',' || s.p[0] == ' '))
        s = slice_from(s, 1);
    s = slice_trim(s);
    if (!read_clock(s, &c))
        return;
    read_half(s, &c);
    fields_time(f, time_from_civil(&c, 0), utc, 0);
}

/* What Event Viewer's columns are, whatever they are called. */
static struct slice viewer_column(size_t i, struct slice column)
{
    static const char *const names[] = {NULL, "Date and Time", "Source", "Event ID"};

    return i < CANH_LEN(names) && names[i] != NULL ? slice_str(names[i]) : column;
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

static void write_column(struct fields *f, struct slice column, struct slice value, bool utc,
                         bool day_first)
{
    const char *name = canonical_of(column);

    fields_own(f, name_of(column), value);
    if (name == NULL)
        return;
    if (is_time(column))
        write_time(f, value, utc, day_first);
    else if (strcmp(name, "message") == 0)
        fields_write(f, NAME_MESSAGE, value);
    else if (strcmp(name, "Computer") == 0)
        fields_write(f, NAME_HOST, value);
    else if (strcmp(name, "EventID") == 0)
        fields_write(f, NAME_CODE, value);
}

/* The last of the lines of names; *ret_viewer: it is Event Viewer's in another language. */
static struct slice header_of(struct slice head, uint8_t *ret_separator, bool *ret_viewer)
{
    struct slice header = SLICE_NULL, line;

    *ret_viewer = false;

    while (head.n > 0 && slice_cut(&head, '\n', &line)) {
        uint8_t separator = separator_of(line);

        *ret_viewer = separator == 0;
        if (separator == 0)
            separator = viewer_separator(line);
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
    bool utc, viewer;
    struct slice header = header_of(r->head, &separator, &viewer), column, value;
    struct fields *f = &r->fields;
    size_t i = 0;

    if (header.p == NULL)
        return false;
    utc = slice_find(header, SLICE("MapDescription")) != SIZE_MAX || /* EvtxECmd */
          slice_find(header, SLICE("[UTC]")) != SIZE_MAX;
    json_open(&w, '{');
    while (next_value(f, &header, separator, &column) &&
           next_value(f, &record, separator, &value)) {
        if (viewer)
            column = viewer_column(i++, column);
        write_column(f, column, value, utc, viewer);
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
    .fits = csv_fits,
    .ends = csv_ends,
    .sure = 95,
};
LINE_FORMAT(
    csv, "csv", .joins = csv_joins, .text = MSG_DECODE_FORMAT_CSV,
    .recognised = "a line of column names, three of them known",
    .fields =
        "Windows names, other columns as they are, what a column holds (Payload, _raw, Message …)",
    .tested = "system/shapes", .any_layout = true);
