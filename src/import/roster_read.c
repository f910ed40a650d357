/* SPDX-License-Identifier: Apache-2.0 */
/* A duty sheet's rows → who stands when. */
#include "import/roster_read.h"

#include <string.h>

#include "base/time.h"
#include "import/ditto.h"
#include "import/roster_reader.h"
#include "lang/err_import.h"
#include "lang/msg_import.h"
#include "lang/value.h"

static void *roster_read_grow(struct roster_reader *o, void **items, size_t n, size_t *cap,
                              size_t size)
{
    void *more;

    if (n < *cap)
        return (uint8_t *)*items + n * size;
    *cap = *cap ? 2 * *cap : 128;
    more = arena_array(o->arena, *cap, size);
    if (more == NULL) {
        o->r = err_nomem(o->err);
        return NULL;
    }
    if (n)
        memcpy(more, *items, n * size);
    *items = more;
    return (uint8_t *)more + n * size;
}

static void note_add(struct roster_reader *o, uint32_t row, uint32_t col, bool warning,
                     struct buf *text)
{
    struct roster_note *note;

    o->out->errors += !warning;
    if (o->out->note_count < ROSTER_NOTES_MAX) {
        note = roster_read_grow(o, (void **)&o->out->notes, o->out->note_count, &o->note_cap,
                                sizeof(*note));
        if (note)
            *note = (struct roster_note){row, col, warning, arena_dup(o->arena, buf_slice(text))};
        o->out->note_count += note != NULL;
    }
    buf_done(text);
}

#define note(o, row, col, warning, id, ...)                                                        \
    ({                                                                                             \
        struct buf note_ = BUF_INIT(4096);                                                         \
        lang_write(&note_, (o)->opt->lang, id, ##__VA_ARGS__);                                     \
        note_add(o, row, col, warning, &note_);                                                    \
    })

static void write_entry(struct roster_reader *o, const struct roster_entry *x)
{
    struct roster_entry *to;

    if (o->out->count == ROSTER_ENTRIES_MAX) {
        o->r = err_fail(o->err, CE_TOO_BIG, ERR_IMPORT_TOO_MANY, ROSTER_ENTRIES_MAX);
        return;
    }
    to = roster_read_grow(o, (void **)&o->out->entries, o->out->count, &o->entry_cap, sizeof(*to));
    if (to) {
        *to = *x;
        o->out->count++;
    }
}

static void saw_day(struct roster_reader *o, int64_t day)
{
    o->out->first = CANH_MIN(o->out->first, day);
    o->out->last = CANH_MAX(o->out->last, day);
}

/* The time of a shift as it is written; a note when nothing says it. */
static bool time_of(struct roster_reader *o, struct slice text, uint32_t row, uint32_t col,
                    struct shift_time *ret, struct slice *ret_label)
{
    *ret_label = words_shift_label(text);
    if (words_shift_time(text, ret, NULL))
        return true;
    if (roster_known_shift(o, *ret_label, ret))
        return true;
    if (words_is_tick(text) && roster_known_shift(o, SLICE_NULL, ret)) {
        *ret_label = SLICE_NULL;
        return true;
    }
    note(o, row, col, false, MSG_IMPORT_SHIFT_TIME, SLICE_ARG(slice_brief(text)),
         SLICE_ARG(slice_brief(*ret_label)), SLICE_ARG(slice_brief(*ret_label)));
    return false;
}

static bool has_digit(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    }
    return false;
}

enum { TITLE_WORDS = 3, DAY_MINUTES = 1440 };

static const struct cell *cell_at(const struct row *row, uint32_t k)
{
    return row_cell(row, k + 1);
}

/* False with a note where a wanted cell shows an error, or a formula that was never computed: what
 * stands there nobody knows, and a gap would hide it. */
