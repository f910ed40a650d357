/* SPDX-License-Identifier: Apache-2.0 */
#include "office/numfmt.h"

#include <math.h>
#include <stdio.h>

#include "base/fold.h"
#include "base/time.h"

enum {
    SERIAL_MAX = 2958466, /* the day after 9999-12-31 */
    EPOCH_1900 = 25569,   /* serial of 1970-01-01 from 61 on */
    EPOCH_1904 = 24107,
    FALSE_LEAP_DAY = 60, /* 29 February 1900, which never was */
    DIGITS = 15
};

struct numfmt numfmt_builtin(uint32_t id)
{
    struct numfmt f = {0};

    f.percent = id == 9 || id == 10;
    f.date = (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) ||
             (id >= 36 && id <= 36) || (id >= 50 && id <= 54) || (id >= 57 && id <= 58);
    f.time = (id >= 18 && id <= 22) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) ||
             (id >= 55 && id <= 56);
    f.elapsed = id == 46;
    return f;
}

/* Skips what is shown as it stands: "text", \x, _x, *x. Returns the bytes skipped, 0 for none. */
static size_t skip_literal(struct slice s)
{
    size_t end;

    switch (s.p[0]) {
    case '"':
        end = slice_find_byte(slice_from(s, 1), '"');
        return end == SIZE_MAX ? s.n : end + 2;
    case '\\':
    case '_':
    case '*':
        return CANH_MIN(s.n, 2u);
    default:
        return 0;
    }
}

/* [h], [mm], [ss] are elapsed time; [Red], [$-42A], [>5] are not. */
static size_t skip_bracket(struct slice s, struct numfmt *f)
{
    size_t end = slice_find_byte(s, ']');
    struct slice in;

    if (s.p[0] != '[')
        return 0;
    if (end == SIZE_MAX)
        return s.n;
    in = slice_of(s.p + 1, end - 1);
    if (in.n > 0 && in.n <= 3 && in.p[0] == in.p[in.n - 1] &&
        strchr("hms", fold_ascii(in.p[0])) != NULL && fold_ascii(in.p[0]) != 0)
        f->elapsed = f->time = true;
    return end + 1;
}

struct scan {
    bool day, month, clock, digits, zeros_only;
    unsigned zeros;
};

static void scan_char(uint8_t c, struct scan *s, struct numfmt *f)
{
    switch (fold_ascii(c)) {
    case 'y':
    case 'd':
    case 'e':
        s->day = s->day || fold_ascii(c) != 'e';
        break;
    case 'm':
        s->month = true;
        break;
    case 'h':
    case 's':
        s->clock = true;
        break;
    case '%':
        f->percent = true;
        s->zeros_only = false;
        break;
    case '0':
        s->zeros++;
        break;
    case ' ':
    case '-':
        break;
    default:
        s->zeros_only = false;
        break;
    }
}

struct numfmt numfmt_code(struct slice code)
{
    struct numfmt f = {0};
    struct scan s = {.zeros_only = true};
    struct slice rest = code;

    if (slice_eq_nocase(slice_head(code, 7), SLICE("general")))
        return f;
    while (rest.n > 0 && rest.p[0] != ';') {
        size_t skip = skip_literal(rest);

        if (skip == 0)
            skip = skip_bracket(rest, &f);
        if (skip == 0 && slice_eq_nocase(slice_head(rest, 5), SLICE("am/pm")))
            skip = 5;
        if (skip == 0 && slice_eq_nocase(slice_head(rest, 3), SLICE("a/p")))
            skip = 3;
        if (skip == 0) {
            scan_char(rest.p[0], &s, &f);
            skip = 1;
        }
        rest = slice_from(rest, skip);
    }
    f.time = f.time || s.clock;
    f.date = s.day || (s.month && !f.time);
    f.percent = f.percent && !f.date && !f.time;
    if (s.zeros_only && s.zeros > 1 && !f.date && !f.time && !f.percent)
        f.zeros = (uint8_t)CANH_MIN(s.zeros, 30u);
    return f;
}

