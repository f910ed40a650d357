/* SPDX-License-Identifier: Apache-2.0 */
/* OpenDocument text: paragraphs, lists, tables (ISO 26300-1, chapters 5, 9 and 16.30). */
#include <stdlib.h>

#include "base/array.h"
#include "base/num.h"
#include "lang/err_office.h"
#include "office/docmake.h"
#include "office/label.h"
#include "office/xlsx_parts.h"

enum { LIST_STYLES_MAX = 2048, LIST_NEST = 10, PARA_NEST = 8, NAME_MAX_ODT = 96 };

struct list_style {
    char name[NAME_MAX_ODT];
    struct label_list list;
    uint8_t shown[LABEL_LEVELS]; /* how many levels a label shows */
    char prefix[LABEL_LEVELS][8], suffix[LABEL_LEVELS][8];
};

struct open_list {
    int style;  /* index, -1 unknown */
    bool fresh, /* the item has not shown its label yet */
        header;
};

struct para {
    struct buf text;
    bool heading, blank; /* blank: the last thing was a space that may collapse */
    unsigned outline;
};

struct odt_parse {
    struct docmake *make;
    struct list_style *styles;
    size_t style_count, style_cap;
    struct label_list outline;
    struct list_style outline_style;
    struct list_style *defining;
    unsigned level; /* being defined */
    struct open_list lists[LIST_NEST];
    unsigned list_depth;
    struct para stack[PARA_NEST];
    unsigned depth, beyond, skip;
};

static bool left_out(struct slice name)
{
    static const char *const names[] = {
        "note",    "tracked-changes", "annotation", "ruby-text", "table-of-content",
        "scripts", "forms",           "title",      "desc"};

    for (size_t i = 0; i < CANH_LEN(names); i++) {
        if (slice_is(name, names[i]))
            return true;
    }
    return false;
}

static int attr_int(const char **attrs, const char *name, int none)
{
    int64_t v;

    return num_range(xml_attr(attrs, name), 0, INT32_MAX, &v) < 0 ? none : (int)v;
}

static void odt_read_copy(char *to, size_t size, struct slice s)
{
    s = slice_head_utf8(s, size - 1);
    if (s.n > 0)
        memcpy(to, s.p, s.n);
    to[s.n] = 0;
}

static enum label_format format_of(struct slice s)
{
    if (s.n != 1)
        return s.n == 0 ? LABEL_NONE : LABEL_DECIMAL;
    switch (s.p[0]) {
    case 'a':
        return LABEL_LOWER_LETTER;
    case 'A':
        return LABEL_UPPER_LETTER;
    case 'i':
        return LABEL_LOWER_ROMAN;
    case 'I':
        return LABEL_UPPER_ROMAN;
    default:
        return LABEL_DECIMAL;
    }
}

static void init_style(struct list_style *s)
{
    memset(s, 0, sizeof(*s));
    for (unsigned i = 0; i < LABEL_LEVELS; i++) {
        s->list.level[i].start = 1;
        s->shown[i] = 1;
    }
}

static int find_style(const struct odt_parse *o, struct slice name)
{
    for (size_t i = o->style_count; i-- > 0;) { /* the last definition counts */
        if (slice_is(name, o->styles[i].name))
            return (int)i;
    }
    return -1;
}

static int start_list_style(struct odt_parse *o, const char **attrs)
{
    o->defining = NULL;
    if (o->style_count >= LIST_STYLES_MAX)
        return 0;
    if (!array_room(o->styles, o->style_count, o->style_cap, SIZE_MAX))
        return err_nomem(o->make->err);
    o->defining = &o->styles[o->style_count++];
    init_style(o->defining);
    odt_read_copy(o->defining->name, sizeof(o->defining->name), xml_attr(attrs, "name"));
    return 0;
}

static void define_level(struct odt_parse *o, const char **attrs, bool bullet)
{
    int number = attr_int(attrs, "level", 0);
    unsigned level = (unsigned)number - 1;
    struct label_level *l;

    if (number < 1 || number > LABEL_LEVELS)
        return;
    l = &o->defining->list.level[level];
    l->start = (uint32_t)attr_int(attrs, "start-value", 1);
    o->defining->shown[level] = (uint8_t)CANH_MIN(attr_int(attrs, "display-levels", 1), number);
    if (bullet) {
        l->format = LABEL_BULLET;
        label_set_text(l, SLICE("-"));
        return;
    }
    l->format = (uint8_t)format_of(xml_attr(attrs, "num-format"));
    odt_read_copy(o->defining->prefix[level], 8, xml_attr(attrs, "num-prefix"));
    odt_read_copy(o->defining->suffix[level], 8, xml_attr(attrs, "num-suffix"));
}

