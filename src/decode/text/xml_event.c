/* SPDX-License-Identifier: Apache-2.0 */
/* Source: Microsoft "Event schema" (Event.xsd); XML 1.0, sections 2.4 and 4.1 */
#include "decode/text/xml_event.h"

#include "base/num.h"
#include "base/time.h"
#include "base/utf.h"
#include "decode/text/clock.h"

enum { DEPTH_MAX = 8, NAME_MAX_BYTES = 256 };

struct tag {
    struct slice name, attributes;
    bool closing, empty;
};

static bool name_char(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == ':' || c >= 0x80;
}

/* A tag at the start of s (its '<'); bytes taken, 0 when it is none. */
static size_t read_tag(struct slice s, struct tag *ret)
{
    size_t at = 1, from, end;

    *ret = (struct tag){0};
    if (s.n < 3 || s.p[0] != '<')
        return 0;
    ret->closing = s.p[1] == '/';
    at += ret->closing;
    from = at;
    while (at < s.n && at - from < NAME_MAX_BYTES && name_char(s.p[at]))
        at++;
    if (at == from || at >= s.n)
        return 0;
    ret->name = slice_of(s.p + from, at - from);
    if (s.p[at] != '>' && s.p[at] != '/' && s.p[at] != ' ' && s.p[at] != '\t' && s.p[at] != '\n' &&
        s.p[at] != '\r')
        return 0;
    for (end = at; end < s.n && s.p[end] != '>'; end++) {
        if (s.p[end] == '"' || s.p[end] == '\'') {
            size_t quote = slice_find_byte(slice_from(s, end + 1), s.p[end]);

            if (quote == SIZE_MAX)
                return 0;
            end += quote + 1;
        }
        if (s.p[end] == '<')
            return 0;
    }
    if (end >= s.n)
        return 0;
    ret->empty = end > at && s.p[end - 1] == '/';
    ret->attributes = slice_of(s.p + at, end - at - (size_t)ret->empty);
    return end + 1;
}

/* One name='value' off *s. */
static bool next_attribute(struct slice *s, struct slice *ret_name, struct slice *ret_value)
{
    struct slice rest = slice_trim(*s);
    size_t eq = slice_find_byte(rest, '='), end;

    if (eq == SIZE_MAX)
        return false;
    *ret_name = slice_trim(slice_head(rest, eq));
    rest = slice_trim(slice_from(rest, eq + 1));
    if (rest.n < 2 || (rest.p[0] != '"' && rest.p[0] != '\''))
        return false;
    end = slice_find_byte(slice_from(rest, 1), rest.p[0]);
    if (end == SIZE_MAX)
        return false;
    *ret_value = slice_of(rest.p + 1, end);
    *s = slice_from(rest, end + 2);
    return true;
}

/* The character that an entity at the start of s stands for; bytes taken, 0 when it is none. */
static size_t read_entity(struct slice s, uint32_t *ret)
{
    static const struct {
        struct slice text;
        uint32_t c;
    } known[] = {{SLICE_INIT("&amp;"), '&'},
                 {SLICE_INIT("&lt;"), '<'},
                 {SLICE_INIT("&gt;"), '>'},
                 {SLICE_INIT("&quot;"), '"'},
                 {SLICE_INIT("&apos;"), '\''}};
    size_t end = slice_find_byte(slice_head(s, 12), ';');
    uint64_t number;

    for (size_t i = 0; i < CANH_LEN(known); i++) {
        if (slice_starts(s, known[i].text)) {
            *ret = known[i].c;
            return known[i].text.n;
        }
    }
    if (end == SIZE_MAX || end < 3 || s.p[1] != '#')
        return 0;
    if (s.p[2] == 'x' ? num_hex(slice_of(s.p + 3, end - 3), &number) < 0
                      : num_u64(slice_of(s.p + 2, end - 2), &number) < 0)
        return 0;
    if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number < 0xE000))
        return 0;
    *ret = (uint32_t)number;
    return end + 1;
}

