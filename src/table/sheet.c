/* SPDX-License-Identifier: Apache-2.0 */
/* The faces that spreadsheets open: numbers, dates and times as such, everything else as text. */
#include <stdlib.h>

#include "base/time.h"
#include "office/grid.h"
#include "table/table.h"

struct sheet_job {
    const struct table *t;
    struct grid_cell *cells;
    uint32_t cols;
    struct arena arena; /* texts that the cells do not hold */
};

static struct grid_cell text_cell(struct sheet_job *j, const struct table_cell *c)
{
    struct buf text = BUF_INIT(1 << 20);
    struct grid_cell ret = {.kind = GRID_EMPTY, .style = GRID_CELL};

    table_cell_put(j->t, c, &text);
    if (text.len > 0) {
        ret.kind = GRID_TEXT;
        ret.text = arena_dup(&j->arena, buf_slice(&text));
    }
    buf_done(&text);
    return ret;
}

static struct grid_cell grid_cell_of(struct sheet_job *j, const struct table_cell *c)
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

static int fill(struct sheet_job *j)
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
        table_heading_put(t, i, &text);
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

static int draw(const struct table *t, bool csv, struct slice title, int64_t created,
                struct buf *out, struct err *err)
{
    struct sheet_job j = {.t = t, .arena = ARENA_INIT(TABLE_BYTES)};
    struct grid grid;
    int r = t->error ? t->error : fill(&j);

    if (r < 0) {
        free(j.cells);
        arena_done(&j.arena);
        return err_set(err, (enum ce) - r, "%s", ce_to_str(r));
    }
    grid = (struct grid){.name = title.n > 0 ? title : slice_str(t->options.name),
                         .rows = (uint32_t)t->rows + 1,
                         .cols = j.cols,
                         .cells = j.cells,
                         .freeze_rows = 1,
                         .landscape = j.cols > 6};
    r = csv ? sheet_csv(&grid, out, err) : sheet_xlsx(&grid, 1, title, created, out, err);
    free(j.cells);
    arena_done(&j.arena);
    return r;
}

int table_to_csv(const struct table *t, struct buf *out, struct err *err)
{
    return draw(t, true, SLICE_NULL, 0, out, err);
}

int table_to_xlsx(const struct table *t, struct slice title, int64_t created, struct buf *out,
                  struct err *err)
{
    return draw(t, false, title, created, out, err);
}