static bool is_sound(struct roster_reader *o, const struct row *row)
{
    bool sound = true;

    for (uint32_t k = 0; k < o->column_count; k++) {
        const struct cell *c = cell_at(row, k);

        if (o->columns[k].kind == COL_OTHER)
            continue;
        if (c->kind == CELL_ERROR)
            note(o, row->number, k + 1, false, MSG_IMPORT_CELL_ERROR, (int)CANH_MIN(c->n, 60u),
                 (const char *)c->p);
        else if (c->kind == CELL_EMPTY && (c->flags & CELL_FORMULA))
            note(o, row->number, k + 1, false, MSG_IMPORT_CELL_FORMULA);
        else
            continue;
        sound = false;
    }
    return sound;
}

void roster_note_posts(struct roster_reader *o, uint32_t k)
{
    const struct row *head = &o->sheet->rows[o->head];
    struct slice name = slice_brief(slice_trim(cell_text(cell_at(head, k))));

    note(o, head->number, k + 1, true, MSG_IMPORT_ONE_POST, SLICE_ARG(name), SLICE_ARG(name));
}

void roster_find_post_column(struct roster_reader *o, const struct roster_column_post *x)
{
    const struct row *head = &o->sheet->rows[o->head];

    for (uint32_t k = 0; k < o->column_count; k++) {
        if (o->columns[k].kind == COL_PERSON && words_same(x->heading, cell_text(cell_at(head, k))))
            return;
    }
    note(o, head->number, 0, false, MSG_IMPORT_NO_COLUMN, SLICE_ARG(slice_brief(x->heading)));
}

/* The names in a cell; with the family name of a column of its own. */
static struct slice names_in(struct roster_reader *o, const struct row *row, uint32_t k)
{
    const struct cell *given = cell_at(row, k);
    uint32_t family = o->columns[k].family;
    struct buf whole = BUF_INIT(4096);
    struct slice ret, before;

    if (family == 0 || (given->flags & CELL_COVERED) || cell_text(given).n == 0)
        return cell_text(given);
    before = slice_trim(cell_text(cell_at(row, family - 1)));
    if (before.n == 0)
        return cell_text(given);
    buf_append_slice(&whole, before);
    buf_putc(&whole, ' ');
    buf_append_slice(&whole, slice_trim(cell_text(given)));
    ret = arena_dup(o->arena, buf_slice(&whole));
    buf_done(&whole);
    if (ret.p == NULL && o->r == 0)
        o->r = err_nomem(o->err);
    return ret;
}

/* Everybody whom a cell names. */
static void write_names(struct roster_reader *o, const struct row *row, uint32_t k,
                        struct roster_entry *x, int32_t position)
{
    struct slice rest = names_in(o, row, k), name;

    x->row = row->number;
    x->col = k + 1;
    while (o->r == 0 && words_next_name(&rest, &name)) {
        x->person = name;
        x->position = position++;
        write_entry(o, x);
    }
}

static bool names_anybody(const struct roster_reader *o, const struct row *row,
                          enum roster_column_kind kind)
{
    for (uint32_t k = 0; k < o->column_count; k++) {
        struct slice s = cell_text(cell_at(row, k)), name;

        if (o->columns[k].kind == kind && words_next_name(&s, &name))
            return true;
    }
    return false;
}