static struct slice xml_event_unescape(struct fields *f, struct slice s)
{
    size_t n = 0;
    uint8_t *to;

    if (slice_find_byte(s, '&') == SIZE_MAX || (to = fields_scratch(f, s.n)) == NULL)
        return s;
    for (size_t i = 0; i < s.n;) {
        uint32_t c;
        size_t taken = s.p[i] == '&' ? read_entity(slice_from(s, i), &c) : 0;

        if (taken > 0) {
            n += utf8_encode(c, to + n); /* an entity is never shorter than its character */
            i += taken;
        } else {
            to[n++] = s.p[i++];
        }
    }
    return slice_of(to, n);
}

/* The parts of an event. A name means another thing in each: what data says is not System's. */
enum part { PART_NONE, PART_SYSTEM, PART_DATA, PART_USER_DATA, PART_RENDERING };

static const struct {
    struct slice name;
    enum part part;
} parts[] = {{SLICE_INIT("System"), PART_SYSTEM},
             {SLICE_INIT("EventData"), PART_DATA},
             {SLICE_INIT("UserData"), PART_USER_DATA},
             {SLICE_INIT("RenderingInfo"), PART_RENDERING}};

static enum part part_of(struct slice name)
{
    for (size_t i = 0; i < CANH_LEN(parts); i++) {
        if (slice_eq(parts[i].name, name))
            return parts[i].part;
    }
    return PART_NONE;
}

/* a, the byte between them, b; empty without memory. */
static struct slice xml_event_joined(struct fields *f, struct slice a, uint8_t between,
                                     struct slice b)
{
    uint8_t *p = fields_scratch(f, a.n + 1 + b.n);

    if (p == NULL)
        return SLICE_NULL;
    memcpy(p, a.p, a.n);
    p[a.n] = between;
    if (b.n > 0)
        memcpy(p + a.n + 1, b.p, b.n);
    return slice_of(p, a.n + 1 + b.n);
}

static void append_value(struct fields *f, enum part part, struct slice name, struct slice value)
{
    value = xml_event_unescape(f, part == PART_SYSTEM ? slice_trim(value) : value);
    if (part == PART_DATA || part == PART_USER_DATA)
        fields_data(f, name, value);
    else if (part == PART_RENDERING && !slice_is(name, "Message"))
        fields_own(f, xml_event_joined(f, SLICE("RenderingInfo"), '.', name), value);
    else
        fields_own(f, name, value);
}

/* Element_Attribute. */
static void write_attribute(struct fields *f, enum part part, struct slice element,
                            struct slice name, struct slice value)
{
    struct slice both = xml_event_joined(f, element, '_', name);

    if (both.p != NULL)
        append_value(f, part, both, value);
}

static void write_time(struct fields *f, struct slice value)
{
    struct clock_time t;

    if (clock_iso(value, &t) > 0)
        fields_time(f, t.t, true, t.digits);
}

static void write_attributes(struct fields *f, enum part part, const struct tag *tag)
{
    struct slice rest = tag->attributes, name, value;

    while (next_attribute(&rest, &name, &value)) {
        if (slice_is(name, "xmlns"))
            continue;
        if (part == PART_SYSTEM && slice_is(tag->name, "TimeCreated") &&
            slice_is(name, "SystemTime"))
            write_time(f, value);
        write_attribute(f, part, tag->name, name, value);
    }
}

/* Elements whose Name names their value. Source: Event.xsd, DataType and ComplexDataType. */
static bool is_data(struct slice element)
{
    return slice_is(element, "Data") || slice_is(element, "ComplexData");
}

/* The Name of a <Data Name='…'>, or the element's own. */
static struct slice data_name(struct fields *f, const struct tag *tag)
{
    struct slice rest = tag->attributes, name, value;

    while (is_data(tag->name) && next_attribute(&rest, &name, &value)) {
        if (slice_is(name, "Name") && value.n > 0)
            return xml_event_unescape(f, value);
    }
    return tag->name;
}

