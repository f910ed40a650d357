/* SPDX-License-Identifier: Apache-2.0 */
#include "office/odt_style.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/markup.h"

enum { STYLES_XML_MAX = 16 << 20 };

void odt_styles_init(struct odt_styles *s)
{
    *s = (struct odt_styles){.out = BUF_INIT(STYLES_XML_MAX)};
    s->paras = calloc(ODT_STYLES_MAX, sizeof(*s->paras));
    s->cells = calloc(ODT_STYLES_MAX, sizeof(*s->cells));
    s->texts = calloc(ODT_STYLES_MAX, sizeof(*s->texts));
    s->rows = calloc(ODT_STYLES_MAX, sizeof(*s->rows));
    if (!s->paras || !s->cells || !s->texts || !s->rows)
        s->out.err = -CE_NOMEM;
}

void odt_styles_done(struct odt_styles *s)
{
    free(s->paras);
    free(s->cells);
    free(s->texts);
    free(s->rows);
    buf_done(&s->out);
}

/* Lengths with two decimals, never with a comma. */
static void write_mm(struct buf *out, double v)
{
    long hundredths = (long)(v * 100 + (v < 0 ? -0.5 : 0.5));
    long whole = labs(hundredths);

    buf_printf(out, "%s%ld.%02ldmm", hundredths < 0 ? "-" : "", whole / 100, whole % 100);
}

static void write_pt(struct buf *out, float v)
{
    long tenths = (long)((double)v * 10 + 0.5);

    buf_printf(out, "%ld.%ldpt", tenths / 10, tenths % 10);
}

static void write_length(struct buf *out, const char *name, double v)
{
    buf_printf(out, " %s=\"", name);
    write_mm(out, v);
    buf_puts(out, "\"");
}

static void text_properties(struct buf *out, float size, bool bold, bool italic, bool underline,
                            uint32_t color)
{
    buf_puts(out, "<style:text-properties");
    if (size > 0) {
        buf_puts(out, " fo:font-size=\"");
        write_pt(out, size);
        buf_puts(out, "\"");
    }
    if (bold)
        buf_puts(out, " fo:font-weight=\"bold\"");
    if (italic)
        buf_puts(out, " fo:font-style=\"italic\"");
    if (underline)
        buf_puts(out, " style:text-underline-style=\"solid\"");
    if (color != 0)
        buf_printf(out, " fo:color=\"#%06x\"", color & 0xFFFFFF);
    buf_puts(out, "/>");
}

static void paragraph_properties(struct buf *out, const struct odt_para *p)
{
    static const char *const aligns[] = {"start", "center", "end", "justify"};
    const struct para_style *s = &p->style;

    buf_printf(out, "<style:paragraph-properties fo:text-align=\"%s\"", aligns[s->align & 3]);
    write_length(out, "fo:margin-left", (double)s->left);
    write_length(out, "fo:margin-right", (double)p->right);
    write_length(out, "fo:text-indent", (double)s->first);
    buf_puts(out, " fo:margin-top=\"");
    write_pt(out, s->before);
    buf_puts(out, "\" fo:margin-bottom=\"");
    write_pt(out, s->after);
    buf_printf(out, "\" fo:line-height=\"%d%%\"", s->line > 0 ? (int)(s->line * 100 + 0.5f) : 100);
    buf_puts(out, " fo:orphans=\"2\" fo:widows=\"2\"");
    if (s->keep_next)
        buf_puts(out, " fo:keep-with-next=\"always\"");
    if (p->page)
        buf_puts(out, " fo:break-before=\"page\"");
    if (p->rule)
        buf_puts(out, " fo:border-top=\"0.75pt solid #000000\" fo:border-bottom=\"none\" "
                      "fo:border-left=\"none\" fo:border-right=\"none\" fo:padding=\"0mm\"");
    buf_puts(out, "/>");
}

