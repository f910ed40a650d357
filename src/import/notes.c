/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong or worth knowing, told once however many cells have it. */
#include <string.h>

#include "import/work.h"
#include "lang/err_import.h"

bool work_no_room(struct work *w)
{
    if (w->r == 0)
        w->r = err_fail(w->err, CE_TOO_BIG, ERR_IMPORT_IMPORT_TOO_MANY_ROWS_OR);
    return false;
}

bool work_grow(struct work *w, void **items, size_t n, size_t *cap, size_t size)
{
    void *more;

    if (n < *cap)
        return true;
    *cap = *cap ? 2 * *cap : 64;
    more = arena_array(w->arena, *cap, size);
    if (more == NULL)
        return work_no_room(w);
    if (n)
        memcpy(more, *items, n * size);
    *items = more;
    return true;
}

static struct slice heading_of(const struct work *w, uint32_t column)
{
    if (column == WORK_ROW || w->header.col[column] == 0)
        return SLICE_NULL;
    return cell_text(
        row_cell(&w->sheet->rows[w->header.row_index], w->header.col[column])); /* in its arena */
}

/* One more place with the same fault; the first rows are named. */
static void add_place(struct import_note *note, uint32_t row)
{
    note->count++;
    for (unsigned i = 0; i < note->row_count; i++) {
        if (note->rows[i] == row)
            return;
    }
    if (row == 0 || row == note->row)
        return;
    if (note->row_count == IMPORT_NOTE_ROWS)
        note->more_rows = true;
    else
        note->rows[note->row_count++] = row;
}

/* Column (of a table with headings) and text make a fault the same. */
static struct slice key_of(struct work *w, const struct import_note *x, struct slice text)
{
    struct buf key = BUF_INIT(8192);
    struct slice ret;

    buf_printf(&key, "%u %d ", x->heading.n ? x->col : 0, x->warning);
    buf_append_slice(&key, text);
    ret = arena_dup(w->arena, buf_slice(&key));
    buf_done(&key);
    return ret;
}

static void write_note(struct work *w, const struct import_note *x, struct buf *text)
{
    struct slice key = key_of(w, x, buf_slice(text));
    struct import_report *rep = w->rep;
    void *items = rep->notes;
    struct import_note *note;
    uint32_t before;

    w->bad = w->bad || !x->warning;
    if (key.p != NULL && map_get(&w->told, key, &before)) {
        add_place(&rep->notes[before], x->row);
    } else if (rep->note_count < IMPORT_NOTES_MAX &&
               work_grow(w, &items, rep->note_count, &w->note_cap, sizeof(*note))) {
        rep->notes = items;
        note = &rep->notes[rep->note_count];
        *note = *x;
        note->count = 1;
        note->text = arena_dup(w->arena, buf_slice(text));
        if (note->text.p == NULL || key.p == NULL ||
            map_put(&w->told, key, (uint32_t)rep->note_count) < 0)
            (void)work_no_room(w);
        rep->note_count++;
    }
    buf_done(text);
}

void work_note_add(struct work *w, uint32_t column, bool warning, struct buf *text)
{
    const struct import_note x = {.row = w->row ? w->row->number : 0,
                                  .col = column == WORK_ROW ? 0 : w->header.col[column],
                                  .warning = warning,
                                  .heading = heading_of(w, column)};

    write_note(w, &x, text);
}

void work_note_at(struct work *w, uint32_t row, uint32_t col, bool warning, struct buf *text)
{
    const struct import_note x = {.row = row, .col = col, .warning = warning};

    write_note(w, &x, text);
}
