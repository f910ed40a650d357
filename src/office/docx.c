/* SPDX-License-Identifier: Apache-2.0 */
/* WordprocessingML: paragraphs, runs, tables (ECMA-376 part 1, 17.3 and 17.4). */
#include "office/docx.h"

#include "base/num.h"
#include "lang/err_office.h"
#include "office/docmake.h"

enum { PARA_NEST = 8, RELS_MAX = 256 };

struct para {
    struct buf text;
    struct docx_props props;
};

struct docx_parse {
    struct docmake *make;
    struct docx_numbering *numbering;
    struct para stack[PARA_NEST]; /* a text box holds paragraphs inside one */
    unsigned depth;
    unsigned beyond; /* paragraphs nested deeper than the stack, merged into its top */
    unsigned skip;   /* inside an element that is left out; counts its depth */
    bool capture, in_props;
};

/* Fallback repeats Choice; moved-from text stands elsewhere; *Change hold former properties. */
static bool left_out(struct slice name)
{
    static const char *const names[] = {"Fallback",    "moveFrom",   "pPrChange",  "rPrChange",
                                        "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange",
                                        "del",         "instrText",  "sdtPr"};

    for (size_t i = 0; i < CANH_LEN(names); i++) {
        if (slice_is(name, names[i]))
            return true;
    }
    return false;
}

static struct para *docx_top(struct docx_parse *d)
{
    return d->depth > 0 ? &d->stack[d->depth - 1] : NULL;
}

static void open_para(struct docx_parse *d)
{
    struct para *p;

    if (d->depth == PARA_NEST) {
        d->beyond++;
        return;
    }
    p = &d->stack[d->depth++];
    buf_clear(&p->text);
    p->props = DOCX_PROPS_NONE;
    d->capture = d->in_props = false;
}

static int close_para(struct docx_parse *d)
{
    struct para *p = docx_top(d);
    struct buf label = BUF_INIT(512);
    struct docx_props props;
    bool empty;
    int r;

    if (d->beyond > 0) {
        d->beyond--;
        return 0;
    }
    if (p == NULL)
        return 0;
    d->depth--;
    if (p->text.err != 0)
        return err_fail_at(d->make->err, CE_TOO_BIG, d->make->number, 0, ERR_OFFICE_DOC_PARA_BIG,
                           d->make->number, d->make->limits->max_para_bytes);
    empty = slice_trim(buf_slice(&p->text)).n == 0;
    props = docx_resolve(d->numbering, p->props);
    if (!empty)
        docx_label(d->numbering, &props, &label);
    r = docmake_para(d->make,
                     props.outline >= 0 && props.outline < 9 ? DOC_HEADING
                     : label.len > 0                         ? DOC_LIST
                                                             : DOC_TEXT,
                     props.outline >= 0 && props.outline < 9 ? (unsigned)props.outline + 1
                     : label.len > 0                         ? (unsigned)props.ilvl + 1
                                                             : 0,
                     buf_slice(&label), buf_slice(&p->text), 0);
    buf_done(&label);
    return r;
}

static int attr_int(const char **attrs, const char *name, int none)
{
    int64_t v;

    return num_range(xml_attr(attrs, name), 0, INT32_MAX, &v) < 0 ? none : (int)v;
}

static void start_prop(struct docx_parse *d, struct slice name, const char **attrs)
{
    struct docx_props *props = &docx_top(d)->props;

    if (slice_is(name, "numId"))
        props->num_id = attr_int(attrs, "val", -1);
    else if (slice_is(name, "ilvl"))
        props->ilvl = attr_int(attrs, "val", 0);
    else if (slice_is(name, "outlineLvl"))
        props->outline = attr_int(attrs, "val", -1);
    else if (slice_is(name, "pStyle"))
        props->style = docx_style(d->numbering, xml_attr(attrs, "val"));
}

static void start_run_part(struct docx_parse *d, struct slice name)
{
    struct buf *text = &docx_top(d)->text;

    if (slice_is(name, "t"))
        d->capture = true;
    else if (slice_is(name, "tab") || slice_is(name, "ptab"))
        buf_putc(text, ' ');
    else if (slice_is(name, "br") || slice_is(name, "cr"))
        buf_putc(text, '\n');
    else if (slice_is(name, "noBreakHyphen"))
        buf_putc(text, '-');
    else if (slice_is(name, "pPr"))
        d->in_props = true;
}