static void write_para(struct buf *out, unsigned id, const struct odt_para *p)
{
    buf_printf(out,
               "<style:style style:name=\"P%u\" style:family=\"paragraph\" "
               "style:parent-style-name=\"Standard\"%s>",
               id, p->master ? " style:master-page-name=\"Dau\"" : "");
    paragraph_properties(out, p);
    text_properties(out, p->style.size, p->style.bold, p->style.italic, false, p->style.color);
    buf_puts(out, "</style:style>");
}

static bool same_para(const struct odt_para *a, const struct odt_para *b)
{
    const struct para_style *s = &a->style, *t = &b->style;

    return s->size == t->size && s->bold == t->bold && s->italic == t->italic &&
           s->align == t->align && s->first == t->first && s->left == t->left &&
           s->before == t->before && s->after == t->after && s->line == t->line &&
           s->keep_next == t->keep_next && s->color == t->color && a->right == b->right &&
           a->rule == b->rule && a->master == b->master && a->page == b->page;
}

unsigned odt_para_style(struct odt_styles *s, const struct odt_para *p)
{
    for (unsigned i = s->para_count; i-- > 0 && s->out.err == 0;) {
        if (same_para(&s->paras[i], p))
            return i + 1;
    }
    if (s->out.err != 0 || s->para_count >= ODT_STYLES_MAX)
        return s->para_count;
    s->paras[s->para_count++] = *p;
    write_para(&s->out, s->para_count, p);
    return s->para_count;
}

unsigned odt_text_style(struct odt_styles *s, unsigned flags, uint32_t color)
{
    for (unsigned i = 0; i < s->text_count; i++) {
        if (s->texts[i].flags == flags && s->texts[i].color == color)
            return i + 1;
    }
    if (s->out.err != 0 || s->text_count >= ODT_STYLES_MAX)
        return s->text_count;
    s->texts[s->text_count++] = (struct odt_text){flags, color};
    buf_printf(&s->out, "<style:style style:name=\"T%u\" style:family=\"text\">", s->text_count);
    text_properties(&s->out, 0, flags & RUN_BOLD, flags & RUN_ITALIC, flags & RUN_UNDERLINE, color);
    buf_puts(&s->out, "</style:style>");
    return s->text_count;
}

static void write_cell(struct buf *out, unsigned id, const struct odt_cell *c)
{
    static const char *const aligns[] = {"top", "middle", "bottom"};

    buf_printf(out,
               "<style:style style:name=\"C%u\" style:family=\"table-cell\">"
               "<style:table-cell-properties fo:border=\"%s\" style:vertical-align=\"%s\"",
               id, c->borders ? "0.5pt solid #000000" : "none", aligns[c->valign % 3]);
    write_length(out, "fo:padding", (double)c->pad);
    if (c->fill != PAPER_NO_FILL)
        buf_printf(out, " fo:background-color=\"#%06x\"", c->fill & 0xFFFFFF);
    buf_puts(out, "/></style:style>");
}

unsigned odt_cell_style(struct odt_styles *s, const struct odt_cell *c)
{
    for (unsigned i = 0; i < s->cell_count; i++) {
        const struct odt_cell *o = &s->cells[i];

        if (o->borders == c->borders && o->fill == c->fill && o->valign == c->valign &&
            o->pad == c->pad)
            return i + 1;
    }
    if (s->out.err != 0 || s->cell_count >= ODT_STYLES_MAX)
        return s->cell_count;
    s->cells[s->cell_count++] = *c;
    write_cell(&s->out, s->cell_count, c);
    return s->cell_count;
}

unsigned odt_row_style(struct odt_styles *s, float min_height)
{
    for (unsigned i = 0; i < s->row_count; i++) {
        if (s->rows[i] == min_height)
            return i + 1;
    }
    if (s->out.err != 0 || s->row_count >= ODT_STYLES_MAX)
        return s->row_count;
    s->rows[s->row_count++] = min_height;
    buf_printf(&s->out,
               "<style:style style:name=\"R%u\" style:family=\"table-row\">"
               "<style:table-row-properties fo:keep-together=\"always\"",
               s->row_count);
    if (min_height > 0)
        write_length(&s->out, "style:min-row-height", (double)min_height);
    buf_puts(&s->out, "/></style:style>");
    return s->row_count;
}

