/* SPDX-License-Identifier: Apache-2.0 */
#include "import/roster_read.h"

#include <string.h>

#include "base/num.h"
#include "base/say.h"
#include "base/time.h"
#include "form/value.h"

enum { HEAD_ROWS = 60, COLUMNS_MAX = 400, DAYS_LEAST = 3 };

enum column_kind { COL_OTHER, COL_DATE, COL_SHIFT, COL_PERSON, COL_POST, COL_SHIFT_OF, COL_DAY };

struct column {
    enum column_kind kind;
    struct slice label; /* SHIFT_OF */
    struct shift_time time;
    bool timed;
    int64_t day; /* DAY */
};

struct reader {
    struct arena *arena;
    const struct sheet *sheet;
    const struct roster_options *opt;
    struct roster_sheet *out;
    size_t entry_cap, note_cap;
    struct roster_shift shifts[ROSTER_SHIFTS_MAX];
    size_t shift_count;
    int year; /* of the title, or given */
    unsigned month;
    struct column columns[COLUMNS_MAX]; /* by column, from 0 */
    uint32_t column_count;
    uint32_t head; /* index of the heading row */
    int r;
    struct err *err;
};

static const char date_names[] =
    "Ngày|Ngày trực|Ngày tháng|Ngày, tháng|Thời gian|Thứ, ngày|Thứ ngày|"
    "Ngày/tháng|Ngày tháng năm|Thứ/ngày|Date|Day";
static const char person_names[] =
    "Họ và tên|Họ tên|Họ và tên người trực|Người trực|Cán bộ trực|Tên|Tên người trực|Trực chính|"
    "Trực phụ|Trực ban|Trực lãnh đạo|Lãnh đạo trực|Lãnh đạo|Nhân viên trực|Cán bộ|Người trực chính|"
    "Người trực phụ|Trực ban chính|Trực ban phụ|Chuyên viên trực|Kỹ thuật trực|Person|Name";
static const char shift_names[] = "Ca|Ca trực|Kíp|Kíp trực|Buổi|Thời gian trực|Giờ trực|Giờ|Shift";
static const char post_names[] = "Vị trí|Vị trí trực|Nơi trực|Nhiệm vụ trực|Post";

/* -- the answer ------------------------------------------------------------------------------ */

static void *grow(struct reader *o, void **items, size_t n, size_t *cap, size_t size)
{
    void *more;

    if (n < *cap)
        return (uint8_t *)*items + n * size;
    *cap = *cap ? 2 * *cap : 128;
    more = arena_array(o->arena, *cap, size);
    if (more == NULL) {
        o->r = err_set(o->err, CE_NOMEM, "roster");
        return NULL;
    }
    if (n)
        memcpy(more, *items, n * size);
    *items = more;
    return (uint8_t *)more + n * size;
}

static void note_take(struct reader *o, uint32_t row, uint32_t col, bool warning, struct buf *text)
{
    struct roster_note *note;

    o->out->errors += !warning;
    if (o->out->note_count < ROSTER_NOTES_MAX) {
        note = grow(o, (void **)&o->out->notes, o->out->note_count, &o->note_cap, sizeof(*note));
        if (note)
            *note = (struct roster_note){row, col, warning, arena_dup(o->arena, buf_slice(text))};
        o->out->note_count += note != NULL;
    }
    buf_done(text);
}

