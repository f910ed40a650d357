/* SPDX-License-Identifier: Apache-2.0 */
/* A roster a day a row: who stands in columns of names, or in columns of shifts. */
#include "base/ascii.h"
#include "base/time.h"
#include "import/roster_reader.h"
#include "lang/msg_import.h"
#include "lang/value.h"

enum { TITLE_WORDS = 3, DAY_MINUTES = 1440 };

/* Several words where a date is wanted, and nobody beside them: a title (“TUẦN 2 (từ 07/12 …)”). */
static bool is_heading(const struct roster_reader *o, const struct row *row, struct slice s)
{
    size_t words = 0;

    for (size_t i = 0; i < s.n; i++) {
        words += ascii_is_alpha(s.p[i]) && (i == 0 || s.p[i - 1] == ' ');
    }
    return words >= TITLE_WORDS && !roster_names_anybody(o, row, COL_PERSON) &&
           !roster_names_anybody(o, row, COL_SHIFT_OF);
}

/* What a row speaks of: one day, or all from first to last, or some of them; a span has times of
 * its own, from and until in minutes of the first day. */
struct days {
    int64_t first, last;
    bool span, some;
    int from, until;
    struct roster_day_list list;
};

static bool read_span(struct roster_reader *o, const struct cell *c, struct days *days)
{
    days->span = roster_read_span(o, c, &days->first, &days->from, &days->until) == 0;
    if (days->span)
        days->last = days->first + (days->until - 1 - days->from) / DAY_MINUTES;
    return days->span;
}

/* “Thứ” in a column of its own beside the day. */
static void find_weekday_column(struct roster_reader *o, const struct row *row, int64_t day)
{
    const struct row *head = &o->sheet->rows[o->head];

    for (uint32_t k = 0; k < o->column_count; k++) {
        if (o->columns[k].kind == COL_OTHER && words_any("Thứ", cell_text(roster_cell(head, k))) &&
            !(roster_cell(row, k)->flags & CELL_COVERED))
            roster_note_weekday(o, row, k, day);
    }
}

/* Below the last day of a month whose first one no row has, 1, 2 … are the next month's: the day
 * before's next one, or it again. */
static int64_t run_on(const struct roster_reader *o, int64_t n, int64_t before, int64_t day)
{
    if (o->month == 0 || before == TIME_NONE || day >= before ||
        o->out->first <= days_from_date(o->year, o->month, 1))
        return day;
    for (int64_t next = before; next <= before + 1; next++) {
        unsigned month, number;
        int year;

        date_from_days(next, &year, &month, &number);
        if (number == n && month != o->month)
            return next;
    }
    return day;
}

/* “Đến ngày” beside the first day. False with a note where it is no day, or one before. */
static bool read_last(struct roster_reader *o, const struct row *row, struct days *days)
{
    enum { DAYS_MAX = 92 };
    uint32_t k = roster_find_column(o, COL_LAST);
    const struct cell *c = k < o->column_count ? roster_cell(row, k) : NULL;
    struct slice s = c ? slice_trim(cell_text(c)) : SLICE_NULL;

    if (s.n == 0 || days->span || days->some)
        return true;
    if (roster_read_date(o, c, &days->last) == 0 && days->last >= days->first &&
        days->last - days->first < DAYS_MAX)
        return true;
    roster_add_note(o, row->number, k + 1, false, MSG_IMPORT_BAD_DATE, SLICE_ARG(slice_brief(s)));
    return false;
}

/* The row's days, or those above it. False: the row is none of the table's. *ret_end: the table
 * ends here (a note, a signature). */
static bool row_days(struct roster_reader *o, const struct row *row, uint32_t k, struct days *days,
                     bool *ret_end)
{
    const struct cell *c = roster_cell(row, k);
    struct slice s = slice_trim(cell_text(c));
    int64_t n, before = days->last;
    int r;

    if (s.n == 0)
        return days->first != TIME_NONE;
    r = read_span(o, c, days) ? 0 : roster_read_days(o, c, &days->first, &days->last);
    days->some = r == -CE_SYNTAX && roster_read_list_of_days(o, c, &days->list) == 0;
    if (days->some) {
        days->first = days->list.first;
        days->last = days->list.last;
        r = 0;
    }
    if (r < 0 && roster_day_number(c, &n) && roster_numbered_day(o, n, &days->first)) {
        days->first = run_on(o, n, before, days->first);
        days->last = days->first;
        r = 0;
    }
    if (r == 0) {
        if (!read_last(o, row, days))
            return false;
        roster_saw_day(o, days->first);
        roster_saw_day(o, days->last);
        if (days->first == days->last && !(c->flags & CELL_COVERED)) {
            roster_note_weekday(o, row, k, days->first);
            find_weekday_column(o, row, days->first);
        }
        return true;
    }
    *ret_end = r != -CE_RANGE && (!roster_has_digit(s) || is_heading(o, row, s));
    if (*ret_end || (r != -CE_RANGE && roster_title_days(o, row, true)))
        return false;
    if (roster_has_digit(s) && o->year == 0 && value_date(s, 2024, &n) == 0)
        roster_add_note(o, row->number, k + 1, false, MSG_IMPORT_NO_YEAR,
                        SLICE_ARG(slice_brief(s)));
    else
        roster_add_note(o, row->number, k + 1, false, MSG_IMPORT_BAD_DATE,
                        SLICE_ARG(slice_brief(s)));
    return false;
}

