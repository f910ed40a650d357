/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_IMPORT_ROSTER_READER_H
#define CANH_IMPORT_ROSTER_READER_H
/*
 * A duty sheet while it is read: roster_scan.c finds its legends, its month and its year,
 * roster_head.c its heading, roster_list.c and roster_grid.c go through its rows, roster_days.c
 * reads days. Only these and roster_read.c include this header.
 */
#include "import/roster_read.h"

enum { ROSTER_COLUMNS_MAX = 400, ROSTER_HEAD_ROWS = 60 };

enum roster_column_kind {
    COL_OTHER,
    COL_DATE,
    COL_LAST, /* the last day of turns that go on for days: “Từ ngày” and “Đến ngày” */
    COL_SHIFT,
    COL_FROM, /* when turns begin and end, in columns of their own */
    COL_UNTIL,
    COL_PERSON,
    COL_FAMILY, /* family names; the given one stands in a column behind */
    COL_POST,
    COL_SHIFT_OF,
    COL_DAY
};

struct roster_column {
    enum roster_column_kind kind;
    struct slice label; /* SHIFT_OF */
    struct slice post;  /* PERSON: the post that was given for this column, or empty */
    uint32_t family;    /* PERSON: 1 + the column of family names; 0: the whole name is here */
    struct shift_time time;
    bool timed;
    int64_t day; /* DAY */
};

struct roster_reader {
    struct arena *arena;
    const struct sheet *sheet;
    const struct roster_options *opt;
    struct roster_sheet *out;
    size_t entry_cap, note_cap;
    struct roster_shift shifts[ROSTER_SHIFTS_MAX];
    size_t shift_count;
    struct shift_time whole; /* of turns without a shift */
    bool whole_said;
    bool off_told, off_explained;        /* of codes like N, which may be “off” or a shift */
    struct slice off[ROSTER_SHIFTS_MAX]; /* codes that a legend says are “off” */
    size_t off_count;
    int year; /* of the title, or given */
    unsigned month;
    int new_year;  /* whose beginning the title speaks of (“Trực Tết 2027”), or 0 */
    bool crossing; /* dates without a year run past the end of one: */
    int late_year; /* that of November and December */
    int64_t title_first, title_last;                  /* days that the title names; TIME_NONE */
    struct roster_column columns[ROSTER_COLUMNS_MAX]; /* by column, from 0 */
    uint32_t column_count;
    uint32_t head; /* index of the heading row */
    int r;
    struct err *err;
};

/* What the whole sheet says: times of shifts in legends, the month and year of its title. */
void roster_scan(struct roster_reader *o);
/* Finds the heading and with it the layout. 0 or -CE_MISSING. */
CANH_MUST_USE int roster_find_head(struct roster_reader *o);
/* A legend says that this code means nobody: “NB: nghỉ bù”. */
bool roster_known_off(const struct roster_reader *o, struct slice code);
/* The time of a shift of that label (empty: of turns without one), as known so far. */
bool roster_known_shift(const struct roster_reader *o, struct slice label, struct shift_time *ret);
/* A date in a cell, also with a weekday, brackets and lines around it; a weekday alone is the one
 * of the title's week. -CE_RANGE: of none of its days. */
int roster_read_date(const struct roster_reader *o, const struct cell *c, int64_t *ret);
/* The weekday that a cell names, alone or beside its date, is another than that day's. */
bool roster_wrong_weekday(const struct cell *c, int64_t day);
/* Finds out whether dates without a year run from one year into the next: crossing, late_year. The
 * title's month says which of the two years it means; without one, the weekdays beside the dates,
 * the new year that the title speaks of, or that of most days. */
void roster_find_crossing(struct roster_reader *o);
/* The same, or a range: “01/12 - 03/12/2026”, “từ 04/12/2026 đến 05/12/2026”, “01-03/12/2026”, or
 * days that follow each other: “11, 12/12/2026”.
 * -CE_RANGE when it runs backwards or longer than a quarter. */