#define note(o, row, col, warning, id, ...)                                                        \
    ({                                                                                             \
        struct buf note_ = BUF_INIT(4096);                                                         \
        lang_put(&note_, (o)->opt->lang, id, ##__VA_ARGS__);                                       \
        note_take(o, row, col, warning, &note_);                                                   \
    })

static void put_entry(struct reader *o, const struct roster_entry *x)
{
    struct roster_entry *to;

    if (o->out->count == ROSTER_ENTRIES_MAX) {
        o->r = say_fail(o->err, o->opt->lang, CE_TOO_BIG, 0, 0, MSG_IMPORT_TOO_MANY,
                        (unsigned)ROSTER_ENTRIES_MAX);
        return;
    }
    to = grow(o, (void **)&o->out->entries, o->out->count, &o->entry_cap, sizeof(*to));
    if (to) {
        *to = *x;
        o->out->count++;
    }
}

static void saw_day(struct reader *o, int64_t day)
{
    o->out->first = CANH_MIN(o->out->first, day);
    o->out->last = CANH_MAX(o->out->last, day);
}

/* -- shifts ---------------------------------------------------------------------------------- */

static bool known_shift(const struct reader *o, struct slice label, struct shift_time *ret)
{
    for (size_t i = 0; i < o->shift_count; i++) {
        bool same = label.n == 0 ? o->shifts[i].label.n == 0
                                 : o->shifts[i].label.n && words_same(o->shifts[i].label, label);

        if (same) {
            *ret = o->shifts[i].time;
            return true;
        }
    }
    return false;
}

static void add_shift(struct reader *o, struct slice label, struct shift_time time)
{
    struct shift_time known;

    if (o->shift_count < ROSTER_SHIFTS_MAX && label.n > 0 && label.n <= 40 &&
        !known_shift(o, label, &known))
        o->shifts[o->shift_count++] = (struct roster_shift){label, time};
}

/* The time of a shift as it is written; a note when nothing says it. */
static bool time_of(struct reader *o, struct slice text, uint32_t row, uint32_t col,
                    struct shift_time *ret, struct slice *ret_label)
{
    *ret_label = words_shift_label(text);
    if (words_shift_time(text, ret, NULL))
        return true;
    if (known_shift(o, *ret_label, ret))
        return true;
    if (words_is_tick(text) && known_shift(o, SLICE_NULL, ret)) {
        *ret_label = SLICE_NULL;
        return true;
    }
    note(o, row, col, false, MSG_IMPORT_SHIFT_TIME, SLICE_ARG(say_cut(text)),
         SLICE_ARG(say_cut(*ret_label)), SLICE_ARG(say_cut(*ret_label)));
    return false;
}

/* “Ghi chú: S” says S. */
static struct slice legend_label(struct slice part)
{
    struct slice label = words_shift_label(part);

    for (size_t i = label.n; i-- > 0;) {
        if (label.p[i] == ':' || label.p[i] == '=')
            return slice_trim(slice_from(label, i + 1));
    }
    return label;
}

/* A legend: “S: 07:00-15:00; C: 15:00-23:00” in any cell. */
static void read_legend(struct reader *o, struct slice cell)
{
    while (cell.n > 0 && cell.n <= 2000) {
        size_t end = 0;
        struct slice part;
        struct shift_time time;

        while (end < cell.n && cell.p[end] != ';' && cell.p[end] != '\n')
            end++;
        part = slice_trim(slice_head(cell, end));
        cell = slice_from(cell, end + 1);
        if (words_shift_time(part, &time, NULL))
            add_shift(o, legend_label(part), time);
    }
}

static void scan_sheet(struct reader *o)
{
    for (uint32_t i = 0; i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];

        for (uint32_t k = 0; k < row->count; k++) {
            const struct cell *c = &row->cells[k];

            if (c->kind != CELL_TEXT || (c->flags & CELL_COVERED))
                continue;
            read_legend(o, cell_text(c));
            if (i < HEAD_ROWS && o->month == 0 && words_month(cell_text(c), &o->year, &o->month))
                continue;
        }
    }
    if (o->opt->year)
        o->year = o->opt->year;
}

/* -- dates ----------------------------------------------------------------------------------- */

/* A date in a cell, also with a weekday, brackets and lines around it. */
static int read_date(const struct reader *o, const struct cell *c, int64_t *ret)
{
    struct slice s = cell_text(c);
    uint8_t flat[128];
    size_t from = 0;

    if (cell_date(c, o->year, ret) == 0)
        return 0;
    if (c->kind != CELL_TEXT || s.n > sizeof(flat))
        return -CE_SYNTAX;
    for (size_t i = 0; i < s.n; i++)
        flat[i] = s.p[i] == '(' || s.p[i] == ')' || s.p[i] == '\n' ? ' ' : s.p[i];
    /* what follows the last blank, or the whole */
    for (size_t i = 0; i < s.n; i++) {
        if (flat[i] == ' ' && i + 1 < s.n && flat[i + 1] >= '0' && flat[i + 1] <= '9')
            from = i + 1;
    }
    return value_date(slice_trim(slice_of(flat + from, s.n - from)), o->year, ret);
}

static bool has_digit(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    }
    return false;
}

/* A day of the title's month: 1 … 31. */
static bool day_number(const struct cell *c, int64_t *ret)
{
    return (c->kind == CELL_NUMBER || c->kind == CELL_TEXT) &&
           num_range(slice_trim(cell_text(c)), 1, 31, ret) == 0;
}

/* -- the heading ----------------------------------------------------------------------------- */

struct head {
    unsigned dates, persons, shift_columns, days, numbers;
    bool runs; /* the numbers count up by one */
};

