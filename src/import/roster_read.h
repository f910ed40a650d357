/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_IMPORT_ROSTER_READ_H
#define CANH_IMPORT_ROSTER_READ_H
/*
 * A duty sheet as units make them → who stands when, names as they are written. Pure. The layouts:
 *
 *   list     a row a turn: Ngày | Ca | Họ và tên (or Trực chính | Trực phụ …) | Vị trí; columns of
 *            names may be posts of their own (roster_column_post)
 *   shifts   a row a day, a column a shift: Ngày | Ca 1 (07:00-15:00) | Ca 2 … with names in cells
 *   days     a row a shift, a column a day (a week's sheet): Ca | Thứ hai 23/11 | …
 *   people   a row a person, a column a day of the month: Họ và tên | 1 | 2 | … with shifts in
 * cells
 *
 * Family and given names may have columns of their own. Titles and letterheads above, merged cells,
 * notes and signatures below do not disturb. A date that is left out is the row's above. Times of a
 * shift stand in its label, in a legend anywhere in the sheet (“S: 07:00-15:00”), or are given;
 * without any shift a turn is the whole day.
 */
#include "base/arena.h"
#include "base/err.h"
#include "import/roster_words.h"
#include "lang/lang.h"
#include "office/workbook.h"

struct ical_span;

enum roster_layout { ROSTER_LIST, ROSTER_SHIFTS, ROSTER_DAYS, ROSTER_PEOPLE, ROSTER_LAYOUT_MAX };

struct roster_shift {
    struct slice label; /* empty: of turns without a shift */
    struct shift_time time;
};

struct roster_entry {
    uint32_t row, col; /* the cell, as Excel counts; of a calendar the line */
    int64_t day;       /* days since 1970 */
    struct shift_time time;
    const struct ical_span *span;     /* of a calendar, instead of day and time; else NULL */
    struct slice shift, person, post; /* as written; post may be empty */
    int32_t position;                 /* 1 first, 2 deputy … */
};

enum { IMPORT_ROSTER_IGNORED = 65 }; /* more than a report lists: so that it says so */

/* Something wrong at a place, in the reader's language. */
struct roster_note {
    uint32_t row, col;
    bool warning;
    struct slice text;
};

struct roster_sheet {
    enum roster_layout layout;
    struct roster_entry *entries;
    size_t count;
    struct roster_note *notes;
    size_t note_count;
    size_t errors; /* of the notes; those beyond the limit are counted, too */
    uint32_t ignored[IMPORT_ROSTER_IGNORED]; /* columns with a heading that is not understood */
    uint32_t ignored_count;
    uint32_t head_row;   /* index of the heading in the sheet's rows */
    int64_t first, last; /* days that the sheet speaks of; first > last: none */
};

/* A column of names is a post of its own: “Lãnh đạo trực” = LD. */
struct roster_column_post {
    struct slice heading, post;
};

struct roster_options {
    enum lang lang;
    int year;                          /* of dates without one; 0: the title must say */
    const struct roster_shift *shifts; /* given ones go before a legend's */
    size_t shift_count;
    const struct roster_column_post *columns;
    size_t column_count;
};

enum { ROSTER_ENTRIES_MAX = 100000, ROSTER_NOTES_MAX = 10000, ROSTER_SHIFTS_MAX = 64 };

/*
 * 0, also when notes have errors. -CE_MISSING when no layout is recognised, -CE_TOO_BIG, -CE_NOMEM.
 * Texts live in the arena or the sheet.
 */
CANH_MUST_USE int roster_read(struct arena *arena, const struct sheet *sheet,
                              const struct roster_options *opt, struct roster_sheet *ret,
                              struct err *err);

#endif
