/* SPDX-License-Identifier: Apache-2.0 */
/* canh formats: the logs that can be read, one row a format. */
#include "base/json_write.h"
#include "cli/app.h"
#include "cli/decode/decode.h"
#include "decode/decoder.h"
#include "decode/layout.h"
#include "lang/msg_decode.h"

struct formats_options {
    bool json;
};

static const struct formats_options defaults = {0};

static const struct option_spec options[] = {
    OPTION_FLAG("json", 'j', struct formats_options, json, MSG_DECODE_FORMATS_OPT_JSON),
};

/*
 * What a person needs to know; the formats themselves stand in decode/format_table.c. What is said
 * in names and marks of logs is the same in every language; docs/inputs.md says more.
 */
static const struct told {
    const char *name;
    msg_id text;
    const char *recognised, *fields, *tested;
} texts[] = {
    {"evtx", MSG_DECODE_FORMAT_EVTX, "ElfFile, chunks",
     "channel, event id, provider, computer, record number, System and data by name",
     "libevtx, python-evtx and evtx_dump on public logs"},
    {"json", MSG_DECODE_FORMAT_JSON, "{ or [",
     "Windows events by the names of their data; the record's own names joined by dots; Elastic "
     "Common Schema",
     "JSONTestSuite; every layout below"},
    {"syslog", MSG_DECODE_FORMAT_SYSLOG, "a time or <PRI> first",
     "host.hostname, process.name, .pid, message, event.facility, .severity, sd.ID.NAME",
     "loghub Linux 99.97 %, OpenSSH 100 %; crowdsec headers 899 of 899; RFC 5424 14 of 14"},
    {"access", MSG_DECODE_FORMAT_ACCESS, "[dd/Mmm/yyyy: and a quoted request",
     "source.ip, user.name, url.*, http.*, user_agent.original",
     "fail2ban nginx-bad-request 8 of 8 addresses; hard lines"},
    {"apache-error", MSG_DECODE_FORMAT_APACHE_ERROR, "[Www Mmm dd …] [",
     "log.level, source.ip, .port, user.name, event.code (AH…)",
     "fail2ban apache-auth 41 of 41 addresses"},
    {"nginx-error", MSG_DECODE_FORMAT_NGINX_ERROR, "yyyy/mm/dd … [level]",
     "log.level, source.ip, url.*, http.request.*, user.name",
     "fail2ban nginx-http-auth 15 of 17, nginx-limit-req 8 of 9 addresses"},
    {"exim", MSG_DECODE_FORMAT_EXIM, "ISO time and Exim's marks", "mail.*, source.ip, user.name",
     "fail2ban exim 47 of 48 addresses"},
    {"cef", MSG_DECODE_FORMAT_CEF, "CEF:0|", "own names, source.*, destination.*, event.code",
     "two appliances' lines in crowdsec-tests"},
    {"w3c", MSG_DECODE_FORMAT_W3C, "#Fields:, #fields",
     "own names, http.*, url.*; IIS, Zeek as columns; event.dataset is Zeek's path", "hard lines"},
    {"key-value", MSG_DECODE_FORMAT_KEY_VALUE, "three key=value, or date= time=",
     "own names, source.*, destination.*, user.name, event.outcome", "hard lines"},
    {"postgresql", MSG_DECODE_FORMAT_POSTGRESQL, "time and LEVEL:  ",
     "log.level, user.name, source.ip, db.statement; DETAIL and what follows belong to their "
     "message",
     "hard lines; crowdsec's lines"},
    {"mariadb", MSG_DECODE_FORMAT_MARIADB, "time and [Level]", "log.level, user.name, source.ip",
     "crowdsec's lines"},
    {"auditd", MSG_DECODE_FORMAT_AUDITD, "type=… msg=audit(",
     "records of one serial joined; own names; process.*, user.name, source.ip",
     "fail2ban selinux-ssh 5 of 5; ausearch on hard lines"},
    {"journal-export", MSG_DECODE_FORMAT_JOURNAL,
     "__CURSOR= or __REALTIME_…=", "own names, then as syslog", "constructed"},
    {"csv", MSG_DECODE_FORMAT_CSV, "a line of column names, three of them known",
     "Windows names (EventID, Channel …), other columns as they are, message", "constructed"},
    {"windows-xml", MSG_DECODE_FORMAT_XML, "<Event", "as EVTX: EventID, Channel, data by name",
     "hard lines"},
};