int roster_read_days(const struct roster_reader *o, const struct cell *c, int64_t *ret_first,
                     int64_t *ret_last);
/* Days in their order that need not follow each other: “01, 03, 05/12”. */
struct roster_day_list {
    int64_t first, last;
    uint64_t on[2]; /* by days before the last */
};
CANH_MUST_USE int roster_read_list_of_days(const struct roster_reader *o, const struct cell *c,
                                           struct roster_day_list *ret);
/* Whether a day from first to last is one of them. */
bool roster_is_listed(const struct roster_day_list *x, int64_t day);
/* “Từ 07h30 ngày 01/12/2026 đến 07h30 ngày 02/12/2026”: a day, and minutes from its midnight.
 * -CE_RANGE when it runs backwards or longer than a quarter. */
int roster_read_span(const struct roster_reader *o, const struct cell *c, int64_t *ret_day,
                     int *ret_from, int *ret_until);
/* The days that a text of the row names (“từ 07/12 đến 13/12/2026”) are the title's from here on;
 * alone: only when it is the row's only text. */
bool roster_title_days(struct roster_reader *o, const struct row *row, bool alone);
/* The day of a number in the title's month or days. False: there is none. */
bool roster_numbered_day(const struct roster_reader *o, int64_t n, int64_t *ret);
/* An entry of a legend: “N: ngày (07h00-19h00)”, “P = nghỉ phép”, “Ghi chú: …”. */
bool roster_is_legend(struct slice s);
/* The number of a day: 1 … 31, also with its weekday: “3 (Thứ 5)”. */
bool roster_day_number(const struct cell *c, int64_t *ret);

/* Readers of the layouts: roster_list.c, roster_grid.c. */
void roster_read_list(struct roster_reader *o);
void roster_read_shifts(struct roster_reader *o);
void roster_read_grid_days(struct roster_reader *o);
void roster_read_grid_people(struct roster_reader *o);

/* What they share. Columns count from 0 here. */
#define roster_add_note(o, row, col, warning, id, ...)                                             \
    ({                                                                                             \
        struct buf note_ = BUF_INIT(4096);                                                         \
        lang_write(&note_, (o)->opt->lang, id, ##__VA_ARGS__);                                     \
        roster_note_add(o, row, col, warning, &note_);                                             \
    })
void roster_note_add(struct roster_reader *o, uint32_t row, uint32_t col, bool warning,
                     struct buf *text);
void roster_write_entry(struct roster_reader *o, const struct roster_entry *x);
void roster_saw_day(struct roster_reader *o, int64_t day);
/* The time of a shift as it is written; a note when nothing says it. */
bool roster_time_of(struct roster_reader *o, struct slice text, uint32_t row, uint32_t col,
                    struct shift_time *ret, struct slice *ret_label);
bool roster_has_digit(struct slice s);
const struct cell *roster_cell(const struct row *row, uint32_t k);
/* False with a note where a wanted cell shows an error, or a formula that was never computed. */
bool roster_is_sound(struct roster_reader *o, const struct row *row);
/* The first column of a kind; column_count when there is none. */
uint32_t roster_find_column(const struct roster_reader *o, enum roster_column_kind kind);
/* The names in a cell; with the family name of a column of its own. */
struct slice roster_names_in(struct roster_reader *o, const struct row *row, uint32_t k);
/* Everybody whom a cell names. */
void roster_write_names(struct roster_reader *o, const struct row *row, uint32_t k,
                        struct roster_entry *x, int32_t position);
bool roster_names_anybody(const struct roster_reader *o, const struct row *row,
                          enum roster_column_kind kind);

/* A warning when the cell of a day names another weekday than its date has. */
void roster_note_weekday(struct roster_reader *o, const struct row *row, uint32_t k, int64_t day);
/* Several columns of names with a leader's among them count as one post: a note with the cure. */
void roster_note_posts(struct roster_reader *o, uint32_t k);
/* An error when no column of names has that heading. */
void roster_find_post_column(struct roster_reader *o, const struct roster_column_post *x);

#endif
