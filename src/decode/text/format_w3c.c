/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns whose names stand in the log itself: W3C extended logs of IIS and others (#Fields:), Zeek
 * (#fields with tabs). Names may change in the middle; each block brings the last ones in its head.
 *
 * Source: W3C "Extended Log File Format"; Microsoft "IIS log file formats"; Zeek "Log Files".
 * W3C times are UTC, whatever the machine's zone.
 */
#include "decode/text/clock.h"
#include "decode/text/formats.h"
#include "decode/text/pairs.h"
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

static bool w3c_comment(struct slice line)
{
    return !slice_starts(line, SLICE("#Fields: ")) && !slice_starts(line, SLICE("#fields\t")) &&
           !slice_starts(line, SLICE("#path\t"));
}

static bool w3c_begins(struct slice line, const struct decode_context *context)
{
    (void)context;
    return w3c_names(line);
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

static bool w3c_parse(struct line_reader *r, struct slice record)
{
    struct fields *f = &r->fields;
    bool zeek = false;
    struct slice path = SLICE_NULL, columns = find_names(r->head, &zeek, &path), values = record,
                 name, value, date = SLICE_NULL, clock = SLICE_NULL;
    uint8_t between = zeek ? '\t' : ' ', in_values = between; /* CloudFront: tabs in values alone */

    if (columns.p == NULL || record.n == 0 || record.p[0] == '#')
        return false;
    if (slice_find_byte(record, '\t') != SIZE_MAX)
        in_values = '\t';
    fields_write(f, NAME_MESSAGE, record);
    while (slice_cut(&columns, between, &name) && slice_cut(&values, in_values, &value)) {
        if (slice_is(name, "date"))
            date = value;
        if (slice_is(name, "time"))
            clock = value;
        if (zeek && slice_is(name, "ts")) {
            struct clock_time t;

            if (clock_epoch(value, &t) > 0)
                fields_time(f, t.t, true, t.digits);
        }
        if (!slice_is(value, "-") && !(zeek && slice_is(value, "(empty)")))
            write_column(f, name, value);
    }
    write_date(f, date, clock);
    if (path.n > 0)
        fields_write(f, NAME_DATASET, path);
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
    w3c, "w3c", .text = MSG_DECODE_FORMAT_W3C, .recognised = "#Fields:, #fields",
    .fields = "own names, http.*, url.*; IIS, Zeek as columns; event.dataset is Zeek's path",
    .tested = "hard lines");
