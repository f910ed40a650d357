/* SPDX-License-Identifier: Apache-2.0 */
#include "office/lay.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/err.h"

enum { TEXT_MAX = 4 << 20 };

int lay_init(struct lay *l)
{
    cairo_font_options_t *options;

    *l = (struct lay){.map = pango_cairo_font_map_new()};
    if (l->map == NULL)
        return -CE_NOMEM;
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(l->map), 72);
    l->context = pango_font_map_create_context(l->map);
    options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(l->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(l->context, pango_language_from_string("vi"));
    pango_context_set_base_dir(l->context, PANGO_DIRECTION_LTR);
    pango_context_set_round_glyph_positions(l->context, FALSE);
    return 0;
}

void lay_done(struct lay *l)
{
    if (l->context)
        g_object_unref(l->context);
    if (l->map)
        g_object_unref(l->map);
    *l = (struct lay){0};
}

void boxes_done(struct boxes *b)
{
    for (size_t i = 0; i < b->n; i++) {
        if (b->v[i].line)
            pango_layout_line_unref(b->v[i].line);
    }
    free(b->v);
    *b = (struct boxes){0};
}

static struct box *add_box(struct lay *l, struct boxes *b)
{
    if (!array_room(b->v, b->n, b->cap, SIZE_MAX)) {
        l->err = -CE_NOMEM;
        return NULL;
    }
    b->v[b->n] = (struct box){0};
    return &b->v[b->n++];
}

static void add_attr(PangoAttrList *list, PangoAttribute *attr, size_t from, size_t to)
{
    attr->start_index = (guint)from;
    attr->end_index = (guint)to;
    pango_attr_list_insert(list, attr);
}

static void run_attrs(PangoAttrList *list, const struct para_style *style,
                      const struct paper_run *run, size_t from, size_t to)
{
    uint32_t color = run->color;

    if (style->bold || (run->flags & RUN_BOLD))
        add_attr(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, to);
    if (style->italic || (run->flags & RUN_ITALIC))
        add_attr(list, pango_attr_style_new(PANGO_STYLE_ITALIC), from, to);
    if (run->flags & RUN_UNDERLINE)
        add_attr(list, pango_attr_underline_new(PANGO_UNDERLINE_SINGLE), from, to);
    if (color != 0)
        add_attr(list,
                 pango_attr_foreground_new((guint16)((color >> 16 & 0xFF) * 257),
                                           (guint16)((color >> 8 & 0xFF) * 257),
                                           (guint16)((color & 0xFF) * 257)),
                 from, to);
}

/* The paragraph's text and attributes in a new layout; NULL when out of memory. */
static PangoLayout *layout_of(struct lay *l, const struct paper_para *p)
{
    PangoLayout *layout = pango_layout_new(l->context);
    PangoFontDescription *font = pango_font_description_from_string(LAY_FONT);
    PangoAttrList *attrs = pango_attr_list_new();
    struct buf text = BUF_INIT(TEXT_MAX);

    for (const struct paper_run *run = p->first; run; run = run->next) {
        size_t from = text.len;

        buf_append_slice(&text, run->text);
        run_attrs(attrs, &p->style, run, from, text.len);
    }
    if (text.err != 0)
        l->err = text.err;
    /* an address with a hyphen put into it is another address */
    add_attr(attrs, pango_attr_insert_hyphens_new(FALSE), 0, text.len);
    pango_font_description_set_size(font, (gint)(p->style.size * PANGO_SCALE));
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text.p ? (const char *)text.p : "", (int)text.len);
    pango_layout_set_attributes(layout, attrs);
    pango_attr_list_unref(attrs);
    pango_font_description_free(font);
    buf_done(&text);
    return layout;
}

double lay_width(struct lay *l, const struct paper_para *p)
{
    PangoLayout *layout = layout_of(l, p);
    PangoRectangle logical;

    pango_layout_get_extents(layout, NULL, &logical);
    g_object_unref(layout);
    return (double)logical.width / PANGO_SCALE;
}

