/* SPDX-License-Identifier: Apache-2.0 */
/* What a path can be besides a field: a pair, a document, a mark. */
#include "base/attr.h"
#include "decode/decode.h"
#include "decode/layout.h"
#include "decode/shape_path.h"

static const struct {
    const char *pattern;
    enum shape_role role;
} roles[] = {
    {"Payload", SHAPE_NESTED},
    /* Splunk, plaso (json_line), Fluent Bit (render_event_as_xml) and whoever keeps the original */
    {"_raw", SHAPE_RECORD},
    {"xml_string", SHAPE_RECORD},
    {"System", SHAPE_RECORD},
    {"raw", SHAPE_RECORD},
    {"raw_event", SHAPE_RECORD},
    {"RawEvent", SHAPE_RECORD},
    {"xml", SHAPE_RECORD},
    {"Xml", SHAPE_RECORD},
    {"EventXml", SHAPE_RECORD},
    {"EventXML", SHAPE_RECORD},
    {"winlog/xml", SHAPE_RECORD},
    {"CloudTrailEvent", SHAPE_RECORD}, /* aws cloudtrail lookup-events */
    {"AuditData", SHAPE_RECORD},       /* a search in Microsoft 365's audit log */
    /* what a program says: Logstash, GELF, Docker, syslog turned into JSON */
    {"message", SHAPE_MESSAGE},
    {"Message", SHAPE_MESSAGE},
    {"msg", SHAPE_MESSAGE},
    {"short_message", SHAPE_MESSAGE},
    {"full_message", SHAPE_MESSAGE},
    {"full_log", SHAPE_MESSAGE},
    {"log", SHAPE_MESSAGE},
    {"line", SHAPE_MESSAGE},                /* Loki's logcli */
    {"RenderedDescription", SHAPE_MESSAGE}, /* Azure's table Event */
    {"Body", SHAPE_MESSAGE},                /* a Collector's exporter to Elasticsearch */
    {"body/text", SHAPE_MESSAGE},
    {"request", SHAPE_REQUEST}, /* nginx and Apache as JSON */
    {"event/original", SHAPE_ORIGINAL},
    {"event", SHAPE_MESSAGE},
    {"data", SHAPE_MESSAGE},
    /* Azure Monitor and Sentinel */
    {"EventData", SHAPE_DATA_TEXT},
    {"UserData", SHAPE_DATA_TEXT},
    {"Event/EventData", SHAPE_DATA_TEXT},
    {"Event/UserData", SHAPE_DATA_TEXT},
    {"properties/EventData", SHAPE_DATA_TEXT},
    {"event_data", SHAPE_DATA_TEXT},   /* Grafana's agents */
    {"columns/data", SHAPE_DATA_TEXT}, /* osquery */
};

/* How a <Data> says its name and its text, by what turned the XML into JSON. */
static const struct {
    const char *path;
    enum shape_role role;
} pair_parts[] = {
    {"@Name", SHAPE_PAIR_NAME}, /* xmltodict, Newtonsoft, BadgerFish */
    {"Name", SHAPE_PAIR_NAME},    {"#attributes/Name", SHAPE_PAIR_NAME}, /* evtx_dump */
    {"name", SHAPE_PAIR_NAME},    {"value", SHAPE_PAIR_TEXT},
    {"key", SHAPE_PAIR_NAME},     {"@_Name", SHAPE_PAIR_NAME}, /* fast-xml-parser */
    {"$/Name", SHAPE_PAIR_NAME},                               /* xml2js */
    {"Key", SHAPE_PAIR_NAME},     {"#text", SHAPE_PAIR_TEXT},
    {"content", SHAPE_PAIR_TEXT}, {"Value", SHAPE_PAIR_TEXT},
    {"_", SHAPE_PAIR_TEXT}, /* xml2js */
    {"$", SHAPE_PAIR_TEXT}, /* BadgerFish */
};

bool shape_holds_data(struct slice name)
{
    return slice_is(name, "EventData") || slice_is(name, "event_data");
}

/* What a path below EventData/Data or EventData/ComplexData is in its pair. */
static enum shape_role pair_role(const struct slice *path, size_t n)
{
    size_t event = n > 0 && (slice_is(path[0], "Event") || slice_is(path[0], "winlog"));

    path += event;
    n -= event;
    if (n < 2 || !shape_holds_data(path[0]) ||
        !(slice_is(path[1], "Data") || slice_is(path[1], "ComplexData")))
        return SHAPE_PLAIN;
    if (n == 2)
        return SHAPE_PAIR;
    for (size_t i = 0; i < CANH_LEN(pair_parts); i++) {
        if (shape_path_is(slice_str(pair_parts[i].path), path + 2, n - 2))
            return pair_parts[i].role;
    }
    return SHAPE_PLAIN;
}

bool shape_tells_finding(struct slice name)
{
    return slice_is(name, "RuleTitle");
}

enum shape_role shape_role(const struct slice *path, size_t n)
{
    struct slice bare[SHAPE_PATH_MAX];
    size_t count = shape_unwrap(path, n, bare);
    enum shape_role role = pair_role(path, n);
    struct matched_parts taken;

    if (role == SHAPE_PLAIN && count > 0)
        role = pair_role(bare, count);
    if (role != SHAPE_PLAIN)
        return role;
    for (size_t i = 0; i < CANH_LEN(roles); i++) {
        if (shape_path_fits(roles[i].pattern, path, n, &taken) ||
            (count > 0 && shape_path_fits(roles[i].pattern, bare, count, &taken)))
            return roles[i].role;
    }
    if (n == 1 && shape_tells_finding(path[0]))
        return SHAPE_FINDING;
    if (layout_has_mark(path, n) || (count > 0 && layout_has_mark(bare, count)))
        return SHAPE_MARK;
    return SHAPE_PLAIN;
}

/* {"EventData": or {"UserData": with any blanks. */
bool shape_nested(struct slice text)
{
    text = slice_trim(text);
    if (!slice_starts(text, SLICE("{")))
        return false;
    text = slice_trim(slice_from(text, 1));
    return slice_starts(text, SLICE("\"EventData\"")) || slice_starts(text, SLICE("\"UserData\""));
}
