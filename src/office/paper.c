/* SPDX-License-Identifier: Apache-2.0 */
#include "office/paper.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

enum { PRINTF_MAX = 4096 };

const char *const paper_fonts[] = {"/usr/share/fonts",      "/usr/local/share/fonts", "/etc/fonts",
                                   "/usr/share/fontconfig", "/var/cache/fontconfig",  NULL};

void paper_init(struct paper *d, struct arena *arena)
{
    *d = (struct paper){.arena = arena,
                        .width = 210,
                        .height = 297,
                        .top = 20,
                        .bottom = 20,
                        .left = 30,
                        .right = 20,
                        .font = "Times New Roman",
                        .page_size = 13};
    d->body.paper = d;
}

float paper_text_width(const struct paper *d)
{
    return d->width - d->left - d->right;
}

static void scale_flow(struct paper_flow *f, float factor);

static void scale_table(struct paper_table *t, float factor)
{
    for (struct paper_row *row = t->first; row; row = row->next) {
        row->min_height *= factor;
        for (struct paper_cell *c = row->first; c; c = c->next)
            scale_flow(&c->flow, factor);
    }
}

static void scale_flow(struct paper_flow *f, float factor)
{
    for (struct paper_block *b = f->first; b; b = b->next) {
        if (b->kind == BLOCK_PARA)
            b->para.style.size *= factor;
        else if (b->kind == BLOCK_BARS)
            b->bars.height *= factor;
        else if (b->kind == BLOCK_TABLE) /* tables hold no tables */
            scale_table(b->table, factor);
    }
}

void paper_scale(struct paper *d, float factor)
{
    scale_flow(&d->body, factor);
}

static void *paper_make(struct paper *d, size_t size)
{
    void *p = d->err == 0 ? arena_zalloc(d->arena, size) : NULL;

    if (p == NULL && d->err == 0)
        d->err = -CE_TOO_BIG;
    return p;
}

static struct slice paper_copy(struct paper *d, struct slice s)
{
    struct slice r = arena_dup(d->arena, s);

    if (r.p == NULL)
        d->err = -CE_TOO_BIG;
    return r;
}

static struct paper_block *add_block(struct paper_flow *f, enum block_kind kind)
{
    struct paper_block *b = f ? paper_make(f->paper, sizeof(*b)) : NULL;

    if (b == NULL)
        return NULL;
    b->kind = kind;
    if (f->last)
        f->last->next = b;
    else
        f->first = b;
    f->last = b;
    return b;
}

void paper_run(struct paper_flow *f, struct paper_para *p, struct slice text, unsigned flags,
               uint32_t color)
{
    struct paper_run *run = f && p ? paper_make(f->paper, sizeof(*run)) : NULL;

    if (run == NULL)
        return;
    run->text = paper_copy(f->paper, text);
    run->flags = flags;
    run->color = color;
    if (p->last)
        p->last->next = run;
    else
        p->first = run;
    p->last = run;
}

struct paper_para *paper_para(struct paper_flow *f, const struct para_style *style,
                              struct slice text)
{
    struct paper_block *b = add_block(f, BLOCK_PARA);

    if (b == NULL)
        return NULL;
    b->para.style = *style;
    if (text.n > 0)
        paper_run(f, &b->para, text, 0, 0);
    return &b->para;
}

struct paper_para *paper_printf(struct paper_flow *f, const struct para_style *style,
                                const char *fmt, ...)
{
    char text[PRINTF_MAX];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (n >= PRINTF_MAX) { /* cut at a character */
        n = PRINTF_MAX - 1;
        while (n > 0 && ((uint8_t)text[n - 1] & 0xC0) == 0x80)
            n--;
        n -= n > 0 && (uint8_t)text[n - 1] >= 0x80;
    }
    return paper_para(f, style, slice_of(text, n < 0 ? 0 : (size_t)n));
}

