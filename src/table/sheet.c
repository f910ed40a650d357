/* SPDX-License-Identifier: Apache-2.0 */
/* The faces that spreadsheets open: numbers, dates and times as such, everything else as text. */
#include <stdlib.h>

#include "table/sheet.h"
#include "table/table.h"
#include "table/to_grid.h"

int table_to_csv(const struct table *t, struct buf *out, struct err *err)
{
    struct table_grid job;
    struct grid grid;
    int r = table_grid_make(&job, t, &grid, err);

    if (r == 0)
        r = sheet_csv(&grid, out, err);
    table_grid_done(&job);
    return r;
}

int table_to_xlsx(const struct table *const *tables, size_t count, struct slice title,
                  int64_t created, struct buf *out, struct err *err)
{
    struct table_grid jobs[TABLE_SHEETS];
    struct grid grids[TABLE_SHEETS] = {0};
    size_t n = 0;
    int r = 0;

    for (; n < CANH_MIN(count, (size_t)TABLE_SHEETS) && r == 0; n++)
        r = table_grid_make(&jobs[n], tables[n], &grids[n], err);
    if (r == 0)
        r = sheet_xlsx(grids, n, title, created, out, err);
    while (n-- > 0)
        table_grid_done(&jobs[n]);
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
    struct table_grid job;
    struct grid grid;
    int r = table_grid_make(&job, t, &grid, err);

    for (uint32_t row = 1; r == 0 && row < grid.rows; row++)
        r = rows_write(w, &grid.cells[(size_t)row * grid.cols], err);
    table_grid_done(&job);
    return r;
}
