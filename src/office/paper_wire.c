/* SPDX-License-Identifier: Apache-2.0 */
#include "office/paper_wire.h"

#include <math.h>
#include <string.h>

#include "os/frame.h"

enum { MAGIC = 0x32504e43, WORD_MAX = 1000, FONT_MAX = 100, LENGTH_MAX = 5000 };

/* Writing. */

static void put_float(struct buf *out, float f)
{
    uint32_t bits;

    memcpy(&bits, &f, sizeof(bits));
    frame_put_u32(out, bits);
}

static void put_para(struct buf *out, const struct paper_para *p)
{
    const struct para_style *s = &p->style;

    put_float(out, s->size);
    frame_put_u8(out, (uint8_t)(s->bold | s->italic << 1 | s->keep_next << 2));
    frame_put_u8(out, s->align);
    put_float(out, s->first);
    put_float(out, s->left);
    put_float(out, s->before);
    put_float(out, s->after);
    put_float(out, s->line);
    put_float(out, s->rule);
    frame_put_u32(out, s->color);
    for (const struct paper_run *r = p->first; r; r = r->next) {
        frame_put_u8(out, 1);
        frame_put_text(out, r->text);
        frame_put_u8(out, (uint8_t)r->flags);
        frame_put_u32(out, r->color);
    }
    frame_put_u8(out, 0);
}

static void put_bars(struct buf *out, const struct paper_bars *b)
{
    frame_put_u8(out, (uint8_t)b->count);
    for (unsigned i = 0; i < b->count && i < BARS_MAX; i++) {
        put_float(out, b->value[i]);
        frame_put_u32(out, b->color[i]);
    }
    frame_put_u8(out, b->columns);
    put_float(out, b->height);
    frame_put_text(out, b->text);
}

static void put_flow(struct buf *out, const struct paper_flow *f);

static void put_cell(struct buf *out, const struct paper_cell *c)
{
    frame_put_u8(out, 1);
    frame_put_u32(out, c->cols);
    frame_put_u32(out, c->rows);
    frame_put_u8(out, c->valign);
    frame_put_u8(out, c->bare);
    frame_put_u32(out, c->fill);
    put_flow(out, &c->flow);
}

static void put_table(struct buf *out, const struct paper_table *t)
{
    frame_put_u8(out, (uint8_t)t->cols);
    for (unsigned i = 0; i < t->cols; i++)
        put_float(out, t->width[i]);
    frame_put_u8(out, (uint8_t)(t->borders | t->stay << 1));
    put_float(out, t->pad);
    frame_put_u32(out, t->header_rows);
    for (const struct paper_row *row = t->first; row; row = row->next) {
        frame_put_u8(out, 1);
        put_float(out, row->min_height);
        frame_put_u8(out, row->keep_next);
        for (const struct paper_cell *c = row->first; c; c = c->next)
            put_cell(out, c);
        frame_put_u8(out, 0);
    }
    frame_put_u8(out, 0);
}

/* Tables hold no tables: this is at most two deep. */
static void put_flow(struct buf *out, const struct paper_flow *f)
{
    for (const struct paper_block *b = f->first; b; b = b->next) {
        frame_put_u8(out, (uint8_t)(b->kind + 1));
        if (b->kind == BLOCK_PARA)
            put_para(out, &b->para);
        else if (b->kind == BLOCK_TABLE)
            put_table(out, b->table);
        else if (b->kind == BLOCK_BARS)
            put_bars(out, &b->bars);
        else if (b->kind == BLOCK_GAP)
            put_float(out, b->gap);
    }
    frame_put_u8(out, 0);
}

static void put_paper(struct buf *out, const struct paper *p)
{
    frame_put_text(out, slice_head_utf8(p->title, WORD_MAX));
    frame_put_text(out, slice_head_utf8(p->author, WORD_MAX));
    frame_put_i64(out, p->created);
    put_float(out, p->width);
    put_float(out, p->height);
    put_float(out, p->top);
    put_float(out, p->bottom);
    put_float(out, p->left);
    put_float(out, p->right);
    frame_put_text(out, slice_head_utf8(slice_str(p->font), FONT_MAX));
    frame_put_u8(out, (uint8_t)p->pages);
    put_float(out, p->page_size);
    frame_put_text(out, slice_head_utf8(p->page_word, WORD_MAX));
    frame_put_text(out, slice_head_utf8(p->footer, WORD_MAX));
    frame_put_text(out, slice_head_utf8(p->banner, WORD_MAX));
    frame_put_u8(out, (uint8_t)p->fit);
    put_flow(out, &p->body);
    frame_put_u8(out, p->shorter != NULL);
}

