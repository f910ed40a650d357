/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_GRID_H
#define CANH_CLI_GRID_H
/*
 * Lists, the same way in every verb: for people a heading and aligned columns, the last one cut to
 * the terminal's width; with --json one object a line, keys in English, times RFC 3339 in UTC.
 *
 *     static const struct grid_column columns[] = {{"number", MSG_REGISTER_NUMBER}, …};
 *     grid_init(&g, app, columns, CANH_LEN(columns), o->json);
 *     grid_text(&g, x->number); …one call a column…; grid_row(&g);
 *     grid_done(&g);
 *
 * Cells are made safe for a terminal. Rows are kept until grid_done() only where they are aligned.
 */
#include "base/json_write.h"
#include "cli/app.h"

struct grid_column {
    const char *key;
    enum msg_id title;
    bool right; /* numbers */
};

enum { GRID_COLUMNS_MAX = 16 };

struct grid {
    struct app *app;
    const struct grid_column *columns;
    unsigned count, at; /* columns; the next one */
    bool json;
    struct json_write w;
    struct buf text, cells; /* the cells' text; their ends as size_t */
    size_t rows;
    size_t width[GRID_COLUMNS_MAX];
};

void grid_init(struct grid *g, struct app *app, const struct grid_column *columns, unsigned count,
               bool json);
void grid_text(struct grid *g, struct slice s);
/* A word of canh's own: its key in JSON. */
void grid_word(struct grid *g, const char *key, enum msg_id text);
void grid_number(struct grid *g, int64_t v);
/* A figure that is not known, or does not apply: a dash, null. */
void grid_none(struct grid *g);
/* An instant as 07:30 01/12/2026 (local); 0 and never as grid_none(). */
void grid_time(struct grid *g, int64_t t);
/* A length of time, 0 on: 45 s, 12 min, 3,5 h, 12 d; seconds in JSON. */
void grid_span(struct grid *g, int64_t ns);
/* true is yes, false a dash. */
void grid_flag(struct grid *g, bool v);
void grid_row(struct grid *g);
/* Prints and frees; an empty list says so to people. */
void grid_done(struct grid *g);

/* Appends the length of time as grid_span() shows it. */
void elapsed_put(struct buf *out, enum lang lang, int64_t ns);

#endif
