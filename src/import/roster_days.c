/* SPDX-License-Identifier: Apache-2.0 */
/* Days in a duty sheet: dates, ranges, lists, and numbers of days of what its title names. */
#include "base/ascii.h"
#include "base/num.h"
#include "base/time.h"
#include "import/roster_reader.h"
#include "lang/value.h"

enum { DAY_MINUTES = 1440, DATE_BYTES = 128, RANGE_DAYS = 92, TITLE_DAYS = 28, LEAP_YEAR = 2024 };

static bool has_digits(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (ascii_is_digit(s.p[i]))
            return true;
    }
    return false;
}

/* “Thứ 2”, “T2” name a day of the week; any other number before a date is more than one date. */
static bool is_weekday(struct slice s)
{
    return !has_digits(s) ||
           words_any("thứ 2|thứ 3|thứ 4|thứ 5|thứ 6|thứ 7|t2|t3|t4|t5|t6|t7|thứ 2 ngày|thứ 3 ngày|"
                     "thứ 4 ngày|thứ 5 ngày|thứ 6 ngày|thứ 7 ngày",
                     s);
}

/* Brackets and lines as blanks; empty when it is too long for a date. */
static struct slice flat_date(const struct cell *c, uint8_t to[DATE_BYTES])
{
    struct slice s = cell_text(c);

    if (c->kind != CELL_TEXT || s.n > DATE_BYTES)
        return SLICE_NULL;
    for (size_t i = 0; i < s.n; i++)
        to[i] = s.p[i] == '(' || s.p[i] == ')' || s.p[i] == '\n' ? ' ' : s.p[i];
    return slice_trim(slice_of(to, s.n));
}

static int text_date(struct slice s, int year, int64_t *ret)
{
    size_t from = 0, end = slice_find_byte(s, ' ');
    unsigned weekday;

    if (value_date(s, year, ret) == 0)
        return 0;
    if (end != SIZE_MAX && value_weekday(slice_trim(slice_from(s, end)), &weekday) == 0)
        return value_date(slice_head(s, end), year, ret); /* “07/12 (T2)” */
    for (size_t i = 0; i + 1 < s.n; i++) {
        if (s.p[i] == ' ' && ascii_is_digit(s.p[i + 1]))
            from = i + 1;
    }
    if (!is_weekday(slice_trim(slice_head(s, from))))
        return -CE_SYNTAX;
    return value_date(slice_trim(slice_from(s, from)), year, ret);
}

/* The day of that name in the title's week. */
static int day_of_week(const struct roster_reader *o, const struct cell *c, int64_t *ret)
{
    unsigned want;
    int64_t day;

    if (o->title_first == TIME_NONE || o->title_last - o->title_first >= 7 ||
        c->kind != CELL_TEXT || value_weekday(cell_text(c), &want) < 0)
        return -CE_SYNTAX;
    day = o->title_first + (want + 7 - weekday_of_days(o->title_first)) % 7;
    if (day > o->title_last)
        return -CE_RANGE;
    *ret = day;
    return 0;
}

/* A date of digits and slashes or dots in a text from i on: where it ends; 0: none is. */
static size_t date_token(struct slice s, size_t i)
{
    size_t at = i, parts = 0;

    for (;;) {
        size_t n = 0;

        while (at + n < s.n && ascii_is_digit(s.p[at + n]))
            n++;
        if (n == 0 || n > (parts < 2 ? 2u : 4u))
            break;
        at += n;
        if (++parts == 3 || at >= s.n || (s.p[at] != '/' && s.p[at] != '.'))
            break;
        at++;
    }
    return parts >= 2 ? at : 0;
}

/* A weekday by itself, but for a comma and “ngày” behind it; 0: none. */
static unsigned bare_weekday(struct slice s)
{
    unsigned day;

    s = slice_trim(s);
    if (slice_ends(s, SLICE("ngày")))
        s = slice_trim(slice_head(s, s.n - slice_str("ngày").n));
    while (s.n > 0 && (s.p[s.n - 1] == ',' || s.p[s.n - 1] == '-' || s.p[s.n - 1] == ':'))
        s = slice_trim(slice_head(s, s.n - 1));
    return value_weekday(s, &day) == 0 ? day : 0;
}

/* The weekday that a text names before or behind its date: “Thứ 5, 31/12”, “31/12 (T5)”; 0: none.
 */
