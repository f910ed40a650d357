/* SPDX-License-Identifier: Apache-2.0 */
/* What of a sheet is not taken over, and what stands where nobody looks: told, never silent. */
#include "import/roster_words.h"
#include "import/work.h"
#include "lang/msg_import.h"

enum { ROWS_NAMED = 8 };

/* An ordinal says nothing that is lost. */
bool work_is_ordinal(struct slice heading)
{
    return slice_is(heading, "#") || words_any("STT|TT|Số TT|Số thứ tự|No|Thứ", heading);
}

void work_ignore_column(struct work *w, uint32_t col, struct slice heading)
{
    struct import_report *rep = w->rep;

    heading = slice_trim(heading);
    if (heading.n == 0 || work_is_ordinal(heading))
        return;
    if (rep->ignored_count == CANH_LEN(rep->ignored)) {
        rep->ignored[rep->ignored_count - 1].heading = SLICE("…"); /* and more behind it */
        return;
    }
    rep->ignored[rep->ignored_count++] =
        (struct import_column_ignored){col, arena_dup(w->arena, slice_brief(heading))};
}

/* Of a table of rows: every heading that no wanted column has. */
void work_find_columns(struct work *w, size_t column_count)
{
    const struct row *head = &w->sheet->rows[w->header.row_index];

    for (uint32_t c = 1; c <= head->count; c++) {
        const struct cell *cell = row_cell(head, c);
        bool taken = (cell->flags & CELL_COVERED) && c > 1 &&
                     slice_eq(cell_text(cell), cell_text(row_cell(head, c - 1)));

        for (size_t i = 0; !taken && i < column_count; i++)
            taken = w->header.col[i] == c;
        if (!taken)
            work_ignore_column(w, c, cell_text(cell));
    }
}

static void report_columns(struct work *w)
{
    const struct import_report *rep = w->rep;
    struct buf names = BUF_INIT(8192);
    char letters[8];

    for (size_t i = 0; i < rep->ignored_count; i++)
        buf_printf(&names, "%s%s “" SLICE_FMT "”", i ? ", " : "",
                   column_name(rep->ignored[i].col, letters), SLICE_ARG(rep->ignored[i].heading));
    if (rep->ignored_count > 0)
        work_note(w, WORK_ROW, true, MSG_IMPORT_COLUMNS_IGNORED, buf_cstr(&names));
    buf_done(&names);
}

static void report_hidden(struct work *w)
{
    struct buf rows = BUF_INIT(1024);
    size_t n = 0;

    for (uint32_t i = 0; i < w->sheet->row_count; i++) {
        if (!w->sheet->rows[i].hidden)
            continue;
        if (n < ROWS_NAMED)
            buf_printf(&rows, "%s%u", n ? ", " : "", w->sheet->rows[i].number);
        n++;
    }
    if (n > ROWS_NAMED)
        buf_puts(&rows, " …");
    if (n > 0)
        work_note(w, WORK_ROW, true, MSG_IMPORT_HIDDEN_ROWS, n, buf_cstr(&rows));
    buf_done(&rows);
}

void work_note_unread(struct work *w)
{
    w->row = NULL;
    report_columns(w);
    report_hidden(w);
}
