/* SPDX-License-Identifier: Apache-2.0 */
/* Windows events as XML, one a line or over several; an <Events> around them does not matter. */
#include "decode/text/formats.h"
#include "decode/text/xml_event.h"
#include "lang/msg_decode.h"

/* Without a declaration and a root that stand before the first event in its line. */
static struct slice without_root(struct slice s)
{
    size_t end;

    s = slice_trim(s);
    if (slice_starts(s, SLICE("<?xml")) && (end = slice_find(s, SLICE("?>"))) != SIZE_MAX)
        s = slice_trim(slice_from(s, end + 2));
    if ((slice_starts(s, SLICE("<Events>")) || slice_starts(s, SLICE("<Events "))) &&
        (end = slice_find_byte(s, '>')) != SIZE_MAX)
        s = slice_trim(slice_from(s, end + 1));
    return s;
}

static bool xml_begins(struct slice line, const struct decode_context *context)
{
    (void)context;
    return xml_event_begins(without_root(line));
}

static bool xml_continues(struct slice line)
{
    return !xml_event_begins(without_root(line)) && !slice_starts(line, SLICE("<?xml")) &&
           !slice_starts(slice_trim(line), SLICE("<Events>"));
}

static size_t xml_ends(struct slice s)
{
    struct slice close = SLICE("</Event>");
    size_t at = slice_find(s, close);

    return at == SIZE_MAX ? 0 : at + close.n;
}

static bool xml_parse(struct line_reader *r, struct slice record)
{
    if (!xml_event_parse(&r->fields, without_root(record)))
        return false;
    fields_write(&r->fields, NAME_MESSAGE, record);
    return true;
}

const struct line_format line_xml = {
    .name = "windows-xml",
    .begins = xml_begins,
    .parse = xml_parse,
    .continues = xml_continues,
    .ends = xml_ends,
    .sure = 95,
};
LINE_JOINS(xml)
LINE_FORMAT(xml, "windows-xml", .joins = joins_xml, .text = MSG_DECODE_FORMAT_XML,
            .recognised = "<Event", .fields = "as EVTX: EventID, Channel, data by name",
            .tested = "hard lines", .any_layout = true);
