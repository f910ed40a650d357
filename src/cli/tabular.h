/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_TABULAR_H
#define CANH_CLI_TABULAR_H
/*
 * Lists, the same way in every verb: for people a heading and aligned columns, the last one cut to
 * the terminal's width; with --json one object a line, keys in English, times RFC 3339 in UTC.
 *
 *     static const struct tabular_column columns[] = {{"number", MSG_REGISTER_NUMBER}, …};
 *     tabular_init(&g, app, columns, CANH_LEN(columns), o->json);
 *     tabular_text(&g, x->number); …one call a column…; tabular_row(&g);
 *     tabular_done(&g);
 *
 * Cells are made safe for a terminal. Rows are kept until tabular_done() only where they are
 * aligned.
 */
#include "base/json_write.h"
#include "cli/app.h"
#include "state/id.h"

struct tabular_column {
    const char *key;
    msg_id title;
    bool right; /* numbers */
};

enum { TABULAR_COLUMNS_MAX = 16, TABULAR_ID = 8, TABULAR_ID_MIN = 4 };

struct tabular {
    struct app *app;
    const struct tabular_column *columns;
    unsigned count, at; /* columns; the next one */
    bool json;
    struct json_write w;
    struct buf text, cells; /* the cells' text; their ends as size_t */
    size_t rows;
    size_t width[TABULAR_COLUMNS_MAX];
};

void tabular_init(struct tabular *g, struct app *app, const struct tabular_column *columns,
                  unsigned count, bool json);
void tabular_text(struct tabular *g, struct slice s);
/* An identity: its first digits, by which verbs find it again; all of it in JSON. */
void tabular_id(struct tabular *g, struct state_id id);
/* A word of canh's own: its key in JSON. */
void tabular_word(struct tabular *g, const char *key, msg_id text);
void tabular_number(struct tabular *g, int64_t v);
/* A figure that is not known, or does not apply: a dash, null. */
void tabular_none(struct tabular *g);
/* An instant as 07:30 01/12/2026 (local); 0 and never as tabular_none(). */
void tabular_time(struct tabular *g, int64_t t);
/* A length of time, 0 on: 45 s, 12 min, 3,5 h, 12 d; seconds in JSON. */
void tabular_span(struct tabular *g, int64_t ns);
/* true is yes, false a dash. */
void tabular_flag(struct tabular *g, bool v);
void tabular_row(struct tabular *g);
/* Prints and frees; an empty list says so to people. */
void tabular_done(struct tabular *g);

/* Prints “title: text”, of one thing shown line by line; nothing where the text is empty. */
void tabular_line(struct app *app, msg_id title, struct slice text);
/* Appends the length of time as tabular_span() shows it. */
void elapsed_put(struct buf *out, enum lang lang, int64_t ns);

#endif
