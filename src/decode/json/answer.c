/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of a search: one document with a list of records somewhere in it. The records in the list
 * are records of their own, whatever stands around it. In a table they are rows: arrays of values,
 * whose names stand in a list before them.
 */
#include "decode/json/split.h"

enum {
    OPEN_MAX = 32, /* brackets around it */
    PATH_MAX_NAMES = 3,
};

/* A path of names of objects with '/' between; nothing between two: any element of a list. */
static const struct {
    const char *path;   /* of the list */
    const char *beside; /* a name that stands before it in the outermost object; "": none does */
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
    {"logEvents", "messageType"}, /* a subscription of CloudWatch Logs */
    {"items", "apiVersion"},      /* what Kubernetes sends to a webhook */
    {"events", ""},
    {"Events", ""},
};

static const struct {
    const char *rows, *columns;
} tables[] = {
    {"tables//rows", "tables//columns"}, /* Azure Monitor's logs */
    {"Tables//Rows", "Tables//Columns"}, /* Azure Data Explorer */
    {"rows", "fields"},                  /* Splunk, output_mode=json_rows */
    {"rows", "columns"},                 /* Elasticsearch's SQL */
    {"values", "columns"},               /* and ES|QL */
    {"data", "meta"},                    /* ClickHouse, JSONCompact */
};

struct answer_scan {
    struct slice text;
    size_t at;
    unsigned open;                      /* brackets */
    uint32_t arrays;                    /* a bit for each that is [ */
    struct slice names[PATH_MAX_NAMES]; /* of the members that are open */
    struct slice found[16];             /* names of the outermost object */
    unsigned found_count;
    unsigned floor;            /* brackets that were open at its beginning */
    bool name_next;            /* a string is a name */
    size_t columns_at;         /* the list of columns begins here; SIZE_MAX: none has */
    unsigned columns;          /* its row of tables[] */
    struct slice columns_text; /* all of it, once it has ended */
};

static struct slice read_string(struct answer_scan *l)
{
    size_t from = ++l->at;

    while (l->at < l->text.n && l->text.p[l->at] != '"')
        l->at += l->text.p[l->at] == '\\' ? 2 : 1;
    l->at = CANH_MIN(l->at, l->text.n);
    return slice_of(l->text.p + from, l->at - from);
}

static void note_name(struct answer_scan *l, struct slice name)
{
    l->name_next = false;
    if (l->open <= PATH_MAX_NAMES)
        l->names[l->open - 1] = name;
    if (l->open == 1 && l->found_count < CANH_LEN(l->found))
        l->found[l->found_count++] = name;
}

static bool stands_before(const struct answer_scan *l, const char *beside)
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

static bool is_open(const struct answer_scan *l, struct slice path)
{
    struct slice part;
    unsigned n = 0;

    for (; slice_cut(&path, '/', &part); n++) {
        if (n == l->open || n == PATH_MAX_NAMES || (l->arrays >> n & 1) != (part.n == 0) ||
            (part.n > 0 && !slice_eq(part, l->names[n])))
            return false;
    }
    return n == l->open;
}

/* At the [ of a member's value. */
static bool is_list(const struct answer_scan *l)
{
    for (size_t i = 0; i < CANH_LEN(lists); i++) {
        if (is_open(l, slice_str(lists[i].path)) && stands_before(l, lists[i].beside))
            return true;
    }
    return false;
}

/* The same of a table whose columns are known. */
static bool is_table(const struct answer_scan *l)
{
    for (size_t i = 0; i < CANH_LEN(tables) && l->columns_text.n > 0; i++) {
        if (is_open(l, slice_str(tables[i].rows)) &&
            strcmp(tables[i].columns, tables[l->columns].columns) == 0)
            return true;
    }
    return false;
}

static void note_columns(struct answer_scan *l)
{
    for (unsigned i = 0; i < CANH_LEN(tables); i++) {
        if (is_open(l, slice_str(tables[i].columns))) {
            l->columns = i;
            l->columns_at = l->at;
            l->columns_text = SLICE_NULL;
        }
    }
}