void paper_encode(struct buf *out, const struct paper *p)
{
    frame_put_u32(out, MAGIC);
    for (; p; p = p->shorter)
        put_paper(out, p);
}

/* Reading: whatever is no paper makes the reader bad. */

static float get_number(struct frame_reader *f, float least, float most, bool may_be_unknown)
{
    uint32_t bits = frame_get_u32(f);
    float x;

    memcpy(&x, &bits, sizeof(x));
    if (!(may_be_unknown && isnan(x)) && !(x >= least && x <= most))
        f->bad = true;
    return f->bad ? 0 : x;
}

/* Of an object's size or place; mm or points. */
static float get_length(struct frame_reader *f)
{
    return get_number(f, 0, LENGTH_MAX, false);
}

static unsigned get_flags(struct frame_reader *f, unsigned most)
{
    unsigned flags = frame_get_u8(f);

    f->bad = f->bad || flags > most;
    return flags;
}

static void get_para(struct frame_reader *f, struct paper_flow *to)
{
    struct para_style s = {.size = get_length(f)};
    unsigned flags = get_flags(f, 7);
    struct paper_para *p;

    s.bold = flags & 1;
    s.italic = flags & 2;
    s.keep_next = flags & 4;
    s.align = (uint8_t)get_flags(f, PAPER_JUSTIFY);
    s.first = get_number(f, -LENGTH_MAX, LENGTH_MAX, false);
    s.left = get_length(f);
    s.before = get_length(f);
    s.after = get_length(f);
    s.line = get_length(f);
    s.rule = get_length(f);
    s.color = frame_get_u32(f);
    p = f->bad ? NULL : paper_para(to, &s, SLICE_NULL);
    while (p && get_flags(f, 1)) {
        struct slice text = frame_get_text(f, PAPER_WIRE_TEXT);
        unsigned run = get_flags(f, RUN_BOLD | RUN_ITALIC | RUN_UNDERLINE);
        uint32_t color = frame_get_u32(f);

        if (f->bad || to->paper->err < 0)
            return;
        paper_run(to, p, text, run, color);
    }
}

static void get_bars(struct frame_reader *f, struct paper_flow *to)
{
    struct paper_bars b = {.count = get_flags(f, BARS_MAX)};

    for (unsigned i = 0; i < b.count && !f->bad; i++) {
        b.value[i] = get_number(f, 0, 1, true);
        b.color[i] = frame_get_u32(f);
    }
    b.columns = get_flags(f, 1);
    b.height = get_length(f);
    b.text = frame_get_text(f, PAPER_WIRE_TEXT);
    if (!f->bad)
        paper_bars(to, &b);
}

static void get_flow(struct frame_reader *f, struct paper_flow *to, bool tables);

static bool get_cell(struct frame_reader *f, struct paper_table *t)
{
    uint32_t cols = frame_get_u32(f), rows = frame_get_u32(f);
    uint8_t valign = (uint8_t)get_flags(f, CELL_BOTTOM);
    bool bare = get_flags(f, 1);
    uint32_t fill = frame_get_u32(f);
    struct paper_cell *c;

    f->bad = f->bad || cols > TABLE_COLS_MAX || rows > TABLE_ROWS_MAX;
    c = f->bad ? NULL : paper_cell(t, cols, rows);
    if (c == NULL) {
        f->bad = true;
        return false;
    }
    c->valign = valign;
    c->bare = bare;
    c->fill = fill;
    get_flow(f, &c->flow, false);
    return !f->bad && t->paper->err == 0;
}

