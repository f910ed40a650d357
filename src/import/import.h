/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_IMPORT_IMPORT_H
#define CANH_IMPORT_IMPORT_H
/*
 * Lists that everybody has in Excel → units, people, assets, duty rosters. A preview does exactly
 * what the import would do and takes it back, so it tells the same.
 *
 * A row is the same as one in the state by its key: a unit by its code; a person by unit and code,
 * without a code by unit and name; an asset by unit and code. An empty cell of a column that is
 * there clears nothing: it leaves what the state has. A duty sheet says all of its days: within
 * them the post's table becomes what it says (roster_read.h has the layouts). A calendar speaks of
 * the time from its first event's beginning to its last one's.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "import/roster_read.h"
#include "lang/lang.h"
#include "office/workbook.h"
#include "state/state.h"

enum import_kind { IMPORT_UNITS, IMPORT_PEOPLE, IMPORT_ASSETS, IMPORT_ROSTER, IMPORT_KIND_MAX };

/* A word of a catalogue: a cell may hold its id, its title, one or more parts of a title with
 * commas, or what people call it (also, apart by semicolons). */
struct import_word {
    struct slice id, vi, en, also;
};

/* The word that a text is: its id, its title or a part of it, what people call it; NULL: none. */
const struct import_word *import_word_find(const struct import_word *words, size_t count,
                                           struct slice text);
/* All of them in the reader's language, for a message. */
void import_words_write(struct buf *out, const struct import_word *words, size_t count,
                        enum lang lang);

struct import_options {
    enum import_kind kind;
    enum lang lang;
    bool apply;           /* false: preview */
    bool invented;        /* new rows are marked as invented */
    struct state_id unit; /* of rows without a unit column or cell; for units: the parent */
    struct slice source;  /* the file's name, for the audit */
    const struct import_word *kinds; /* of units or of assets; none: any word will do */
    size_t kind_count;
    struct state_id post;  /* of a roster without a column of posts; none: the unit's only one */
    struct slice layer;    /* of a roster; empty: the table of its days, or a new one */
    int year;              /* of dates without one; 0: the sheet must say */
    struct slice calendar; /* a roster as iCalendar (calendar/ical.h); then the sheet is empty */
    const struct roster_shift *shifts; /* times of shifts, before the sheet's own */
    size_t shift_count;
    const struct roster_column_post *columns; /* columns of names that are posts of their own */
    size_t column_count;
    /* What a person agreed to: when the import would do anything else, -CE_CONFLICT. Or NULL. */
    const struct import_report *previewed;
};

enum import_change { IMPORT_ADDED, IMPORT_CHANGED, IMPORT_SAME, IMPORT_FAILED, IMPORT_CHANGE_MAX };

struct import_row {
    uint32_t number; /* as Excel counts */
    enum import_change change;
    struct slice what; /* code and name */
};

enum { IMPORT_NOTE_ROWS = 8 };

/* Something wrong, or worth knowing, at a place; the same fault in many cells is one note. */
struct import_note {
    uint32_t row, col; /* the first place; col 0: the whole row */
    bool warning;
    uint32_t count;                  /* places with it, 1 or more */
    uint32_t rows[IMPORT_NOTE_ROWS]; /* the next rows with it */
    unsigned row_count;
    bool more_rows;
    struct slice heading; /* of the column, as the sheet has it */
    struct slice text;
};

/* A column that is not understood; nothing in it was taken over. */
struct import_column_ignored {
    uint32_t col; /* as Excel counts */
    struct slice heading;
};

enum { IMPORT_IGNORED_MAX = 64 };

struct import_report {
    struct import_column_ignored ignored[IMPORT_IGNORED_MAX];
    size_t ignored_count;
    struct import_row *rows;
    size_t row_count;
    size_t counts[IMPORT_CHANGE_MAX];
    struct import_note *notes;
    size_t note_count;
    bool applied;
};

enum { IMPORT_ROWS_MAX = 100000, IMPORT_NOTES_MAX = 1000 };

/*
 * Imports a sheet. 0 also when rows failed: then nothing was written and counts[IMPORT_FAILED] is
 * not 0. Negative when the sheet as a whole cannot be read (no heading, too many rows) or the state
 * fails. Texts of the report live in the arena.
 */
CANH_MUST_USE int import_sheet(struct state *s, const struct state_actor *a,
                               const struct sheet *sheet, const struct import_options *opt,
                               struct arena *arena, struct import_report *ret, struct err *err);

/* Whether a sheet has the heading of such a list: a cover sheet has not. */
bool import_fits(enum import_kind kind, const struct sheet *sheet);

/* A column as a template shows it. */
struct import_column {
    struct slice heading;
    bool required;
    msg_id hint; /* what to write there */
};

enum { IMPORT_COLUMNS_MAX = 16 };

/* Fills ret[] in the usual order; returns how many. */
size_t import_columns(enum import_kind kind, enum lang lang,
                      struct import_column ret[IMPORT_COLUMNS_MAX]);

#endif
