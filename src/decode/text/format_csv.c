/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows events as CSV with a line of names: Event Viewer's "Save as", EvtxECmd, and
 * `Get-WinEvent | Export-Csv` of PowerShell. RFC 4180; a value in quotes may go over several lines.
 *
 * A line begins a record when it begins as these programs begin one: with a quote, a number or a
 * level in words. What else there is continues a message.
 */
#include "base/ascii.h"
#include "base/num.h"
#include "base/time.h"
#include "decode/text/clock.h"
#include "decode/text/formats.h"
#include "lang/msg_decode.h"

enum { COLUMNS_SEEN = 256, KNOWN_LEAST = 3 }; /* a heading is known by its first columns */

static const struct {
    const char *column, *canonical;
} known[] = {
    {"EventId", "EventID"},
    {"Event ID", "EventID"},
    {"Id", "EventID"},
    {"EventID", "EventID"},
    {"ProviderName", "Provider_Name"},
    {"Provider", "Provider_Name"},
    {"Source", "Provider_Name"},
    {"LogName", "Channel"},
    {"Channel", "Channel"},
    {"MachineName", "Computer"},
    {"Computer", "Computer"},
    {"RecordId", "EventRecordID"},
    {"EventRecordId", "EventRecordID"},
    {"RecordNumber", "EventRecordID"},
    {"TimeCreated", "TimeCreated_SystemTime"},
    {"Date and Time", "TimeCreated_SystemTime"},
    {"Level", "Level"},
    {"LevelDisplayName", "LevelDisplayName"},
    {"Message", "message"},
    {"Task Category", "Task"},
};

/* One value off *s, its quotes gone; true while there is one. */
static bool next_value(struct fields *f, struct slice *s, struct slice *ret)
{
    size_t n = 1, to = 0;
    bool doubled = false;
    uint8_t *p;

    if (s->p == NULL)
        return false;
    if (s->n == 0 || s->p[0] != '"')
        return slice_cut(s, ',', ret);
    while (n < s->n && !(s->p[n] == '"' && (n + 1 >= s->n || s->p[n + 1] != '"'))) {
        doubled |= s->p[n] == '"';
        n += s->p[n] == '"' ? 2 : 1;
    }
    n = CANH_MIN(n, s->n);
    *ret = slice_of(s->p + 1, n - 1);
    if (doubled && f != NULL && (p = fields_scratch(f, ret->n)) != NULL) {
        for (size_t i = 0; i < ret->n; i++) {
            p[to++] = ret->p[i];
            i += ret->p[i] == '"';
        }
        *ret = slice_of(p, to);
    }
    *s = n + 1 < s->n && s->p[n + 1] == ',' ? slice_of(s->p + n + 2, s->n - n - 2) : SLICE_NULL;
    return true;
}

static const char *canonical_of(struct slice column)
{
    for (size_t i = 0; i < CANH_LEN(known); i++) {
        if (slice_is(column, known[i].column))
            return known[i].canonical;
    }
    return NULL;
}

static bool is_header(struct slice line)
{
    struct slice value;
    int columns = 0, seen = 0;

    while (columns < COLUMNS_SEEN && next_value(NULL, &line, &value)) {
        columns++;
        seen += canonical_of(value) != NULL;
    }
    return seen >= KNOWN_LEAST;
}

static bool csv_names(struct slice line)
{
    return slice_starts(line, SLICE("#TYPE ")) || is_header(line);
}

static bool csv_begins(struct slice line, const struct decode_context *context)
{
    (void)context;
    return is_header(line);
}

static bool csv_continues(struct slice line)
{
    static const char *const levels[] = {"Information,",  "Warning,", "Error,",
                                         "Critical,",     "Verbose,", "Audit Success,",
                                         "Audit Failure,"};
    size_t n = 0;

    if (line.n == 0 || line.p[0] == '"' || csv_names(line))
        return line.n == 0;
    for (size_t i = 0; i < CANH_LEN(levels); i++) {
        if (slice_starts(line, slice_str(levels[i])))
            return false;
    }
    while (n < line.n && ascii_is_digit(line.p[n]))
        n++;
    return n == 0 || n >= line.n || line.p[n] != ',';
}

static bool csv_number(struct slice s, unsigned *ret)
{
    int64_t value;

    if (num_range(s, 0, 9999, &value) < 0)
        return false;
    *ret = (unsigned)value;
    return true;
}

/* ISO, or month/day/year h:mm:ss AM|PM as these programs write it in English. */
static void write_time(struct fields *f, struct slice s)
{
    struct slice date = slice_head(s, slice_find_byte(s, ' ')), rest = slice_from(s, date.n + 1);
    struct slice clock = slice_head(rest, slice_find_byte(rest, ' ')), part[3], hms[3];
    struct civil c = {0};
    struct clock_time t;
    unsigned year;

    if (clock_iso(s, &t) > 0) {
        fields_time(f, t.t, t.zoned, t.digits);
        return;
    }
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
    fields_time(f, time_from_civil(&c, 0), false, 0);
}

static void write_column(struct fields *f, struct slice column, struct slice value)
{
    const char *name = canonical_of(column);

    fields_own(f, name && strcmp(name, "message") != 0 ? slice_str(name) : column, value);
    if (name == NULL)
        return;
    if (strcmp(name, "TimeCreated_SystemTime") == 0)
        write_time(f, value);
    else if (strcmp(name, "message") == 0)
        fields_write(f, NAME_MESSAGE, value);
    else if (strcmp(name, "Computer") == 0)
        fields_write(f, NAME_HOST, value);
    else if (strcmp(name, "EventID") == 0)
        fields_write(f, NAME_CODE, value);
}

static bool csv_parse(struct line_reader *r, struct slice record)
{
    struct slice rest = r->head, line, header = SLICE_NULL, column, value;
    bool any = false;

    while (rest.n > 0 && slice_cut(&rest, '\n', &line)) {
        if (is_header(line))
            header = line;
    }
    if (header.p == NULL)
        return false;
    while (next_value(&r->fields, &header, &column) && next_value(&r->fields, &record, &value)) {
        write_column(&r->fields, column, value);
        any = true;
    }
    /* Event Viewer names no column for the message */
    if (any && header.p == NULL && record.p != NULL && next_value(&r->fields, &record, &value))
        fields_write(&r->fields, NAME_MESSAGE, value);
    return any;
}

const struct line_format line_csv = {
    .name = "csv",
    .begins = csv_begins,
    .parse = csv_parse,
    .continues = csv_continues,
    .names = csv_names,
    .sure = 95,
};
LINE_JOINS(csv)
LINE_FORMAT(csv, "csv", .joins = joins_csv, .text = MSG_DECODE_FORMAT_CSV,
            .recognised = "a line of column names, three of them known",
            .fields = "Windows names (EventID, Channel …), other columns as they are, message",
            .tested = "constructed");
