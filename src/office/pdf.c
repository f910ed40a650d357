/* SPDX-License-Identifier: Apache-2.0 */
#include "office/pdf.h"

#include <cairo-pdf.h>
#include <math.h>
#include <stdio.h>

#include "base/time.h"
#include "lang/err_office.h"
#include "office/page.h"

enum { BORDER_COLOR = 0, RULE_COLOR = 0 };

struct pen {
    cairo_t *cr;
    struct lay *lay;
    const struct paper *paper;
    struct pages *pages;
};

static void set_color(cairo_t *cr, uint32_t c)
{
    cairo_set_source_rgb(cr, (c >> 16 & 0xFF) / 255.0, (c >> 8 & 0xFF) / 255.0, (c & 0xFF) / 255.0);
}

static void fill_rect(cairo_t *cr, double x, double y, double w, double h, uint32_t color)
{
    set_color(cr, color);
    cairo_rectangle(cr, x, y, w, h);
    cairo_fill(cr);
}

static void stroke_line(cairo_t *cr, double x1, double y1, double x2, double y2, double width)
{
    set_color(cr, RULE_COLOR);
    cairo_set_line_width(cr, width);
    cairo_move_to(cr, x1, y1);
    cairo_line_to(cr, x2, y2);
    cairo_stroke(cr);
}

#define HATCH_STEP 2.5

/* Unknown is never a colour of its own: grey, hatched. */
static void pdf_hatch(cairo_t *cr, double x, double y, double w, double h)
{
    cairo_save(cr);
    cairo_rectangle(cr, x, y, w, h);
    cairo_clip(cr);
    fill_rect(cr, x, y, w, h, 0xE8E8E8);
    cairo_set_line_width(cr, 0.4);
    cairo_set_source_rgb(cr, 0.45, 0.45, 0.45);
    for (int i = 0; i < (int)((w + h) / HATCH_STEP) + 1; i++) {
        double from = x - h + i * HATCH_STEP;

        cairo_move_to(cr, from, y + h);
        cairo_line_to(cr, from + h, y);
    }
    cairo_stroke(cr);
    cairo_restore(cr);
}

static void draw_columns(cairo_t *cr, const struct paper_bars *b, double x, double y, double w,
                         double h)
{
    double step = w / CANH_MAX(b->count, 1u), col = CANH_MIN(step * 0.75, 6.0);

    for (unsigned i = 0; i < b->count; i++) {
        double v = (double)b->value[i], tall = CANH_MAX(v * (h - 1), 0.6);

        if (isnan(v))
            pdf_hatch(cr, x + i * step, y + h * 0.35, col, h * 0.65);
        else
            fill_rect(cr, x + i * step, y + h - tall, col, tall, b->color[i]);
    }
}

static void draw_stack(cairo_t *cr, const struct paper_bars *b, double x, double y, double w,
                       double h)
{
    double at = x;

    for (unsigned i = 0; i < b->count; i++) {
        double part = isnan(b->value[i]) ? x + w - at : (double)b->value[i] * w;

        if (b->color[i] == PAPER_NO_FILL || isnan(b->value[i]))
            pdf_hatch(cr, at, y, part, h);
        else
            fill_rect(cr, at, y, part, h, b->color[i]);
        at += part;
    }
    set_color(cr, 0x808080);
    cairo_set_line_width(cr, 0.4);
    cairo_rectangle(cr, x, y, w, h);
    cairo_stroke(cr);
}

static void draw_box(struct pen *pen, const struct box *b, double x, double y)
{
    if (b->kind == BOX_BARS) {
        if (b->bars->columns)
            draw_columns(pen->cr, b->bars, x, y, b->bars_width, b->height);
        else
            draw_stack(pen->cr, b->bars, x, y, b->bars_width, b->height);
    } else if (b->kind == BOX_LINE) {
        set_color(pen->cr, b->color);
        cairo_move_to(pen->cr, x + b->x, y + b->baseline);
        pango_cairo_show_layout_line(pen->cr, b->line);
        if (b->rule_width > 0)
            stroke_line(pen->cr, x + b->rule_x, y + b->height - 1, x + b->rule_x + b->rule_width,
                        y + b->height - 1, 0.7);
    }
}

static double span_height(const struct table_lay *t, uint32_t row, const struct paper_cell *c)
{
    double h = 0;

    for (uint32_t i = row; i < row + c->rows && i < t->table->rows; i++)
        h += t->rows[i].height;
    return h;
}

static void draw_cell_text(struct pen *pen, const struct table_lay *t, const struct cell_lay *c,
                           const struct cut_cell *cut, double x, double y, double height)
{
    size_t from = cut ? cut->from : 0, to = cut ? cut->to : c->boxes.n;
    double pad = mm(t->table->pad), at = y + pad;

    if (!cut && c->cell->valign == CELL_MIDDLE)
        at += (height - c->height) / 2;
    else if (!cut && c->cell->valign == CELL_BOTTOM)
        at += height - c->height;
    for (size_t i = from; i < to; i++) {
        at += i > from || from == 0 ? c->boxes.v[i].before : 0;
        draw_box(pen, &c->boxes.v[i], x + pad, at);
        at += c->boxes.v[i].height;
    }
}

