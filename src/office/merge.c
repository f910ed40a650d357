/* SPDX-License-Identifier: Apache-2.0 */
/* Merged areas: every cell of one takes the value of its first. */
#include "base/attr.h"
#include "lang/err_office.h"
#include "office/sheetmake.h"

static struct row *row_at_or_after(const struct sheet *s, uint32_t number)
{
    uint32_t low = 0, high = s->row_count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (s->rows[mid].number < number)
            low = mid + 1;
        else
            high = mid;
    }
    return s->rows + low;
}

static uint32_t widest_row(const struct sheet *s)
{
    uint32_t most = 0;

    for (uint32_t i = 0; i < s->row_count; i++)
        most = CANH_MAX(most, s->rows[i].count);
    return most;
}

/* Programs leave out covered cells at the end of a row: the row gets them back. */
static bool merge_widen(struct sheetmake *m, struct row *row, uint32_t count)
{
    struct cell *cells;

    if (count <= row->count)
        return true;
    *m->cells_used += count - row->count;
    cells = *m->cells_used <= m->limits->max_cells ? arena_new_array(m->arena, count, struct cell)
                                                   : NULL;
    if (cells == NULL)
        return false;
    for (uint32_t i = 0; i < count; i++)
        cells[i] = i < row->count ? row->cells[i] : (struct cell){.p = (const uint8_t *)""};
    row->cells = cells;
    row->count = count;
    return true;
}

/*
 * Every cell of the area, as far as the sheet is wide and has rows, takes the first one's value.
 * Counts cells against the budget.
 */
static bool merge_cover(struct sheetmake *m, const struct sheet *s, const struct merge *area,
                        uint32_t widest, uint64_t *budget)
{
    const struct row *end = s->rows + s->row_count;
    struct row *row = row_at_or_after(s, area->row1);
    struct cell first = {.p = (const uint8_t *)""};

    if (row < end && row->number == area->row1 && area->col1 <= row->count)
        first = row->cells[area->col1 - 1];
    first.flags |= CELL_COVERED;
    for (; row < end && row->number <= area->row2; row++) {
        if (first.n > 0 && !merge_widen(m, row, CANH_MIN(area->col2, widest)))
            return false;
        for (uint32_t col = area->col1; col <= CANH_MIN(area->col2, row->count); col++) {
            if ((*budget)-- == 0)
                return false;
            if (row->number != area->row1 || col != area->col1)
                row->cells[col - 1] = first;
        }
    }
    return true;
}

static int merge_corrupt(struct sheetmake *m, const struct merge *area, struct err *err)
{
    const struct err place = workbook_place_err(m->name, area->row1, area->col1);

    return err_fail_at(err, CE_CORRUPT, area->row1, area->col1, ERR_OFFICE_TABLE_BAD_CELL, &place);
}

int sheetmake_merge(struct sheetmake *m, struct sheet *s, const struct merge *list, size_t n,
                    struct err *err)
{
    /* areas do not overlap in an honest file, so each cell is visited at most once */
    uint32_t widest = widest_row(s);
    uint64_t budget = (uint64_t)widest * *m->rows_used + *m->rows_used + n;

    if (n == 0)
        return 0;
    for (size_t i = 0; i < n && s->row_count > 0; i++) {
        if (!merge_cover(m, s, &list[i], widest, &budget))
            return merge_corrupt(m, &list[i], err);
    }
    s->merges = arena_alloc(m->arena, n * sizeof(*s->merges));
    if (s->merges == NULL)
        return err_nomem(err);
    memcpy(s->merges, list, n * sizeof(*s->merges));
    s->merge_count = (uint32_t)n;
    return 0;
}
