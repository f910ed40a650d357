/* SPDX-License-Identifier: Apache-2.0 */
/* Files of key=value lines, of CEF and of LEEF, without a syslog head. */
#include "decode/text/formats.h"
#include "decode/text/leef.h"
#include "decode/text/pairs.h"
#include "lang/msg_decode.h"

static bool pairs_line(struct slice line, const struct decode_context *context)
{
    (void)context;
    return pairs_begins(line);
}

static bool parse_pairs(struct line_reader *r, struct slice record)
{
    bool windows;

    if (!pairs_parse(&r->fields, record, &windows))
        return false;
    if (windows)
        windows_pairs_write(&r->fields, &r->document);
    fields_write(&r->fields, NAME_MESSAGE, record);
    return true;
}

const struct line_format line_pairs = {
    .name = "key-value",
    .begins = pairs_line,
    .parse = parse_pairs,
    .sure = 60,
};
LINE_FORMAT(pairs, "key-value", .text = MSG_DECODE_FORMAT_KEY_VALUE,
            .recognised = "three key=value, or date= time=",
            .fields = "own names, source.*, destination.*, user.name, event.outcome",
            .tested = "hard lines");

/* A message of a device, which may tell of an event of Windows. */
static bool parse_device(struct line_reader *r, struct slice record,
                         bool (*parse)(struct fields *f, struct slice text))
{
    if (!parse(&r->fields, record))
        return false;
    windows_pairs_write(&r->fields, &r->document);
    fields_write_new(&r->fields, NAME_MESSAGE, record);
    return true;
}

static bool cef_line(struct slice line, const struct decode_context *context)
{
    (void)context;
    return cef_begins(line);
}

static bool parse_cef(struct line_reader *r, struct slice record)
{
    return parse_device(r, record, cef_parse);
}

const struct line_format line_cef = {
    .name = "cef",
    .begins = cef_line,
    .parse = parse_cef,
    .sure = 95,
};
LINE_FORMAT(cef, "cef", .text = MSG_DECODE_FORMAT_CEF, .recognised = "CEF:0|",
            .fields = "own names, source.*, destination.*, event.code",
            .tested = "two appliances' lines in crowdsec-tests");

static bool leef_line(struct slice line, const struct decode_context *context)
{
    (void)context;
    return leef_begins(line);
}

static bool parse_leef(struct line_reader *r, struct slice record)
{
    return parse_device(r, record, leef_parse);
}

const struct line_format line_leef = {
    .name = "leef",
    .begins = leef_line,
    .parse = parse_leef,
    .sure = 95,
};
LINE_FORMAT(leef, "leef", .text = MSG_DECODE_FORMAT_LEEF, .recognised = "LEEF:, AgentDevice=",
            .fields = "own names, source.*, destination.*, event.code; Windows events as EVTX",
            .tested = "constructed after public samples");
