/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/value.h"

#include <math.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/err.h"
#include "base/num.h"
#include "base/time.h"
#include "lang/collate.h"

enum { TEXT_MAX = 200, YEAR_MIN = 1900, YEAR_MAX = 2199, NUMBER_DIGITS_MAX = 15 };

/* A reader over folded text: words without tones, digits. */
struct scan {
    struct slice s;
};

static void skip_blank(struct scan *z)
{
    while (z->s.n > 0 && z->s.p[0] == ' ')
        z->s = slice_from(z->s, 1);
}

static bool value_read(struct scan *z, const char *word)
{
    skip_blank(z);
    if (!slice_starts(z->s, slice_str(word)))
        return false;
    z->s = slice_from(z->s, strlen(word));
    return true;
}

/* 1 to max digits; the number of digits, or 0. */
static unsigned read_number(struct scan *z, unsigned max, int *ret)
{
    unsigned n = 0;

    skip_blank(z);
    *ret = 0;
    while (n < max && n < z->s.n && ascii_is_digit(z->s.p[n]))
        *ret = *ret * 10 + (z->s.p[n++] - '0');
    if (n < z->s.n && ascii_is_digit(z->s.p[n]))
        return 0;
    z->s = slice_from(z->s, n);
    return n;
}

static bool at_end(struct scan *z)
{
    skip_blank(z);
    return z->s.n == 0;
}

/* Folds into buf; false when too long for any value of this kind. */
static bool open_scan(struct slice s, struct buf *b, struct scan *z)
{
    *b = BUF_INIT(4 * TEXT_MAX);
    if (s.n > TEXT_MAX)
        return false;
    viet_fold(s, b);
    z->s = buf_slice(b);
    return b->err == 0 && b->len > 0;
}

/* Takes the name of a day of the week: 1 Monday … 7 Sunday; 0: there is none. “thu bay” begins with
 * “thu ba”. */
static unsigned read_weekday(struct scan *z)
{
    static const struct {
        const char *name;
        uint8_t day;
    } names[] = {{"thu hai", 1}, {"thu bay", 6},  {"thu ba", 2}, {"thu tu", 3}, {"thu nam", 4},
                 {"thu sau", 5}, {"chu nhat", 7}, {"thu 2", 1},  {"thu 3", 2},  {"thu 4", 3},
                 {"thu 5", 4},   {"thu 6", 5},    {"thu 7", 6},  {"t2", 1},     {"t3", 2},
                 {"t4", 3},      {"t5", 4},       {"t6", 5},     {"t7", 6},     {"cn", 7}};

    for (size_t i = 0; i < CANH_LEN(names); i++)
        if (value_read(z, names[i].name))
            return names[i].day;
    return 0;
}

static void skip_weekday(struct scan *z)
{
    if (read_weekday(z)) {
        while (z->s.n > 0 && strchr(" ,-:.(", z->s.p[0]) != NULL)
            z->s = slice_from(z->s, 1);
    }
    (void)value_read(z, "ngay");
}

static bool read_separator(struct scan *z, uint8_t *sep)
{
    skip_blank(z);
    if (z->s.n == 0 || strchr("/-.", z->s.p[0]) == NULL || (*sep != 0 && *sep != z->s.p[0]))
        return false;
    *sep = z->s.p[0];
    z->s = slice_from(z->s, 1);
    return true;
}

static int to_days(int year, int month, int day, int64_t *ret)
{
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || day < 1 ||
        !date_valid(year, (unsigned)month, (unsigned)day))
        return -CE_RANGE;
    *ret = days_from_date(year, (unsigned)month, (unsigned)day);
    return 0;
}

/* The year of day-month[-year] and whether one was needed and is there. */
static int read_year(struct scan *z, bool there, int default_year, int *ret)
{
    unsigned digits = there ? read_number(z, 4, ret) : 0;

    if (digits == 2)
        *ret += 2000;
    else if (there && digits != 4)
        return -CE_SYNTAX;
    else if (!there)
        *ret = default_year;
    return *ret > 0 ? 0 : -CE_SYNTAX;
}

/* Reads a date at the front and leaves what follows. */
static int scan_date(struct scan *z, int default_year, int64_t *ret)
{
    uint8_t sep = 0;
    int a, b, year;
    unsigned n;
    bool there;

    skip_weekday(z);
    n = read_number(z, 4, &a);
    if (n == 4) {
        if (!read_separator(z, &sep) || read_number(z, 2, &b) == 0 || !read_separator(z, &sep) ||
            read_number(z, 2, &year) == 0)
            return -CE_SYNTAX;
        return to_days(a, b, year, ret);
    }
    if (n == 0 || n > 2)
        return -CE_SYNTAX;
    if (value_read(z, "thang")) {
        if (read_number(z, 2, &b) == 0)
            return -CE_SYNTAX;
        there = value_read(z, "nam");
    } else {
        if (!read_separator(z, &sep) || read_number(z, 2, &b) == 0)
            return -CE_SYNTAX;
        there = read_separator(z, &sep);
    }
    if (read_year(z, there, default_year, &year) < 0)
        return -CE_SYNTAX;
    return to_days(year, b, a, ret);
}

