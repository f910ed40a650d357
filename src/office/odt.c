/* SPDX-License-Identifier: Apache-2.0 */
#include "office/odt.h"

#include "base/markup.h"
#include "base/time.h"
#include "lang/err_office.h"
#include "office/lay.h"
#include "office/odt_style.h"
#include "office/page.h"
#include "office/zipout.h"

enum { PART_MAX = 64 << 20 };

struct writer {
    const struct paper *paper;
    struct lay lay;
    struct odt_styles styles;
    struct buf body;
    bool first;      /* nothing written yet: the next block names the page */
    bool page_break; /* before the next block */
    unsigned tables;
};

/* Line breaks, tabs and runs of spaces are elements (ISO 26300-1, 6.1.2). */
static void write_text(struct buf *out, struct slice s)
{
    size_t from = 0;

    for (size_t i = 0; i <= s.n; i++) {
        bool space = i < s.n && s.p[i] == ' ' && (i == 0 || s.p[i - 1] == ' ' || i + 1 == s.n);

        if (i < s.n && s.p[i] != '\n' && s.p[i] != '\t' && !space)
            continue;
        markup_write_paper(out, slice_of(s.p + from, i - from));
        if (i < s.n)
            buf_puts(out, space            ? "<text:s/>"
                          : s.p[i] == '\n' ? "<text:line-break/>"
                                           : "<text:tab/>");
        from = i + 1;
    }
}

static void write_runs(struct writer *w, const struct paper_para *p)
{
    for (const struct paper_run *run = p->first; run; run = run->next) {
        if (run->flags == 0 && run->color == 0) {
            write_text(&w->body, run->text);
            continue;
        }
        buf_printf(&w->body, "<text:span text:style-name=\"T%u\">",
                   odt_text_style(&w->styles, run->flags, run->color));
        write_text(&w->body, run->text);
        buf_puts(&w->body, "</text:span>");
    }
}

static struct odt_para para_place(struct writer *w)
{
    struct odt_para place = {.master = w->first, .page = w->page_break && !w->first};

    w->first = w->page_break = false;
    return place;
}

/* The line under a text: an empty paragraph with an upper border between two margins. */
static void write_rule(struct writer *w, const struct paper_para *p, double width)
{
    double text = CANH_MIN(lay_width(&w->lay, p) * 25.4 / 72, width),
           rule = text * (double)p->style.rule;
    double left = p->style.align == PAPER_CENTER  ? (width - rule) / 2
                  : p->style.align == PAPER_RIGHT ? width - text + (text - rule) / 2
                                                  : (double)p->style.left + (text - rule) / 2;
    struct odt_para style = {.style = {.size = 2, .left = (float)CANH_MAX(left, 0.0)},
                             .right = (float)CANH_MAX(width - left - rule, 0.0),
                             .rule = true};

    buf_printf(&w->body, "<text:p text:style-name=\"P%u\"/>", odt_para_style(&w->styles, &style));
}

static void write_para(struct writer *w, const struct paper_para *p, double width)
{
    struct odt_para style = para_place(w);

    style.style = p->style;
    buf_printf(&w->body, "<text:p text:style-name=\"P%u\">", odt_para_style(&w->styles, &style));
    write_runs(w, p);
    buf_puts(&w->body, "</text:p>");
    if (p->style.rule > 0)
        write_rule(w, p, width);
}

static void write_gap(struct writer *w, double height)
{
    struct odt_para style = para_place(w);

    style.style = (struct para_style){.size = 2,
                                      .before = (float)CANH_MAX(mm(height) - 3, 0.0),
                                      .keep_next = height > 0};
    buf_printf(&w->body, "<text:p text:style-name=\"P%u\"/>", odt_para_style(&w->styles, &style));
}

static void column_widths(const struct paper_table *t, double width, double to[TABLE_COLS_MAX])
{
    double given = 0;
    unsigned open = 0;

    for (unsigned i = 0; i < t->cols; i++) {
        given += (double)t->width[i];
        open += t->width[i] <= 0;
    }
    for (unsigned i = 0; i < t->cols; i++)
        to[i] = t->width[i] > 0 ? (double)t->width[i] : CANH_MAX((width - given) / open, 3.0);
}

