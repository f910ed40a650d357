/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a list that are none of its items: sums, signatures, the heading again on a new page,
 * numbers of the columns, titles of groups, remarks. All but the numbers are told. */
#include "base/ascii.h"
#include "import/roster_words.h"
#include "import/work.h"
#include "lang/collate.h"
#include "lang/msg_import.h"

enum { MARK_MAX = 8 };

static bool is_carried(const struct row *row, uint32_t col)
{
    return col > 1 && (row_cell(row, col)->flags & CELL_COVERED) &&
           slice_eq(cell_text(row_cell(row, col)), cell_text(row_cell(row, col - 1)));
}

/* The texts of a row, each merged cell's once. */
struct row_texts {
    size_t count;
    struct slice first, last;
    uint32_t first_col, last_col;
    bool wide; /* the last is merged over several columns */
};

static struct row_texts row_texts(const struct row *row)
{
    struct row_texts x = {.count = 0};

    for (uint32_t c = 1; c <= row->count; c++) {
        struct slice s = slice_trim(cell_text(row_cell(row, c)));

        if (s.n == 0)
            continue;
        if (x.count > 0 && is_carried(row, c)) {
            x.wide = true;
            continue;
        }
        if (x.count++ == 0) {
            x.first = s;
            x.first_col = c;
        }
        x.wide = false;
        x.last = s;
        x.last_col = c;
    }
    return x;
}

/* The heading once more, as on each printed page: two columns or more have their own titles. */
static bool is_heading_again(const struct work *w, size_t columns)
{
    const struct row *head = &w->sheet->rows[w->header.row_index];
    size_t same = 0;

    for (size_t i = 0; i < columns; i++) {
        struct slice title = cell_text(row_cell(head, w->header.col[i]));
        struct slice cell = cell_text(header_cell(&w->header, w->row, i));

        if (w->header.col[i] == 0 || slice_trim(cell).n == 0)
            continue;
        if (!viet_same(title, cell))
            return false;
        same++;
    }
    return same >= 2;
}

/* “(1)”, “2”, “A”. */
static bool is_column_number(struct slice s)
{
    if (s.n > 2 && s.p[0] == '(' && s.p[s.n - 1] == ')')
        s = slice_head(slice_from(s, 1), s.n - 2);
    if (s.n == 1 && ascii_is_upper(s.p[0]))
        return true;
    for (size_t i = 0; i < s.n; i++) {
        if (!ascii_is_digit(s.p[i]))
            return false;
    }
    return s.n > 0 && s.n <= 2;
}

/* Numbers of the columns stand right below the heading. */
static bool is_column_numbers(const struct work *w)
{
    const struct row *head = &w->sheet->rows[w->header.row_index];
    size_t count = 0;

    if (w->rep->row_count > 0)
        return false;
    for (uint32_t c = 1; c <= w->row->count; c++) {
        struct slice s = slice_trim(cell_text(row_cell(w->row, c)));

        if (s.n > 0 && !is_column_number(s))
            return false;
        count += s.n > 0;
    }
    return count >= 3 || (count == 2 && head->count == 2);
}

/* “I”, “IV.”, “A”, “II)”: what numbers groups; items have digits. */
static bool is_group_mark(struct slice s)
{
    size_t n = s.n;

    while (n > 0 && (s.p[n - 1] == '.' || s.p[n - 1] == ')' || s.p[n - 1] == ','))
        n--;
    if (n == 0 || n > MARK_MAX)
        return false;
    for (size_t i = 0; i < n; i++) {
        bool roman = s.p[i] == 'I' || s.p[i] == 'V' || s.p[i] == 'X' || s.p[i] == 'L';

        if (!roman && (n > 1 || !ascii_is_upper(s.p[i])))
            return false;
    }
    return true;
}

/* The title without the mark before it: “II. Sở Mẫu”. */
static struct slice without_mark(struct slice s, struct slice *ret_mark)
{
    size_t blank = slice_find_byte(s, ' ');