void odt_table_style(struct odt_styles *s, unsigned id, double width, const double *widths,
                     unsigned cols, const struct odt_para *place)
{
    struct buf *out = &s->out;

    buf_printf(out, "<style:style style:name=\"Ta%u\" style:family=\"table\"%s>", id,
               place->master ? " style:master-page-name=\"Dau\"" : "");
    buf_puts(out, "<style:table-properties table:align=\"left\" table:border-model=\"collapsing\"");
    write_length(out, "style:width", width);
    if (place->page)
        buf_puts(out, " fo:break-before=\"page\"");
    buf_puts(out, "/></style:style>");
    for (unsigned i = 0; i < cols; i++) {
        buf_printf(out, "<style:style style:name=\"Ta%u.%u\" style:family=\"table-column\">", id,
                   i + 1);
        buf_puts(out, "<style:table-column-properties");
        write_length(out, "style:column-width", widths[i]);
        buf_puts(out, "/></style:style>");
    }
}

void odt_fonts(struct buf *out, const struct paper *p)
{
    buf_printf(out,
               "<office:font-face-decls><style:font-face style:name=\"%s\" "
               "svg:font-family=\"&apos;%s&apos;\" style:font-family-generic=\"roman\" "
               "style:font-pitch=\"variable\"/></office:font-face-decls>",
               p->font, p->font);
}

enum { NUMBER_HEIGHT = 6, NUMBER_GAP = 4, FOOT_HEIGHT = 6, FOOT_GAP = 2 };

/* The text area begins at the upper margin, whether or not something stands in it. */
static void page_layout(struct buf *out, const struct paper *p, const char *name, bool header)
{
    bool footer = p->pages == PAGES_FOOTER || p->footer.n > 0;
    bool has_header = header || p->banner.n > 0;

    buf_printf(out, "<style:page-layout style:name=\"%s\"><style:page-layout-properties", name);
    write_length(out, "fo:page-width", (double)p->width);
    write_length(out, "fo:page-height", (double)p->height);
    buf_printf(out, " style:print-orientation=\"%s\"",
               p->width > p->height ? "landscape" : "portrait");
    write_length(out, "fo:margin-top",
                 (double)p->top - (has_header ? NUMBER_HEIGHT + NUMBER_GAP : 0));
    write_length(out, "fo:margin-bottom",
                 (double)p->bottom - (footer ? FOOT_HEIGHT + FOOT_GAP : 0));
    write_length(out, "fo:margin-left", (double)p->left);
    write_length(out, "fo:margin-right", (double)p->right);
    buf_puts(out, "/>");
    if (has_header)
        buf_printf(out,
                   "<style:header-style><style:header-footer-properties svg:height=\"%dmm\" "
                   "fo:min-height=\"%dmm\" fo:margin-bottom=\"%dmm\" "
                   "style:dynamic-spacing=\"false\"/></style:header-style>",
                   NUMBER_HEIGHT + NUMBER_GAP, NUMBER_HEIGHT, NUMBER_GAP);
    if (footer)
        buf_printf(out,
                   "<style:footer-style><style:header-footer-properties svg:height=\"%dmm\" "
                   "fo:min-height=\"%dmm\" fo:margin-top=\"%dmm\" "
                   "style:dynamic-spacing=\"false\"/></style:footer-style>",
                   FOOT_HEIGHT + FOOT_GAP, FOOT_HEIGHT, FOOT_GAP);
    buf_puts(out, "</style:page-layout>");
}

