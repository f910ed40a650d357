/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_NODE_NODE_H
#define CANH_CLI_NODE_NODE_H
/*
 * Verbs of a node: where it is, an act of its state run by it (over run/control) or, while it does
 * not run, here, and rows printed alike in both cases.
 */
#include "cli/app.h"
#include "config/place.h"
#include "control/act.h"
#include "lang/msg_node.h"
#include "lang/msg_table.h"

extern const struct verb verb_init, verb_serve, verb_config, verb_doctor;

/* A column that people see: the act's key, and its heading. */
struct node_column {
    const char *key;
    msg_id title;
};

struct node_act {
    const char *name;
    const char *dir; /* --dir, or NULL */
    bool json;       /* all columns of the act, one object a line */
    const struct node_column *columns;
    unsigned column_count;
    uint64_t rows;     /* seen */
    uint64_t troubles; /* of them, whose first cell is `warn`, `bad` or `unknown` (canh doctor) */
    /* Instead of printing: takes a row of the act's columns. */
    int (*row)(void *u, const struct control_act *act, const struct slice *cells, size_t n);
    void *u;
};

/* Runs an act (adding its language to args) and prints its rows. Returns an exit status. */
CANH_MUST_USE int node_run(struct app *app, struct node_act *act, struct control_args *args);

/* Appends one object of an act's row. */
void node_row_json(struct buf *out, const struct control_column *columns, size_t column_count,
                   const struct slice *cells, size_t n);

/* Says err; its exit status. */
int node_fail(struct app *app, const struct err *err);

#define NODE_DIR_OPTION(type)                                                                      \
    OPTION_TEXT("dir", 0, type, dir, "DIR", COMPLETE_FOLDER, MSG_NODE_OPT_DIR)
#define NODE_JSON_OPTION(type) OPTION_FLAG("json", 'j', type, json, MSG_TABLE_OPT_JSON)

#endif