static unsigned named_weekday(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        size_t end = i == 0 || !ascii_is_digit(s.p[i - 1]) ? date_token(s, i) : 0;
        unsigned day;

        if (end == 0)
            continue;
        day = bare_weekday(slice_head(s, i));
        return day ? day : bare_weekday(slice_from(s, end));
    }
    return 0;
}

/* The year that the sheet means for a month, where its days go past the end of a year. */
static int year_of(const struct roster_reader *o, int64_t day)
{
    unsigned month, n;
    int year;

    date_from_days(day, &year, &month, &n);
    return o->crossing ? o->late_year + (month < 7) : o->year;
}

/* A date with the year that it leaves out: that of the title's days where it is one of them, else
 * the sheet's. */
static int date_of(const struct roster_reader *o, struct slice s, int64_t *ret)
{
    static const int beside[] = {0, 1, -1};
    int year;

    if (text_date(s, 0, ret) == 0)
        return 0;
    if (o->year == 0 || text_date(s, LEAP_YEAR, ret) < 0)
        return -CE_SYNTAX;
    year = year_of(o, *ret);
    for (size_t i = 0; o->title_first != TIME_NONE && i < CANH_LEN(beside); i++) {
        if (text_date(s, year + beside[i], ret) == 0 && *ret >= o->title_first &&
            *ret <= o->title_last)
            return 0;
    }
    return text_date(s, year, ret);
}

int roster_read_date(const struct roster_reader *o, const struct cell *c, int64_t *ret)
{
    uint8_t flat[DATE_BYTES];

    if (cell_date(c, 0, ret) == 0 || date_of(o, flat_date(c, flat), ret) == 0)
        return 0;
    return day_of_week(o, c, ret);
}

bool roster_wrong_weekday(const struct cell *c, int64_t day)
{
    uint8_t flat[DATE_BYTES];
    struct slice s = flat_date(c, flat);
    unsigned weekday = named_weekday(s);
    int64_t n;

    if (weekday == 0 && s.n > 0) {
        size_t from = roster_day_number(c, &n) ? CANH_MIN(slice_find_byte(s, ' '), s.n) : 0;

        weekday = bare_weekday(slice_from(s, from));
    }
    return weekday != 0 && weekday != weekday_of_days(day);
}

/* A dash, “đến” or “tới” between the ends of a range: where, and how long. */
static bool find_dash(struct slice s, size_t from, size_t *ret_at, size_t *ret_n)
{
    static const char *const marks[] = {"đến hết", "đến", "Đến", "ĐẾN", "tới",
                                        "→",       "->",  "–",   "—",   "-"};
    size_t best = SIZE_MAX;

    for (size_t k = 0; k < CANH_LEN(marks); k++) {
        size_t at = slice_find(slice_from(s, from), slice_str(marks[k]));

        if (at != SIZE_MAX && at < best) {
            best = at;
            *ret_n = slice_str(marks[k]).n;
        }
    }
    *ret_at = from + best;
    return best != SIZE_MAX;
}

/* “Từ ngày”, “ngày” before a date go. */
static struct slice bare_date(struct slice s)
{
    static const char *const words[] = {"Từ", "từ", "TỪ", "Ngày", "ngày", "NGÀY"};

    s = slice_trim(s);
    for (size_t k = 0; k < CANH_LEN(words); k++) {
        if (slice_starts(s, slice_str(words[k])))
            s = slice_trim(slice_from(s, slice_str(words[k]).n));
    }
    return s;
}

/* A date of a range; of the first one month and year may be left to the last. */
static int range_end(const struct roster_reader *o, struct slice s, const int64_t *last,
                     int64_t *ret)
{
    int year = o->year;
    unsigned month = o->month, day;
    int64_t n;

    s = bare_date(s);
    if (last)
        date_from_days(*last, &year, &month, &day);
    if (last == NULL && date_of(o, s, ret) == 0)
        return 0;
    if (last && text_date(s, year, ret) == 0)
        return *ret > *last ? text_date(s, year - 1, ret) : 0; /* 30/12 - 02/01/2027 */
    if (month == 0 || num_range(s, 1, 31, &n) < 0 || !date_valid(year, month, (unsigned)n))
        return -CE_SYNTAX;
    *ret = days_from_date(year, month, (unsigned)n);
    return 0;
}

