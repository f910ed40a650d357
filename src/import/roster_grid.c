/* SPDX-License-Identifier: Apache-2.0 */
/* A roster with its days side by side: a shift a row, or a person a row with codes of shifts. */
#include "base/time.h"
#include "import/roster_reader.h"
#include "lang/msg_import.h"
#include "lang/value.h"

static void find_day_columns(struct roster_reader *o, const struct row *row)
{
    for (uint32_t k = 0; k < o->column_count; k++) {
        if (o->columns[k].kind != COL_DAY || o->columns[k].day == TIME_NONE)
            continue;
        roster_saw_day(o, o->columns[k].day);
        roster_note_weekday(o, row, k, o->columns[k].day);
    }
}

/* The label of a row: the last text before the first day. */
static struct slice row_label(const struct roster_reader *o, const struct row *row, uint32_t *ret_k)
{
    struct slice label = SLICE_NULL;

    *ret_k = 0;
    for (uint32_t k = 0; k < o->column_count && o->columns[k].kind != COL_DAY; k++) {
        struct slice s = slice_trim(cell_text(roster_cell(row, k)));

        if (s.n > 0 && (label.n == 0 || words_is_shift(s))) {
            label = s;
            *ret_k = k;
        }
    }
    return label;
}

/* A date of a later week; its year may be left to the first one's, or be the next. */
static int week_date(struct roster_reader *o, const struct cell *c, int64_t *ret)
{
    enum { HALF_A_YEAR = 180 };
    unsigned month, day;
    int given = o->year, year, r;

    if (o->out->last != INT64_MIN && given == 0) {
        date_from_days(o->out->last, &year, &month, &day);
        o->year = year;
    }
    r = roster_read_date(o, c, ret);
    if (r == 0 && o->out->last != INT64_MIN && *ret + HALF_A_YEAR < o->out->last) {
        o->year++;
        r = roster_read_date(o, c, ret);
    }
    o->year = given;
    return r;
}

/*
 * A row of dates below the first one begins another week of the same sheet: its columns are those
 * days from here on. A column that it leaves out is no day.
 */
static bool new_week(struct roster_reader *o, const struct row *row)
{
    int64_t days[ROSTER_COLUMNS_MAX];
    unsigned n = 0;
    uint32_t at;

    (void)roster_title_days(o, row, true);
    if (words_is_shift(row_label(o, row, &at)))
        return false; /* somebody may be called Ba or Năm, as days are */
    for (uint32_t k = 0; k < o->column_count; k++) {
        const struct cell *c = roster_cell(row, k);

        days[k] = TIME_NONE;
        if (o->columns[k].kind != COL_DAY || slice_trim(cell_text(c)).n == 0)
            continue;
        if (c->kind == CELL_NUMBER || (c->flags & CELL_COVERED) || week_date(o, c, &days[k]) < 0)
            return false;
        n++;
    }
    if (n == 0)
        return false;
    for (uint32_t k = 0; k < o->column_count; k++) {
        if (o->columns[k].kind == COL_DAY)
            o->columns[k].day = days[k];
    }
    find_day_columns(o, row);
    return true;
}

/* A title merged over all columns (“TUẦN 50 (07/12 - 09/12)”): each of them shows the same.
 * Somebody who stands the whole week is merged over them, too, but has no date and is no week. */
static bool is_title_row(const struct roster_reader *o, const struct row *row)
{
    struct slice s = cell_text(roster_cell(row, 0));
    bool covered = false;

    for (uint32_t k = 1; k < o->column_count; k++) {
        const struct cell *c = roster_cell(row, k);

        if (slice_trim(cell_text(c)).n > 0 && !slice_eq(cell_text(c), s))
            return false;
        covered = covered || (c->flags & CELL_COVERED);
    }
    return covered &&
           (slice_find(s, SLICE("TUẦN")) != SIZE_MAX || slice_find(s, SLICE("Tuần")) != SIZE_MAX ||
            (roster_has_digit(s) && slice_find_byte(s, '/') != SIZE_MAX));
}

/* Sums below a grid are passed over, and a signature ends it; both are told. */
static bool is_below(struct roster_reader *o, const struct row *row, bool *ret_end)
{
    struct slice first = SLICE_NULL;

    for (uint32_t c = 1; c <= row->count && first.n == 0; c++)
        first = slice_trim(cell_text(row_cell(row, c)));
    *ret_end = words_is_signature(first);
    if (!*ret_end && !words_is_sum(first))
        return false;
    if (*ret_end)
        roster_add_note(o, row->number, 0, true, MSG_IMPORT_LIST_ENDS);
    else
        roster_add_note(o, row->number, 0, true, MSG_IMPORT_PASSED_OVER,
                        SLICE_ARG(slice_brief(first)));
    return true;
}

void roster_read_grid_days(struct roster_reader *o)
{
    bool end = false;

    find_day_columns(o, &o->sheet->rows[o->head]);
    for (uint32_t i = o->head + 1; o->r == 0 && !end && i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];
        struct roster_entry x = {.day = 0};
        uint32_t at;
        struct slice label = row_label(o, row, &at);

        if (new_week(o, row) || is_title_row(o, row) || is_below(o, row, &end) ||
            !roster_is_sound(o, row) || !roster_names_anybody(o, row, COL_DAY))
            continue;
        if (label.n == 0 ? !roster_known_shift(o, SLICE_NULL, &x.time)
                         : !roster_time_of(o, label, row->number, at + 1, &x.time, &x.shift))
            continue;
        for (uint32_t k = 0; k < o->column_count; k++) {
            if (o->columns[k].kind != COL_DAY || slice_trim(cell_text(roster_cell(row, k))).n == 0)
                continue;
            x.day = o->columns[k].day;
            if (x.day == TIME_NONE)
                roster_add_note(o, row->number, k + 1, false, MSG_IMPORT_NO_SUCH_DAY, o->month,
                                o->year);
            else
                roster_write_names(o, row, k, &x, 1);
        }
    }
}