/* Several words where a date is wanted, and nobody beside them: a title (“TUẦN 2 (từ 07/12 …)”). */
static bool is_heading(const struct roster_reader *o, const struct row *row, struct slice s)
{
    size_t words = 0;

    for (size_t i = 0; i < s.n; i++) {
        bool letter = (s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'z';

        words += letter && (i == 0 || s.p[i - 1] == ' ');
    }
    return words >= TITLE_WORDS && !names_anybody(o, row, COL_PERSON) &&
           !names_anybody(o, row, COL_SHIFT_OF);
}

/* What a row speaks of: one day, or all from first to last; a span has times of its own, from and
 * until in minutes of the first day. */
struct days {
    int64_t first, last;
    bool span;
    int from, until;
};

static bool read_span(struct roster_reader *o, const struct cell *c, struct days *days)
{
    days->span = roster_read_span(o, c, &days->first, &days->from, &days->until) == 0;
    if (days->span)
        days->last = days->first + (days->until - 1 - days->from) / DAY_MINUTES;
    return days->span;
}

/* The row's days, or those above it. False: the row is none of the table's. *ret_end: the table
 * ends here (a note, a signature). */
static bool row_days(struct roster_reader *o, const struct row *row, uint32_t k, struct days *days,
                     bool *ret_end)
{
    const struct cell *c = cell_at(row, k);
    struct slice s = slice_trim(cell_text(c));
    int64_t n;
    int r;

    if (s.n == 0)
        return days->first != TIME_NONE;
    r = read_span(o, c, days) ? 0 : roster_read_days(o, c, &days->first, &days->last);
    if (r < 0 && roster_day_number(c, &n) && roster_numbered_day(o, n, &days->first)) {
        days->last = days->first;
        r = 0;
    }
    if (r == 0) {
        saw_day(o, days->first);
        saw_day(o, days->last);
        return true;
    }
    *ret_end = r != -CE_RANGE && (!has_digit(s) || is_heading(o, row, s));
    if (*ret_end || (r != -CE_RANGE && roster_title_days(o, row, true)))
        return false;
    if (has_digit(s) && o->year == 0 && value_date(s, 2024, &n) == 0)
        note(o, row->number, k + 1, false, MSG_IMPORT_NO_YEAR, SLICE_ARG(slice_brief(s)));
    else
        note(o, row->number, k + 1, false, MSG_IMPORT_BAD_DATE, SLICE_ARG(slice_brief(s)));
    return false;
}

static uint32_t find_column(const struct roster_reader *o, enum roster_column_kind kind)
{
    uint32_t k = 0;

    while (k < o->column_count && o->columns[k].kind != kind)
        k++;
    return k;
}

/* “Ca 1”, “07:00-19:00”, or both, from columns for the shift, its beginning and its end. */
static struct slice shift_text(struct roster_reader *o, const struct row *row, uint32_t k)
{
    uint32_t from = find_column(o, COL_FROM), until = find_column(o, COL_UNTIL);
    struct slice shift = slice_trim(cell_text(cell_at(row, k))), begin, end, ret;
    struct buf text = BUF_INIT(4096);

    if (from == o->column_count || until == o->column_count)
        return shift;
    begin = slice_trim(cell_text(cell_at(row, from)));
    end = slice_trim(cell_text(cell_at(row, until)));
    if (begin.n == 0 && end.n == 0)
        return shift;
    buf_printf(&text, SLICE_FMT " " SLICE_FMT "-" SLICE_FMT, SLICE_ARG(slice_brief(shift)),
               SLICE_ARG(begin.n ? slice_brief(begin) : SLICE("?")),
               SLICE_ARG(end.n ? slice_brief(end) : SLICE("?")));
    ret = arena_dup(o->arena, slice_trim(buf_slice(&text)));
    buf_done(&text);
    if (ret.p == NULL && o->r == 0)
        o->r = err_nomem(o->err);
    return ret;
}

/* The shift of a list's row: its column, or else the whole day. */
static bool row_shift(struct roster_reader *o, const struct row *row, struct roster_entry *x,
                      struct slice *last)
{
    uint32_t k = find_column(o, COL_SHIFT), from = find_column(o, COL_FROM);
    uint32_t at = CANH_MIN(k, from);
    struct slice s;

    if (at < o->column_count) {
        s = shift_text(o, row, k);
        *last = s.n ? s : *last;
        if (last->n)
            return time_of(o, *last, row->number, at + 1, &x->time, &x->shift);
    }
    x->shift = SLICE_NULL;
    return roster_known_shift(o, SLICE_NULL, &x->time);
}

/* A title over the whole table, merged: its date column and one of names show the same text. */
static bool is_title(const struct roster_reader *o, const struct row *row, uint32_t date)
{
    struct slice s = cell_text(cell_at(row, date));

    for (uint32_t k = 0; s.n > 0 && k < o->column_count; k++) {
        const struct cell *c = cell_at(row, k);
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
            !words_same(cell_text(cell_at(head, k)), cell_text(cell_at(row, k))))
            return false;
    }
    return true;
}