static int read_range(const struct roster_reader *o, struct slice s, int64_t *ret_first,
                      int64_t *ret_last)
{
    size_t at = 0, n = 0;

    while (find_dash(s, at + n, &at, &n)) {
        if (range_end(o, slice_from(s, at + n), NULL, ret_last) == 0 &&
            range_end(o, slice_head(s, at), ret_last, ret_first) == 0)
            return *ret_first <= *ret_last && *ret_last - *ret_first < RANGE_DAYS ? 0 : -CE_RANGE;
    }
    return -CE_SYNTAX;
}

/* The last mark between two days of a list before from: where it begins, and how long; 0: none. */
static size_t find_comma(struct slice s, size_t from, size_t *ret_n)
{
    static const char *const marks[] = {",", ";", "+", "&", " và "};
    size_t at = 0;

    *ret_n = 0;
    for (size_t k = 0; k < CANH_LEN(marks); k++) {
        struct slice mark = slice_str(marks[k]);

        for (size_t i = at; i + mark.n <= from; i++) {
            if (slice_eq(slice_of(s.p + i, mark.n), mark)) {
                at = i;
                *ret_n = mark.n;
            }
        }
    }
    return at;
}

/* “11, 12/12/2026”, “01, 03 và 05/12”: days in their order, from the last on backwards. */
static int read_list(const struct roster_reader *o, struct slice s, struct roster_day_list *ret)
{
    bool last = true;

    *ret = (struct roster_day_list){.first = TIME_NONE};
    for (size_t from = s.n; from > 0; last = false) {
        size_t n, at = find_comma(s, from, &n);
        int64_t day;

        if ((n == 0 && last) ||
            range_end(o, slice_of(s.p + at + n, from - at - n), last ? NULL : &ret->last, &day) < 0)
            return -CE_SYNTAX;
        ret->last = last ? day : ret->last;
        if ((!last && day >= ret->first) || ret->last - day >= RANGE_DAYS)
            return -CE_SYNTAX;
        ret->first = day;
        ret->on[(ret->last - day) / 64] |= (uint64_t)1 << (ret->last - day) % 64;
        from = n > 0 ? at : 0;
    }
    return last ? -CE_SYNTAX : 0;
}

bool roster_is_listed(const struct roster_day_list *x, int64_t day)
{
    return x->on[(x->last - day) / 64] >> (x->last - day) % 64 & 1;
}

int roster_read_list_of_days(const struct roster_reader *o, const struct cell *c,
                             struct roster_day_list *ret)
{
    uint8_t flat[DATE_BYTES];

    return read_list(o, flat_date(c, flat), ret);
}

static bool is_of_other_month(const struct roster_reader *o, int64_t day)
{
    unsigned month, n;
    int year;

    date_from_days(day, &year, &month, &n);
    return o->month != 0 && month != o->month;
}

int roster_read_days(const struct roster_reader *o, const struct cell *c, int64_t *ret_first,
                     int64_t *ret_last)
{
    uint8_t flat[DATE_BYTES];
    struct roster_day_list list;
    struct slice s;
    int r = roster_read_date(o, c, ret_first);

    if (r == 0 && is_of_other_month(o, *ret_first) &&
        read_range(o, flat_date(c, flat), &list.first, ret_last) == 0) {
        *ret_first = list.first; /* “5-7” of December are three days of it */
        return 0;
    }
    if (r == 0)
        *ret_last = *ret_first;
    if (r == 0 || r == -CE_RANGE)
        return r;
    s = flat_date(c, flat);
    r = read_range(o, s, ret_first, ret_last);
    if (r != -CE_SYNTAX || read_list(o, s, &list) < 0)
        return r;
    for (int64_t day = list.first; day <= list.last; day++) {
        if (!roster_is_listed(&list, day))
            return -CE_SYNTAX;
    }
    *ret_first = list.first;
    *ret_last = list.last;
    return 0;
}

/* “07h30 ngày 01/12/2026”, “07:30 01/12”, “01/12/2026 07:30”: a time and a date. */
static int read_moment(const struct roster_reader *o, struct slice s, const int64_t *last,
                       int64_t *ret_day, int *ret_minute)
{
    size_t n;

    s = bare_date(s);
    n = words_clock(s, ret_minute);
    if (n > 0)
        return range_end(o, slice_from(s, n), last, ret_day);
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i - 1] == ' ' && words_clock(slice_from(s, i), ret_minute) == s.n - i)
            return range_end(o, slice_head(s, i), last, ret_day);
    }
    return -CE_SYNTAX;
}