/* A code for “off” that is also one for a shift (N: nghỉ or ngày), and that no legend explains. */
static void note_off(struct roster_reader *o, uint32_t row, uint32_t col, struct slice code)
{
    if (!words_any("N|O|L", code) || o->off_told || o->off_explained)
        return;
    o->off_told = true;
    roster_add_note(o, row, col, true, MSG_IMPORT_OFF_CODE, SLICE_ARG(slice_brief(code)),
                    SLICE_ARG(slice_brief(code)));
}

/* “S”, “S, C”, “x”, “07:00-19:00”: the turns of one person on one day. */
static void write_marks(struct roster_reader *o, const struct row *row, uint32_t k,
                        struct slice person)
{
    const struct cell *c = roster_cell(row, k);
    struct slice s = slice_trim(cell_text(c)), rest = s, part;
    struct roster_entry x = {.row = row->number,
                             .col = k + 1,
                             .day = o->columns[k].day,
                             .person = person,
                             .position = 1};
    struct shift_time time;
    struct slice label = words_shift_label(s);
    /* a label may hold a comma; one that lost its comma with its times is not the whole cell */
    bool whole = s.n > 0 && roster_known_shift(o, label, &time) &&
                 (slice_find_byte(s, ',') == SIZE_MAX || slice_find_byte(label, ',') != SIZE_MAX);

    if (!whole && roster_known_off(o, s))
        return;
    if (!whole && words_is_off(s)) {
        note_off(o, x.row, x.col, s);
        return;
    }
    if (x.day == TIME_NONE) {
        roster_add_note(o, x.row, x.col, false, MSG_IMPORT_NO_SUCH_DAY, o->month, o->year);
        return;
    }
    while (o->r == 0 && (whole ? rest.n > 0 : slice_cut(&rest, ',', &part))) {
        if (whole) {
            part = rest;
            rest = SLICE_NULL;
        }
        part = slice_trim(part);
        if (part.n && roster_time_of(o, part, x.row, x.col, &x.time, &x.shift))
            roster_write_entry(o, &x);
    }
}

/* A mark under several days counts on the first of them: nobody knows whether the others are meant.
 */
static void read_covered(struct roster_reader *o, const struct row *row, uint32_t k)
{
    struct slice s = slice_trim(cell_text(roster_cell(row, k)));

    if (!words_is_off(s) && !roster_known_off(o, s))
        roster_add_note(o, row->number, k + 1, true, MSG_IMPORT_MERGED_DAYS,
                        SLICE_ARG(slice_brief(s)));
}

/* A row below the people that explains their marks, cut into cells where the file's own
 * separator stands in it. */
static bool is_legend_row(const struct row *row)
{
    bool any = false;

    for (uint32_t k = 0; k < row->count; k++) {
        const struct cell *c = &row->cells[k];

        if ((c->flags & CELL_COVERED) || slice_trim(cell_text(c)).n == 0)
            continue;
        if (!roster_is_legend(cell_text(c)))
            return false;
        any = true;
    }
    return any;
}

/* T2, T3 … below the numbers of the days; the first one that is wrong is told: where the title has
 * the wrong month, all are. */
static bool sees_weekdays(struct roster_reader *o, const struct row *row)
{
    unsigned n = 0, day;
    uint32_t wrong = UINT32_MAX;

    for (uint32_t k = 0; k < o->column_count; k++) {
        const struct cell *c = roster_cell(row, k);
        int64_t at = o->columns[k].day;

        if (o->columns[k].kind != COL_DAY || slice_trim(cell_text(c)).n == 0)
            continue;
        if (value_weekday(slice_trim(cell_text(c)), &day) < 0)
            return false;
        if (wrong == UINT32_MAX && at != TIME_NONE && roster_wrong_weekday(c, at))
            wrong = k;
        n++;
    }
    if (n > 1 && wrong != UINT32_MAX)
        roster_note_weekday(o, row, wrong, o->columns[wrong].day);
    return n > 1;
}

void roster_read_grid_people(struct roster_reader *o)
{
    uint32_t who = roster_find_column(o, COL_PERSON);
    bool end = false;

    find_day_columns(o, &o->sheet->rows[o->head]);
    for (uint32_t i = o->head + 1; o->r == 0 && !end && i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];
        struct slice cell = roster_names_in(o, row, who), name;

        if (new_week(o, row) || sees_weekdays(o, row) || is_legend_row(row) ||
            is_below(o, row, &end) || !words_next_name(&cell, &name) || !roster_is_sound(o, row))
            continue;
        for (uint32_t k = 0; k < o->column_count; k++) {
            if (o->columns[k].kind != COL_DAY)
                continue;
            if (roster_cell(row, k)->flags & CELL_COVERED)
                read_covered(o, row, k);
            else
                write_marks(o, row, k, name);
        }
    }
}