/* Weeks below each other: from a row that is none of the table's on to where its heading comes
 * again. False: it does not, and the table ends; an error where another heading has other columns.
 */
static bool goes_on(struct roster_reader *o, uint32_t date, uint32_t *i)
{
    struct slice name = cell_text(cell_at(&o->sheet->rows[o->head], date));
    uint32_t other = UINT32_MAX;

    for (uint32_t k = *i; k < o->sheet->row_count; k++) {
        const struct row *row = &o->sheet->rows[k];

        (void)roster_title_days(o, row, true);
        if (!words_same(name, cell_text(cell_at(row, date))))
            continue;
        if (is_same_head(o, row)) {
            *i = k;
            return true;
        }
        other = k;
    }
    if (other != UINT32_MAX)
        note(o, o->sheet->rows[other].number, 0, false, MSG_IMPORT_OTHER_HEADING);
    return false;
}

/* False: the row is none of the table's; *ret_end: none below it is. */
static bool next_row(struct roster_reader *o, uint32_t date, uint32_t *i, struct days *days,
                     bool *ret_end)
{
    const struct row *row = &o->sheet->rows[*i];

    if (is_title(o, row, date) || !is_sound(o, row))
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

        if (days->span)
            x->time = (struct shift_time){days->from, CANH_MIN(left, days->from + DAY_MINUTES)};
        write_names(o, row, k, x, position);
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

static void read_list(struct roster_reader *o)
{
    uint32_t date = find_column(o, COL_DATE), post = find_column(o, COL_POST);
    struct slice last = SLICE_NULL;
    struct days days = {.first = TIME_NONE, .last = TIME_NONE};
    bool end = false;

    for (uint32_t i = o->head + 1; o->r == 0 && !end && i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];
        struct roster_entry x = {.time = {0, 1440}};
        int32_t position = 1;

        if (!next_row(o, date, &i, &days, &end) || !names_anybody(o, row, COL_PERSON) ||
            !row_shift(o, row, &x, &last))
            continue;
        x.post = post < o->column_count ? slice_trim(cell_text(cell_at(row, post))) : SLICE_NULL;
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
            c->timed = time_of(o, c->label, head->number, k + 1, &c->time, &c->label);
    }
}

static void read_shifts(struct roster_reader *o)
{
    uint32_t date = find_column(o, COL_DATE);
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

            if (c->kind == COL_SHIFT_OF && c->timed)
                append_days(o, row, k, &x, &days, 1);
        }
    }
}

static void see_day_columns(struct roster_reader *o)
{
    for (uint32_t k = 0; k < o->column_count; k++) {
        if (o->columns[k].kind == COL_DAY && o->columns[k].day != TIME_NONE)
            saw_day(o, o->columns[k].day);
    }
}

/* The label of a row: the last text before the first day. */
static struct slice row_label(const struct roster_reader *o, const struct row *row, uint32_t *ret_k)
{
    struct slice label = SLICE_NULL;

