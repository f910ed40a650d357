/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns whose names stand in the log itself: W3C extended logs of IIS and others (#Fields:), Zeek
 * (#fields with tabs). Names may change in the middle; each block brings the last ones in its head.
 *
 * Source: W3C "Extended Log File Format"; Microsoft "IIS log file formats"; Zeek "Log Files".
 * W3C times are UTC, whatever the machine's zone.
 */
#include "base/ascii.h"
#include "base/ip.h"
#include "decode/text/clock.h"
#include "decode/text/formats.h"
#include "decode/text/pairs.h"
#include "decode/text/web.h"
#include "lang/msg_decode.h"

static bool w3c_names(struct slice line)
{
    return line.n > 0 && line.p[0] == '#' &&
           (slice_starts(line, SLICE("#Fields: ")) || slice_starts(line, SLICE("#Software:")) ||
            slice_starts(line, SLICE("#Version:")) || slice_starts(line, SLICE("#Date:")) ||
            slice_starts(line, SLICE("#Remark:")) || slice_starts(line, SLICE("#Start-Date:")) ||
            slice_starts(line, SLICE("#separator")) ||
            slice_starts(line, SLICE("#set_separator")) ||
            slice_starts(line, SLICE("#empty_field")) ||
            slice_starts(line, SLICE("#unset_field")) || slice_starts(line, SLICE("#path")) ||
            slice_starts(line, SLICE("#open")) || slice_starts(line, SLICE("#close")) ||
            slice_starts(line, SLICE("#fields\t")) || slice_starts(line, SLICE("#types")));
}

/*
 * The columns that IIS writes where nobody chose others: 8 to 10, and 7 without the referrer.
 * Source: Microsoft, "W3C logging"; u_ex*.log of IIS 7.5 and 10.
 */
#define IIS_REQUEST                                                                                \
    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) "
#define IIS_RESPONSE "sc-status sc-substatus sc-win32-status time-taken"
static const struct {
    unsigned count, status; /* of columns; the place of sc-status */
    const char *columns;
} iis_defaults[] = {{15, 11, IIS_REQUEST "cs(Referer) " IIS_RESPONSE},
                    {14, 10, IIS_REQUEST IIS_RESPONSE}};

enum { IIS_COLUMNS = 15 };

static bool is_date(struct slice s)
{
    return s.n == 10 && s.p[4] == '-' && s.p[7] == '-' &&
           ascii_all(ascii_is_digit, slice_head(s, 4));
}

static bool is_clock(struct slice s)
{
    return s.n == 8 && s.p[2] == ':' && s.p[5] == ':' &&
           ascii_all(ascii_is_digit, slice_head(s, 2));
}

/* Whether the first of the columns are those of a request. */
static bool is_request(const struct slice *c)
{
    return is_date(c[0]) && is_clock(c[1]) && ip_is_address(c[2]) &&
           ascii_all(ascii_is_upper, c[3]) && slice_starts(c[4], SLICE("/")) &&
           ascii_all(ascii_is_digit, c[6]) && ip_is_address(c[8]);
}

static struct slice find_defaults(struct slice row)
{
    struct slice c[IIS_COLUMNS];
    unsigned n = 0;

    while (n < IIS_COLUMNS && slice_cut(&row, ' ', &c[n]))
        n++;
    for (size_t i = 0; i < CANH_LEN(iis_defaults) && row.n == 0; i++) {
        unsigned status = iis_defaults[i].status;

        if (n == iis_defaults[i].count && is_request(c) && c[status].n == 3 &&
            ascii_all(ascii_is_digit, c[status]) && ascii_all(ascii_is_digit, c[status + 1]) &&
            ascii_all(ascii_is_digit, c[status + 2]) && ascii_all(ascii_is_digit, c[status + 3]))
            return slice_str(iis_defaults[i].columns);
    }
    return SLICE_NULL;
}

/* The columns of a row of IIS that came without their names; NULL: it is none, to every column. */
static struct slice iis_columns(struct slice row)
{
    bool dated = row.n >= 40 && row.p[4] == '-' && row.p[10] == ' ' && row.p[13] == ':';

    return dated ? find_defaults(row) : SLICE_NULL;
}

static bool w3c_comment(struct slice line)
{
    return !slice_starts(line, SLICE("#Fields: ")) && !slice_starts(line, SLICE("#fields\t")) &&
           !slice_starts(line, SLICE("#path\t"));
}

static bool w3c_begins(struct slice line, const struct decode_context *context)
{
    (void)context;
    return w3c_names(line) || iis_columns(line).p != NULL;
}

/* Which names stand in the head: of W3C with blanks, of Zeek with tabs, last line first. */
static struct slice find_names(struct slice head, bool *ret_zeek, struct slice *ret_path)
{
    struct slice rest = head, line, found = SLICE_NULL;

    while (rest.n > 0 && slice_cut(&rest, '\n', &line)) {
        if (slice_starts(line, SLICE("#Fields: "))) {
            found = slice_trim(slice_from(line, 9));
            *ret_zeek = false;
        } else if (slice_starts(line, SLICE("#fields\t"))) {
            found = slice_from(line, 8);
            *ret_zeek = true;
        } else if (slice_starts(line, SLICE("#path\t"))) {
            *ret_path = slice_from(line, 6);
        }
    }
    return found;
}

static const struct {
    const char *column;
    enum field_name name;
} w3c[] = {
    {"c-ip", NAME_SOURCE_IP},
    {"s-ip", NAME_DESTINATION_IP},
    {"s-port", NAME_DESTINATION_PORT},
    {"cs-method", NAME_METHOD},
    {"cs-uri-stem", NAME_URL_PATH},
    {"cs-uri-query", NAME_URL_QUERY},
    {"cs-username", NAME_USER},
    {"cs(User-Agent)", NAME_USER_AGENT},
    {"cs(Referer)", NAME_REFERRER},
    {"cs-host", NAME_URL_DOMAIN},
    {"cs(Host)", NAME_URL_DOMAIN},
    {"sc-status", NAME_STATUS},
    {"sc-bytes", NAME_BODY_BYTES},
    {"s-computername", NAME_HOST},
    {"cs-uri", NAME_URL},
    /* Zeek */
    {"id.orig_h", NAME_SOURCE_IP},
    {"id.orig_p", NAME_SOURCE_PORT},
    {"id.resp_h", NAME_DESTINATION_IP},
    {"id.resp_p", NAME_DESTINATION_PORT},
    {"proto", NAME_TRANSPORT},
    {"service", NAME_PROTOCOL},
    {"query", NAME_QUESTION},
    {"qtype_name", NAME_QUESTION_TYPE},
    {"method", NAME_METHOD},
    {"host", NAME_URL_DOMAIN},
    {"uri", NAME_URL},
    {"user_agent", NAME_USER_AGENT},
    {"status_code", NAME_STATUS},
    {"referrer", NAME_REFERRER},
};

static void write_column(struct fields *f, struct slice name, struct slice value)
{
    fields_own(f, name, value);
    for (size_t i = 0; i < CANH_LEN(w3c); i++) {
        if (!slice_is(name, w3c[i].column) || fields_has(f, w3c[i].name))
            continue;
        if (w3c[i].name == NAME_SOURCE_IP)
            (void)fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, value);
        else if (w3c[i].name == NAME_DESTINATION_IP)
            (void)fields_address(f, NAME_DESTINATION_IP, NAME_DESTINATION_DOMAIN, value);
        else if (w3c[i].name == NAME_URL)
            fields_url(f, value);
        else if (w3c[i].name == NAME_STATUS || w3c[i].name == NAME_BODY_BYTES ||
                 w3c[i].name == NAME_SOURCE_PORT || w3c[i].name == NAME_DESTINATION_PORT)
            fields_number(f, w3c[i].name, value);
        else
            fields_write(f, w3c[i].name, value);
    }
}