/* Writes the label's pattern of a level once all levels are known: prefix %1.%2 suffix. */
static void finish_style(struct list_style *s)
{
    for (unsigned level = 0; level < LABEL_LEVELS; level++) {
        struct buf text = BUF_INIT(256);
        unsigned first = level + 1 - CANH_MIN(s->shown[level], level + 1);
        bool begun = false;

        if (s->list.level[level].format == LABEL_BULLET ||
            s->list.level[level].format == LABEL_NONE)
            continue;
        buf_puts(&text, s->prefix[level]);
        for (unsigned i = first; i <= level; i++) {
            if (s->list.level[i].format == LABEL_NONE || s->list.level[i].format == LABEL_BULLET)
                continue;
            buf_printf(&text, "%s%%%u", begun ? "." : "", i + 1);
            begun = true;
        }
        buf_puts(&text, s->suffix[level]);
        label_set_text(&s->list.level[level], buf_slice(&text));
        buf_done(&text);
    }
}

static int style_start(struct odt_parse *o, struct slice name, const char **attrs)
{
    if (slice_is(name, "list-style"))
        return start_list_style(o, attrs);
    if (slice_is(name, "outline-style")) {
        o->defining = &o->outline_style;
        init_style(o->defining);
    } else if (o->defining != NULL && (slice_is(name, "list-level-style-number") ||
                                       slice_is(name, "outline-level-style"))) {
        define_level(o, attrs, false);
    } else if (o->defining != NULL && slice_is(name, "list-level-style-bullet")) {
        define_level(o, attrs, true);
    }
    return 0;
}

static void style_end(struct odt_parse *o, struct slice name)
{
    if (o->defining != NULL && (slice_is(name, "list-style") || slice_is(name, "outline-style"))) {
        finish_style(o->defining);
        if (o->defining == &o->outline_style)
            o->outline = o->outline_style.list;
        o->defining = NULL;
    }
}

static struct open_list *inner_list(struct odt_parse *o)
{
    return o->list_depth > 0 ? &o->lists[CANH_MIN(o->list_depth - 1, (unsigned)LIST_NEST - 1)]
                             : NULL;
}

static void start_list(struct odt_parse *o, const char **attrs)
{
    struct slice name = xml_attr(attrs, "style-name");
    struct open_list *outer = inner_list(o);
    int style = name.n > 0 ? find_style(o, name) : outer ? outer->style : -1;
    bool goes_on =
        xml_attr_true(attrs, "continue-numbering") || xml_attr(attrs, "continue-list").n > 0;

    if (o->list_depth++ >= LIST_NEST)
        return;
    o->lists[o->list_depth - 1] = (struct open_list){.style = style};
    if (o->list_depth == 1 && style >= 0 && !goes_on)
        memset(o->styles[style].list.begun, 0, sizeof(o->styles[style].list.begun));
}

static void start_item(struct odt_parse *o, const char **attrs, bool header)
{
    struct open_list *l = inner_list(o);
    int start = attr_int(attrs, "start-value", -1);

    if (l == NULL || o->list_depth > LIST_NEST)
        return;
    l->fresh = !header;
    l->header = header;
    if (start >= 0 && l->style >= 0 && o->list_depth <= LABEL_LEVELS)
        label_restart(&o->styles[l->style].list, o->list_depth - 1, (uint32_t)start);
}

static void write_label(struct odt_parse *o, const struct para *p, struct buf *label)
{
    struct open_list *l = inner_list(o);

    if (l != NULL && o->list_depth <= LABEL_LEVELS) {
        if (l->fresh && l->style >= 0)
            label_next(&o->styles[l->style].list, o->list_depth - 1, label);
        l->fresh = false;
    } else if (p->heading && p->outline >= 1 && p->outline <= LABEL_LEVELS) {
        label_next(&o->outline, p->outline - 1, label);
    }
}

static void open_para(struct odt_parse *o, const char **attrs, bool heading)
{
    struct para *p;

    if (o->depth == PARA_NEST) {
        o->beyond++;
        return;
    }
    p = &o->stack[o->depth++];
    buf_clear(&p->text);
    p->heading = heading;
    p->blank = true;
    p->outline = (unsigned)attr_int(attrs, "outline-level", heading ? 1 : 0);
}

static int close_para(struct odt_parse *o)
{
    struct buf label = BUF_INIT(512);
    struct para *p;
    int r;

    if (o->beyond > 0) {
        o->beyond--;
        return 0;
    }
    if (o->depth == 0)
        return 0;
    p = &o->stack[--o->depth];
    if (p->text.err != 0)
        return err_fail_at(o->make->err, CE_TOO_BIG, o->make->number, 0, ERR_OFFICE_DOC_PARA_BIG,
                           o->make->number, o->make->limits->max_para_bytes);
    if (slice_trim(buf_slice(&p->text)).n > 0)
        write_label(o, p, &label);
    if (p->heading)
        r = docmake_para(o->make, DOC_HEADING, p->outline, buf_slice(&label), buf_slice(&p->text),
                         0);
    else
        r = docmake_para(o->make, label.len > 0 ? DOC_LIST : DOC_TEXT,
                         label.len > 0 ? o->list_depth : 0, buf_slice(&label), buf_slice(&p->text),
                         0);
    buf_done(&label);
    return r;
}