    *ret_k = 0;
    for (uint32_t k = 0; k < o->column_count && o->columns[k].kind != COL_DAY; k++) {
        struct slice s = slice_trim(cell_text(cell_at(row, k)));

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

    (void)roster_title_days(o, row, true);
    for (uint32_t k = 0; k < o->column_count; k++) {
        const struct cell *c = cell_at(row, k);

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
    see_day_columns(o);
    return true;
}

/* A title merged over all columns (“TUẦN 50 (07/12 - 09/12)”): each of them shows the same.
 * Somebody who stands the whole week is merged over them, too, but has no date and is no week. */
static bool is_title_row(const struct roster_reader *o, const struct row *row)
{
    struct slice s = cell_text(cell_at(row, 0));
    bool covered = false;

    for (uint32_t k = 1; k < o->column_count; k++) {
        const struct cell *c = cell_at(row, k);

        if (slice_trim(cell_text(c)).n > 0 && !slice_eq(cell_text(c), s))
            return false;
        covered = covered || (c->flags & CELL_COVERED);
    }
    return covered &&
           (slice_find(s, SLICE("TUẦN")) != SIZE_MAX || slice_find(s, SLICE("Tuần")) != SIZE_MAX ||
            (has_digit(s) && slice_find_byte(s, '/') != SIZE_MAX));
}

static void read_days(struct roster_reader *o)
{
    see_day_columns(o);
    for (uint32_t i = o->head + 1; o->r == 0 && i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];
        struct roster_entry x = {.day = 0};
        uint32_t at;
        struct slice label = row_label(o, row, &at);

        if (new_week(o, row) || is_title_row(o, row) || !is_sound(o, row) ||
            !names_anybody(o, row, COL_DAY))
            continue;
        if (label.n == 0 ? !roster_known_shift(o, SLICE_NULL, &x.time)
                         : !time_of(o, label, row->number, at + 1, &x.time, &x.shift))
            continue;
        for (uint32_t k = 0; k < o->column_count; k++) {
            if (o->columns[k].kind != COL_DAY || slice_trim(cell_text(cell_at(row, k))).n == 0)
                continue;
            x.day = o->columns[k].day;
            if (x.day == TIME_NONE)
                note(o, row->number, k + 1, false, MSG_IMPORT_NO_SUCH_DAY, o->month, o->year);
            else
                write_names(o, row, k, &x, 1);
        }
    }
}

/* A code for “off” that is also one for a shift (N: nghỉ or ngày), and that no legend explains. */
static void see_off(struct roster_reader *o, uint32_t row, uint32_t col, struct slice code)
{
    if (!words_any("N|O|L", code) || o->off_told || o->off_explained)
        return;
    o->off_told = true;
    note(o, row, col, true, MSG_IMPORT_OFF_CODE, SLICE_ARG(slice_brief(code)),
         SLICE_ARG(slice_brief(code)));
}

/* “S”, “S, C”, “x”, “07:00-19:00”: the turns of one person on one day. */
static void write_marks(struct roster_reader *o, const struct row *row, uint32_t k,
                        struct slice person)
{
    const struct cell *c = cell_at(row, k);
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

