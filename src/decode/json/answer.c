/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of a search: one document with a list of records somewhere in it. The records in the list
 * are records of their own, whatever stands around it.
 */
#include "decode/json/split.h"

enum {
    OPEN_MAX = 32, /* brackets around it */
    PATH_MAX_NAMES = 2,
};

static const struct {
    const char *path; /* of the list: names of objects with '/' between */
    const char
        *beside; /* a name that stands before it in the outermost object; "": none stands there */
} lists[] = {
    {"hits/hits", NULL},    /* Elasticsearch, OpenSearch */
    {"results", "preview"}, /* Splunk */
    {"results", "init_offset"},
    {"messages", "query"}, /* Graylog */
    {"messages", "built_query"},
    {"records", ""},             /* Azure Monitor's exports */
    {"Records", ""},             /* AWS CloudTrail's files */
    {"value", "@odata.context"}, /* Microsoft Graph */
    {"value", "@odata.nextLink"},
    {"Events/Event", NULL}, /* wevtutil's XML by xmltodict */
    {"Event", ""},
    {"events", ""},
    {"Events", ""},
};

struct look {
    struct slice text;
    size_t at;
    unsigned open;                      /* brackets */
    uint32_t arrays;                    /* a bit for each that is [ */
    struct slice names[PATH_MAX_NAMES]; /* of the members that are open */
    struct slice found[16];             /* names of the outermost object */
    unsigned found_count;
    bool name_next; /* a string is a name */
};

static bool in_array(const struct look *l)
{
    return l->open > 0 && (l->arrays >> (l->open - 1) & 1);
}

static struct slice take_string(struct look *l)
{
    size_t from = ++l->at;

    while (l->at < l->text.n && l->text.p[l->at] != '"')
        l->at += l->text.p[l->at] == '\\' ? 2 : 1;
    l->at = CANH_MIN(l->at, l->text.n);
    return slice_of(l->text.p + from, l->at - from);
}

static void note_name(struct look *l, struct slice name)
{
    l->name_next = false;
    if (l->open <= PATH_MAX_NAMES)
        l->names[l->open - 1] = name;
    if (l->open == 1 && l->found_count < CANH_LEN(l->found))
        l->found[l->found_count++] = name;
}

static bool stands_before(const struct look *l, const char *beside)
{
    if (beside == NULL)
        return true;
    if (*beside == 0)
        return l->found_count == 1;
    for (unsigned i = 0; i + 1 < l->found_count; i++) {
        if (slice_is(l->found[i], beside))
            return true;
    }
    return false;
}

static bool is_open(const struct look *l, struct slice path)
{
    struct slice part;
    unsigned n = 0;

    for (; slice_cut(&path, '/', &part); n++) {
        if (n == l->open || n == PATH_MAX_NAMES || !slice_eq(part, l->names[n]))
            return false;
    }
    return n == l->open;
}

/* At the [ of a member's value. */
static bool is_list(const struct look *l)
{
    for (size_t i = 0; i < CANH_LEN(lists); i++) {
        if (is_open(l, slice_str(lists[i].path)) && stands_before(l, lists[i].beside))
            return true;
    }
    return false;
}

/* What follows the blanks at the place; 0 at the end. */
static uint8_t next_byte(struct slice s, size_t at)
{
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == '\r' || s.p[at] == '\n'))
        at++;
    return at < s.n ? s.p[at] : 0;
}

/* One bracket. 1: the list of records begins behind it; 0: go on; -1: there is none. */
static int take_bracket(struct look *l, uint8_t c)
{
    if (c == '}' || c == ']') {
        l->name_next = false;
        l->open--;
        l->arrays &= (uint32_t)((UINT64_C(1) << l->open) - 1);
        return l->open == 0 ? -1 : 0;
    }
    if (c == '[' && l->arrays == 0 && is_list(l))
        return next_byte(l->text, l->at + 1) == '{' ? 1 : -1;
    if (l->open == OPEN_MAX)
        return -1;
    l->arrays |= (uint32_t)(c == '[') << l->open++;
    l->name_next = c == '{';
    return 0;
}

size_t json_answer(struct slice text, size_t look, bool final, unsigned *ret_open)
{
    struct look l = {.text = slice_head(text, look)};
    int r = 0;

    if (text.n > 0 && text.p[0] != '{')
        return 0;
    for (; l.at < l.text.n; l.at++) {
        uint8_t c = l.text.p[l.at];

        if (c == '"') {
            struct slice s = take_string(&l);

            if (l.name_next && l.at < l.text.n)
                note_name(&l, s);
        } else if (c == ',') {
            l.name_next = !in_array(&l);
        } else if (c == '{' || c == '[' || c == '}' || c == ']') {
            /* the byte behind a [ decides */
            if (c == '[' && next_byte(l.text, l.at + 1) == 0)
                break;
            r = take_bracket(&l, c);
            if (r < 0)
                return 0;
            if (r > 0) {
                *ret_open = l.open;
                return l.at + 1;
            }
        }
    }
    return final || text.n >= look ? 0 : SIZE_MAX;
}