static void draw_row(struct pen *pen, const struct piece *piece, double x, double y)
{
    const struct table_lay *t = piece->table;
    const struct row_lay *r = &t->rows[piece->row];

    for (unsigned i = 0; i < r->cell_count; i++) {
        const struct cell_lay *c = &r->cells[i];
        const struct cut_cell *cut = piece->cut ? &piece->cut[i] : NULL;
        double left = x + t->x[c->cell->col], w = x + t->x[c->cell->col + c->cell->cols] - left;
        double h = cut ? piece->height : span_height(t, piece->row, c->cell);

        if (c->cell->fill != PAPER_NO_FILL)
            fill_rect(pen->cr, left, y, w, h, c->cell->fill);
        if (t->table->borders && !c->cell->bare) {
            set_color(pen->cr, BORDER_COLOR);
            cairo_set_line_width(pen->cr, 0.5);
            cairo_rectangle(pen->cr, left, y, w, h);
            cairo_stroke(pen->cr);
        }
        draw_cell_text(pen, t, c, cut, left, y, h);
    }
}

static void draw_text(struct pen *pen, struct slice text, double size, bool bold, uint32_t color,
                      double x, double y, double align)
{
    struct paper_run run = {.text = text};
    struct paper_para para = {.style = {.size = (float)size, .bold = bold}, .first = &run};
    struct paper_block block = {.kind = BLOCK_PARA, .para = para};
    struct boxes boxes = {0};

    lay_block(pen->lay, &block, 10000, &boxes);
    if (boxes.n > 0) {
        double w = lay_width(pen->lay, &para);

        boxes.v[0].color = color;
        draw_box(pen, &boxes.v[0], x - w * align, y);
    }
    boxes_done(&boxes);
}

static void draw_margins(struct pen *pen, unsigned page)
{
    const struct paper *p = pen->paper;
    double right = mm(p->width - p->right), centre = mm(p->left + paper_text_width(p) / 2);
    double foot = mm(p->height - CANH_MAX(p->bottom, 10.0f) + 4);
    char text[64];

    if (p->pages == PAGES_TOP && page > 0) {
        (void)snprintf(text, sizeof(text), "%u", page + 1);
        draw_text(pen, slice_str(text), p->page_size, false, 0, centre, mm(p->top / 2 - 2), 0.5);
    }
    if (p->pages == PAGES_FOOTER) {
        (void)snprintf(text, sizeof(text), SLICE_FMT " %u/%u",
                       SLICE_ARG(slice_head(p->page_word, sizeof(text) / 2)), page + 1,
                       pen->pages->count);
        draw_text(pen, slice_str(text), 9, false, 0x404040, right, foot, 1);
    }
    if (p->footer.n > 0)
        draw_text(pen, p->footer, 9, false, 0x404040, mm(p->left), foot, 0);
    if (p->banner.n > 0)
        draw_text(pen, p->banner, 11, true, 0xB00000, right, mm(CANH_MIN(p->top / 2 - 3, 8.0f)), 1);
}

static void draw_pages(struct pen *pen)
{
    const struct pages *pages = pen->pages;
    double left = mm(pen->paper->left), top = mm(pen->paper->top);
    size_t i = 0;

    for (unsigned page = 0; page < pages->count; page++) {
        draw_margins(pen, page);
        for (; i < pages->piece_count && pages->pieces[i].page == page; i++) {
            const struct piece *piece = &pages->pieces[i];

            if (piece->box)
                draw_box(pen, piece->box, left, top + piece->y);
            else
                draw_row(pen, piece, left, top + piece->y);
        }
        cairo_show_page(pen->cr);
    }
}

static cairo_status_t write_out(void *closure, const unsigned char *data, unsigned int n)
{
    struct buf *out = closure;

    buf_append(out, data, n);
    return out->err == 0 ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void set_properties(cairo_surface_t *s, const struct paper *p)
{
    struct buf text = BUF_INIT(4096);

    buf_append_slice(&text, slice_head(p->title, 1000));
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, buf_cstr(&text));
    buf_clear(&text);
    buf_append_slice(&text, slice_head(p->author, 1000));
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_AUTHOR, buf_cstr(&text));
    buf_clear(&text);
    time_format(&text, p->created * TIME_SECOND, 0);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, buf_cstr(&text));
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_MOD_DATE, buf_cstr(&text));
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "canh");
    buf_done(&text);
}

static int office_pdf_render(const struct paper *paper, struct lay *lay, struct pages *pages,
                             struct buf *out, struct err *err)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(write_out, out, mm(paper->width), mm(paper->height));
    struct pen pen = {.cr = cairo_create(surface), .lay = lay, .paper = paper, .pages = pages};
    cairo_status_t status;

    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    set_properties(surface, paper);
    draw_pages(&pen);
    cairo_destroy(pen.cr);
    cairo_surface_finish(surface);
    status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (out->err != 0)
        return err_fail(err, (enum ce) - out->err, ERR_OFFICE_PDF, ERR_KIND(out->err));
    return status == CAIRO_STATUS_SUCCESS
               ? 0
               : err_fail(err, CE_IO, ERR_OFFICE_PDF, cairo_status_to_string(status));
}

int pdf_render(struct paper *paper, struct buf *out, unsigned *ret_pages, struct err *err)
{
    struct pages pages = {0};
    const struct paper *drawn;
    struct lay lay = {0};
    int r = paper->err;

    if (r < 0)
        return err_fail(err, (enum ce) - r, ERR_OFFICE_PDF, ERR_KIND(r));
    r = pages_fit(paper, &drawn, err);
    if (r < 0)
        return r;
    r = lay_init(&lay);
    if (r == 0)
        r = pages_make(&pages, &lay, drawn);
    if (r < 0)
        r = err_fail(err, (enum ce) - r, ERR_OFFICE_PDF, ERR_KIND(r));
    else
        r = office_pdf_render(drawn, &lay, &pages, out, err);
    if (r == 0 && ret_pages != NULL)
        *ret_pages = pages.count;
    pages_done(&pages);
    lay_done(&lay);
    return r;
}