static void end_columns(struct answer_scan *l)
{
    if (l->columns_at != SIZE_MAX && is_open(l, slice_str(tables[l->columns].columns)))
        l->columns_text = slice_of(l->text.p + l->columns_at, l->at + 1 - l->columns_at);
}

static size_t skip_blanks(struct slice s, size_t at)
{
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == '\r' || s.p[at] == '\n'))
        at++;
    return at;
}

/* What follows the blanks at the place; 0 at the end. */
static uint8_t next_byte(struct slice s, size_t at)
{
    at = skip_blanks(s, at);
    return at < s.n ? s.p[at] : 0;
}

/* At a [: whether what follows it is there to be looked at. */
static bool can_report(const struct answer_scan *l)
{
    uint8_t first = next_byte(l->text, l->at + 1);

    return first != 0 &&
           (first != ']' || next_byte(l->text, skip_blanks(l->text, l->at + 1) + 1) != 0);
}

/* As if everything before an element of a list of tables had been read. */
static void enter_tables(struct answer_scan *l, unsigned beside)
{
    struct slice path = slice_str(tables[beside - 1].rows);

    l->floor = l->open = 2;
    l->arrays = 2;
    (void)slice_cut(&path, '/', &l->names[0]);
}

/* Of the table that has been found: for json_answer() when others may stand beside it, else 0. */
static unsigned beside_table(const struct answer_scan *l)
{
    bool listed = slice_find(slice_str(tables[l->columns].rows), SLICE("//")) != SIZE_MAX;

    return is_table(l) && listed ? l->columns + 1 : 0;
}

/* At the [ of an empty list: whether nothing but the list was to come. */
static bool ends_document(const struct answer_scan *l)
{
    size_t end = skip_blanks(l->text, l->at + 1);

    return next_byte(l->text, end + 1) == '}';
}

/* One bracket. 1: the list of records begins behind it; 0: go on; -1: there is none. */
static int read_bracket(struct answer_scan *l, uint8_t c)
{
    if (c == '}' || c == ']') {
        l->open--;
        l->arrays &= (uint32_t)((UINT64_C(1) << l->open) - 1);
        if (c == ']')
            end_columns(l);
        return l->open == l->floor ? -1 : 0;
    }
    if (c == '[') {
        uint8_t first = next_byte(l->text, l->at + 1);

        if (is_table(l))
            return first == '[' || first == ']' ? 1 : -1;
        if (is_list(l))
            return first == '{' || (first == ']' && ends_document(l)) ? 1 : -1;
        note_columns(l);
    }
    if (l->open == OPEN_MAX)
        return -1;
    l->arrays |= (uint32_t)(c == '[') << l->open++;
    l->name_next = c == '{';
    return 0;
}

size_t json_answer(struct slice text, size_t look, bool final, unsigned beside,
                   struct json_list *ret)
{
    struct answer_scan l = {.text = slice_head(text, look), .columns_at = SIZE_MAX};
    int r = 0;

    if (text.n > 0 && text.p[0] != '{')
        return 0;
    if (beside > 0)
        enter_tables(&l, beside);
    for (; l.at < l.text.n; l.at++) {
        uint8_t c = l.text.p[l.at];

        if (c == '"') {
            struct slice s = read_string(&l);

            if (l.name_next && l.at < l.text.n)
                note_name(&l, s);
        } else if (c == ',') {
            l.name_next = true; /* nobody asks for what is noted in an array */
        } else if (c == '{' || c == '[' || c == '}' || c == ']') {
            if (c == '[' && !can_report(&l))
                break;
            r = read_bracket(&l, c);
            if (r < 0)
                return 0;
            if (r > 0) {
                *ret = (struct json_list){.open = l.open,
                                          .columns = is_table(&l) ? l.columns_text : SLICE_NULL,
                                          .beside = beside_table(&l)};
                return l.at + 1;
            }
        }
    }
    return final || text.n >= look ? 0 : SIZE_MAX;
}