static void write_spaces(struct para *p, int n)
{
    for (int i = 0; i < CANH_MIN(n, 200); i++)
        buf_putc(&p->text, ' ');
}

static void start_inline(struct odt_parse *o, struct slice name, const char **attrs)
{
    struct para *p = &o->stack[o->depth - 1];

    if (slice_is(name, "s"))
        write_spaces(p, attr_int(attrs, "c", 1));
    else if (slice_is(name, "tab"))
        write_spaces(p, 1);
    else if (slice_is(name, "line-break"))
        buf_putc(&p->text, '\n');
    p->blank = false;
}

static bool start_table(struct odt_parse *o, struct slice name, const char **attrs)
{
    if (slice_is(name, "table"))
        docmake_table(o->make);
    else if (slice_is(name, "table-row"))
        docmake_row(o->make);
    else if (slice_is(name, "table-cell") || slice_is(name, "covered-table-cell")) {
        docmake_cell(o->make);
        docmake_rows(o->make, attr_int(attrs, "number-rows-spanned", 1));
    } else {
        return false;
    }
    return true;
}

static int odt_start(void *user, struct slice name, const char **attrs)
{
    struct odt_parse *o = user;

    if (o->skip > 0 || left_out(name)) {
        o->skip++;
        return 0;
    }
    if (slice_is(name, "p") || slice_is(name, "h"))
        open_para(o, attrs, name.p[0] == 'h');
    else if (slice_is(name, "list"))
        start_list(o, attrs);
    else if (slice_is(name, "list-item") || slice_is(name, "list-header"))
        start_item(o, attrs, slice_is(name, "list-header"));
    else if (!start_table(o, name, attrs)) {
        if (o->depth > 0)
            start_inline(o, name, attrs);
        else
            return style_start(o, name, attrs);
    }
    return 0;
}

static int odt_end(void *user, struct slice name)
{
    struct odt_parse *o = user;

    if (o->skip > 0) {
        o->skip--;
        return 0;
    }
    if (slice_is(name, "p") || slice_is(name, "h"))
        return close_para(o);
    if (slice_is(name, "list") && o->list_depth > 0)
        o->list_depth--;
    else if (slice_is(name, "table-cell") || slice_is(name, "covered-table-cell"))
        return docmake_cell_end(o->make);
    else if (slice_is(name, "table"))
        docmake_table_end(o->make);
    style_end(o, name);
    return 0;
}

/* White space of the file itself collapses; only text:s and its like count (ISO 26300-1, 6.1.2). */
static int odt_text(void *user, struct slice text)
{
    struct odt_parse *o = user;
    struct para *p = o->depth > 0 && o->skip == 0 ? &o->stack[o->depth - 1] : NULL;

    for (size_t i = 0; p != NULL && i < text.n; i++) {
        bool blank =
            text.p[i] == ' ' || text.p[i] == '\n' || text.p[i] == '\t' || text.p[i] == '\r';

        if (!blank || !p->blank)
            buf_putc(&p->text, blank ? ' ' : text.p[i]);
        p->blank = blank;
    }
    return 0;
}

int odt_read(struct docmake *m, struct pack *p)
{
    static const struct xml_sink sink = {odt_start, odt_end, odt_text};
    struct odt_parse *o = calloc(1, sizeof(*o));
    int r = 0;

    if (o == NULL)
        return err_nomem(m->err);
    o->make = m;
    init_style(&o->outline_style);
    o->outline = o->outline_style.list;
    for (unsigned i = 0; i < PARA_NEST; i++)
        o->stack[i].text = BUF_INIT(m->limits->max_para_bytes);
    if (pack_has(p, "styles.xml")) {
        /* headers and footers stand there too: their paragraphs are taken back */
        r = pack_xml(p, "styles.xml", &sink, o, m->err);
        m->count = 0;
        m->number = m->table = 0;
        m->table_depth = 0;
        o->depth = o->beyond = o->list_depth = 0;
        o->skip = 0;
    }
    if (r == 0)
        r = pack_xml(p, "content.xml", &sink, o, m->err);
    for (unsigned i = 0; i < PARA_NEST; i++)
        buf_done(&o->stack[i].text);
    free(o->styles);
    free(o);
    return r;
}