static bool read_hour_mark(struct scan *z)
{
    return value_read(z, ":") || value_read(z, "gio") || value_read(z, "h") || value_read(z, "g");
}

static int scan_time(struct scan *z, bool allow_long, int *ret)
{
    int hour, minute = 0, second = 0;
    bool colon;

    if (read_number(z, 4, &hour) == 0)
        return -CE_SYNTAX;
    skip_blank(z);
    colon = z->s.n > 0 && z->s.p[0] == ':';
    if (!read_hour_mark(z))
        return -CE_SYNTAX;
    skip_blank(z);
    if (z->s.n > 0 && ascii_is_digit(z->s.p[0])) {
        struct scan before = *z;

        if (read_number(z, 2, &minute) == 0 || (z->s.n > 0 && z->s.p[0] == '/')) {
            *z = before; /* 7h 05/10: a date follows */
            minute = 0;
        }
    } else if (colon) {
        return -CE_SYNTAX;
    }
    (void)(value_read(z, "phut") || value_read(z, "p") || value_read(z, "'"));
    if (colon && value_read(z, ":") && read_number(z, 2, &second) == 0)
        return -CE_SYNTAX;
    if (minute > 59 || second > 59 || hour * 60 + minute > (allow_long ? 9999 * 60 : 1440))
        return -CE_RANGE;
    *ret = hour * 60 + minute;
    return 0;
}

int value_weekday(struct slice s, unsigned *ret)
{
    static const char *const bare[] = {"", "hai", "ba", "tu", "nam", "sau", "bay"};
    struct buf b;
    struct scan z;
    unsigned day = 0;

    if (open_scan(s, &b, &z)) {
        skip_blank(&z);
        day = read_weekday(&z);
        for (unsigned i = CANH_LEN(bare) - 1; day == 0 && i > 0; i--)
            day = value_read(&z, bare[i]) ? i : 0;
        skip_blank(&z);
        day = z.s.n == 0 ? day : 0;
    }
    buf_done(&b);
    if (day == 0)
        return -CE_SYNTAX;
    *ret = day;
    return 0;
}

int value_date(struct slice s, int default_year, int64_t *ret_days)
{
    struct buf b;
    struct scan z;
    int64_t days = 0;
    int minutes, r = open_scan(s, &b, &z) ? scan_date(&z, default_year, &days) : -CE_SYNTAX;

    if (r == 0 && !at_end(&z)) {
        (void)value_read(&z, "t");
        if (scan_time(&z, false, &minutes) < 0 || !at_end(&z))
            r = -CE_SYNTAX;
    }
    if (r == 0)
        *ret_days = days;
    buf_done(&b);
    return r;
}

int value_time(struct slice s, bool allow_long, int *ret_minutes)
{
    struct buf b;
    struct scan z;
    int minutes = 0, r = open_scan(s, &b, &z) ? scan_time(&z, allow_long, &minutes) : -CE_SYNTAX;

    if (r == 0 && !at_end(&z))
        r = -CE_SYNTAX;
    if (r == 0)
        *ret_minutes = minutes;
    buf_done(&b);
    return r;
}

static void skip_joint(struct scan *z)
{
    while (value_read(z, ",") || value_read(z, "-") || value_read(z, "luc") || value_read(z, "t"))
        ;
}

int value_datetime(struct slice s, int default_year, int64_t *ret_days, int *ret_minutes)
{
    struct buf b;
    struct scan z, again;
    int64_t days = 0;
    int minutes = 0, r;

    if (!open_scan(s, &b, &z)) {
        buf_done(&b);
        return -CE_SYNTAX;
    }
    again = z;
    r = scan_time(&z, false, &minutes);
    if (r == 0) {
        skip_joint(&z);
        r = scan_date(&z, default_year, &days);
    } else {
        z = again;
        r = scan_date(&z, default_year, &days);
        skip_joint(&z);
        if (r == 0)
            r = scan_time(&z, false, &minutes);
    }
    if (r == 0 && !at_end(&z))
        r = -CE_SYNTAX;
    if (r == 0) {
        *ret_days = days;
        *ret_minutes = minutes;
    }
    buf_done(&b);
    return r;
}