void numfmt_write_plain(struct buf *out, double v)
{
    char text[40], digits[DIGITS + 1];
    int exponent, n = 0;
    const char *p = text;

    if (v == 0) {
        buf_putc(out, '0');
        return;
    }
    (void)snprintf(text, sizeof(text), "%.*e", DIGITS - 1, fabs(v));
    for (; *p != 'e'; p++) { /* skips the decimal sign, whichever the locale has */
        if (*p >= '0' && *p <= '9' && n < DIGITS)
            digits[n++] = *p;
    }
    exponent = (p[1] == '-' ? -1 : 1) * ((p[2] - '0') * 10 + (p[3] - '0'));
    if (p[4] != 0)
        exponent = (p[1] == '-' ? -1 : 1) * ((p[2] - '0') * 100 + (p[3] - '0') * 10 + (p[4] - '0'));
    while (n > 1 && digits[n - 1] == '0')
        n--;
    if (v < 0)
        buf_putc(out, '-');
    if (exponent < 0)
        buf_puts(out, "0.");
    for (int i = exponent; i < -1; i++)
        buf_putc(out, '0');
    for (int i = 0; i < CANH_MAX(n, exponent + 1); i++) {
        if (i == exponent + 1 && exponent >= 0)
            buf_putc(out, '.');
        buf_putc(out, (uint8_t)(i < n ? digits[i] : '0'));
    }
}

static void append_clock(struct buf *out, int64_t seconds)
{
    buf_printf(out, "%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60));
    if (seconds % 60 != 0)
        buf_printf(out, ":%02d", (int)(seconds % 60));
}

/* Serial days of 1900 or 1904 → days since 1970. */
static int64_t serial_days(int64_t serial, bool date1904)
{
    if (date1904)
        return serial - EPOCH_1904;
    return serial < FALSE_LEAP_DAY ? serial - EPOCH_1900 + 1 : serial - EPOCH_1900;
}

static enum cell_kind write_moment(struct buf *out, struct numfmt f, double v, bool date1904)
{
    int64_t seconds = llround(v * 86400.0), serial = seconds / 86400;
    int year;
    unsigned month, day;

    seconds %= 86400;
    if (f.elapsed || !f.date || (serial == 0 && !date1904)) {
        append_clock(out, f.elapsed || serial == 0 ? serial * 86400 + seconds : seconds);
        return CELL_TIME;
    }
    date_from_days(serial_days(serial, date1904), &year, &month, &day);
    buf_printf(out, "%04d-%02u-%02u", year, month, day);
    if (!f.time && seconds == 0)
        return CELL_DATE;
    if (f.time || seconds != 0) {
        buf_putc(out, 'T');
        append_clock(out, seconds);
    }
    return CELL_DATETIME;
}

static void append_padded(struct buf *out, double v, unsigned zeros)
{
    char text[40];
    int n = snprintf(text, sizeof(text), "%.0f", fabs(v));

    if (v < 0)
        buf_putc(out, '-');
    for (unsigned i = (unsigned)n; i < zeros; i++)
        buf_putc(out, '0');
    buf_puts(out, text);
}

enum cell_kind numfmt_write(struct buf *out, struct numfmt f, double v, bool date1904,
                            unsigned *flags)
{
    if ((f.date || f.time || f.elapsed) && v >= 0 && v < SERIAL_MAX)
        return write_moment(out, f, v, date1904);
    if (f.percent && fabs(v) < 1e13) {
        numfmt_write_plain(out, v * 100);
        buf_putc(out, '%');
        return CELL_NUMBER;
    }
    if (f.zeros > 0 && fabs(v) < 1e15 && v == floor(v)) {
        append_padded(out, v, f.zeros);
        return CELL_TEXT; /* a code, no quantity */
    }
    if (fabs(v) >= 1e15)
        *flags |= CELL_LOSSY;
    numfmt_write_plain(out, v);
    return CELL_NUMBER;
}