/* “hôm sau”, “ngày hôm sau” behind a time: the day after. */
static bool is_next_day(struct slice s, int *ret_minute)
{
    size_t n = words_clock(s, ret_minute);

    return n > 0 && words_any("hôm sau|ngày hôm sau|ngày sau|của ngày hôm sau|sáng hôm sau",
                              slice_trim(slice_from(s, n)));
}

int roster_read_span(const struct roster_reader *o, const struct cell *c, int64_t *ret_day,
                     int *ret_from, int *ret_until)
{
    uint8_t flat[DATE_BYTES];
    struct slice s = flat_date(c, flat);
    size_t at = 0, n = 0;
    int64_t last;

    while (find_dash(s, at + n, &at, &n)) {
        struct slice until = slice_trim(slice_from(s, at + n)), from = slice_head(s, at);

        if (is_next_day(until, ret_until)) {
            if (read_moment(o, from, NULL, ret_day, ret_from) < 0)
                continue;
            last = *ret_day + 1;
        } else if (read_moment(o, until, NULL, &last, ret_until) < 0 ||
                   read_moment(o, from, &last, ret_day, ret_from) < 0)
            continue;
        if (last < *ret_day || last - *ret_day >= RANGE_DAYS)
            return -CE_RANGE;
        *ret_until += (int)(last - *ret_day) * DAY_MINUTES;
        return *ret_until > *ret_from ? 0 : -CE_RANGE;
    }
    return -CE_SYNTAX;
}

/* The first two dates that a title names: “TUẦN 50 (từ 07/12 đến 13/12/2026)”. */
static bool title_range(const struct roster_reader *o, struct slice s, int64_t *ret_first,
                        int64_t *ret_last)
{
    struct slice dates[2];
    unsigned count = 0;

    for (size_t i = 0; i < s.n && count < 2; i++) {
        size_t end = i == 0 || !ascii_is_digit(s.p[i - 1]) ? date_token(s, i) : 0;

        if (end == 0)
            continue;
        dates[count++] = slice_of(s.p + i, end - i);
        i = end;
    }
    return count == 2 && range_end(o, dates[1], NULL, ret_last) == 0 &&
           range_end(o, dates[0], ret_last, ret_first) == 0 && *ret_first <= *ret_last &&
           *ret_last - *ret_first < TITLE_DAYS;
}

/* One text, alone or over all columns. */
static bool is_title(const struct row *row)
{
    unsigned texts = 0;

    for (uint32_t k = 0; k < row->count && texts < 2; k++) {
        const struct cell *c = &row->cells[k];

        texts += !(c->flags & CELL_COVERED) && slice_trim(cell_text(c)).n > 0;
    }
    return texts == 1;
}

/* Dates without a year, by where in it they lie. */
struct months {
    unsigned early, late, other;
    bool first_late;
};

/* Of one column; titles are none of it, nor is what stands around the clock (“24/7”). */
static void count_months(const struct sheet *sheet, uint32_t k, struct months *ret)
{
    *ret = (struct months){.early = 0};
    for (uint32_t i = 0; i < sheet->row_count; i++) {
        const struct cell *c = roster_cell(&sheet->rows[i], k);
        uint8_t flat[DATE_BYTES];
        struct slice s = (c->flags & CELL_COVERED) ? SLICE_NULL : flat_date(c, flat);

        for (size_t at = 0, n; at < s.n; at += n) {
            size_t end = at == 0 || !ascii_is_digit(s.p[at - 1]) ? date_token(s, at) : 0;
            struct slice date = end > 0 ? slice_of(s.p + at, end - at) : SLICE_NULL;
            unsigned month, day_of_month;
            int64_t day;
            int year;

            n = CANH_MAX(date.n, (size_t)1);
            if (end == 0 || value_date(date, 0, &day) == 0 ||
                value_date(date, LEAP_YEAR, &day) < 0 || slice_is(date, "24/7") ||
                is_title(&sheet->rows[i]))
                continue;
            date_from_days(day, &year, &month, &day_of_month);
            ret->first_late =
                ret->first_late || (ret->early + ret->late + ret->other == 0 && month >= 11);
            ret->early += month <= 2;
            ret->late += month >= 11;
            ret->other += month > 2 && month < 11;
        }
    }
}