struct shape {
    char digits[64]; /* with '.' as decimal sign */
    unsigned n;
};

/* True when every group after the first has three digits and the first 1–3, not beginning with 0.
 */
static bool value_grouped(struct slice s, uint8_t sep)
{
    size_t run = 0;
    bool first = true;

    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && s.p[i] != sep) {
            run++;
            continue;
        }
        if (first ? run == 0 || run > 3 || s.p[0] == '0' : run != 3)
            return false;
        first = false;
        run = 0;
    }
    return true;
}

static size_t count_byte(struct slice s, uint8_t c)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == c;
    return n;
}

/* Which sign separates decimals in s: ',', '.', 0 for none; -1 when s is no number. */
static int decimal_sign(struct slice s)
{
    size_t dots = count_byte(s, '.'), commas = count_byte(s, ',');
    size_t dot = slice_find_byte(s, '.'), comma = slice_find_byte(s, ',');

    if (dots == 0 && commas == 0)
        return 0;
    if (dots > 0 && commas > 0) {
        if (commas == 1 && comma > dot && value_grouped(slice_head(s, comma), '.'))
            return ',';
        return dots == 1 && dot > comma && value_grouped(slice_head(s, dot), ',') ? '.' : -1;
    }
    if (dots > 0)
        return value_grouped(s, '.') ? 0 : dots == 1 ? '.' : -1;
    return commas == 1 ? ',' : value_grouped(s, ',') ? 0 : -1;
}

/* Digits and signs only, blanks between digits dropped; minus sign and % taken off. */
static bool clean_number(struct slice s, char to[64], size_t *n, bool *minus, bool *percent)
{
    *n = 0;
    *minus = *percent = false;
    s = slice_trim(s);
    if (slice_starts(s, SLICE("-")) || slice_starts(s, SLICE("+"))) {
        *minus = s.p[0] == '-';
        s = slice_from(s, 1);
    } else if (slice_starts(s, SLICE("\xE2\x88\x92"))) {
        *minus = true;
        s = slice_from(s, 3);
    }
    if (slice_ends(s, SLICE("%"))) {
        *percent = true;
        s.n--;
    }
    s = slice_trim(s);
    for (size_t i = 0; i < s.n;) {
        size_t blank = slice_starts(slice_from(s, i), SLICE("\xC2\xA0"))       ? 2
                       : slice_starts(slice_from(s, i), SLICE("\xE2\x80\xAF")) ? 3
                       : s.p[i] == ' '                                         ? 1
                                                                               : 0;

        if (blank == 0 && ((!ascii_is_digit(s.p[i]) && s.p[i] != '.' && s.p[i] != ',') || *n >= 63))
            return false;
        if (blank == 0)
            to[(*n)++] = (char)s.p[i];
        i += blank ? blank : 1;
    }
    return *n > 0;
}

int value_number(struct slice s, double *ret, bool *ret_percent)
{
    char clean[64], plain[72];
    size_t n, out = 0, digits = 0;
    bool minus, percent;
    double v;
    int sign;

    if (!clean_number(s, clean, &n, &minus, &percent))
        return -CE_SYNTAX;
    sign = decimal_sign(slice_of(clean, n));
    if (sign < 0 || !ascii_is_digit((uint8_t)clean[n - 1]) || !ascii_is_digit((uint8_t)clean[0]))
        return -CE_SYNTAX;
    for (size_t i = 0; i < n; i++) {
        if (clean[i] == sign && sign != 0)
            plain[out++] = '.';
        else if (ascii_is_digit((uint8_t)clean[i]) && (out > 0 || clean[i] != '0' || i + 1 == n ||
                                                       !ascii_is_digit((uint8_t)clean[i + 1])))
            plain[out++] = clean[i];
    }
    for (digits = 0; digits < out && plain[digits] != '.'; digits++)
        ;
    if (digits > NUMBER_DIGITS_MAX)
        return -CE_RANGE;
    if (num_double(slice_of(plain, out), &v) < 0)
        return -CE_SYNTAX;
    *ret = minus && v != 0 ? -v : v;
    if (ret_percent != NULL)
        *ret_percent = percent;
    return 0;
}

static int to_count(int r, double v, bool percent, int64_t *ret)
{
    if (r < 0)
        return r;
    if (percent)
        return -CE_SYNTAX;
    if (v < 0 || v != floor(v))
        return -CE_RANGE;
    *ret = (int64_t)v;
    return 0;
}

int value_count(struct slice s, int64_t *ret)
{
    double v = 0;
    bool percent = false;
    int r = value_number(s, &v, &percent);

    return to_count(r, v, percent, ret);
}