void paper_gap(struct paper_flow *f, float mm)
{
    struct paper_block *b = add_block(f, BLOCK_GAP);

    if (b != NULL)
        b->gap = mm;
}

void paper_page(struct paper_flow *f)
{
    (void)add_block(f, BLOCK_PAGE);
}

void paper_bars(struct paper_flow *f, const struct paper_bars *bars)
{
    struct paper_block *b = add_block(f, BLOCK_BARS);

    if (b == NULL)
        return;
    b->bars = *bars;
    b->bars.text = paper_copy(f->paper, bars->text);
}

struct paper_table *paper_table(struct paper_flow *f, unsigned cols, const float *widths,
                                bool borders)
{
    struct paper_block *b =
        f && cols > 0 && cols <= TABLE_COLS_MAX ? add_block(f, BLOCK_TABLE) : NULL;
    struct paper_table *t = b ? paper_make(f->paper, sizeof(*t)) : NULL;

    if (t == NULL) {
        if (f != NULL && f->paper->err == 0)
            f->paper->err = -CE_BUG;
        return NULL;
    }
    b->table = t;
    t->cols = (uint16_t)cols;
    t->borders = borders;
    t->pad = borders ? 1.0f : 0;
    t->paper = f->paper;
    if (widths != NULL)
        memcpy(t->width, widths, cols * sizeof(*widths));
    return t;
}

struct paper_row *paper_row(struct paper_table *t, float min_height)
{
    struct paper_row *row;

    if (t == NULL)
        return NULL;
    if (t->rows >= TABLE_ROWS_MAX) {
        t->paper->err = t->paper->err ? t->paper->err : -CE_TOO_BIG;
        return NULL;
    }
    row = paper_make(t->paper, sizeof(*row));
    if (row == NULL)
        return NULL;
    for (unsigned i = 0; i < t->cols && t->rows > 0; i++)
        t->covered[i] = t->covered[i] > 0 ? t->covered[i] - 1 : 0;
    row->index = t->rows++;
    row->min_height = min_height;
    if (t->last)
        t->last->next = row;
    else
        t->first = row;
    t->last = row;
    return row;
}

/* The first column not taken by the row's own cells nor covered from above. */
static unsigned free_column(const struct paper_table *t)
{
    const struct paper_cell *last = t->last->last;
    unsigned col = last ? last->col + last->cols : 0;

    while (col < t->cols && t->covered[col] > 0)
        col++;
    return col;
}

static bool is_free(const struct paper_table *t, unsigned col, unsigned cols)
{
    for (unsigned i = col; i < col + cols; i++) {
        if (i >= t->cols || t->covered[i] > 0)
            return false;
    }
    return true;
}

struct paper_cell *paper_cell(struct paper_table *t, unsigned cols, unsigned rows)
{
    struct paper_cell *c;
    unsigned col;

    if (t == NULL || t->last == NULL)
        return NULL;
    col = free_column(t);
    if (cols < 1 || rows < 1 || rows > TABLE_ROWS_MAX || !is_free(t, col, cols)) {
        t->paper->err = t->paper->err ? t->paper->err : -CE_BUG;
        return NULL;
    }
    c = paper_make(t->paper, sizeof(*c));
    if (c == NULL)
        return NULL;
    *c = (struct paper_cell){.col = (uint16_t)col,
                             .cols = (uint16_t)cols,
                             .rows = (uint16_t)rows,
                             .fill = PAPER_NO_FILL,
                             .flow = {.paper = t->paper}};
    for (unsigned i = 0; i < cols; i++)
        t->covered[col + i] = (uint16_t)rows;
    if (t->last->last)
        t->last->last->next = c;
    else
        t->last->first = c;
    t->last->last = c;
    return c;
}

struct paper_cell *paper_cell_text(struct paper_table *t, const struct para_style *style,
                                   struct slice text)
{
    struct paper_cell *c = paper_cell(t, 1, 1);

    if (c != NULL)
        (void)paper_para(&c->flow, style, text);
    return c;
}