static bool get_row(struct frame_reader *f, struct paper_table *t)
{
    struct paper_row *row = paper_row(t, get_length(f));

    if (row == NULL) {
        f->bad = true;
        return false;
    }
    row->keep_next = get_flags(f, 1);
    while (get_flags(f, 1))
        if (f->bad || !get_cell(f, t))
            return false;
    return !f->bad;
}

static void get_table(struct frame_reader *f, struct paper_flow *to)
{
    unsigned cols = get_flags(f, TABLE_COLS_MAX), flags;
    float width[TABLE_COLS_MAX];
    struct paper_table *t;

    for (unsigned i = 0; i < cols && !f->bad; i++)
        width[i] = get_length(f);
    flags = get_flags(f, 3);
    t = f->bad ? NULL : paper_table(to, cols, width, flags & 1);
    if (t == NULL)
        return;
    t->stay = flags & 2;
    t->pad = get_length(f);
    t->header_rows = frame_get_u32(f);
    while (get_flags(f, 1))
        if (f->bad || !get_row(f, t))
            break;
    f->bad = f->bad || t->header_rows > t->rows;
}

static void get_flow(struct frame_reader *f, struct paper_flow *to, bool tables)
{
    unsigned kind;

    while (!f->bad && to->paper->err == 0 && (kind = get_flags(f, BLOCK_PAGE + 1)) > 0) {
        if (kind == BLOCK_PARA + 1)
            get_para(f, to);
        else if (kind == BLOCK_TABLE + 1 && tables)
            get_table(f, to);
        else if (kind == BLOCK_BARS + 1)
            get_bars(f, to);
        else if (kind == BLOCK_GAP + 1)
            paper_gap(to, get_length(f));
        else if (kind == BLOCK_PAGE + 1)
            paper_page(to);
        else
            f->bad = true;
    }
}

static void get_page(struct frame_reader *f, struct paper *p)
{
    struct slice font;

    p->title = frame_get_text(f, WORD_MAX);
    p->author = frame_get_text(f, WORD_MAX);
    p->created = frame_get_i64(f);
    p->width = get_number(f, 10, LENGTH_MAX, false);
    p->height = get_number(f, 10, LENGTH_MAX, false);
    p->top = get_length(f);
    p->bottom = get_length(f);
    p->left = get_length(f);
    p->right = get_length(f);
    font = frame_get_text(f, FONT_MAX);
    p->pages = (enum page_numbers)get_flags(f, PAGES_FOOTER);
    p->page_size = get_length(f);
    p->page_word = frame_get_text(f, WORD_MAX);
    p->footer = frame_get_text(f, WORD_MAX);
    p->banner = frame_get_text(f, WORD_MAX);
    p->fit = (enum paper_fit)get_flags(f, PAPER_ONE);
    p->font = (const char *)arena_dup(p->arena, font).p;
    f->bad = f->bad || p->font == NULL || strlen(p->font) != font.n || font.n == 0 ||
             p->width - p->left - p->right < 10 || p->height - p->top - p->bottom < 10;
}

/* *ret_more: a shorter one follows. */
static int get_paper(struct frame_reader *f, struct paper *p, bool *ret_more)
{
    *ret_more = false;
    if (!f->bad)
        get_page(f, p);
    if (!f->bad)
        get_flow(f, &p->body, true);
    if (p->err == 0)
        *ret_more = get_flags(f, 1);
    return p->err == -CE_TOO_BIG ? p->err : p->err < 0 || f->bad ? -CE_PEER : 0;
}

int paper_decode(struct slice bytes, struct arena *arena, struct paper *ret)
{
    struct frame_reader f = frame_reader(bytes);
    struct paper *p = ret;
    bool more;
    int r;

    paper_init(p, arena);
    f.bad = frame_get_u32(&f) != MAGIC;
    r = get_paper(&f, p, &more);
    for (unsigned i = 0; r == 0 && more; i++) {
        if (i == PAPER_SHORTER_MAX)
            return -CE_PEER;
        p->shorter = arena_alloc(arena, sizeof(*p));
        if (p->shorter == NULL)
            return -CE_TOO_BIG;
        p = p->shorter;
        paper_init(p, arena);
        r = get_paper(&f, p, &more);
    }
    return r == 0 && frame_end(&f) < 0 ? -CE_PEER : r;
}