int value_yes_no(struct slice s, bool *ret)
{
    static const struct {
        const char *word;
        bool yes;
    } rows[] = {
        {"co", true},           {"khong", false},    {"x", true},      {"\xE2\x9C\x93", true},
        {"\xE2\x9C\x94", true}, {"v", true},         {"1", true},      {"0", false},
        {"true", true},         {"false", false},    {"yes", true},    {"no", false},
        {"dung", true},         {"sai", false},      {"dat", true},    {"khong dat", false},
        {"chua dat", false},    {"chua", false},     {"roi", true},    {"da", true},
        {"da co", true},        {"chua co", false},  {"co roi", true}, {"y", true},
        {"n", false},           {"khong co", false}, {"-", false},
    };
    struct buf b;
    struct scan z;
    int r = -CE_SYNTAX;

    if (open_scan(s, &b, &z)) {
        for (size_t i = 0; i < CANH_LEN(rows) && r < 0; i++) {
            if (slice_is(z.s, rows[i].word)) {
                *ret = rows[i].yes;
                r = 0;
            }
        }
    }
    buf_done(&b);
    return r;
}

int cell_date(const struct cell *c, int default_year, int64_t *ret_days)
{
    if (c->kind == CELL_NUMBER || c->kind == CELL_BOOL || c->kind == CELL_ERROR)
        return -CE_SYNTAX;
    return value_date(cell_text(c), default_year, ret_days);
}

int cell_time(const struct cell *c, int *ret_minutes)
{
    double v;

    if (c->kind == CELL_NUMBER) { /* a bare hour: 7 or 22 */
        if (num_double(cell_text(c), &v) < 0 || v < 0 || v > 24 || v != floor(v))
            return -CE_SYNTAX;
        *ret_minutes = (int)v * 60;
        return 0;
    }
    return value_time(cell_text(c), false, ret_minutes);
}

int cell_number(const struct cell *c, double *ret, bool *ret_percent)
{
    struct slice s = cell_text(c);
    bool percent = slice_ends(s, SLICE("%"));
    double v;

    if (c->kind != CELL_NUMBER)
        return c->kind == CELL_TEXT ? value_number(s, ret, ret_percent) : -CE_SYNTAX;
    if (num_double(slice_head(s, s.n - percent), &v) < 0)
        return -CE_SYNTAX;
    *ret = v;
    if (ret_percent != NULL)
        *ret_percent = percent;
    return 0;
}

int cell_count(const struct cell *c, int64_t *ret)
{
    double v = 0;
    bool percent = false;
    int r = cell_number(c, &v, &percent);

    return to_count(r, v, percent, ret);
}

int cell_phone(const struct cell *c, char ret[PHONE_SIZE])
{
    if ((c->kind != CELL_NUMBER && c->kind != CELL_TEXT) || (c->flags & CELL_LOSSY))
        return -CE_SYNTAX;
    return phone_e164(cell_text(c), ret);
}

void date_write(struct buf *out, int64_t days)
{
    int year;
    unsigned month, day;

    date_from_days(days, &year, &month, &day);
    buf_printf(out, "%02u/%02u/%04d", day, month, year);
}

void clock_write(struct buf *out, int minutes)
{
    buf_printf(out, "%02d:%02d", minutes / 60, minutes % 60);
}

static int64_t day_of(int64_t minutes)
{
    return minutes / 1440 - (minutes % 1440 < 0);
}

static void write_at(struct buf *out, int64_t minutes, int64_t day)
{
    clock_write(out, (int)(minutes - day * 1440));
    buf_putc(out, ' ');
    date_write(out, day);
}

void moment_write(struct buf *out, int64_t minutes)
{
    write_at(out, minutes, day_of(minutes));
}

void end_write(struct buf *out, int64_t minutes)
{
    write_at(out, minutes, day_of(minutes - 1));
}

void number_write(struct buf *out, double v)
{
    double rounded = round(fabs(v) * 1e6) / 1e6, whole = floor(rounded);
    char text[40];
    int n = snprintf(text, sizeof(text), "%.0f", whole);
    long fraction = lround((rounded - whole) * 1e6);

    if (v < 0 && rounded != 0)
        buf_putc(out, '-');
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            buf_putc(out, '.');
        buf_putc(out, (uint8_t)text[i]);
    }
    if (fraction <= 0 || whole >= 1e9)
        return;
    n = snprintf(text, sizeof(text), "%06ld", fraction);
    while (n > 1 && text[n - 1] == '0')
        n--;
    buf_putc(out, ',');
    buf_append(out, text, (size_t)n);
}
