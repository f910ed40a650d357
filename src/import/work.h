/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_IMPORT_WORK_H
#define CANH_IMPORT_WORK_H
/*
 * What the importers of this room share: reading cells with a note where they are wrong, finding
 * units. Only files of this room include this header.
 */
#include "base/map.h"
#include "import/import.h"
#include "import/known_people.h"
#include "office/header.h"
#include "state/units.h"

/* The title above rows of a list, where it is a unit. named: one was; unit: none since it ended. */
struct work_group {
    bool named;
    char mark; /* of its level */
    struct state_id unit;
};

struct work {
    struct state *s;
    const struct state_actor *a;
    const struct import_options *opt;
    struct arena *arena;  /* of the report */
    struct arena scratch; /* of one row */
    struct import_report *rep;
    const struct sheet *sheet;
    struct header header;
    const struct row *row;
    struct work_group group;
    bool bad; /* the row has an error */
    int64_t now;
    struct state_unit *units; /* all valid now */
    size_t unit_count;
    struct map seen; /* ids of the things that rows named, with the row */
    struct known_people people;
    struct map told; /* texts of the notes, with their index */
    size_t row_cap, note_cap;
    int r; /* a failure of the state or of memory: stops everything */
    struct err *err;
};

/* One more item of an array in the arena; false when there is no room, which stops everything. */
bool work_grow(struct work *w, void **items, size_t n, size_t *cap, size_t size);
bool work_no_room(struct work *w);

/* A note at a column (index into the header's columns; UINT32_MAX: the row). id by its name. */
#define work_note(w, column, is_warning, id, ...)                                                  \
    ({                                                                                             \
        struct buf note_ = BUF_INIT(4096);                                                         \
        lang_write(&note_, (w)->opt->lang, id, ##__VA_ARGS__);                                     \
        work_note_add(w, column, is_warning, &note_);                                              \
    })
#define work_error(w, column, id, ...) work_note(w, column, false, id, ##__VA_ARGS__)
#define WORK_ROW                       UINT32_MAX
void work_note_add(struct work *w, uint32_t column, bool warning, struct buf *text);
/* The same at a place of the sheet, as Excel counts; 0: none. */
void work_note_at(struct work *w, uint32_t row, uint32_t col, bool warning, struct buf *text);
/* A line of the report; what is copied. */
void work_add_row(struct work *w, uint32_t number, enum import_change change, struct slice what);

/* The text of a cell; notes errors, uncomputed formulas and numbers that lost digits. */
struct slice work_text(struct work *w, uint32_t column);
/* The same, and an error when it is empty. */
struct slice work_needed(struct work *w, uint32_t column);
/* Replaces *to unless the cell is empty. */
void work_replace(struct work *w, uint32_t column, struct slice *to);
/* A date as the instant of its beginning in Vietnam (UTC+7); *to stays when the cell is empty. */
void work_date(struct work *w, uint32_t column, int64_t *to);
/* The unit that a cell names by code or name, else that of the group, else the one of the options;
 * none with a note. */
struct state_id work_unit(struct work *w, uint32_t column);
/* The unit of that code, else of that name or code in other letters, or NULL.
 * *ret_many: the name fits several. */
const struct state_unit *work_find_unit(const struct work *w, struct slice name, bool *ret_many);
/* Appends a unit that the import added. */
void work_add_unit(struct work *w, const struct state_unit *x);
/* False, with a note, when a row above named the same thing and this one says something else of it:
 * one of the two is a mistake. */
bool work_first(struct work *w, uint32_t column, struct state_id id, bool same);
/* The kinds of the options in the reader's language, for a message. */
void work_write_kinds(struct buf *out, const struct work *w);
/* A failed call of the state: a note at the row when it is about the row, else work stops. */
void work_failed(struct work *w, const struct err *err);

/* A column that is not taken over, as Excel counts. */
void work_ignore_column(struct work *w, uint32_t col, struct slice heading);
/* A heading of ordinals: STT, No … */
bool work_is_ordinal(struct slice heading);
/* Of a table of rows: every heading that no wanted column has. */
void work_find_columns(struct work *w, size_t column_count);
/* Notes of those columns, and of rows that are hidden and were read all the same. */
void work_note_unread(struct work *w);

/* A kind of list: its columns, and what one row does. */
struct importer {
    const struct header_column *columns;
    const msg_id *hints; /* of each column: what to write there */
    size_t column_count;
    size_t unit; /* the column that names units by their codes; 0: none */
    /* Puts the row; what it was and did. Not called for rows without any text. */
    enum import_change (*put)(struct work *w, struct slice *ret_what);
    /* Instead, where a sheet is no table of rows: all of it, rows and notes. NULL: rows. */
    void (*sheet)(struct work *w);
};

/* The row is no item of the list, which is told; *ret_end: nor is any below it. */
bool work_passes_over(struct work *w, const struct importer *im, bool *ret_end);

extern const struct importer import_units, import_people, import_assets, import_roster;

#endif