static void append_flow(struct writer *w, const struct paper_flow *f, double width);

static void write_cell(struct writer *w, const struct paper_table *t, const struct paper_cell *c,
                       const double *widths)
{
    struct odt_cell style = {.borders = t->borders,
                             .fill = c->fill,
                             .valign = c->valign,
                             .pad = t->pad};
    double width = -2 * (double)t->pad;

    for (unsigned i = 0; i < c->cols; i++)
        width += widths[c->col + i];
    buf_printf(&w->body, "<table:table-cell table:style-name=\"C%u\" office:value-type=\"string\"",
               odt_cell_style(&w->styles, &style));
    if (c->cols > 1)
        buf_printf(&w->body, " table:number-columns-spanned=\"%u\"", c->cols);
    if (c->rows > 1)
        buf_printf(&w->body, " table:number-rows-spanned=\"%u\"", c->rows);
    buf_puts(&w->body, ">");
    if (c->flow.first == NULL)
        buf_puts(&w->body, "<text:p/>");
    append_flow(w, &c->flow, width);
    buf_puts(&w->body, "</table:table-cell>");
}

/* covered: rows still covered per column by cells above. */
static void write_row(struct writer *w, const struct paper_table *t, const struct paper_row *row,
                      const double *widths, uint16_t *covered)
{
    const struct paper_cell *c = row->first;

    buf_printf(&w->body, "<table:table-row table:style-name=\"R%u\">",
               odt_row_style(&w->styles, row->min_height));
    for (unsigned col = 0; col < t->cols; col++) {
        if (c && c->col == col) {
            write_cell(w, t, c, widths);
            for (unsigned i = 0; i < c->cols; i++)
                covered[col + i] = c->rows;
            for (unsigned i = 1; i < c->cols; i++)
                buf_puts(&w->body, "<table:covered-table-cell/>");
            col += c->cols - 1u;
            c = c->next;
        } else if (covered[col] > 0) {
            buf_puts(&w->body, "<table:covered-table-cell/>");
        } else {
            buf_puts(&w->body, "<table:table-cell><text:p/></table:table-cell>");
        }
    }
    buf_puts(&w->body, "</table:table-row>");
    for (unsigned i = 0; i < t->cols; i++)
        covered[i] = covered[i] > 0 ? covered[i] - 1 : 0;
}

static void write_table(struct writer *w, const struct paper_table *t, double width)
{
    struct odt_para place = para_place(w);
    double widths[TABLE_COLS_MAX] = {0}, sum = 0;
    uint16_t covered[TABLE_COLS_MAX] = {0};
    uint32_t index = 0;
    unsigned id = ++w->tables;

    column_widths(t, width, widths);
    for (unsigned i = 0; i < t->cols; i++)
        sum += widths[i];
    odt_table_style(&w->styles, id, sum, widths, t->cols, &place);
    buf_printf(&w->body, "<table:table table:name=\"Bang%u\" table:style-name=\"Ta%u\">", id, id);
    for (unsigned i = 0; i < t->cols; i++)
        buf_printf(&w->body, "<table:table-column table:style-name=\"Ta%u.%u\"/>", id, i + 1);
    if (t->header_rows > 0 && t->rows > 0)
        buf_puts(&w->body, "<table:table-header-rows>");
    for (const struct paper_row *row = t->first; row; row = row->next) {
        write_row(w, t, row, widths, covered);
        if (++index == CANH_MIN(t->header_rows, t->rows))
            buf_puts(&w->body, "</table:table-header-rows>");
    }
    buf_puts(&w->body, "</table:table>");
}

static void append_flow(struct writer *w, const struct paper_flow *f, double width)
{
    for (const struct paper_block *b = f->first; b; b = b->next) {
        struct paper_run run = {0};
        struct paper_para para = {.style = {.size = 9}, .first = &run};

        switch (b->kind) {
        case BLOCK_PARA:
            write_para(w, &b->para, width);
            break;
        case BLOCK_TABLE:
            write_table(w, b->table, width);
            break;
        case BLOCK_BARS:
            run.text = b->bars.text;
            write_para(w, &para, width);
            break;
        case BLOCK_GAP:
            write_gap(w, (double)b->gap);
            break;
        case BLOCK_PAGE:
            w->page_break = true;
            break;
        }
    }
}

