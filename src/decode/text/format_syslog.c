/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ascii.h"
#include "base/json_write.h"
#include "decode/json/split.h"
#include "decode/text/firewall.h"
#include "decode/text/formats.h"
#include "decode/text/leef.h"
#include "decode/text/pairs.h"
#include "decode/text/syslog.h"
#include "decode/text/web.h"
#include "decode/text/xml_event.h"
#include "lang/msg_decode.h"

static bool syslog_begins(struct slice line, const struct decode_context *context)
{
    return syslog_recognise(line, context);
}

/* rsyslog writes control characters of a message as # and three octal digits. */
static struct slice syslog_unescape(struct fields *f, struct slice s)
{
    uint8_t *to;
    size_t n = 0, first = slice_find_byte(s, '#');

    while (first != SIZE_MAX && !slice_starts(slice_from(s, first), SLICE("#0"))) {
        size_t more = slice_find_byte(slice_from(s, first + 1), '#');

        first = more == SIZE_MAX ? SIZE_MAX : first + 1 + more;
    }
    if (first == SIZE_MAX || (to = fields_scratch(f, s.n)) == NULL)
        return s;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '#' && i + 3 < s.n && s.p[i + 1] == '0' && s.p[i + 2] >= '0' &&
            s.p[i + 2] <= '3' && s.p[i + 3] >= '0' && s.p[i + 3] <= '7') {
            to[n++] = (uint8_t)((s.p[i + 2] - '0') * 8 + s.p[i + 3] - '0');
            i += 3;
        } else {
            to[n++] = s.p[i];
        }
    }
    return slice_of(to, n);
}

/* Devices that write no tag are known by how their messages begin. */
static struct slice known_as(struct slice program, struct slice message)
{
    if (cisco_begins(message))
        return slice_starts(message, SLICE("%ASA-")) || slice_starts(message, SLICE("%FTD-")) ||
                       slice_starts(message, SLICE("%PIX-")) ||
                       slice_starts(message, SLICE("%FWSM-"))
                   ? SLICE("%asa")
                   : SLICE("%ios");
    if (program.n == 0 && slice_starts(message, SLICE("%%")))
        return SLICE("%ios"); /* H3C, Huawei: %%10WEB/4/… */
    return program.n == 0 && mikrotik_begins(message) ? SLICE("%mikrotik") : program;
}

/* Columns of a message of Snare, and what they are in the record of Windows; NULL: nothing.
 * Source: Snare for Windows, "Snare event format"; NXLog, to_syslog_snare(). */
static const char *const snare_columns[] = {NULL, NULL,       "Channel",       NULL,
                                            NULL, "EventID",  "Provider_Name", "User",
                                            NULL, "Keywords", "Computer",      NULL,
                                            NULL, "Message"};

static void write_snare(struct slice message, struct buf *out)
{
    struct json_write w = JSON_WRITE_INIT(out);
    struct slice value;

    json_open(&w, '{');
    for (size_t i = 0; i < CANH_LEN(snare_columns) && slice_cut(&message, '\t', &value); i++) {
        if (snare_columns[i] != NULL)
            json_optional(&w, snare_columns[i], value);
    }
    json_close(&w, '}');
}

/*
 * A message that is a whole record: JSON (NXLog's to_json(), rsyslog's cookie @cee) or Snare's.
 * What begins like JSON and is cut off is taken, too: where it cannot be read that is told.
 */
static bool write_document(struct slice message, struct buf *out)
{
    struct json_docs docs = {0};
    struct slice document;

    message = slice_trim(message);
    if (slice_starts(message, SLICE("MSWinEventLog\t"))) {
        write_snare(message, out);
        return true;
    }
    if (slice_starts(message, SLICE("@cee:")))
        message = slice_trim(slice_from(message, 5));
    if (message.n == 0 || message.p[0] != '{' ||
        json_docs_next(&docs, message, true, &document) <= 0)
        return false;
    buf_append_slice(out, document);
    return true;
}