static void margin_styles(struct buf *out, const struct paper *p)
{
    buf_puts(out, "<style:style style:name=\"SoTrang\" style:family=\"paragraph\" "
                  "style:parent-style-name=\"Standard\"><style:paragraph-properties "
                  "fo:text-align=\"center\"/>");
    text_properties(out, p->page_size, false, false, false, 0);
    buf_puts(out, "</style:style><style:style style:name=\"Bieu\" style:family=\"paragraph\" "
                  "style:parent-style-name=\"Standard\"><style:paragraph-properties "
                  "fo:text-align=\"end\"/>");
    text_properties(out, 11, true, false, false, 0xB00000);
    buf_puts(out, "</style:style><style:style style:name=\"Chan\" style:family=\"paragraph\" "
                  "style:parent-style-name=\"Standard\"><style:paragraph-properties>"
                  "<style:tab-stops><style:tab-stop style:type=\"right\"");
    write_length(out, "style:position", (double)paper_text_width(p));
    buf_puts(out, "/></style:tab-stops></style:paragraph-properties>");
    text_properties(out, 9, false, false, false, 0x404040);
    buf_puts(out, "</style:style>");
}

static void master_page(struct buf *out, const struct paper *p, const char *name, bool number)
{
    buf_printf(out, "<style:master-page style:name=\"%s\" style:page-layout-name=\"%s\"%s>", name,
               number ? "Trang2" : "Trang1", number ? "" : " style:next-style-name=\"Sau\"");
    if (number || p->banner.n > 0) {
        buf_puts(out, "<style:header>");
        if (p->banner.n > 0) {
            buf_puts(out, "<text:p text:style-name=\"Bieu\">");
            markup_write_paper(out, p->banner);
            buf_puts(out, "</text:p>");
        }
        if (number && p->pages == PAGES_TOP)
            buf_puts(out, "<text:p text:style-name=\"SoTrang\"><text:page-number "
                          "text:select-page=\"current\">2</text:page-number></text:p>");
        else if (p->banner.n == 0)
            buf_puts(out, "<text:p text:style-name=\"SoTrang\"/>");
        buf_puts(out, "</style:header>");
    }
    if (p->pages == PAGES_FOOTER || p->footer.n > 0) {
        buf_puts(out, "<style:footer><text:p text:style-name=\"Chan\">");
        markup_write_paper(out, p->footer);
        if (p->pages == PAGES_FOOTER) {
            buf_puts(out, "<text:tab/>");
            markup_write_paper(out, p->page_word);
            buf_puts(out, " <text:page-number text:select-page=\"current\">1"
                          "</text:page-number>/<text:page-count>1</text:page-count>");
        }
        buf_puts(out, "</text:p></style:footer>");
    }
    buf_puts(out, "</style:master-page>");
}

void odt_page_styles(struct buf *out, const struct paper *p)
{
    bool number = p->pages == PAGES_TOP;

    buf_puts(out, ODT_XML_HEAD "<office:document-styles" ODT_NAMESPACES " office:version=\"1.2\">");
    odt_fonts(out, p);
    buf_printf(out,
               "<office:styles><style:default-style style:family=\"paragraph\">"
               "<style:paragraph-properties style:tab-stop-distance=\"12.5mm\"/>"
               "<style:text-properties style:font-name=\"%s\" fo:font-size=\"13pt\" "
               "fo:language=\"vi\" fo:country=\"VN\"/></style:default-style>"
               "<style:style style:name=\"Standard\" style:family=\"paragraph\" "
               "style:class=\"text\"/>",
               p->font);
    margin_styles(out, p);
    buf_puts(out, "</office:styles><office:automatic-styles>");
    page_layout(out, p, "Trang1", false);
    page_layout(out, p, "Trang2", number);
    buf_puts(out, "</office:automatic-styles><office:master-styles>");
    master_page(out, p, "Dau", false);
    master_page(out, p, "Sau", number);
    buf_puts(out, "</office:master-styles></office:document-styles>");
}
