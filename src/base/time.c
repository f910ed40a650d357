/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include <stdlib.h>
#include <time.h>

#include "base/ascii.h"
#include "base/err.h"

/* Civil-day arithmetic after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
int64_t days_from_date(int year, unsigned month, unsigned day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    unsigned yoe = (unsigned)(y - era * 400);
    unsigned doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return era * 146097 + (int64_t)doe - 719468;
}

void date_from_days(int64_t days, int *ret_year, unsigned *ret_month, unsigned *ret_day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned doe = (unsigned)(z - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;

    *ret_day = doy - (153 * mp + 2) / 5 + 1;
    *ret_month = mp < 10 ? mp + 3 : mp - 9;
    *ret_year = (int)((int64_t)yoe + era * 400 + (*ret_month <= 2));
}

bool date_valid(int year, unsigned month, unsigned day)
{
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    if (month < 1 || month > 12 || day < 1)
        return false;
    return day <= lengths[month - 1] + (unsigned)(month == 2 && leap);
}

unsigned weekday_of_days(int64_t days)
{
    int64_t w = (days + 3) % 7; /* day 0 was a Thursday */

    return (unsigned)(w < 0 ? w + 7 : w) + 1;
}

unsigned week_of_days(int64_t days)
{
    int64_t thursday = days - (int64_t)weekday_of_days(days) + 4;
    unsigned month, day;
    int year;

    date_from_days(thursday, &year, &month, &day);
    return (unsigned)((thursday - days_from_date(year, 1, 1)) / 7) + 1;
}

int64_t time_from_civil(const struct civil *c, int offset_s)
{
    int64_t s;

    if (c->year < 1678 || c->year > 2261 || !date_valid(c->year, c->month, c->day) ||
        c->hour > 23 || c->minute > 59 || c->second > 60 || c->nano >= TIME_SECOND)
        return TIME_NONE;
    s = days_from_date(c->year, c->month, c->day) * 86400 + c->hour * 3600 + c->minute * 60 +
        c->second - offset_s;
    return s * TIME_SECOND + c->nano;
}

void time_to_civil(int64_t t, int offset_s, struct civil *ret)
{
    int64_t s = t / TIME_SECOND, nano = t % TIME_SECOND, days, rest;

    if (nano < 0) {
        nano += TIME_SECOND;
        s--;
    }
    s += offset_s;
    days = s / 86400;
    rest = s % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    date_from_days(days, &ret->year, &ret->month, &ret->day);
    ret->hour = (unsigned)(rest / 3600);
    ret->minute = (unsigned)(rest / 60 % 60);
    ret->second = (unsigned)(rest % 60);
    ret->nano = (uint32_t)nano;
}

/* Exactly `count` digits from *s. */
static bool read_digits(struct slice *s, unsigned count, unsigned *ret)
{
    unsigned v = 0;

    if (s->n < count)
        return false;
    for (unsigned i = 0; i < count; i++) {
        if (!ascii_is_digit(s->p[i]))
            return false;
        v = v * 10 + (unsigned)(s->p[i] - '0');
    }
    *s = slice_from(*s, count);
    *ret = v;
    return true;
}

static bool read_byte(struct slice *s, uint8_t c)
{
    if (s->n == 0 || *s->p != c)
        return false;
    *s = slice_from(*s, 1);
    return true;
}

/* Any number of digits; those past nanoseconds are dropped. */
static bool read_fraction(struct slice *s, uint32_t *ret)
{
    uint32_t v = 0, scale = TIME_SECOND / 10;
    size_t n = 0;

    for (; n < s->n && ascii_is_digit(s->p[n]); n++) {
        v += (uint32_t)(s->p[n] - '0') * scale;
        scale /= 10;
    }
    *s = slice_from(*s, n);
    *ret = v;
    return n > 0;
}