static void write_content(struct writer *w, struct buf *out)
{
    buf_puts(out, ODT_XML_HEAD "<office:document-content" ODT_NAMESPACES
                               " office:version=\"1.2\"><office:scripts/>");
    odt_fonts(out, w->paper);
    buf_puts(out, "<office:automatic-styles>");
    buf_append_slice(out, buf_slice(&w->styles.out));
    buf_puts(out, "</office:automatic-styles><office:body><office:text>");
    buf_append_slice(out, buf_slice(&w->body));
    buf_puts(out, "</office:text></office:body></office:document-content>");
}

static void write_meta(const struct paper *p, struct buf *out)
{
    buf_puts(out, ODT_XML_HEAD "<office:document-meta" ODT_NAMESPACES
                               " office:version=\"1.2\"><office:meta>"
                               "<meta:generator>canh</meta:generator><dc:title>");
    markup_write_paper(out, p->title);
    buf_puts(out, "</dc:title><meta:initial-creator>");
    markup_write_paper(out, p->author);
    buf_puts(out, "</meta:initial-creator><meta:creation-date>");
    time_format(out, p->created * TIME_SECOND, 0);
    buf_puts(out, "</meta:creation-date></office:meta></office:document-meta>");
}

static const char manifest[] = ODT_XML_HEAD
    "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" "
    "manifest:version=\"1.2\"><manifest:file-entry manifest:full-path=\"/\" "
    "manifest:version=\"1.2\" manifest:media-type=\"application/vnd.oasis.opendocument.text\"/>"
    "<manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>"
    "<manifest:file-entry manifest:full-path=\"styles.xml\" manifest:media-type=\"text/xml\"/>"
    "<manifest:file-entry manifest:full-path=\"meta.xml\" manifest:media-type=\"text/xml\"/>"
    "</manifest:manifest>";

static int odt_pack(struct writer *w, struct buf *out, struct err *err)
{
    struct buf content = BUF_INIT(PART_MAX), styles = BUF_INIT(PART_MAX), meta = BUF_INIT(PART_MAX);
    int r;

    write_content(w, &content);
    odt_page_styles(&styles, w->paper);
    write_meta(w->paper, &meta);
    if (content.err || styles.err || meta.err || w->body.err || w->styles.out.err) {
        r = err_fail(err, CE_TOO_BIG, ERR_OFFICE_ODT, ERR_KIND(CE_TOO_BIG));
    } else {
        const struct zipout_part parts[] = {
            {"mimetype", SLICE("application/vnd.oasis.opendocument.text"), true},
            {"content.xml", buf_slice(&content), false},
            {"styles.xml", buf_slice(&styles), false},
            {"meta.xml", buf_slice(&meta), false},
            {"META-INF/manifest.xml", SLICE(manifest), false},
        };

        r = zipout(parts, CANH_LEN(parts), out, err);
    }
    buf_done(&content);
    buf_done(&styles);
    buf_done(&meta);
    return r;
}

static int odt_draw(const struct paper *paper, struct buf *out, struct err *err)
{
    struct writer w = {.paper = paper, .body = BUF_INIT(PART_MAX), .first = true};
    int r = lay_init(&w.lay);

    if (r < 0)
        return err_fail(err, (enum ce) - r, ERR_OFFICE_ODT, ERR_KIND(r));
    odt_styles_init(&w.styles);
    append_flow(&w, &paper->body, (double)paper_text_width(paper));
    if (paper->body.last && paper->body.last->kind == BLOCK_TABLE)
        write_gap(&w, 0); /* else a reader ends the page with a whole empty line */
    if (w.first)
        buf_puts(&w.body, "<text:p/>");
    r = odt_pack(&w, out, err);
    odt_styles_done(&w.styles);
    buf_done(&w.body);
    lay_done(&w.lay);
    return r;
}

int odt_render(struct paper *paper, struct buf *out, struct err *err)
{
    const struct paper *drawn;
    int r;

    if (paper->err < 0)
        return err_fail(err, (enum ce) - paper->err, ERR_OFFICE_ODT, ERR_KIND(paper->err));
    r = pages_fit(paper, &drawn, err);
    return r < 0 ? r : odt_draw(drawn, out, err);
}