static void look_at_column(struct reader *o, const struct cell *c, struct column *col)
{
    struct slice s = slice_trim(cell_text(c));

    *col = (struct column){.kind = COL_OTHER};
    if (read_date(o, c, &col->day) == 0 && c->kind != CELL_NUMBER)
        col->kind = COL_DAY;
    else if (c->kind != CELL_TEXT || s.n == 0)
        return;
    else if (words_any(date_names, s))
        col->kind = COL_DATE;
    else if (words_any(person_names, s))
        col->kind = COL_PERSON;
    else if (words_any(shift_names, s))
        col->kind = COL_SHIFT;
    else if (words_any(post_names, s))
        col->kind = COL_POST;
    else if (words_is_shift(s)) {
        col->kind = COL_SHIFT_OF;
        col->label = s;
    }
}

/* Day numbers that count up from one cell to the next are the days of a month. */
static void look_for_numbers(struct reader *o, const struct row *row, struct head *h)
{
    int64_t last = 0, n;

    h->runs = true;
    for (uint32_t k = 0; k < CANH_MIN(row->count, (uint32_t)COLUMNS_MAX); k++) {
        if (o->columns[k].kind != COL_OTHER || !day_number(&row->cells[k], &n))
            continue;
        h->runs = h->runs && (h->numbers == 0 || n == last + 1);
        last = n;
        h->numbers++;
    }
}

static void take_numbers(struct reader *o, const struct row *row)
{
    int64_t n;

    for (uint32_t k = 0; k < CANH_MIN(row->count, (uint32_t)COLUMNS_MAX); k++) {
        struct column *col = &o->columns[k];

        if (col->kind != COL_OTHER || !day_number(&row->cells[k], &n))
            continue;
        col->kind = COL_DAY;
        col->day = date_valid(o->year, o->month, (unsigned)n)
                       ? days_from_date(o->year, o->month, (unsigned)n)
                       : TIME_NONE; /* an error only when somebody stands there */
    }
}

static struct head look_at_row(struct reader *o, const struct row *row)
{
    struct head h = {.runs = true};

    o->column_count = CANH_MIN(row->count, (uint32_t)COLUMNS_MAX);
    for (uint32_t k = 0; k < o->column_count; k++) {
        struct column *col = &o->columns[k];

        look_at_column(o, &row->cells[k], col);
        h.dates += col->kind == COL_DATE;
        h.persons += col->kind == COL_PERSON;
        h.shift_columns += col->kind == COL_SHIFT_OF;
        h.days += col->kind == COL_DAY;
    }
    if (o->month)
        look_for_numbers(o, row, &h);
    return h;
}

/* The name column of a heading of two rows may stand in the upper one only. */
static bool name_above(struct reader *o, uint32_t i)
{
    const struct row *row;

    if (i == 0)
        return false;
    row = &o->sheet->rows[i - 1];
    for (uint32_t k = 0; k < CANH_MIN(row->count, (uint32_t)COLUMNS_MAX); k++) {
        if (row->cells[k].kind == CELL_TEXT && words_any(person_names, cell_text(&row->cells[k])) &&
            (k >= o->column_count || o->columns[k].kind == COL_OTHER)) {
            while (o->column_count <= k)
                o->columns[o->column_count++] = (struct column){.kind = COL_OTHER};
            o->columns[k].kind = COL_PERSON;
            return true;
        }
    }
    return false;
}

static bool choose(struct reader *o, uint32_t i, struct head h)
{
    const struct row *row = &o->sheet->rows[i];
    bool numbers = h.numbers >= DAYS_LEAST && h.runs;

    if ((h.days >= 2 || numbers) && (h.persons > 0 || name_above(o, i))) {
        if (h.days < 2)
            take_numbers(o, row);
        o->out->layout = ROSTER_PEOPLE;
        return true;
    }
    if (h.dates > 0 && h.persons > 0) {
        o->out->layout = ROSTER_LIST;
        return true;
    }
    if (h.dates > 0 && h.shift_columns > 0) {
        o->out->layout = ROSTER_SHIFTS;
        return true;
    }
    if (h.days >= 2 && h.dates == 0) {
        o->out->layout = ROSTER_DAYS;
        return true;
    }
    return false;
}

static int find_head(struct reader *o)
{
    for (uint32_t i = 0; i < CANH_MIN(o->sheet->row_count, (uint32_t)HEAD_ROWS); i++) {
        struct head h = look_at_row(o, &o->sheet->rows[i]);

        if (choose(o, i, h)) {
            o->head = i;
            return 0;
        }
    }
    return say_fail(o->err, o->opt->lang, CE_MISSING, 0, 0, MSG_IMPORT_NO_ROSTER);
}