/* What a row's columns of shifts say together: “Ca 1”, “07:00-19:00”. */
static void write_shift(const struct roster_reader *o, const struct row *row, struct buf *text)
{
    for (uint32_t k = 0; k < o->column_count; k++) {
        struct slice s = slice_trim(cell_text(roster_cell(row, k)));

        if (o->columns[k].kind == COL_SHIFT && s.n > 0 && !slice_eq(s, buf_slice(text)))
            buf_printf(text, "%s" SLICE_FMT, text->len ? " " : "", SLICE_ARG(slice_brief(s)));
    }
}

/* “Ca 1”, “07:00-19:00”, or both, from columns for the shift, its beginning and its end. */
static struct slice shift_text(struct roster_reader *o, const struct row *row)
{
    uint32_t from = roster_find_column(o, COL_FROM), until = roster_find_column(o, COL_UNTIL);
    struct slice begin = SLICE_NULL, end = SLICE_NULL, ret;
    struct buf text = BUF_INIT(4096);

    write_shift(o, row, &text);
    if (from < o->column_count && until < o->column_count) {
        begin = slice_trim(cell_text(roster_cell(row, from)));
        end = slice_trim(cell_text(roster_cell(row, until)));
    }
    if (begin.n > 0 || end.n > 0)
        buf_printf(&text, " " SLICE_FMT "-" SLICE_FMT,
                   SLICE_ARG(begin.n ? slice_brief(begin) : SLICE("?")),
                   SLICE_ARG(end.n ? slice_brief(end) : SLICE("?")));
    ret = text.len ? arena_dup(o->arena, slice_trim(buf_slice(&text))) : SLICE("");
    buf_done(&text);
    if (ret.p == NULL && o->r == 0)
        o->r = err_nomem(o->err);
    return ret;
}

/* The shift of a list's row: its column, or else the whole day. */
static bool row_shift(struct roster_reader *o, const struct row *row, struct roster_entry *x,
                      struct slice *last)
{
    uint32_t k = roster_find_column(o, COL_SHIFT), from = roster_find_column(o, COL_FROM);
    uint32_t at = CANH_MIN(k, from);
    struct slice s;

    if (at < o->column_count) {
        s = shift_text(o, row);
        *last = s.n ? s : *last;
        if (last->n)
            return roster_time_of(o, *last, row->number, at + 1, &x->time, &x->shift);
    }
    x->shift = SLICE_NULL;
    return roster_known_shift(o, SLICE_NULL, &x->time);
}

/* A title over the whole table, merged: its date column and one of names show the same text. */
static bool is_title(const struct roster_reader *o, const struct row *row, uint32_t date)
{
    struct slice s = cell_text(roster_cell(row, date));

    for (uint32_t k = 0; s.n > 0 && k < o->column_count; k++) {
        const struct cell *c = roster_cell(row, k);
        bool names = o->columns[k].kind == COL_PERSON || o->columns[k].kind == COL_SHIFT_OF;

        if (names && (c->flags & CELL_COVERED) && slice_eq(cell_text(c), s))
            return true;
    }
    return false;
}

/* The heading of the table once more, column by column. */
static bool is_same_head(const struct roster_reader *o, const struct row *row)
{
    const struct row *head = &o->sheet->rows[o->head];

    for (uint32_t k = 0; k < o->column_count; k++) {
        if (o->columns[k].kind != COL_OTHER &&
            !words_same(cell_text(roster_cell(head, k)), cell_text(roster_cell(row, k))))
            return false;
    }
    return true;
}

/* Weeks below each other: from a row that is none of the table's on to where its heading comes
 * again. False: it does not, and the table ends; an error where another heading has other columns.
 */