static struct slice behind_priority(struct slice line)
{
    size_t end = slice_find_byte(slice_head(line, sizeof("<191>") - 1), '>');

    return slice_starts(line, SLICE("<")) && end != SIZE_MAX ? slice_from(line, end + 1) : line;
}

/* Whether the message may be a device's: one that names its program is only where it is nothing
 * else, as what others make a program write (names of users) may hold anything. */
static bool is_device(const struct syslog_head *head, bool begins)
{
    return head->program.n == 0 || begins;
}

static bool syslog_parse(struct line_reader *r, struct slice record)
{
    struct syslog_head head;
    bool windows;

    /* a sender that puts no header of its own before a row, whose date and address look like one */
    if (w3c_iis_row(&r->fields, behind_priority(record))) {
        fields_write(&r->fields, NAME_MESSAGE, record);
        return true;
    }
    if (!syslog_read_head(&r->fields, record, r->context, &head))
        return false;
    head.message = syslog_unescape(&r->fields, head.message);
    fields_write(&r->fields, NAME_MESSAGE, head.message);
    if (write_document(head.message, &r->document))
        return true;
    if (slice_starts(head.program, SLICE("haproxy")) && haproxy_row(&r->fields, head.message))
        return true;
    if (slice_starts(head.program, SLICE("httpd")) || slice_is(head.program, "apache2")) {
        (void)apache_error_details(r, head.message);
        return true;
    }
    if (is_device(&head, leef_begins(head.message)) && leef_parse(&r->fields, head.message)) {
        windows_pairs_write(&r->fields, &r->document);
        return true;
    }
    if (pairs_parse(&r->fields, head.message, &windows)) {
        if (windows)
            windows_pairs_write(&r->fields, &r->document);
        return true;
    }
    if (w3c_iis_row(&r->fields, head.message))
        return true;
    if (is_device(&head, cef_begins(head.message)) && cef_parse(&r->fields, head.message)) {
        windows_pairs_write(&r->fields, &r->document);
        return true;
    }
    if (xml_event_parse(&r->fields, head.message)) /* Sysmon for Linux */
        return true;
    (void)program_read(r->programs, &r->fields, known_as(head.program, head.message), head.message,
                       r->context);
    return true;
}

/* java.lang.NullPointerException: …, ValueError: …, alone or before a colon. */
static bool names_exception(struct slice line)
{
    struct slice name = slice_head(line, slice_find_byte(line, ':'));

    for (size_t i = 0; i < name.n; i++) {
        if (!ascii_is_alnum(name.p[i]) && name.p[i] != '.' && name.p[i] != '_' && name.p[i] != '$')
            return false;
    }
    return slice_ends(name, SLICE("Exception")) || slice_ends(name, SLICE("Error"));
}

/* Of a program that writes its own log: the trace of an error. */
static bool syslog_joins(struct slice line)
{
    return slice_starts(line, SLICE(" ")) || slice_starts(line, SLICE("\t")) ||
           slice_starts(line, SLICE("Caused by: ")) ||
           slice_starts(line, SLICE("Traceback (most recent call last):")) || names_exception(line);
}

const struct line_format line_syslog = {
    .name = "syslog",
    .begins = syslog_begins,
    .parse = syslog_parse,
    .joins = syslog_joins,
    .sure = 70,
};
LINE_JOINS(syslog)
LINE_FORMAT(
    syslog, "syslog", .joins = joins_syslog, .text = MSG_DECODE_FORMAT_SYSLOG,
    .recognised = "a time or <PRI> first",
    .fields = "host.hostname, process.name, .pid, message, event.facility, .severity, sd.ID.NAME",
    .tested =
        "loghub Linux 99.97 %, OpenSSH 100 %; crowdsec headers 899 of 899; RFC 5424 14 of 14");