/* -- rows ------------------------------------------------------------------------------------ */

static const struct cell *cell_at(const struct row *row, uint32_t k)
{
    return row_cell(row, k + 1);
}

/* Everybody whom a cell names. */
static void put_names(struct reader *o, const struct row *row, uint32_t k, struct roster_entry *x,
                      int32_t position)
{
    struct slice rest = cell_text(cell_at(row, k)), name;

    x->row = row->number;
    x->col = k + 1;
    if (cell_at(row, k)->kind == CELL_ERROR) {
        note(o, x->row, x->col, false, MSG_IMPORT_CELL_ERROR, (int)CANH_MIN(rest.n, (size_t)60),
             (const char *)rest.p);
        return;
    }
    while (o->r == 0 && words_next_name(&rest, &name)) {
        x->person = name;
        x->position = position++;
        put_entry(o, x);
    }
}

/* The row's date, or the one above it. False: the row is none of the table's. *ret_end: the table
 * ends here (a note, a signature). */
static bool row_date(struct reader *o, const struct row *row, uint32_t k, int64_t *day,
                     bool *ret_end)
{
    const struct cell *c = cell_at(row, k);
    struct slice s = slice_trim(cell_text(c));
    int64_t n;
    int r;

    if (s.n == 0)
        return *day != TIME_NONE;
    r = read_date(o, c, day);
    if (r < 0 && o->month && day_number(c, &n)) {
        if (date_valid(o->year, o->month, (unsigned)n)) {
            *day = days_from_date(o->year, o->month, (unsigned)n);
            r = 0;
        } else {
            r = -CE_RANGE;
        }
    }
    if (r == 0) {
        saw_day(o, *day);
        return true;
    }
    *ret_end = !has_digit(s);
    if (has_digit(s) && o->year == 0 && value_date(s, 2024, &n) == 0)
        note(o, row->number, k + 1, false, MSG_IMPORT_NO_YEAR, SLICE_ARG(say_cut(s)));
    else if (has_digit(s))
        note(o, row->number, k + 1, false, MSG_IMPORT_BAD_DATE, SLICE_ARG(say_cut(s)));
    return false;
}

static uint32_t find_column(const struct reader *o, enum column_kind kind)
{
    uint32_t k = 0;

    while (k < o->column_count && o->columns[k].kind != kind)
        k++;
    return k;
}

/* The shift of a list's row: its column, or else the whole day. */
static bool row_shift(struct reader *o, const struct row *row, struct roster_entry *x,
                      struct slice *last)
{
    uint32_t k = find_column(o, COL_SHIFT);
    struct slice s;

    if (k < o->column_count) {
        s = slice_trim(cell_text(cell_at(row, k)));
        *last = s.n ? s : *last;
        if (last->n)
            return time_of(o, *last, row->number, k + 1, &x->time, &x->shift);
    }
    x->shift = SLICE_NULL;
    return known_shift(o, SLICE_NULL, &x->time);
}

static bool names_anybody(const struct reader *o, const struct row *row, enum column_kind kind)
{
    for (uint32_t k = 0; k < o->column_count; k++) {
        struct slice s = cell_text(cell_at(row, k)), name;

        if (o->columns[k].kind == kind && words_next_name(&s, &name))
            return true;
    }
    return false;
}

static void read_list(struct reader *o)
{
    uint32_t date = find_column(o, COL_DATE), post = find_column(o, COL_POST);
    struct slice last = SLICE_NULL;
    int64_t day = TIME_NONE;
    bool end = false;

    for (uint32_t i = o->head + 1; o->r == 0 && !end && i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];
        struct roster_entry x = {.time = {0, 1440}};
        int32_t position = 1;

        if (!row_date(o, row, date, &day, &end) || !names_anybody(o, row, COL_PERSON) ||
            !row_shift(o, row, &x, &last))
            continue;
        x.day = day;
        x.post = post < o->column_count ? slice_trim(cell_text(cell_at(row, post))) : SLICE_NULL;
        for (uint32_t k = 0; k < o->column_count; k++) {
            if (o->columns[k].kind != COL_PERSON)
                continue;
            put_names(o, row, k, &x, position);
            position += 2; /* deputies of one column stand before the next column */
        }
    }
}

static void read_shift_columns(struct reader *o)
{
    const struct row *head = &o->sheet->rows[o->head];

    for (uint32_t k = 0; k < o->column_count; k++) {
        struct column *c = &o->columns[k];

        if (c->kind == COL_SHIFT_OF)
            c->timed = time_of(o, c->label, head->number, k + 1, &c->time, &c->label);
    }
}