/* Layouts of Windows events in JSON; the others stand in decode/layout.c. */
static const struct layout windows[] = {
    {"evtx_dump, xmltodict, Velociraptor", "Event/System/Channel Event/System/EventID", ""},
    {"Winlogbeat, Elastic Agent", "winlog/channel winlog/event_id", ""},
    {"Winlogbeat 6", "log_name event_id", ""},
    {"Graylog, GELF", "winlogbeat_winlog_channel _Channel", ""},
    {"Wazuh", "win/system/channel win/system/eventID", ""},
    {"EvtxECmd, NXLog, Fluent Bit, Splunk, Azure", "Channel EventID EventId EventCode EventLog",
     ""},
    {"Get-WinEvent | ConvertTo-Json", "LogName Id", ""},
    {"plaso (json_line)", "event_identifier xml_string", ""},
    {NULL, NULL, NULL},
};

static const struct told *told_of(const char *name)
{
    static const struct told other = {"", MSG_DECODE_FORMAT_OTHER, "", "", ""};

    for (size_t i = 0; i < CANH_LEN(texts); i++) {
        if (strcmp(texts[i].name, name) == 0)
            return &texts[i];
    }
    return &other;
}

static void put_member(struct json_write *w, const char *key, const char *text)
{
    json_key(w, key);
    json_text(w, slice_str(text));
}

static void put_format_json(const struct app *app, const struct format *f, struct buf *out)
{
    struct json_write w = JSON_WRITE_INIT(out);
    const struct told *told = told_of(f->name);

    json_open(&w, '{');
    put_member(&w, "name", f->name);
    json_key(&w, "lines");
    json_bool(&w, f->lines);
    put_member(&w, "text", lang_text(app->lang, told->text));
    put_member(&w, "recognised", told->recognised);
    put_member(&w, "fields", told->fields);
    put_member(&w, "tested", told->tested);
    json_close(&w, '}');
    buf_putc(out, '\n');
}

static void put_layouts_json(const struct layout *l, const char *fields, struct buf *out)
{
    for (; l->name != NULL; l++) {
        struct json_write w = JSON_WRITE_INIT(out);

        json_open(&w, '{');
        put_member(&w, "name", "json");
        put_member(&w, "layout", l->name);
        put_member(&w, "recognised", l->marks);
        put_member(&w, "fields", l->fields[0] ? l->fields : fields);
        put_member(&w, "tested", "system/shapes, decode/shape_rows");
        json_close(&w, '}');
        buf_putc(out, '\n');
    }
}

static void put_layouts(const struct layout *l, struct buf *out)
{
    for (; l->name != NULL; l++)
        buf_printf(out, "  %s\n", l->name);
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct formats_options *o = values;
    struct buf *out = &app->out.buf;

    (void)operands;
    for (size_t i = 0; decode_formats[i] != NULL; i++) {
        const struct format *f = decode_formats[i];

        if (o->json)
            put_format_json(app, f, out);
        else
            buf_printf(out, "%-15s %s\n", f->name, lang_text(app->lang, told_of(f->name)->text));
    }
    if (o->json) {
        put_layouts_json(windows, "System's names and the data's", out);
        put_layouts_json(layouts, "the record's own names", out);
        return EXIT_FINE;
    }
    buf_printf(out, "\n%s\n", lang_text(app->lang, MSG_DECODE_FORMATS_LAYOUTS));
    put_layouts(windows, out);
    put_layouts(layouts, out);
    return EXIT_FINE;
}

const struct verb verb_formats = {
    .name = "formats",
    .summary = MSG_DECODE_FORMATS_SUMMARY,
    .about = MSG_DECODE_FORMATS_ABOUT,
    VERB_OPTIONS(options),
    VERB_DEFAULTS(struct formats_options, &defaults),
    .run = run,
};
