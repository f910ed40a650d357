/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TABLE_TABLE_H
#define CANH_TABLE_TABLE_H
/*
 * One table of typed cells, made once and shown everywhere: on a terminal, as JSON lines, CSV, XLSX
 * and HTML. Whoever fills it says what a figure is; each face decides how it looks.
 *
 *     static const struct table_column columns[] = {
 *         {.key = "code", .title = MSG_LIST_CODE},
 *         {.key = "level", .title = MSG_LIST_LEVEL, .kind = TABLE_NUMBER, .rank = 2},
 *         {.key = "name", .title = MSG_LIST_NAME, .wrap = true},
 *     };
 *     struct table_options o = {.name = "assets", .lang = lang, .zone = 7 * 3600};
 *     struct table t;
 *
 *     table_init(&t, columns, CANH_LEN(columns), &o);
 *     table_text(&t, x->code); table_number(&t, x->level); table_text(&t, x->name);
 *     table_mark(&t, TABLE_BAD);                     of the cell just put
 *     table_row_end(&t);                             …one call a column, in their order…
 *     table_to_terminal(&t, &(struct table_terminal){.columns = 80}, out);
 *     table_done(&t);
 *
 * Text is copied. Rows that are too few cells long are filled with cells of nothing; cells beyond
 * the last column are dropped. The first failure (no memory, over TABLE_ROWS or TABLE_BYTES) sticks
 * and table_error() tells it; what is in the table then is its beginning. Not for two threads.
 *
 * Where rows are many and the face needs no other row (JSON lines), put each row out and call
 * table_clear(): memory stays that of one row.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json_write.h"
#include "base/slice.h"
#include "lang/collate.h"
#include "lang/lang.h"

enum {
    TABLE_COLUMNS = 64,      /* at most */
    TABLE_ROWS = 1000000,    /* at most */
    TABLE_BYTES = 256 << 20, /* of text, at most */
    TABLE_ID_SHOWN = 8,      /* characters of an identity that people see */
    TABLE_SHEETS = 16,       /* of one workbook, at most */
    TABLE_FIND_MAX = 4000,   /* bytes of words that are looked for, folded */
    TABLE_UNBOUNDED_CELL =
        48, /* no column is made wider where there is no terminal; longer cells run on */
};

enum table_kind {
    TABLE_TEXT,    /* free text; the kind of a column that is not said */
    TABLE_WORD,    /* one of few words: a key for programs, a text for people */
    TABLE_ID,      /* an identity: people see its beginning, by which verbs find it again */
    TABLE_NUMBER,  /* whole */
    TABLE_DECIMAL, /* with a fixed number of decimals */
    TABLE_TIME,    /* an instant, nanoseconds since 1970 UTC */
    TABLE_DATE,    /* a day, days since 1970 */
    TABLE_SPAN,    /* a length of time, nanoseconds */
    TABLE_FLAG,    /* yes or not */
    TABLE_LIST,    /* texts */
    TABLE_NOTHING, /* of a cell: not known, or does not apply */
    TABLE_ABSENT,  /* of a cell: its member is left out of the JSON object */
    TABLE_KIND_MAX
};

enum table_align { TABLE_BY_KIND, TABLE_LEFT, TABLE_RIGHT };

/* Who sees a column. */
enum table_reader { TABLE_ALL, TABLE_PEOPLE, TABLE_PROGRAMS };

/* What a cell means, for colours and classes; it is never the only carrier of the meaning. */
enum table_mark { TABLE_PLAIN, TABLE_GOOD, TABLE_WARN, TABLE_BAD, TABLE_UNKNOWN };

struct table_column {
    const char *key; /* JSON member, class and sort key: [a-z_]+ */
    msg_id title;    /* heading */
    const char
        *heading;     /* a heading that is no text of canh's (a field's name); title is MSG_NONE */
    const char *unit; /* after the heading in brackets: %, MB, s; NULL: none */
    enum table_kind kind; /* of what stands in it, for alignment, sorting and spreadsheets */
    enum table_align align;
    enum table_reader reader;
    /* Where room is short the highest rank is left out first, of equals the last; 0 never is. */
    uint8_t rank;
    uint8_t width; /* text is not cut below this many columns; 0: 12 */
    bool wrap;     /* goes over several lines rather than being cut */
    bool tail;     /* is cut at its beginning: the end of a path tells more */
};

struct table_options {
    const char *name; /* of the table, for hooks and sheets: [a-z-]+ */
    enum lang lang;
    int32_t zone; /* seconds east of UTC in which people read times */
};

struct table_cell {
    uint8_t kind, mark, digits;
    int64_t number;     /* NUMBER, TIME, DATE, SPAN, FLAG; of LIST the count of items */
    double decimal;     /* DECIMAL */
    struct slice text;  /* TEXT, ID; LIST: items, each ended by a zero byte */
    struct slice key;   /* WORD: for programs */
    struct slice shown; /* for people, instead of what the kind gives; WORD: its text */
    struct slice link;  /* where a page leads from here; p NULL: nowhere */
};

struct table {
    const struct table_column *columns;
    unsigned count, at; /* columns; the next one */
    struct table_options options;
    struct arena arena;
    struct table_cell *cells; /* rows × count */
    size_t rows, room;        /* whole rows; rows that there is room for */
    int error;
};