    if (!whole && words_is_off(s)) {
        see_off(o, x.row, x.col, s);
        return;
    }
    if (x.day == TIME_NONE) {
        note(o, x.row, x.col, false, MSG_IMPORT_NO_SUCH_DAY, o->month, o->year);
        return;
    }
    while (o->r == 0 && (whole ? rest.n > 0 : slice_cut(&rest, ',', &part))) {
        if (whole) {
            part = rest;
            rest = SLICE_NULL;
        }
        part = slice_trim(part);
        if (part.n && time_of(o, part, x.row, x.col, &x.time, &x.shift))
            write_entry(o, &x);
    }
}

/* A mark under several days counts on the first of them: nobody knows whether the others are meant.
 */
static void see_covered(struct roster_reader *o, const struct row *row, uint32_t k)
{
    struct slice s = slice_trim(cell_text(cell_at(row, k)));

    if (!words_is_off(s))
        note(o, row->number, k + 1, true, MSG_IMPORT_MERGED_DAYS, SLICE_ARG(slice_brief(s)));
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

static void read_people(struct roster_reader *o)
{
    uint32_t who = find_column(o, COL_PERSON);

    see_day_columns(o);
    for (uint32_t i = o->head + 1; o->r == 0 && i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];
        struct slice cell = names_in(o, row, who), name;

        if (new_week(o, row) || is_legend_row(row) || !words_next_name(&cell, &name) ||
            !is_sound(o, row))
            continue;
        for (uint32_t k = 0; k < o->column_count; k++) {
            if (o->columns[k].kind != COL_DAY)
                continue;
            if (cell_at(row, k)->flags & CELL_COVERED)
                see_covered(o, row, k);
            else
                write_marks(o, row, k, name);
        }
    }
}

/* Turns without a shift last the whole day, unless something else was given. */
static void default_shift(struct roster_reader *o)
{
    struct shift_time known;

    if (!roster_known_shift(o, SLICE_NULL, &known) && o->shift_count < ROSTER_SHIFTS_MAX)
        o->shifts[o->shift_count++] = (struct roster_shift){SLICE_NULL, o->whole};
}

/* Columns before the first day of a week's sheet are labels of its rows. */
static void see_ignored(struct roster_reader *o)
{
    const struct row *head = &o->sheet->rows[o->head];
    uint32_t first = o->out->layout == ROSTER_DAYS ? find_column(o, COL_DAY) : 0;

    o->out->head_row = o->head;
    for (uint32_t k = first; k < o->column_count; k++) {
        const struct cell *c = cell_at(head, k);
        bool beside = (c->flags & CELL_COVERED) && k > 0 &&
                      slice_eq(cell_text(c), cell_text(cell_at(head, k - 1)));

        if (o->columns[k].kind == COL_OTHER && !beside && slice_trim(cell_text(c)).n > 0 &&
            o->out->ignored_count < IMPORT_ROSTER_IGNORED)
            o->out->ignored[o->out->ignored_count++] = k + 1;
    }
}

/* “-nt-” becomes what stands above it, before anybody reads a row. */
static void read_ditto(struct roster_reader *o)
{
    struct ditto *d = arena_new(o->arena, struct ditto);
    uint32_t day = find_column(o, COL_DAY);
    uint32_t grid = o->out->layout == ROSTER_PEOPLE && day < o->column_count ? day + 1 : 0;

    o->r =
        d == NULL ? err_nomem(o->err) : ditto_resolve(o->arena, o->sheet, o->head, grid, d, o->err);
    if (o->r < 0)
        return;
    o->sheet = &d->sheet;
    if (d->count > 0)
        note(o, d->row, d->col, true, MSG_IMPORT_DITTO, SLICE_ARG(slice_brief(d->mark)), d->count);
    if (d->open_count > 0)
        note(o, d->open_row, d->open_col, false, MSG_IMPORT_DITTO_OPEN, d->open_count);
}

int roster_read(struct arena *arena, const struct sheet *sheet, const struct roster_options *opt,
                struct roster_sheet *ret, struct err *err)
{
    static void (*const readers[ROSTER_LAYOUT_MAX])(struct roster_reader *) = {
        [ROSTER_LIST] = read_list,
        [ROSTER_SHIFTS] = read_shifts,
        [ROSTER_DAYS] = read_days,
        [ROSTER_PEOPLE] = read_people,
    };
    struct roster_reader *o = arena_new(arena, struct roster_reader);

    if (o == NULL)
        return err_nomem(err);
    *ret = (struct roster_sheet){.first = INT64_MAX, .last = INT64_MIN};
    *o = (struct roster_reader){.arena = arena, .sheet = sheet, .opt = opt, .out = ret, .err = err};
    o->year = opt->year;
    for (size_t i = 0; i < opt->shift_count && o->shift_count < ROSTER_SHIFTS_MAX - 1; i++)
        o->shifts[o->shift_count++] = opt->shifts[i];
    roster_scan(o);
    default_shift(o);
    o->r = roster_find_head(o);
    if (o->r == 0)
        read_ditto(o);
    if (o->r == 0) {
        see_ignored(o);
        readers[ret->layout](o);
    }
    return o->r;
}
