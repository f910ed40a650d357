/* SPDX-License-Identifier: Apache-2.0 */
#include "office/sheetmake.h"

#include <stdlib.h>

#include "base/array.h"
#include "lang/err_office.h"
#include "office/clean.h"

static int no_memory(const struct sheetmake *m, struct err *err)
{
    if (m->arena->used >= m->arena->max / 2)
        return err_fail_at(err, CE_TOO_BIG, m->row_number, 0, ERR_OFFICE_TABLE_MEMORY,
                           (uint64_t)(m->arena->max >> 20));
    return err_nomem(err);
}

int sheetmake_init(struct sheetmake *m, struct arena *arena, const struct workbook_limits *limits,
                   uint64_t *cells_used, uint32_t *rows_used, struct err *err)
{
    *m = (struct sheetmake){.arena = arena,
                            .limits = limits,
                            .cells_used = cells_used,
                            .rows_used = rows_used,
                            .scratch = BUF_INIT((size_t)limits->max_cell_bytes * 4)};
    m->line = calloc(limits->max_cols, sizeof(*m->line));
    return m->line ? 0 : no_memory(m, err);
}

void sheetmake_done(struct sheetmake *m)
{
    free(m->line);
    free(m->rows);
    buf_done(&m->scratch);
    m->line = NULL;
    m->rows = NULL;
}

int sheetmake_row(struct sheetmake *m, uint32_t number, bool hidden, struct err *err)
{
    if (m->open || number == 0 || number <= m->row_number)
        return err_fail_at(err, CE_CORRUPT, number, 0, ERR_OFFICE_TABLE_ROW_ORDER, number);
    m->row_number = number;
    m->hidden = hidden;
    m->open = true;
    m->line_used = 0;
    return 0;
}

struct slice sheetmake_clean(struct sheetmake *m, struct slice text, struct err *err)
{
    struct slice s = clean_text(text, &m->scratch), r;

    if (s.n > m->limits->max_cell_bytes || m->scratch.err == -CE_TOO_BIG) {
        (void)err_fail_at(err, CE_TOO_BIG, m->row_number, 0, ERR_OFFICE_TABLE_CELL_BIG,
                          m->limits->max_cell_bytes);
        return SLICE_NULL;
    }
    if (s.n == 0)
        return SLICE("");
    r = m->scratch.err == 0 ? arena_dup(m->arena, s) : SLICE_NULL;
    if (r.p == NULL)
        (void)no_memory(m, err);
    return r;
}

int sheetmake_cell_ready(struct sheetmake *m, uint32_t col, enum cell_kind kind, unsigned flags,
                         struct slice text, struct err *err)
{
    if (col == 0 || col > m->limits->max_cols)
        return err_fail_at(err, CE_TOO_BIG, m->row_number, col, ERR_OFFICE_TABLE_COLS,
                           m->row_number, m->limits->max_cols);
    while (m->line_used < col)
        m->line[m->line_used++] = (struct cell){.p = (const uint8_t *)""};
    m->line[col - 1] = (struct cell){.p = text.p,
                                     .n = (uint32_t)text.n,
                                     .kind = (uint8_t)kind,
                                     .flags = (uint8_t)flags};
    m->formulas += (flags & CELL_FORMULA) != 0;
    return 0;
}

int sheetmake_cell(struct sheetmake *m, uint32_t col, enum cell_kind kind, unsigned flags,
                   struct slice text, struct err *err)
{
    struct slice s = sheetmake_clean(m, text, err);

    if (s.p == NULL) {
        if (err != NULL && err->col == 0)
            err->col = col;
        return err != NULL && err->code ? -err->code : -CE_NOMEM;
    }
    if (s.n == 0) {
        if (flags == 0)
            return 0;
        kind = CELL_EMPTY;
    }
    return sheetmake_cell_ready(m, col, kind, flags, s, err);
}

static int push_row(struct sheetmake *m, struct err *err)
{
    if (!array_room(m->rows, m->row_count, m->row_cap, SIZE_MAX))
        return no_memory(m, err);
    m->rows[m->row_count] =
        (struct row){.number = m->row_number, .count = m->line_used, .hidden = m->hidden};
    if (m->line_used > 0) {
        struct cell *cells = arena_alloc(m->arena, m->line_used * sizeof(*cells));

        if (cells == NULL)
            return no_memory(m, err);
        memcpy(cells, m->line, m->line_used * sizeof(*cells));
        m->rows[m->row_count].cells = cells;
    }
    m->row_count++;
    return 0;
}

int sheetmake_row_end(struct sheetmake *m, struct err *err)
{
    m->open = false;
    if (m->line_used == 0)
        return 0;
    if (++*m->rows_used > m->limits->max_rows)
        return err_fail_at(err, CE_TOO_BIG, m->row_number, 0, ERR_OFFICE_TABLE_ROWS,
                           m->limits->max_rows);
    *m->cells_used += m->line_used;
    if (*m->cells_used > m->limits->max_cells)
        return err_fail_at(err, CE_TOO_BIG, m->row_number, 0, ERR_OFFICE_TABLE_CELLS,
                           m->limits->max_cells);
    return push_row(m, err);
}

int sheetmake_row_again(struct sheetmake *m, uint32_t number, uint32_t used, struct err *err)
{
    int r = sheetmake_row(m, number, m->hidden, err);

    if (r < 0)
        return r;
    m->line_used = used; /* the line is still there */
    return sheetmake_row_end(m, err);
}

int sheetmake_end(struct sheetmake *m, struct sheet *ret, struct err *err)
{
    *ret = (struct sheet){.name = m->name, .formulas = m->formulas};
    if (m->row_count > 0) {
        ret->rows = arena_alloc(m->arena, m->row_count * sizeof(*ret->rows));
        if (ret->rows == NULL)
            return no_memory(m, err);
        memcpy(ret->rows, m->rows, m->row_count * sizeof(*ret->rows));
        ret->row_count = (uint32_t)m->row_count;
    }
    return 0;
}
