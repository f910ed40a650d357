/* SPDX-License-Identifier: Apache-2.0 */
#include "office/workbook_wire.h"

#include "base/utf.h"
#include "os/frame.h"

enum {
    MAGIC = 0x31574e43,
    EXTERNAL = 1,
    MACROS = 2,
    CELL_TEXT_MAX = 128 << 10,
    NAME_MAX = 1000,
    MERGES_MAX = 65536
};

static void write_sheet(struct buf *out, const struct sheet *s)
{
    frame_put_text(out, s->name);
    frame_put_u8(out, s->hidden);
    frame_put_u32(out, s->formulas);
    frame_put_u32(out, s->row_count);
    frame_put_u32(out, s->merge_count);
    for (uint32_t i = 0; i < s->row_count; i++) {
        const struct row *row = &s->rows[i];

        frame_put_u32(out, row->number);
        frame_put_u32(out, row->count);
        frame_put_u8(out, row->hidden);
        for (uint32_t c = 0; c < row->count; c++) {
            frame_put_u8(out, row->cells[c].kind);
            frame_put_u8(out, row->cells[c].flags);
            frame_put_text(out, cell_text(&row->cells[c]));
        }
    }
    for (uint32_t i = 0; i < s->merge_count; i++) {
        frame_put_u32(out, s->merges[i].row1);
        frame_put_u32(out, s->merges[i].row2);
        frame_put_u32(out, s->merges[i].col1);
        frame_put_u32(out, s->merges[i].col2);
    }
}

void workbook_encode(struct buf *out, const struct workbook *t)
{
    frame_put_u32(out, MAGIC);
    frame_put_u8(out, (uint8_t)t->format);
    frame_put_u8(out, (uint8_t)t->delimiter);
    frame_put_u8(out, (t->external ? EXTERNAL : 0) | (t->macros ? MACROS : 0));
    frame_put_u32(out, t->sheet_count);
    for (uint32_t i = 0; i < t->sheet_count; i++)
        write_sheet(out, &t->sheets[i]);
}

/* What is left of the limits. */
struct wire_reader {
    struct frame_reader f;
    struct arena *arena;
    uint32_t rows, cells;
    bool nomem;
};

/* A count of things that take at least `least` bytes each, within what is left of `*room`. */
static uint32_t read_count(struct wire_reader *t, uint32_t *room, size_t least)
{
    uint32_t n = frame_get_u32(&t->f);

    if (t->f.bad || n > *room || (size_t)n > t->f.rest.n / least) {
        t->f.bad = true;
        return 0;
    }
    *room -= n;
    return n;
}

static void *read_array(struct wire_reader *t, uint32_t n, size_t size)
{
    void *p = arena_array(t->arena, (size_t)n + 1, size);

    t->nomem = t->nomem || p == NULL;
    return p;
}

static struct slice read_text(struct wire_reader *t, size_t most)
{
    struct slice s = frame_get_text(&t->f, most);

    if (!utf8_valid(s)) {
        t->f.bad = true;
        return SLICE("");
    }
    return s;
}

static void read_row(struct wire_reader *t, struct row *row, uint32_t after)
{
    row->number = frame_get_u32(&t->f);
    row->count = read_count(t, &t->cells, 6);
    row->hidden = frame_get_u8(&t->f) != 0;
    row->cells = read_array(t, row->count, sizeof(*row->cells));
    if (row->number <= after)
        t->f.bad = true;
    for (uint32_t i = 0; row->cells && !t->f.bad && i < row->count; i++) {
        struct cell *c = &row->cells[i];
        struct slice text;

        c->kind = frame_get_u8(&t->f);
        c->flags = frame_get_u8(&t->f);
        text = read_text(t, CELL_TEXT_MAX);
        c->p = text.p;
        c->n = (uint32_t)text.n;
        if (c->kind >= CELL_KIND_MAX || (c->kind == CELL_EMPTY && c->n > 0))
            t->f.bad = true;
    }
}

static void read_merges(struct wire_reader *t, struct sheet *s)
{
    s->merges = read_array(t, s->merge_count, sizeof(*s->merges));
    for (uint32_t i = 0; s->merges && !t->f.bad && i < s->merge_count; i++) {
        struct merge *m = &s->merges[i];

        m->row1 = frame_get_u32(&t->f);
        m->row2 = frame_get_u32(&t->f);
        m->col1 = frame_get_u32(&t->f);
        m->col2 = frame_get_u32(&t->f);
        if (m->row1 == 0 || m->col1 == 0 || m->row2 < m->row1 || m->col2 < m->col1)
            t->f.bad = true;
    }
}

static void read_sheet(struct wire_reader *t, struct sheet *s)
{
    uint32_t merges = MERGES_MAX, after = 0;

    s->name = read_text(t, NAME_MAX);
    s->hidden = frame_get_u8(&t->f) != 0;
    s->formulas = frame_get_u32(&t->f);
    s->row_count = read_count(t, &t->rows, 9);
    s->merge_count = frame_get_u32(&t->f);
    if (s->merge_count > merges || (size_t)s->merge_count > t->f.rest.n / 16)
        t->f.bad = true;
    if (t->f.bad)
        s->row_count = s->merge_count = 0;
    s->rows = read_array(t, s->row_count, sizeof(*s->rows));
    for (uint32_t i = 0; s->rows && !t->f.bad && i < s->row_count; i++) {
        read_row(t, &s->rows[i], after);
        after = s->rows[i].number;
    }
    read_merges(t, s);
}

int workbook_decode(struct slice bytes, const struct workbook_limits *limits, struct arena *arena,
                    struct workbook **ret)
{
    struct wire_reader t = {.f = frame_reader(bytes),
                            .arena = arena,
                            .rows = limits ? limits->max_rows : WORKBOOK_WIRE_ROWS,
                            .cells = limits ? limits->max_cells : WORKBOOK_WIRE_CELLS};
    struct workbook *w = arena_new(arena, struct workbook);
    uint32_t sheets = limits ? limits->max_sheets : WORKBOOK_WIRE_SHEETS;
    uint32_t magic = frame_get_u32(&t.f);
    uint8_t format = frame_get_u8(&t.f), delimiter = frame_get_u8(&t.f), marks = frame_get_u8(&t.f);

    if (w == NULL)
        return -CE_NOMEM;
    w->sheet_count = read_count(&t, &sheets, 17);
    if (t.f.bad || magic != MAGIC || format > WORKBOOK_ODS)
        return -CE_PEER;
    w->format = (enum workbook_format)format;
    w->delimiter = (char)delimiter;
    w->external = marks & EXTERNAL;
    w->macros = marks & MACROS;
    w->sheets = read_array(&t, w->sheet_count, sizeof(*w->sheets));
    for (uint32_t i = 0; w->sheets && !t.f.bad && i < w->sheet_count; i++)
        read_sheet(&t, &w->sheets[i]);
    if (t.nomem)
        return -CE_NOMEM;
    if (frame_end(&t.f) < 0)
        return -CE_PEER;
    *ret = w;
    return 0;
}
