/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_CONTROL_H
#define CANH_VIEW_CONTROL_H
/*
 * Rows of acts that a node runs, as typed tables: for programs all columns of the act under its
 * keys (control/act.h); for people those that have a title. Of the context only the language and
 * the zone are heeded. A library of its own: the node's own processes need it not.
 */
#include "control/act.h"
#include "view/view.h"

enum { VIEW_ROWS_COLUMNS = 32 };

/* A column that people see. */
/* A word of an act, as programs read it, and what people read for it. */
struct view_rows_word {
    const char *word;
    msg_id text;
};
/* Ended by a row without a word; a word that is not in them stands as it is. */
extern const struct view_rows_word view_level_words[], view_case_state_words[],
    view_case_line_words[], view_case_form_words[], view_case_what_words[], view_case_field_words[],
    view_alert_state_words[], view_verdict_words[], view_message_words[];

struct view_rows_column {
    const char *key; /* of the act */
    msg_id title;
    uint8_t rank, width; /* as of struct table_column */
    bool wrap;
    bool lines;                         /* the cell is a list, one a line */
    const struct view_rows_word *words; /* of a cell that is one of few words; or NULL */
};

/* A table being filled; columns belong to it, so that it must not move. */
struct view_rows {
    struct table table;
    const struct control_act *act;
    struct table_column columns[VIEW_ROWS_COLUMNS];
    uint8_t at[VIEW_ROWS_COLUMNS]; /* cell of the act's row */
    const struct view_rows_word *words[VIEW_ROWS_COLUMNS];
    bool lines[VIEW_ROWS_COLUMNS];
};

/* count 0: all columns of the act, for programs. table_done(&ret->table) ends it. */
void view_rows_begin(const struct view_ctx *c, const struct control_act *act,
                     const struct view_rows_column *columns, unsigned count, struct view_rows *ret);
void view_rows_write(struct view_rows *v, const struct slice *cells, size_t n);

/* A source that was added: its row as the act gives it, and the configuration for its sender. */
void view_json_source_added(struct buf *out, const struct control_act *act,
                            const struct slice *cells, size_t n, struct slice config);

#endif
