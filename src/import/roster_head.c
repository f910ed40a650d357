/* SPDX-License-Identifier: Apache-2.0 */
/* What a duty sheet is: its legends, its month, its heading. */
#include "base/num.h"
#include "base/time.h"
#include "import/roster_reader.h"
#include "lang/err_import.h"
#include "lang/value.h"

enum { HEAD_ROWS = 60, DAYS_LEAST = 3 };

static const char date_names[] =
    "Ngày|Ngày trực|Ngày tháng|Ngày, tháng|Thời gian|Thứ, ngày|Thứ ngày|"
    "Ngày/tháng|Ngày tháng năm|Thứ/ngày|Date|Day";
static const char person_names[] =
    "Họ và tên|Họ tên|Họ và tên người trực|Người trực|Cán bộ trực|Tên|Tên người trực|Trực chính|"
    "Trực phụ|Trực ban|Trực lãnh đạo|Lãnh đạo trực|Lãnh đạo|Nhân viên trực|Cán bộ|Người trực chính|"
    "Người trực phụ|Trực ban chính|Trực ban phụ|Chuyên viên trực|Kỹ thuật trực|Person|Name";
static const char shift_names[] = "Ca|Ca trực|Kíp|Kíp trực|Buổi|Thời gian trực|Giờ trực|Giờ|Shift";
static const char post_names[] = "Vị trí|Vị trí trực|Nơi trực|Nhiệm vụ trực|Post";

/* -- shifts ---------------------------------------------------------------------------------- */

bool roster_known_shift(const struct roster_reader *o, struct slice label, struct shift_time *ret)
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

static void add_shift(struct roster_reader *o, struct slice label, struct shift_time time)
{
    struct shift_time known;

    if (o->shift_count < ROSTER_SHIFTS_MAX && label.n > 0 && label.n <= 40 &&
        !roster_known_shift(o, label, &known))
        o->shifts[o->shift_count++] = (struct roster_shift){label, time};
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
static void read_legend(struct roster_reader *o, struct slice cell)
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

void roster_scan(struct roster_reader *o)
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

int roster_read_date(const struct roster_reader *o, const struct cell *c, int64_t *ret)
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

bool roster_day_number(const struct cell *c, int64_t *ret)
{
    return (c->kind == CELL_NUMBER || c->kind == CELL_TEXT) &&
           num_range(slice_trim(cell_text(c)), 1, 31, ret) == 0;
}

/* -- the heading ----------------------------------------------------------------------------- */

struct head {
    unsigned dates, persons, shift_columns, days, numbers;
    bool runs; /* the numbers count up by one */
};

static void look_at_column(struct roster_reader *o, const struct cell *c, struct roster_column *col)
{
    struct slice s = slice_trim(cell_text(c));

    *col = (struct roster_column){.kind = COL_OTHER};
    if (roster_read_date(o, c, &col->day) == 0 && c->kind != CELL_NUMBER)
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
static void look_for_numbers(struct roster_reader *o, const struct row *row, struct head *h)
{
    int64_t last = 0, n;

    h->runs = true;
    for (uint32_t k = 0; k < CANH_MIN(row->count, (uint32_t)ROSTER_COLUMNS_MAX); k++) {
        if (o->columns[k].kind != COL_OTHER || !roster_day_number(&row->cells[k], &n))
            continue;
        h->runs = h->runs && (h->numbers == 0 || n == last + 1);
        last = n;
        h->numbers++;
    }
}

static void take_numbers(struct roster_reader *o, const struct row *row)
{
    int64_t n;

    for (uint32_t k = 0; k < CANH_MIN(row->count, (uint32_t)ROSTER_COLUMNS_MAX); k++) {
        struct roster_column *col = &o->columns[k];

        if (col->kind != COL_OTHER || !roster_day_number(&row->cells[k], &n))
            continue;
        col->kind = COL_DAY;
        col->day = date_valid(o->year, o->month, (unsigned)n)
                       ? days_from_date(o->year, o->month, (unsigned)n)
                       : TIME_NONE; /* an error only when somebody stands there */
    }
}

static struct head look_at_row(struct roster_reader *o, const struct row *row)
{
    struct head h = {.runs = true};

    o->column_count = CANH_MIN(row->count, (uint32_t)ROSTER_COLUMNS_MAX);
    for (uint32_t k = 0; k < o->column_count; k++) {
        struct roster_column *col = &o->columns[k];

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
static bool name_above(struct roster_reader *o, uint32_t i)
{
    const struct row *row;

    if (i == 0)
        return false;
    row = &o->sheet->rows[i - 1];
    for (uint32_t k = 0; k < CANH_MIN(row->count, (uint32_t)ROSTER_COLUMNS_MAX); k++) {
        if (row->cells[k].kind == CELL_TEXT && words_any(person_names, cell_text(&row->cells[k])) &&
            (k >= o->column_count || o->columns[k].kind == COL_OTHER)) {
            while (o->column_count <= k)
                o->columns[o->column_count++] = (struct roster_column){.kind = COL_OTHER};
            o->columns[k].kind = COL_PERSON;
            return true;
        }
    }
    return false;
}

static bool choose(struct roster_reader *o, uint32_t i, struct head h)
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

int roster_find_head(struct roster_reader *o)
{
    for (uint32_t i = 0; i < CANH_MIN(o->sheet->row_count, (uint32_t)HEAD_ROWS); i++) {
        struct head h = look_at_row(o, &o->sheet->rows[i]);

        if (choose(o, i, h)) {
            o->head = i;
            return 0;
        }
    }
    return err_fail(o->err, CE_MISSING, ERR_IMPORT_NO_ROSTER);
}
