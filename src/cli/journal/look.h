/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_JOURNAL_LOOK_H
#define CANH_CLI_JOURNAL_LOOK_H
/*
 * The journal of a node that does not run, opened for reading by whoever may read its folder and
 * key. Functions give an exit status; what went wrong was said.
 */
#include "cli/node/node.h"
#include "journal/journal.h"

struct journal_look {
    struct place place;
    struct journal_keys keys;
    struct journal *journal;
};

CANH_MUST_USE int look_open(struct app *app, const char *dir, struct journal_look *ret);
/* The same, to write: nobody else has it meanwhile. */
CANH_MUST_USE int look_open_to_write(struct app *app, const char *dir, struct journal_look *ret);
void look_close(struct journal_look *l);

/* Who does it, for the journal's own audit: the name of the machine's user. */
struct slice look_login(void);

/* Why somebody looks at events. */
struct look_reason {
    const char *purpose, *case_id; /* one of them is needed */
};
/* Writes into the audit of the node's state that the events are looked at, and why. */
CANH_MUST_USE int look_audit(struct app *app, const struct place *place,
                             const struct look_reason *why, const char *action,
                             struct slice content);

struct control_args;
/*
 * Lets the node that runs at a place work at its journal (node/wire/wire.h, enum wire_care): as
 * root or the node's user, whoever signed in. Rows come to row().
 */
CANH_MUST_USE int look_care(struct app *app, const struct place *place, const char *act,
                            struct control_args *args,
                            int (*row)(void *u, const struct slice *cells, size_t n), void *u);
/* The same, but nothing is said of a failure. */
CANH_MUST_USE int look_ask(struct app *app, const struct place *place, const char *act,
                           struct control_args *args,
                           int (*row)(void *u, const struct slice *cells, size_t n), void *u,
                           struct err *err);
/* A row() for what has none. */
int look_no_row(void *u, const struct slice *cells, size_t n);

struct look_search {
    const char *dir, *stream;
    struct look_reason why;
    struct slice query;
    int64_t limit;
    const char *rule;     /* file of a Sigma rule, or NULL */
    const char *count_by; /* a field: only its values are counted; or NULL */
    int64_t step;         /* a histogram over received times; 0: none */
    /* Rows as of control/look.h. */
    int (*row)(void *ctx, const struct slice *cells, size_t n);
    void *ctx;
};
/* EXIT_FOUND when there was a match. */
CANH_MUST_USE int look_search(struct app *app, const struct look_search *q);

#endif