static void read_shifts(struct reader *o)
{
    uint32_t date = find_column(o, COL_DATE);
    int64_t day = TIME_NONE;
    bool end = false;

    read_shift_columns(o);
    for (uint32_t i = o->head + 1; o->r == 0 && !end && i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];

        if (!row_date(o, row, date, &day, &end))
            continue;
        for (uint32_t k = 0; k < o->column_count; k++) {
            const struct column *c = &o->columns[k];
            struct roster_entry x = {.day = day, .time = c->time, .shift = c->label};

            if (c->kind == COL_SHIFT_OF && c->timed)
                put_names(o, row, k, &x, 1);
        }
    }
}

static void see_day_columns(struct reader *o)
{
    for (uint32_t k = 0; k < o->column_count; k++) {
        if (o->columns[k].kind == COL_DAY && o->columns[k].day != TIME_NONE)
            saw_day(o, o->columns[k].day);
    }
}

/* The label of a row: the last text before the first day. */
static struct slice row_label(const struct reader *o, const struct row *row, uint32_t *ret_k)
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

static void read_days(struct reader *o)
{
    see_day_columns(o);
    for (uint32_t i = o->head + 1; o->r == 0 && i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];
        struct roster_entry x = {.day = 0};
        uint32_t at;
        struct slice label = row_label(o, row, &at);

        if (!names_anybody(o, row, COL_DAY))
            continue;
        if (label.n == 0 ? !known_shift(o, SLICE_NULL, &x.time)
                         : !time_of(o, label, row->number, at + 1, &x.time, &x.shift))
            continue;
        for (uint32_t k = 0; k < o->column_count; k++) {
            if (o->columns[k].kind != COL_DAY)
                continue;
            x.day = o->columns[k].day;
            put_names(o, row, k, &x, 1);
        }
    }
}

/* “S”, “S, C”, “x”, “07:00-19:00”: the turns of one person on one day. */
static void put_marks(struct reader *o, const struct row *row, uint32_t k, struct slice person)
{
    const struct cell *c = cell_at(row, k);
    struct slice s = slice_trim(cell_text(c)), rest = s, part;
    struct roster_entry x = {.row = row->number,
                             .col = k + 1,
                             .day = o->columns[k].day,
                             .person = person,
                             .position = 1};
    struct shift_time time;
    bool whole = known_shift(o, words_shift_label(s), &time) && s.n > 0;

    if (!whole && words_is_off(s))
        return;
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
            put_entry(o, &x);
    }
}

static void read_people(struct reader *o)
{
    uint32_t who = find_column(o, COL_PERSON);

    see_day_columns(o);
    for (uint32_t i = o->head + 1; o->r == 0 && i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];
        struct slice cell = cell_text(cell_at(row, who)), name;

        if (!words_next_name(&cell, &name))
            continue;
        for (uint32_t k = 0; k < o->column_count; k++) {
            if (o->columns[k].kind == COL_DAY && !(cell_at(row, k)->flags & CELL_COVERED))
                put_marks(o, row, k, name);
        }
    }
}

/* Turns without a shift last the whole day, unless something else was given. */
static void default_shift(struct reader *o)
{
    struct shift_time known;

    if (!known_shift(o, SLICE_NULL, &known) && o->shift_count < ROSTER_SHIFTS_MAX)
        o->shifts[o->shift_count++] = (struct roster_shift){SLICE_NULL, {0, 1440}};
}

int roster_read(struct arena *arena, const struct sheet *sheet, const struct roster_options *opt,
                struct roster_sheet *ret, struct err *err)
{
    static void (*const readers[ROSTER_LAYOUT_MAX])(struct reader *) = {
        [ROSTER_LIST] = read_list,
        [ROSTER_SHIFTS] = read_shifts,
        [ROSTER_DAYS] = read_days,
        [ROSTER_PEOPLE] = read_people,
    };
    struct reader *o = arena_new(arena, struct reader);

    if (o == NULL)
        return err_set(err, CE_NOMEM, "roster");
    *ret = (struct roster_sheet){.first = INT64_MAX, .last = INT64_MIN};
    *o = (struct reader){.arena = arena, .sheet = sheet, .opt = opt, .out = ret, .err = err};
    o->year = opt->year;
    for (size_t i = 0; i < opt->shift_count && o->shift_count < ROSTER_SHIFTS_MAX - 1; i++)
        o->shifts[o->shift_count++] = opt->shifts[i];
    default_shift(o);
    scan_sheet(o);
    o->r = find_head(o);
    if (o->r == 0)
        readers[ret->layout](o);
    return o->r;
}