static bool read_zone(struct slice *s, int *ret_offset)
{
    unsigned hour, minute = 0;
    int sign;

    if (slice_is(*s, "UTC") || slice_is(*s, "GMT")) {
        *s = slice_from(*s, 3);
        *ret_offset = 0;
        return true;
    }
    if (read_byte(s, 'Z') || read_byte(s, 'z')) {
        *ret_offset = 0;
        return true;
    }
    if (s->n == 0 || (*s->p != '+' && *s->p != '-'))
        return false;
    sign = *s->p == '-' ? -1 : 1;
    *s = slice_from(*s, 1);
    if (!read_digits(s, 2, &hour))
        return false;
    if (s->n && (read_byte(s, ':') || s->n >= 2) && !read_digits(s, 2, &minute))
        return false;
    if (hour > 18 || minute > 59)
        return false;
    *ret_offset = sign * (int)(hour * 3600 + minute * 60);
    return true;
}

static bool read_clock(struct slice *s, struct civil *c)
{
    if (!read_digits(s, 2, &c->hour) || !read_byte(s, ':') || !read_digits(s, 2, &c->minute))
        return false;
    if (!read_byte(s, ':'))
        return true;
    if (!read_digits(s, 2, &c->second))
        return false;
    if (read_byte(s, '.') || read_byte(s, ','))
        return read_fraction(s, &c->nano);
    return true;
}

static int base_time_parse(struct slice s, struct civil *c, int *ret_offset, bool *ret_zoned)
{
    unsigned year;

    *c = (struct civil){0};
    *ret_zoned = false;
    if (!read_digits(&s, 4, &year) || !read_byte(&s, '-') || !read_digits(&s, 2, &c->month) ||
        !read_byte(&s, '-') || !read_digits(&s, 2, &c->day))
        return -CE_SYNTAX;
    c->year = (int)year;
    if (s.n) {
        bool separated = read_byte(&s, 'T') || read_byte(&s, 't') || read_byte(&s, ' ');

        if (!separated || !read_clock(&s, c))
            return -CE_SYNTAX;
    }
    if (s.n) {
        (void)read_byte(&s, ' ');
        *ret_zoned = read_zone(&s, ret_offset);
        if (!*ret_zoned || s.n)
            return -CE_SYNTAX;
    }
    return 0;
}

int time_parse(struct slice s, int default_offset_s, int64_t *ret, bool *ret_zoned)
{
    struct civil c;
    int offset = default_offset_s;
    bool zoned;
    int64_t t;
    int r = base_time_parse(s, &c, &offset, &zoned);

    if (r < 0)
        return r;
    t = time_from_civil(&c, offset);
    if (t == TIME_NONE)
        return -CE_RANGE;
    *ret = t;
    if (ret_zoned != NULL)
        *ret_zoned = zoned;
    return 0;
}

int time_parse_civil(struct slice s, struct civil *ret)
{
    struct civil c;
    bool zoned;
    int offset, r = base_time_parse(s, &c, &offset, &zoned);

    if (r < 0)
        return r;
    if (time_from_civil(&c, 0) == TIME_NONE)
        return -CE_RANGE;
    *ret = c;
    return 0;
}

/* The number in as many digits as there are, zeros before it. */
static void write_digits(char *to, unsigned digits, uint32_t v)
{
    while (digits > 0) {
        to[--digits] = (char)('0' + v % 10);
        v /= 10;
    }
}

void time_format(struct buf *out, int64_t t, unsigned digits)
{
    char text[] = "YYYY-MM-DDThh:mm:ss.123456789";
    struct civil c;

    time_to_civil(t, 0, &c);
    write_digits(text, 4, (uint32_t)c.year);
    write_digits(text + 5, 2, c.month);
    write_digits(text + 8, 2, c.day);
    write_digits(text + 11, 2, c.hour);
    write_digits(text + 14, 2, c.minute);
    write_digits(text + 17, 2, c.second);
    write_digits(text + 20, 9, c.nano);
    buf_append(out, text, digits ? 20 + CANH_MIN(digits, 9u) : 19);
    buf_putc(out, 'Z');
}

int64_t time_now(void)
{
    struct timespec ts;

    if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
        abort();
    return (int64_t)ts.tv_sec * TIME_SECOND + ts.tv_nsec;
}