/* Where </name> stands in s; what looks like other tags on the way is text. */
static size_t find_close(struct slice s, struct slice name, size_t *ret_len)
{
    size_t at = 0, n;

    while ((n = slice_find(slice_from(s, at), SLICE("</"))) != SIZE_MAX) {
        struct tag tag;

        at += n;
        *ret_len = read_tag(slice_from(s, at), &tag);
        if (*ret_len > 0 && slice_eq(tag.name, name))
            return at;
        at += 2;
    }
    return SIZE_MAX;
}

static const struct {
    const char *own;
    enum field_name name;
} ecs[] = {{"Computer", NAME_HOST}, {"EventID", NAME_CODE}, {"Execution_ProcessID", NAME_PID}};

struct place {
    enum part part;
    bool system; /* System was there: what calls itself so later is data */
    bool holder; /* the next element is the one in UserData that holds the values */
};

/* True when the tag has no value of its own: it opens or closes a part, or what holds values. */
static bool pass_tag(struct place *at, const struct tag *tag)
{
    enum part part = part_of(tag->name);

    if (tag->closing) {
        at->part = part == at->part ? PART_NONE : at->part;
        return true;
    }
    if (at->part == PART_NONE) {
        if (!tag->empty && !(at->system && part == PART_SYSTEM))
            at->part = part;
        at->system |= part == PART_SYSTEM;
        at->holder = at->part == PART_USER_DATA;
        return true;
    }
    if (!at->holder)
        return false;
    at->holder = false;
    return true;
}

/* Children of System, EventData, UserData: values up to their closing tags. */
static void parse_elements(struct fields *f, struct slice s, struct place place)
{
    size_t at = 0;

    while (at < s.n) {
        size_t n = slice_find_byte(slice_from(s, at), '<'), taken, close, close_len;
        struct slice inside;
        struct tag tag;

        if (n == SIZE_MAX)
            return;
        at += n;
        taken = read_tag(slice_from(s, at), &tag);
        at += taken ? taken : 1;
        if (taken == 0 || pass_tag(&place, &tag))
            continue;
        if (!is_data(tag.name))
            write_attributes(f, place.part, &tag);
        if (tag.empty) {
            if (is_data(tag.name) || tag.attributes.n == 0)
                append_value(f, place.part, data_name(f, &tag), SLICE(""));
            continue;
        }
        inside = slice_from(s, at);
        close = find_close(inside, tag.name, &close_len);
        if (close == SIZE_MAX)
            return;
        append_value(f, place.part, data_name(f, &tag), slice_head(inside, close));
        at += close + close_len;
    }
}

static struct slice skip_declaration(struct slice s)
{
    s = slice_trim(s);
    if (slice_starts(s, SLICE("<?xml"))) {
        size_t end = slice_find(s, SLICE("?>"));

        s = end == SIZE_MAX ? s : slice_trim(slice_from(s, end + 2));
    }
    return s;
}

bool xml_event_begins(struct slice text)
{
    text = skip_declaration(slice_head(text, 1024));
    return slice_starts(text, SLICE("<Event>")) || slice_starts(text, SLICE("<Event "));
}

bool xml_event_parse(struct fields *f, struct slice text)
{
    if (!xml_event_begins(text))
        return false;
    parse_elements(f, skip_declaration(text), (struct place){.part = PART_NONE});
    for (size_t i = 0; i < CANH_LEN(ecs); i++) {
        struct slice value = fields_get_own(f, slice_str(ecs[i].own));

        if (value.n > 0 && !fields_has(f, ecs[i].name))
            fields_write(f, ecs[i].name, value);
    }
    return true;
}

bool xml_event_data(struct fields *f, struct slice text)
{
    bool whole = slice_find(text, SLICE("<EventData")) != SIZE_MAX ||
                 slice_find(text, SLICE("<UserData")) != SIZE_MAX;
    struct tag tag;

    text = skip_declaration(text);
    if (read_tag(text, &tag) == 0)
        return false;
    parse_elements(f, text, (struct place){.part = whole ? PART_NONE : PART_DATA, .system = true});
    return true;
}
