/* SPDX-License-Identifier: Apache-2.0 */
/* The faces that spreadsheets open: numbers, dates and times as such, everything else as text. */
#include <stdlib.h>

#include "base/time.h"
#include "office/grid.h"
#include "table/sheet.h"
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

    table_cell_write(j->t, c, &text);
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

static int sheet_fill(struct sheet_job *j)
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

static void job_done(struct sheet_job *j)
{
    free(j->cells);
    arena_done(&j->arena);
}

/* The table as a grid whose cells the job keeps. */
static int make_grid(struct sheet_job *j, const struct table *t, struct grid *ret, struct err *err)
{
    int r;

    *j = (struct sheet_job){.t = t, .arena = ARENA_INIT(TABLE_BYTES)};
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

int table_to_csv(const struct table *t, struct buf *out, struct err *err)
{
    struct sheet_job job;
    struct grid grid;
    int r = make_grid(&job, t, &grid, err);

    if (r == 0)
        r = sheet_csv(&grid, out, err);
    job_done(&job);
    return r;
}

int table_to_xlsx(const struct table *const *tables, size_t count, struct slice title,
                  int64_t created, struct buf *out, struct err *err)
{
    struct sheet_job jobs[TABLE_SHEETS];
    struct grid grids[TABLE_SHEETS] = {0};
    size_t n = 0;
    int r = 0;

    for (; n < CANH_MIN(count, (size_t)TABLE_SHEETS) && r == 0; n++)
        r = make_grid(&jobs[n], tables[n], &grids[n], err);
    if (r == 0)
        r = sheet_xlsx(grids, n, title, created, out, err);
    while (n-- > 0)
        job_done(&jobs[n]);
    return r;
}

int table_sheet_begin(struct rows_writer *w, const struct table *t, struct slice name,
                      struct err *err)
{
    struct rows_column columns[TABLE_COLUMNS];
    struct buf texts[TABLE_COLUMNS];
    uint32_t n = 0;
    int r;

    for (unsigned i = 0; i < t->count; i++) {
        const struct table_column *c = &t->columns[i];

        if (c->reader == TABLE_PROGRAMS)
            continue;
        texts[n] = BUF_INIT(4096);
        table_heading_write(t, i, &texts[n]);
        columns[n].heading = buf_slice(&texts[n]);
        columns[n].width = c->wrap                 ? 60
                           : c->kind == TABLE_TEXT ? CANH_MAX(24u, (unsigned)c->width)
                           : c->kind == TABLE_TIME ? 20
                                                   : 12;
        n++;
    }
    r = rows_sheet(w, name.n ? name : slice_str(t->options.name), columns, n, err);
    while (n-- > 0)
        buf_done(&texts[n]);
    return r;
}

int table_sheet_rows(struct rows_writer *w, const struct table *t, struct err *err)
{
    struct sheet_job job;
    struct grid grid;
    int r = make_grid(&job, t, &grid, err);

    for (uint32_t row = 1; r == 0 && row < grid.rows; row++)
        r = rows_write(w, &grid.cells[(size_t)row * grid.cols], err);
    job_done(&job);
    return r;
}