void table_init(struct table *t, const struct table_column *columns, unsigned count,
                const struct table_options *options);
void table_done(struct table *t);
/* Drops the rows; columns and options stay. */
void table_clear(struct table *t);
/* 0, or the -CE_* of the first failure. */
int table_error(const struct table *t);

void table_text(struct table *t, struct slice s);
/* A word of canh's own. */
void table_word(struct table *t, const char *key, msg_id text);
/* The same with a text from data. */
void table_word_text(struct table *t, struct slice key, struct slice text);
/* An identity in full (hexadecimal digits). */
void table_id(struct table *t, struct slice full);
void table_number(struct table *t, int64_t v);
void table_decimal(struct table *t, double v, unsigned digits);
/* 0, TIME_NONE and INT64_MAX as table_nothing(). */
void table_time(struct table *t, int64_t at);
void table_date(struct table *t, int64_t days);
void table_span(struct table *t, int64_t ns);
void table_flag(struct table *t, bool v);
void table_list(struct table *t, const struct slice *items, size_t n);
/* Not known, or does not apply: a dash for people, null for programs. */
void table_nothing(struct table *t);
/* As nothing for people; programs find no member at all. */
void table_absent(struct table *t);

/* Of the cell just put: what people read instead, what it means, where a page leads from it. */
void table_shown(struct table *t, struct slice text);
void table_mark(struct table *t, enum table_mark mark);
void table_link(struct table *t, struct slice target);

void table_row_end(struct table *t);

const struct table_cell *table_cell(const struct table *t, size_t row, unsigned column);

/*
 * Sorts by a column, rows that are equal in it staying as they are; nothing stands last either way.
 * Texts in Vietnamese order where words is given, by bytes else. False: no such column.
 */
bool table_sort(struct table *t, struct slice key, bool descending, struct viet *words);

/*
 * Keeps the rows in which all of these words occur, in whatever columns people see, without regard
 * to case and tones; without words all.
 */
void table_find(struct table *t, struct slice words);

/* Nothing, absent or an empty text. */
bool table_cell_is_blank(const struct table_cell *c);
/* Appends a cell as people read it, on one line and not made safe; nothing for an empty text. */
void table_cell_write(const struct table *t, const struct table_cell *c, struct buf *out);
/* Appends a column's heading with its unit. */
void table_heading_write(const struct table *t, unsigned column, struct buf *out);
/* Appends a length of time as people read it: 45 s, 12 min, 3.5 h, 12 d. */
void table_span_write(struct buf *out, enum lang lang, int64_t ns);
/* Appends 07:30 01/12/2026 in the zone. */
void table_time_write(struct buf *out, int32_t zone, int64_t at);

struct table_terminal {
    unsigned columns; /* of the terminal; 0: there is none, nothing is left out or cut */
    bool colour;      /* marks as colours */
};

/*
 * Appends the table for a terminal: aligned columns two blanks apart, nothing in it that a terminal
 * would act on. What does not fit: texts are cut (…) or wrapped down to their least width, the
 * widest first, then columns are left out by rank, and a last line names these. An empty table says
 * so.
 */
void table_to_terminal(const struct table *t, const struct table_terminal *o, struct buf *out);

/* Appends one row as a JSON object, or all rows as one object a line. Keys are the columns'. */
void table_row_to_json(const struct table *t, size_t row, struct json_write *w);
void table_to_json_lines(const struct table *t, struct buf *out);

/* Appends CSV, or a workbook with a sheet a table as Excel opens it: office/grid.h. title may be
 * empty; created: seconds since 1970. */
CANH_MUST_USE int table_to_csv(const struct table *t, struct buf *out, struct err *err);
CANH_MUST_USE int table_to_xlsx(const struct table *const *tables, size_t count, struct slice title,
                                int64_t created, struct buf *out, struct err *err);

struct table_html {
    struct slice caption;   /* what it lists; empty: none */
    struct slice sort_link; /* links of headings: this, then the key, - before it for descending
                               (“?sort=”); p NULL: headings are no links */
    struct slice sorted_by; /* the key that it is sorted by; empty: none */
    bool descending;
    size_t first, limit; /* rows shown, from this one, at most so many; limit 0: all */
};

/*
 * Appends a table element. Hooks, all made of options.name and the columns' keys:
 * - table: class "canh-table", data-testid "table-NAME", data-rows (all that there are);
 * - caption; th scope=col with data-key, class "col-KEY kind-KIND num" (num: aligned right),
 *   aria-sort where it is sorted by; a link with data-testid "sort-KEY";
 * - tr data-testid "row-NAME-ID" by the first cell that is an identity (else by the row's number);
 * - td with the same classes, data-label (the heading, for narrow screens), class "is-good",
 *   "is-warn", "is-bad" or "is-unknown", and data-value (what a script sorts by) where people see
 *   something else; times are <time datetime>.
 * An empty table has one row, class "is-empty". Everything is escaped; the text is well-formed XML,
 * too.
 */
void table_to_html(const struct table *t, const struct table_html *o, struct buf *out);

#endif
