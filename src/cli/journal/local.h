/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_JOURNAL_LOCAL_H
#define CANH_CLI_JOURNAL_LOCAL_H
/*
 * The journal of a node that does not run, opened for reading by whoever may read its folder and
 * key. Functions give an exit status; what went wrong was said.
 */
#include "cli/node/node.h"
#include "journal/journal.h"

struct local_journal {
    struct place place;
    struct journal_keys keys;
    struct journal *journal;
};

CANH_MUST_USE int local_journal_open(struct app *app, const char *dir, struct local_journal *ret);
/* The same, to write: nobody else has it meanwhile. */
CANH_MUST_USE int local_journal_open_to_write(struct app *app, const char *dir,
                                              struct local_journal *ret);
void local_journal_close(struct local_journal *l);

/* Who does it, for the journal's own audit: the name of the machine's user. */
struct slice machine_login(void);

/* Why somebody looks at events. */
struct access_reason {
    const char *purpose, *case_id; /* one of them is needed */
};
/* Writes into the audit of the node's state that the events are looked at, and why. */
CANH_MUST_USE int access_audit(struct app *app, const struct place *place,
                               const struct access_reason *why, const char *action,
                               struct slice content);

struct control_args;
/*
 * Lets the node that runs at a place work at its journal (node/wire/wire.h, enum wire_care): as
 * root or the node's user, whoever signed in. Rows come to row().
 */
CANH_MUST_USE int care_call(struct app *app, const struct place *place, const char *act,
                            struct control_args *args,
                            int (*row)(void *u, const struct slice *cells, size_t n), void *u);
/* The same, but nothing is said of a failure. */
CANH_MUST_USE int care_ask(struct app *app, const struct place *place, const char *act,
                           struct control_args *args,
                           int (*row)(void *u, const struct slice *cells, size_t n), void *u,
                           struct err *err);
/* A row() for what has none. */
int care_no_row(void *u, const struct slice *cells, size_t n);

struct local_search {
    const char *dir, *stream;
    struct access_reason why;
    struct slice query;
    int64_t limit;
    const char *rule;     /* file of a Sigma rule, or NULL */
    const char *count_by; /* a field: only its values are counted; or NULL */
    int64_t step;         /* a histogram over received times; 0: none */
    /* Rows as of control/search.h. */
    int (*row)(void *ctx, const struct slice *cells, size_t n);
    void *ctx;
};
/* EXIT_FOUND when there was a match. */
CANH_MUST_USE int local_search(struct app *app, const struct local_search *q);

#endif