static bool goes_on(struct roster_reader *o, uint32_t date, uint32_t *i)
{
    struct slice name = cell_text(roster_cell(&o->sheet->rows[o->head], date));
    uint32_t other = UINT32_MAX;

    for (uint32_t k = *i; k < o->sheet->row_count; k++) {
        const struct row *row = &o->sheet->rows[k];

        (void)roster_title_days(o, row, true);
        if (!words_same(name, cell_text(roster_cell(row, date))))
            continue;
        if (is_same_head(o, row)) {
            *i = k;
            return true;
        }
        other = k;
    }
    if (other != UINT32_MAX)
        roster_add_note(o, o->sheet->rows[other].number, 0, false, MSG_IMPORT_OTHER_HEADING);
    return false;
}

/* False: the row is none of the table's; *ret_end: none below it is. */
static bool next_row(struct roster_reader *o, uint32_t date, uint32_t *i, struct days *days,
                     bool *ret_end)
{
    const struct row *row = &o->sheet->rows[*i];

    if (is_title(o, row, date) || !roster_is_sound(o, row))
        return false;
    if (row_days(o, row, date, days, ret_end))
        return true;
    *ret_end = *ret_end && !goes_on(o, date, i);
    return false;
}

/* The names of a cell on each of its row's days; of a span 24 hours each, and what is left. */
static void append_days(struct roster_reader *o, const struct row *row, uint32_t k,
                        struct roster_entry *x, const struct days *days, int32_t position)
{
    for (x->day = days->first; x->day <= days->last; x->day++) {
        int left = days->until - (int)(x->day - days->first) * DAY_MINUTES;

        if (days->some && !roster_is_listed(&days->list, x->day))
            continue;
        if (days->span)
            x->time = (struct shift_time){days->from, CANH_MIN(left, days->from + DAY_MINUTES)};
        roster_write_names(o, row, k, x, position);
    }
}

/* A column with a post of its own begins with its first person; the others stand one behind the
 * other, deputies of one column before the next column. */
static void write_column(struct roster_reader *o, const struct row *row, uint32_t k,
                         struct roster_entry *x, const struct days *days, int32_t *position)
{
    struct slice post = x->post;

    if (o->columns[k].post.n > 0) {
        x->post = o->columns[k].post;
        append_days(o, row, k, x, days, 1);
        x->post = post;
        return;
    }
    append_days(o, row, k, x, days, *position);
    *position += 2;
}

void roster_read_list(struct roster_reader *o)
{
    uint32_t date = roster_find_column(o, COL_DATE), post = roster_find_column(o, COL_POST);
    struct slice last = SLICE_NULL;
    struct days days = {.first = TIME_NONE, .last = TIME_NONE};
    bool end = false;

    for (uint32_t i = o->head + 1; o->r == 0 && !end && i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];
        struct roster_entry x = {.time = {0, 1440}};
        int32_t position = 1;

        if (!next_row(o, date, &i, &days, &end) || !roster_names_anybody(o, row, COL_PERSON) ||
            !row_shift(o, row, &x, &last))
            continue;
        x.post =
            post < o->column_count ? slice_trim(cell_text(roster_cell(row, post))) : SLICE_NULL;
        for (uint32_t k = 0; k < o->column_count; k++) {
            if (o->columns[k].kind != COL_PERSON)
                continue;
            write_column(o, row, k, &x, &days, &position);
        }
    }
}

static void read_shift_columns(struct roster_reader *o)
{
    const struct row *head = &o->sheet->rows[o->head];

    for (uint32_t k = 0; k < o->column_count; k++) {
        struct roster_column *c = &o->columns[k];

        if (c->kind == COL_SHIFT_OF)
            c->timed = roster_time_of(o, c->label, head->number, k + 1, &c->time, &c->label);
    }
}

void roster_read_shifts(struct roster_reader *o)
{
    uint32_t date = roster_find_column(o, COL_DATE);
    struct days days = {.first = TIME_NONE, .last = TIME_NONE};
    bool end = false;

    read_shift_columns(o);
    for (uint32_t i = o->head + 1; o->r == 0 && !end && i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];

        if (!next_row(o, date, &i, &days, &end))
            continue;
        for (uint32_t k = 0; k < o->column_count; k++) {
            const struct roster_column *c = &o->columns[k];
            struct roster_entry x = {.time = c->time, .shift = c->label};

            if (c->kind == COL_SHIFT_OF && c->timed) {
                append_days(o, row, k, &x, &days, 1);
            } else if (c->kind == COL_PERSON && roster_known_shift(o, SLICE_NULL, &x.time)) {
                x.post = c->post; /* beside the shifts, the whole day: a leader on duty */
                append_days(o, row, k, &x, &days, c->post.n ? 1 : 3);
            }
        }
    }
}
