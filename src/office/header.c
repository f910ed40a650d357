/* SPDX-License-Identifier: Apache-2.0 */
#include "office/header.h"

#include "lang/collate.h"
#include "lang/err_office.h"

enum { HEADING_MAX = 400 };

static bool names_it(struct slice heading, const struct header_column *column)
{
    struct slice plain = slice_head(heading, CANH_MIN(slice_find_byte(heading, '('), heading.n));
    struct slice rest = slice_str(column->names), name;

    while (slice_cut(&rest, '|', &name)) {
        if (viet_same(name, heading) || (plain.n > 0 && viet_same(name, plain)))
            return true;
    }
    return false;
}

/* Which wanted column a heading names, one that was not found yet before others; or -1. */
static int column_of(struct slice heading, const struct header_column *columns, size_t count,
                     const struct header *h)
{
    int taken = -1;

    if (heading.n == 0 || heading.n > HEADING_MAX)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (!names_it(heading, &columns[i]))
            continue;
        if (h->col[i] == 0)
            return (int)i;
        taken = taken < 0 ? (int)i : taken;
    }
    return taken;
}

/* Fills h from one row; the number of columns found, or -CE_CONFLICT. */
/* Which of a column's names a heading is, from 0. */
static unsigned rank_of(struct slice heading, const struct header_column *column)
{
    struct slice rest = slice_str(column->names), name;
    unsigned n = 0;

    while (slice_cut(&rest, '|', &name) && !viet_same(name, slice_trim(heading)))
        n++;
    return n;
}

static int match_row(const struct row *row, const struct header_column *columns, size_t count,
                     struct header *h, uint32_t *twice)
{
    int found = 0;

    for (uint32_t c = 1; c <= row->count; c++) {
        int i = column_of(cell_text(row_cell(row, c)), columns, count, h);

        if (i < 0 || (h->col[i] != 0 && (row_cell(row, c)->flags & CELL_COVERED)))
            continue;
        if (h->col[i] != 0 &&
            viet_same(cell_text(row_cell(row, h->col[i])), cell_text(row_cell(row, c)))) {
            *twice = c;
            return -CE_CONFLICT;
        }
        /* of two names for one thing (“SĐT”, “Zalo”) the more usual one */
        if (h->col[i] == 0 || rank_of(cell_text(row_cell(row, c)), &columns[i]) <
                                  rank_of(cell_text(row_cell(row, h->col[i])), &columns[i]))
            h->col[i] = c;
        found++;
    }
    return found;
}

static bool header_complete(const struct header *h, const struct header_column *columns,
                            size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (columns[i].required && h->col[i] == 0)
            return false;
    }
    return true;
}

static struct slice first_name(const struct header_column *column)
{
    struct slice rest = slice_str(column->names), name = SLICE_NULL;

    (void)slice_cut(&rest, '|', &name);
    return name;
}

static int header_missing(const struct sheet *sheet, const struct header *best, int found,
                          const struct header_column *columns, size_t count, struct err *err)
{
    uint32_t row = found > 0 ? sheet->rows[best->row_index].number : 0;
    const struct err place = workbook_place_err(sheet->name, row, 0);
    struct buf names = BUF_INIT(4096);
    int r;

    for (size_t i = 0; i < count; i++) {
        if (!columns[i].required || best->col[i] != 0)
            continue;
        if (names.len > 0)
            buf_puts(&names, ", ");
        buf_append_slice(&names, first_name(&columns[i]));
    }
    if (found > 0)
        r = err_fail_at(err, CE_MISSING, row, 0, ERR_OFFICE_HEADER_MISSING, &place,
                        buf_cstr(&names));
    else
        r = err_fail(err, CE_MISSING, ERR_OFFICE_HEADER_NONE, buf_cstr(&names));
    buf_done(&names);
    return r;
}

static int header_twice(const struct sheet *sheet, uint32_t row, uint32_t col, struct err *err)
{
    const struct err place = workbook_place_err(sheet->name, row, col);

    return err_fail_at(err, CE_CONFLICT, row, col, ERR_OFFICE_HEADER_TWICE, &place);
}

int header_find(const struct sheet *sheet, const struct header_column *columns, size_t count,
                struct header *ret, struct err *err)
{
    struct header best = {0};
    int best_found = 0;

    for (uint32_t i = 0; i < CANH_MIN(sheet->row_count, (uint32_t)HEADER_ROWS_SEARCHED); i++) {
        struct header h = {.row_index = i};
        uint32_t col = 0;
        int found = match_row(&sheet->rows[i], columns, count, &h, &col);

        if (found < 0 && header_complete(&h, columns, count))
            return header_twice(sheet, sheet->rows[i].number, col, err);
        if (found > best_found) {
            best = h;
            best_found = found;
        }
    }
    if (best_found == 0 || !header_complete(&best, columns, count))
        return header_missing(sheet, &best, best_found, columns, count, err);
    *ret = best;
    return 0;
}