/* Of the whole sheet: the first column with such dates says whether it is a list of other months;
 * birthdays behind it say nothing. */
static struct months all_months(const struct sheet *sheet)
{
    struct months all = {.early = 0}, x;
    uint32_t columns = 0;

    for (uint32_t i = 0; i < sheet->row_count; i++)
        columns = CANH_MAX(columns, sheet->rows[i].count);
    for (uint32_t k = 0; k < CANH_MIN(columns, (uint32_t)ROSTER_COLUMNS_MAX); k++) {
        bool first = all.early + all.late == 0;

        count_months(sheet, k, &x);
        if (x.other > 0 && first)
            return x;
        if (x.other > 0)
            continue;
        all.first_late = first ? x.first_late : all.first_late;
        all.early += x.early;
        all.late += x.late;
    }
    return all;
}

/* How many weekdays beside dates are right if December is that year's. */
static size_t right_weekdays(struct roster_reader *o, int late_year)
{
    int kept = o->late_year;
    size_t right = 0;

    o->late_year = late_year;
    for (uint32_t i = 0; i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];

        for (uint32_t k = 0; k < row->count; k++) {
            uint8_t flat[DATE_BYTES];
            struct slice s = flat_date(&row->cells[k], flat);
            unsigned weekday = named_weekday(s);
            int64_t day;

            right += weekday != 0 && text_date(s, LEAP_YEAR, &day) == 0 &&
                     text_date(s, year_of(o, day), &day) == 0 && weekday_of_days(day) == weekday;
        }
    }
    o->late_year = kept;
    return right;
}

void roster_find_crossing(struct roster_reader *o)
{
    struct months x = all_months(o->sheet);
    int other;

    o->crossing = x.first_late && x.other == 0 && o->year != 0 && (x.early > 0 || o->new_year != 0);
    if (!o->crossing)
        return;
    if (o->month != 0) {
        o->late_year = o->year - (o->month < 7);
        return;
    }
    o->late_year = o->year - (x.late <= x.early);
    if (o->new_year == o->year || o->new_year == o->year + 1)
        o->late_year = o->new_year - 1;
    other = 2 * o->year - 1 - o->late_year;
    if (right_weekdays(o, other) > right_weekdays(o, o->late_year))
        o->late_year = other;
}

bool roster_title_days(struct roster_reader *o, const struct row *row, bool alone)
{
    for (uint32_t k = 0; k < row->count && (!alone || is_title(row)); k++) {
        struct slice s = cell_text(&row->cells[k]);
        int64_t first, last;

        if (row->cells[k].kind != CELL_TEXT || s.n > 300 || !title_range(o, s, &first, &last))
            continue;
        o->title_first = first;
        o->title_last = last;
        return true;
    }
    return false;
}

bool roster_numbered_day(const struct roster_reader *o, int64_t n, int64_t *ret)
{
    if (o->month != 0) {
        *ret = date_valid(o->year, o->month, (unsigned)n)
                   ? days_from_date(o->year, o->month, (unsigned)n)
                   : TIME_NONE;
        return *ret != TIME_NONE;
    }
    for (int64_t day = o->title_first; day != TIME_NONE && day <= o->title_last; day++) {
        unsigned month, number;
        int year;

        date_from_days(day, &year, &month, &number);
        if ((int64_t)number == n) {
            *ret = day;
            return true;
        }
    }
    return false;
}

bool roster_day_number(const struct cell *c, int64_t *ret)
{
    uint8_t flat[DATE_BYTES];
    struct slice s = flat_date(c, flat);
    size_t blank = slice_find_byte(s, ' ');

    if (c->kind == CELL_NUMBER || slice_find_byte(s, ' ') >= s.n)
        return (c->kind == CELL_NUMBER || c->kind == CELL_TEXT) &&
               num_range(slice_trim(cell_text(c)), 1, 31, ret) == 0;
    /* “3 (Thứ 5)” */
    return bare_weekday(slice_from(s, blank)) != 0 &&
           num_range(slice_head(s, blank), 1, 31, ret) == 0;
}
