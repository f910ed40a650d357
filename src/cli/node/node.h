/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_NODE_NODE_H
#define CANH_CLI_NODE_NODE_H
/*
 * Verbs of a node: where it is, an act of its state run by it (over run/control) or, while it does
 * not run, here, and rows printed alike in both cases.
 */
#include "cli/app.h"
#include "cli/listing.h"
#include "config/place.h"
#include "control/act.h"
#include "lang/msg_node.h"
#include "lang/msg_table.h"
#include "view/control.h"

extern const struct verb verb_init, verb_demo, verb_serve, verb_config, verb_doctor;

struct node_act {
    const char *name;
    const char *dir;   /* --dir, or NULL */
    const char *state; /* --state: that folder, without a node; NULL: --dir, else place_find() */
    bool anonymous;    /* whatever session is kept */
    const struct listing_options *listing;  /* JSON has all columns of the act */
    const struct view_rows_column *columns; /* that people see */
    unsigned column_count;
    bool facts;        /* one thing: a line a column instead of a table, empty ones left out */
    msg_id heading;    /* above the rows, for people; without rows nothing is printed then */
    uint64_t rows;     /* seen */
    uint64_t troubles; /* of them, whose first cell is `warn`, `bad` or `unknown` (canh doctor) */
    /* Instead of printing: takes a row of the act's columns. */
    int (*row)(void *u, const struct control_act *act, const struct slice *cells, size_t n);
    void *u;
};

/* An act's row when what it says is not for people. */
int node_no_row(void *u, const struct control_act *act, const struct slice *cells, size_t n);
/* What is given, as an argument of an act; NULL: it is left out. */
void node_arg(struct control_args *args, const char *key, const char *value);

/* Runs an act (adding its language to args) and prints its rows. Returns an exit status. */
CANH_MUST_USE int node_run(struct app *app, struct node_act *act, struct control_args *args);

/* The same of a unit: the one given, else one's own as the settings say, else what the act takes
 * without one: all for lists, the node's own for what is written. */
CANH_MUST_USE int node_run_own(struct app *app, struct node_act *act, struct control_args *args,
                               const char *unit);

enum node_asker {
    NODE_AS_MACHINE, /* root or the node's user, whoever signed in */
    NODE_AS_PERSON,  /* who signed in (canh login), else as above */
};
/* Asks the node that runs at the place, in the program's language; nothing is said of a failure. */
CANH_MUST_USE int node_ask(struct app *app, const struct place *place, enum node_asker as,
                           const char *act, struct control_args *args,
                           int (*row)(void *u, const struct slice *cells, size_t n), void *u,
                           struct err *err);

/* Folders, canh.conf and the journal's key, where they are missing. */
CANH_MUST_USE int node_make(struct app *app, const struct place *p, struct err *err);
/* Made by root for another user (NULL: canh, where there is one): all of it is that user's. */
CANH_MUST_USE int node_chown(const struct place *p, const char *user, struct err *err);
/* Made by root in a folder of another user: all of it is that user's. */
CANH_MUST_USE int node_chown_on(const char *path, struct err *err);
/* A command's option as it is typed, name and value; empty without a value. In room. */
const char *node_option(struct buf *room, const char *name, const char *value);

/* Says err; its exit status. */
int node_fail(struct app *app, const struct err *err);

#define NODE_DIR_OPTION(type)                                                                      \
    OPTION_TEXT("dir", 0, type, dir, "DIR", COMPLETE_FOLDER, MSG_NODE_OPT_DIR)
/* Of a struct of options with `struct listing_options listing`. */
#define NODE_LISTING(type) LISTING_OPTIONS(type, listing)
/* The same where several tables or none are printed. */
#define NODE_JSON(type) OPTION_FLAG("json", 'j', type, listing.json, MSG_TABLE_OPT_JSON)

#endif
