/* SPDX-License-Identifier: Apache-2.0 */
/* A table as cells for a spreadsheet: numbers, dates and times as such, everything else as text. */
#include "table/to_grid.h"

#include <stdlib.h>

#include "base/time.h"

static struct grid_cell text_cell(struct table_grid *j, const struct table_cell *c)
{
    struct buf text = BUF_INIT(1 << 20);
    struct grid_cell ret = {.kind = GRID_EMPTY, .style = GRID_CELL};

    table_cell_write(j->t, c, &text);
    if (text.len > 0) {
        ret.kind = GRID_TEXT;
        ret.text = arena_dup(&j->arena, buf_slice(&text));
    }
    buf_done(&text);
    return ret;
}

static struct grid_cell grid_cell_of(struct table_grid *j, const struct table_cell *c)
{
    struct grid_cell ret = {.kind = GRID_NUMBER, .style = GRID_CELL};
    int64_t local = c->number + j->t->options.zone * TIME_SECOND;

    switch (c->shown.n > 0 ? TABLE_TEXT : (enum table_kind)c->kind) {
    case TABLE_NUMBER:
        ret.number = (double)c->number;
        return ret;
    case TABLE_DECIMAL:
        ret.number = c->decimal;
        return ret;
    case TABLE_DATE:
        ret.kind = GRID_DATE;
        ret.number = (double)c->number;
        return ret;
    case TABLE_TIME:
        ret.kind = GRID_DATETIME;
        ret.number =
            (double)((local - ((local % TIME_MINUTE) + TIME_MINUTE) % TIME_MINUTE) / TIME_MINUTE);
        return ret;
    default:
        return text_cell(j, c);
    }
}

static int sheet_fill(struct table_grid *j)
{
    const struct table *t = j->t;
    size_t at = 0;

    for (unsigned i = 0; i < t->count; i++)
        j->cols += t->columns[i].reader != TABLE_PROGRAMS;
    j->cells = reallocarray(NULL, (t->rows + 1) * CANH_MAX(j->cols, 1u), sizeof(*j->cells));
    if (j->cells == NULL)
        return -CE_NOMEM;
    for (unsigned i = 0; i < t->count; i++) {
        struct buf text = BUF_INIT(4096);

        if (t->columns[i].reader == TABLE_PROGRAMS)
            continue;
        table_heading_write(t, i, &text);
        j->cells[at++] = (struct grid_cell){.kind = GRID_TEXT,
                                            .style = GRID_HEAD,
                                            .text = arena_dup(&j->arena, buf_slice(&text))};
        buf_done(&text);
    }
    for (size_t row = 0; row < t->rows; row++)
        for (unsigned i = 0; i < t->count; i++)
            if (t->columns[i].reader != TABLE_PROGRAMS)
                j->cells[at++] = grid_cell_of(j, table_cell(t, row, i));
    return 0;
}

void table_grid_done(struct table_grid *j)
{
    free(j->cells);
    arena_done(&j->arena);
}

int table_grid_make(struct table_grid *j, const struct table *t, struct grid *ret, struct err *err)
{
    int r;

    *j = (struct table_grid){.t = t, .arena = ARENA_INIT(TABLE_BYTES)};
    r = t->error ? t->error : sheet_fill(j);
    if (r < 0)
        return err_code(err, r);
    *ret = (struct grid){.name = slice_str(t->options.name),
                         .rows = (uint32_t)t->rows + 1,
                         .cols = j->cols,
                         .cells = j->cells,
                         .freeze_rows = 1,
                         .landscape = j->cols > 6};
    return 0;
}