    *ret_mark = SLICE_NULL;
    if (blank == SIZE_MAX || blank < 2 || (s.p[blank - 1] != '.' && s.p[blank - 1] != ')') ||
        !is_group_mark(slice_head(s, blank)))
        return s;
    *ret_mark = slice_head(s, blank);
    return slice_trim(slice_from(s, blank));
}

static uint32_t ordinal_column(const struct work *w)
{
    const struct row *head = &w->sheet->rows[w->header.row_index];

    for (uint32_t c = 1; c <= head->count; c++) {
        if (work_is_ordinal(cell_text(row_cell(head, c))))
            return c;
    }
    return 0;
}

/* Where groups have their marks: the column of the numbers, or one without a heading. */
static bool holds_marks(const struct work *w, uint32_t col)
{
    struct slice title = slice_trim(cell_text(row_cell(&w->sheet->rows[w->header.row_index], col)));

    return title.n == 0 || work_is_ordinal(title);
}

/* A row with one text alone, where items have several: over many columns, in the column of the
 * numbers, behind a group's mark, or without the number that items have. */
static bool is_group(const struct work *w, size_t columns, struct slice *ret_title,
                     struct slice *ret_mark)
{
    struct row_texts x = row_texts(w->row);
    uint32_t ordinal = ordinal_column(w);
    size_t wanted = 0;

    for (size_t i = 0; i < columns; i++)
        wanted += w->header.col[i] > 0;
    *ret_title = without_mark(x.last, ret_mark);
    if (x.count == 2) {
        *ret_mark = x.first;
        return is_group_mark(x.first) && holds_marks(w, x.first_col);
    }
    return x.count == 1 && ((x.wide && wanted > 1) || x.last_col == ordinal || ret_mark->n > 0 ||
                            (ordinal > 0 && wanted > 1));
}

static char kind_of_mark(struct slice mark)
{
    return mark.n == 0 ? ' ' : mark.p[0] == 'I' || mark.p[0] == 'V' || mark.p[0] == 'X' ? 'I' : 'A';
}

/* A group that is a unit holds for the rows below it; another one of its level ends it. */
static void enter_group(struct work *w, const struct importer *im, struct slice title,
                        struct slice mark)
{
    struct work_group *g = &w->group;
    bool many = false;
    const struct state_unit *u = NULL;

    if (im != &import_units && im->unit > 0 && w->header.col[im->unit] == 0)
        u = work_find_unit(w, title, &many);
    if (u != NULL && !many) {
        *g = (struct work_group){.named = true, .unit = u->id, .mark = kind_of_mark(mark)};
        work_note(w, WORK_ROW, true, MSG_IMPORT_GROUP_UNIT, SLICE_ARG(slice_brief(title)));
        return;
    }
    if (g->named && g->mark == kind_of_mark(mark))
        g->unit = STATE_ID_NONE;
    work_note(w, WORK_ROW, true, MSG_IMPORT_GROUP, SLICE_ARG(slice_brief(title)));
}

bool work_passes_over(struct work *w, const struct importer *im, bool *ret_end)
{
    struct row_texts said = row_texts(w->row);
    struct slice first = said.first, title, mark;

    *ret_end = words_is_signature(first);
    if (*ret_end)
        work_note(w, WORK_ROW, true, MSG_IMPORT_LIST_ENDS);
    else if (words_is_sum(first) || (said.count == 1 && words_is_remark(first)))
        work_note(w, WORK_ROW, true, MSG_IMPORT_PASSED_OVER, SLICE_ARG(slice_brief(first)));
    else if (is_heading_again(w, im->column_count))
        work_note(w, WORK_ROW, true, MSG_IMPORT_HEADING_AGAIN);
    else if (is_group(w, im->column_count, &title, &mark))
        enter_group(w, im, title, mark);
    else
        return is_column_numbers(w);
    return true;
}
