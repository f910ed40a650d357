/* SPDX-License-Identifier: Apache-2.0 */
#include "import/ditto.h"

#include <string.h>

#include "import/roster_words.h"

/* Of a cell, and of the mark in it without what stands around it. */
enum { CELL_MAX = 40, MARK_MAX = 20 };

/* What is left of a mark without the dashes, dots and blanks around it. */
static struct slice bare_mark(struct slice s)
{
    static const char around[] = "-.,_ ()";

    s = slice_trim(s);
    while (s.n > 0 && strchr(around, s.p[0]) != NULL)
        s = slice_from(s, 1);
    while (s.n > 0 && strchr(around, s.p[s.n - 1]) != NULL)
        s = slice_head(s, s.n - 1);
    return s;
}

/* Quotation marks, straight or curled, one or two of them; “//”. */
static bool is_quote_mark(struct slice s)
{
    static const char *const marks[] = {"\"", "''", "'",  "”",    "“", "″",  "〃", "‟", "’’",
                                        "´´", "``", "//", "\"\"", "„", "“”", "”“", "””"};

    for (size_t k = 0; k < CANH_LEN(marks); k++) {
        if (slice_is(s, marks[k]))
            return true;
    }
    return false;
}

bool ditto_is_bare(struct slice s)
{
    s = slice_trim(s);
    return slice_is(s, "nt") || slice_is(s, "NT") || slice_is(s, "Nt") || slice_is(s, "N.T");
}

static bool ditto_is(struct slice s)
{
    struct slice bare;

    if (s.n == 0 || s.n > CELL_MAX)
        return false;
    bare = bare_mark(s);
    return bare.n > 0 && bare.n <= MARK_MAX &&
           (is_quote_mark(bare) || words_any("nt|n.t|như trên|ditto|idem", bare));
}

/* Rows and cells of their own, for one row. */
static struct row *copy_rows(struct arena *arena, const struct sheet *sheet)
{
    struct row *rows = arena_array(arena, sheet->row_count, sizeof(*rows));

    if (rows != NULL)
        memcpy(rows, sheet->rows, sheet->row_count * sizeof(*rows));
    return rows;
}

static bool own_cells(struct arena *arena, const struct sheet *from, struct row *row, uint32_t i)
{
    struct cell *cells;

    if (row->cells != from->rows[i].cells)
        return true;
    cells = arena_array(arena, row->count, sizeof(*cells));
    if (cells == NULL)
        return false;
    memcpy(cells, row->cells, row->count * sizeof(*cells));
    row->cells = cells;
    return true;
}

/* The nearest cell above with something in it; NULL at a heading. */
static const struct cell *cell_above(const struct sheet *sheet, uint32_t head, uint32_t i,
                                     uint32_t col)
{
    struct slice heading = slice_trim(cell_text(row_cell(&sheet->rows[head], col)));

    while (i > head + 1) {
        const struct cell *c = row_cell(&sheet->rows[--i], col);
        struct slice s = slice_trim(cell_text(c));

        if (c->kind == CELL_EMPTY || (s.n == 0 && c->kind == CELL_TEXT))
            continue;
        return heading.n > 0 && words_same(heading, s) ? NULL : c;
    }
    return NULL;
}

static void keep_open_cell(struct ditto *d, struct row *row, uint32_t k)
{
    if (d->open_count++ == 0) {
        d->open_row = row->number;
        d->open_col = k + 1;
        d->mark = slice_trim(cell_text(&row->cells[k]));
    }
    row->cells[k] = (struct cell){.kind = CELL_EMPTY};
}

static void keep_read_cell(struct ditto *d, const struct row *row, uint32_t k)
{
    if (d->count++ > 0)
        return;
    d->row = row->number;
    d->col = k + 1;
    d->mark = slice_trim(cell_text(&row->cells[k]));
}

static bool is_mark(const struct cell *c, uint32_t col, struct ditto_codes codes)
{
    bool coded = col == codes.unit || (codes.first > 0 && col >= codes.first && col <= codes.last);

    return c->kind == CELL_TEXT && ditto_is(cell_text(c)) &&
           !(coded && ditto_is_bare(cell_text(c)));
}

static bool has_mark(const struct sheet *sheet, uint32_t head, struct ditto_codes codes)
{
    for (uint32_t i = head + 1; i < sheet->row_count; i++) {
        for (uint32_t k = 0; k < sheet->rows[i].count; k++) {
            if (is_mark(&sheet->rows[i].cells[k], k + 1, codes))
                return true;
        }
    }
    return false;
}

/* Under a merged area: what its first cell has become, in the row above or on the left. */
static bool fill_merged(struct ditto *d, const struct sheet *from, uint32_t i, uint32_t k)
{
    struct row *row = &d->sheet.rows[i];
    struct slice mark = cell_text(&row->cells[k]);
    const struct cell *first = NULL;

    if (!(row->cells[k].flags & CELL_COVERED))
        return false;
    if (slice_eq(cell_text(row_cell(&from->rows[i - 1], k + 1)), mark))
        first = row_cell(&d->sheet.rows[i - 1], k + 1);
    else if (k > 0 && slice_eq(cell_text(row_cell(&from->rows[i], k)), mark))
        first = &row->cells[k - 1];
    if (first == NULL)
        return false;
    row->cells[k] = *first;
    row->cells[k].flags |= CELL_COVERED;
    return true;
}

int ditto_resolve(struct arena *arena, const struct sheet *sheet, uint32_t head,
                  struct ditto_codes codes, struct ditto *ret, struct err *err)
{
    *ret = (struct ditto){.sheet = *sheet};
    if (!has_mark(sheet, head, codes))
        return 0;
    ret->sheet.rows = copy_rows(arena, sheet);
    for (uint32_t i = head + 1; ret->sheet.rows != NULL && i < sheet->row_count; i++) {
        struct row *row = &ret->sheet.rows[i];

        for (uint32_t k = 0; k < row->count; k++) {
            const struct cell *above;

            if (!is_mark(&row->cells[k], k + 1, codes))
                continue;
            if (!own_cells(arena, sheet, row, i))
                return err_nomem(err);
            if (fill_merged(ret, sheet, i, k))
                continue;
            above = cell_above(&ret->sheet, head, i, k + 1);
            if (above == NULL) {
                keep_open_cell(ret, row, k);
                continue;
            }
            keep_read_cell(ret, row, k);
            row->cells[k] = *above;
            row->cells[k].flags &= (uint8_t)~CELL_COVERED;
        }
    }
    return ret->sheet.rows ? 0 : err_nomem(err);
}