static void set_shape(PangoLayout *layout, const struct para_style *s, double width)
{
    static const PangoAlignment aligns[] = {[PAPER_LEFT] = PANGO_ALIGN_LEFT,
                                            [PAPER_CENTER] = PANGO_ALIGN_CENTER,
                                            [PAPER_RIGHT] = PANGO_ALIGN_RIGHT,
                                            [PAPER_JUSTIFY] = PANGO_ALIGN_LEFT};

    pango_layout_set_width(layout, (int)(CANH_MAX(width - mm(s->left), 1.0) * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_indent(layout, (int)(mm(s->first) * PANGO_SCALE));
    pango_layout_set_alignment(layout, aligns[s->align & 3]);
    pango_layout_set_justify(layout, s->align == PAPER_JUSTIFY);
}

/* Addresses have no blanks to break at, but these signs. */
static bool is_sign(char c)
{
    return c != 0 && strchr("@./_-:?&=", c) != NULL;
}

/*
 * Where a word that is too long for its line should be broken: behind its last sign that still
 * fits. 0: no line was broken inside a word with such a sign.
 */
static int sign_break(PangoLayout *layout)
{
    const char *text = pango_layout_get_text(layout);
    const PangoLogAttr *attrs = pango_layout_get_log_attrs_readonly(layout, NULL);
    int from = 0, n = pango_layout_get_line_count(layout);

    for (int i = 0; i < n; i++) {
        int at = pango_layout_get_line_readonly(layout, i)->start_index, k = at - 1;

        if (i > 0 && text[k] != '\n' && text[k] != ' ' &&
            !attrs[g_utf8_pointer_to_offset(text, text + at)].is_line_break) {
            while (k > from && text[k] != ' ' && !is_sign(text[k - 1]))
                k--;
            if (k > from && text[k] != ' ')
                return k;
        }
        from = at;
    }
    return 0;
}

enum { SIGN_BREAKS_MAX = 200 };

static void break_at_signs(PangoLayout *layout)
{
    int at;

    for (int i = 0; i < SIGN_BREAKS_MAX && (at = sign_break(layout)) > 0; i++) {
        const char *text = pango_layout_get_text(layout);
        PangoAttrList *attrs = pango_attr_list_copy(pango_layout_get_attributes(layout));
        struct buf broken = BUF_INIT(TEXT_MAX + SIGN_BREAKS_MAX);

        buf_append(&broken, text, (size_t)at);
        buf_putc(&broken, '\n');
        buf_puts(&broken, text + at);
        pango_attr_list_update(attrs, at, 0, 1);
        if (broken.err == 0) {
            pango_layout_set_text(layout, (const char *)broken.p, (int)broken.len);
            pango_layout_set_attributes(layout, attrs);
        }
        pango_attr_list_unref(attrs);
        buf_done(&broken);
    }
}

/* The space a rule needs below its line, and where it stands. */
static void add_rule(struct box *b, const struct para_style *s, const PangoRectangle *logical)
{
    double width = (double)logical->width / PANGO_SCALE;

    b->rule_width = width * s->rule;
    b->rule_x = b->x + (width - b->rule_width) / 2;
    b->height += 3;
}

static void add_line(struct lay *l, const struct paper_para *p, PangoLayoutIter *it,
                     struct boxes *out)
{
    double factor = p->style.line > 0 ? p->style.line : 1;
    struct box *b = add_box(l, out);
    PangoRectangle logical;
    double natural;

    if (b == NULL)
        return;
    pango_layout_iter_get_line_extents(it, NULL, &logical);
    natural = (double)logical.height / PANGO_SCALE;
    b->kind = BOX_LINE;
    b->line = pango_layout_line_ref(pango_layout_iter_get_line_readonly(it));
    b->x = mm(p->style.left) + (double)logical.x / PANGO_SCALE;
    b->baseline = (double)(pango_layout_iter_get_baseline(it) - logical.y) / PANGO_SCALE +
                  (factor - 1) * natural / 2;
    b->height = natural * factor;
    b->color = p->style.color;
    if (p->style.rule > 0 && pango_layout_iter_at_last_line(it))
        add_rule(b, &p->style, &logical);
}

static void lay_para(struct lay *l, const struct paper_para *p, double width, struct boxes *out)
{
    PangoLayout *layout = layout_of(l, p);
    PangoLayoutIter *it;
    size_t from = out->n;

    set_shape(layout, &p->style, width);
    break_at_signs(layout);
    it = pango_layout_get_iter(layout);
    do
        add_line(l, p, it, out);
    while (pango_layout_iter_next_line(it) && l->err == 0);
    pango_layout_iter_free(it);
    g_object_unref(layout);
    if (out->n == from)
        return;
    out->v[from].before = p->style.before;
    out->v[out->n - 1].height += p->style.after;
    for (size_t i = from; i < out->n; i++) /* no single line at the foot or head of a page */
        out->v[i].keep = p->style.keep_next ||
                         (out->n - from > 1 && (i == from || i + 2 == out->n) && i + 1 < out->n);
}

void lay_block(struct lay *l, const struct paper_block *b, double width, struct boxes *out)
{
    struct box *box;

    switch (b->kind) {
    case BLOCK_PARA:
        lay_para(l, &b->para, width, out);
        break;
    case BLOCK_BARS:
        box = add_box(l, out);
        if (box != NULL) {
            box->kind = BOX_BARS;
            box->bars = &b->bars;
            box->bars_width = width;
            box->height = mm(b->bars.height);
        }
        break;
    case BLOCK_GAP:
        box = add_box(l, out);
        if (box != NULL) {
            box->kind = BOX_GAP;
            box->keep = true; /* it parts two things, and ends no page */
            box->height = mm(b->gap);
        }
        break;
    case BLOCK_TABLE:
    case BLOCK_PAGE:
        break;
    }
}

void lay_flow(struct lay *l, const struct paper_flow *f, double width, struct boxes *out)
{
    for (const struct paper_block *b = f->first; b && l->err == 0; b = b->next)
        lay_block(l, b, width, out);
}

double boxes_height(const struct boxes *b, size_t from, size_t to, bool first_space)
{
    double h = 0;

    for (size_t i = from; i < to; i++)
        h += b->v[i].height + (i > from || first_space ? b->v[i].before : 0);
    return h;
}