static void write_date(struct fields *f, struct slice date, struct slice clock)
{
    struct clock_time t;
    uint8_t *p;

    if (date.n != 10 || clock.n < 8 || clock.n > 20 ||
        (p = fields_scratch(f, date.n + 1 + clock.n)) == NULL)
        return;
    memcpy(p, date.p, date.n);
    p[date.n] = 'T';
    memcpy(p + date.n + 1, clock.p, clock.n);
    if (clock_iso(slice_of(p, date.n + 1 + clock.n), &t) > 0)
        fields_time(f, t.t, true, t.digits);
}

struct w3c_table {
    struct slice columns, path;
    bool zeek;
};

static void write_row(struct fields *f, const struct w3c_table *t, struct slice values)
{
    struct slice columns = t->columns, name, value, date = SLICE_NULL, clock = SLICE_NULL;
    uint8_t between = t->zeek ? '\t' : ' ', in_values = between;

    /* CloudFront: tabs between values alone; one within a value stands behind a blank */
    if (slice_find_byte(values, '\t') < slice_find_byte(values, ' '))
        in_values = '\t';
    while (slice_cut(&columns, between, &name) && slice_cut(&values, in_values, &value)) {
        if (slice_is(name, "date"))
            date = value;
        if (slice_is(name, "time"))
            clock = value;
        if (t->zeek && slice_is(name, "ts")) {
            struct clock_time at;

            if (clock_epoch(value, &at) > 0)
                fields_time(f, at.t, true, at.digits);
        }
        if (!slice_is(value, "-") && !(t->zeek && slice_is(value, "(empty)")))
            write_column(f, name, value);
    }
    write_date(f, date, clock);
}

bool w3c_iis_row(struct fields *f, struct slice row)
{
    struct w3c_table t = {.columns = iis_columns(row)};

    if (t.columns.p == NULL)
        return false;
    fields_write(f, NAME_MODULE, SLICE("w3c"));
    fields_own(f, SLICE("columns"), SLICE("assumed"));
    write_row(f, &t, row);
    return true;
}

static bool w3c_parse(struct line_reader *r, struct slice record)
{
    struct w3c_table t = {.zeek = false};

    t.columns = find_names(r->head, &t.zeek, &t.path);
    if (record.n == 0 || record.p[0] == '#')
        return false;
    if (t.columns.p == NULL && iis_columns(record).p == NULL)
        return false;
    fields_write(&r->fields, NAME_MESSAGE, record);
    if (t.columns.p == NULL)
        return w3c_iis_row(&r->fields, record);
    write_row(&r->fields, &t, record);
    if (t.path.n > 0)
        fields_write(&r->fields, NAME_DATASET, t.path);
    return true;
}

const struct line_format line_w3c = {
    .name = "w3c",
    .begins = w3c_begins,
    .parse = w3c_parse,
    .names = w3c_names,
    .comment = w3c_comment,
    .sure = 95,
};
LINE_FORMAT(
    w3c, "w3c", .text = MSG_DECODE_FORMAT_W3C,
    .recognised = "#Fields:, #fields; rows that fit the default columns of IIS",
    .fields = "own names, http.*, url.*; IIS, Zeek as columns; event.dataset is Zeek's path",
    .tested = "hard lines");