static int docx_start(void *user, struct slice name, const char **attrs)
{
    struct docx_parse *d = user;

    if (d->skip > 0 || left_out(name)) {
        d->skip++;
        return 0;
    }
    if (slice_is(name, "p"))
        open_para(d);
    else if (slice_is(name, "tbl"))
        docmake_table(d->make);
    else if (slice_is(name, "tr"))
        docmake_row(d->make);
    else if (slice_is(name, "tc"))
        docmake_cell(d->make);
    else if (d->depth == 0 && (slice_is(name, "gridSpan") || slice_is(name, "gridBefore")))
        docmake_span(d->make, attr_int(attrs, "val", 0), slice_is(name, "gridSpan"));
    else if (d->depth == 0 && slice_is(name, "vMerge")) {
        if (!slice_is(xml_attr(attrs, "val"), "restart"))
            docmake_continue(d->make);
    } else if (d->depth > 0 && d->in_props)
        start_prop(d, name, attrs);
    else if (d->depth > 0)
        start_run_part(d, name);
    return 0;
}

static int docx_end(void *user, struct slice name)
{
    struct docx_parse *d = user;

    if (d->skip > 0) {
        d->skip--;
        return 0;
    }
    if (slice_is(name, "p"))
        return close_para(d);
    if (slice_is(name, "tc"))
        return docmake_cell_end(d->make);
    if (slice_is(name, "tbl"))
        docmake_table_end(d->make);
    else if (slice_is(name, "t"))
        d->capture = false;
    else if (slice_is(name, "pPr"))
        d->in_props = false;
    return 0;
}

static int docx_text(void *user, struct slice text)
{
    struct docx_parse *d = user;

    if (d->capture && d->skip == 0 && d->depth > 0)
        buf_append_slice(&docx_top(d)->text, text);
    return 0;
}

struct rels_parse {
    const char *base;
    char document[256], numbering[256], styles[256];
};

static int rels_start(void *user, struct slice name, const char **attrs)
{
    struct rels_parse *rels = user;
    struct slice type = xml_attr(attrs, "Type"), target = xml_attr(attrs, "Target");
    char *to = NULL;

    if (!slice_is(name, "Relationship") || slice_is(xml_attr(attrs, "TargetMode"), "External"))
        return 0;
    if (slice_ends(type, SLICE("/officeDocument")))
        to = rels->document;
    else if (slice_ends(type, SLICE("/numbering")))
        to = rels->numbering;
    else if (slice_ends(type, SLICE("/styles")))
        to = rels->styles;
    if (to != NULL && !pack_resolve(rels->base, target, to, 256))
        to[0] = 0;
    return 0;
}

static int rels_end(void *user, struct slice name)
{
    (void)user;
    (void)name;
    return 0;
}

static int find_parts(struct pack *p, struct rels_parse *rels, struct docmake *m)
{
    static const struct xml_sink sink = {rels_start, rels_end, NULL};
    struct buf path = BUF_INIT(1024);
    const char *name;
    int r = pack_xml(p, "_rels/.rels", &sink, rels, m->err), folder;

    if (r < 0)
        return r;
    if (!slice_starts(slice_str(rels->document), SLICE("word/")))
        return err_fail(m->err, CE_UNKNOWN, ERR_OFFICE_DOC_OTHER);
    name = strrchr(rels->document, '/') + 1;
    folder = (int)(name - rels->document);
    buf_printf(&path, "%.*s_rels/%s.rels", folder, rels->document, name);
    rels->base = rels->document;
    if (pack_has(p, buf_cstr(&path)))
        r = pack_xml(p, buf_cstr(&path), &sink, rels, m->err);
    buf_done(&path);
    return r;
}

static int read_document(struct docmake *m, struct pack *p, struct docx_numbering *numbering,
                         const char *part)
{
    static const struct xml_sink sink = {docx_start, docx_end, docx_text};
    struct docx_parse d = {.make = m, .numbering = numbering};
    int r;

    for (unsigned i = 0; i < PARA_NEST; i++)
        d.stack[i].text = BUF_INIT(m->limits->max_para_bytes);
    r = pack_xml(p, part, &sink, &d, m->err);
    for (unsigned i = 0; i < PARA_NEST; i++)
        buf_done(&d.stack[i].text);
    return r;
}

int docx_read(struct docmake *m, struct pack *p)
{
    struct rels_parse rels = {.base = ""};
    struct docx_numbering *numbering = NULL;
    int r = find_parts(p, &rels, m);

    if (r == 0)
        r = docx_numbering_new(&numbering, m->err);
    if (r == 0 && rels.styles[0] && pack_has(p, rels.styles))
        r = docx_read_styles(numbering, p, rels.styles, m->err);
    if (r == 0 && rels.numbering[0] && pack_has(p, rels.numbering))
        r = docx_read_numbering(numbering, p, rels.numbering, m->err);
    if (r == 0)
        r = read_document(m, p, numbering, rels.document);
    docx_numbering_free(numbering);
    return r;
}
