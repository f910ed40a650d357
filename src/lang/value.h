/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_LANG_VALUE_H
#define CANH_LANG_VALUE_H
/*
 * Values as people write them in Vietnam → machine values. Pure. All return 0, -CE_SYNTAX (not that
 * kind of value) or -CE_RANGE (looks like one but cannot be: 30/02, a number too long) and leave
 * *ret untouched on failure. Blanks around are ignored.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "lang/phone.h"

/* What a table hands over: a value as its cell has it, and of what kind. */
enum cell_kind {
    CELL_EMPTY,
    CELL_TEXT,
    CELL_NUMBER,   /* text is decimal without exponent or grouping: 1234.5; a percentage: 95.5% */
    CELL_DATE,     /* 2020-10-05 */
    CELL_TIME,     /* 07:30, or 07:30:15; elapsed time may pass 24 hours */
    CELL_DATETIME, /* 2020-10-05T07:30, seconds only when not 0 */
    CELL_BOOL,     /* TRUE or FALSE */
    CELL_ERROR,    /* what Excel shows: #N/A, #REF! … */
    CELL_KIND_MAX
};

enum cell_flag {
    CELL_FORMULA = 1, /* the stored result of a formula; CELL_EMPTY: never computed */
    CELL_COVERED = 2, /* under a merged area: holds the value of the area's first cell */
    CELL_LOSSY = 4    /* a number of more than 15 digits: Excel has dropped the last ones */
};

/* 16 bytes, since there may be millions. */
struct cell {
    const uint8_t *p;
    uint32_t n;
    uint8_t kind;
    uint8_t flags;
};

CANH_INLINE struct slice cell_text(const struct cell *c)
{
    return slice_of(c->p, c->n);
}

/*
 * A date → days since 1970-01-01. Day before month: 05/10/2020, 5-10-2020, 5.10.2020, 05/10/20
 * (20yy), “ngày 05 tháng 10 năm 2020”, a weekday before it (Thứ hai, T2, CN); ISO 2020-10-05, also
 * with a time behind, which is dropped. A date without its year (05/10) takes default_year; 0: it
 * is an error. Years 1900 to 2199.
 */
CANH_MUST_USE int value_date(struct slice s, int default_year, int64_t *ret_days);

/* A day of the week by itself → 1 Monday … 7 Sunday: Thứ hai, Thứ 2, T2, Hai, Chủ nhật, CN. */
CANH_MUST_USE int value_weekday(struct slice s, unsigned *ret);

/*
 * A time of day → minutes since midnight, 0..1440 (24:00 ends a shift): 07:30, 7h30, 7 giờ 30, 7h,
 * “15 giờ 12 phút”, 07:30:15 (seconds dropped). With allow_long, hours pass 24 (elapsed time).
 */
CANH_MUST_USE int value_time(struct slice s, bool allow_long, int *ret_minutes);

/* Date and time in either order: 05/10/2020 07:30, 07:30 ngày 05/10/2020, 2020-10-05T07:30. */
CANH_MUST_USE int value_datetime(struct slice s, int default_year, int64_t *ret_days,
                                 int *ret_minutes);

/*
 * A number: 1.234.567,5 and 1234,5 as in Vietnam; 1,234,567.5 and 1234.5 where that is the only
 * reading; 1.234 is a thousand and more. Signs, blanks between groups and a % at the end (noted in
 * *ret_percent, which may be NULL; the value is not divided). Finite, below 1e15.
 */
CANH_MUST_USE int value_number(struct slice s, double *ret, bool *ret_percent);
/* A whole number from 0 on, written as value_number() reads it. */
CANH_MUST_USE int value_count(struct slice s, int64_t *ret);

/* có/không, x, ✓, đạt/chưa, 1/0, true/false, yes/no … */
CANH_MUST_USE int value_yes_no(struct slice s, bool *ret);

/* A cell's value, by its kind where the spreadsheet knows it, by the text else. */
CANH_MUST_USE int cell_date(const struct cell *c, int default_year, int64_t *ret_days);
CANH_MUST_USE int cell_time(const struct cell *c, int *ret_minutes);
CANH_MUST_USE int cell_number(const struct cell *c, double *ret, bool *ret_percent);
CANH_MUST_USE int cell_count(const struct cell *c, int64_t *ret);
CANH_MUST_USE int cell_phone(const struct cell *c, char ret[PHONE_SIZE]);

/* Appends days as 05/10/2020 and minutes as 07:30. */
void date_write(struct buf *out, int64_t days);
void clock_write(struct buf *out, int minutes);
/* Appends minutes since 1970-01-01 (local) as 07:30 05/10/2020. */
void moment_write(struct buf *out, int64_t minutes);
/* The same as something's end: the end of a day is its 24:00, never 00:00 of the next. */
void end_write(struct buf *out, int64_t minutes);
/* Appends a number as in Vietnam: 1.234,5 with at most 6 decimals, no trailing zeros. */
void number_write(struct buf *out, double v);

#endif
