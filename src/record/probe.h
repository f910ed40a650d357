/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_PROBE_H
#define CANH_RECORD_PROBE_H
/*
 * Checks of the state: which are due, what a result changes, how they stand.
 *
 * An outage begins when PROBE_CONFIRM results in a row say so, at the first of them, and ends at
 * the first result that is good again. It names the stations that saw it. A result speaks until the
 * next one, but no longer than record_probe_hold(): after that nobody knows.
 */
#include "check/check.h"
#include "check/outage.h"
#include "record/record.h"
#include "state/checks.h"

enum { PROBE_CONFIRM = 2 };

/* How long a result of the check speaks: twice its interval and its timeout. */
int64_t record_probe_hold(const struct state_check *x);
/* The check as the check room takes it; borrows its texts. */
struct check_spec record_probe_spec(const struct state_check *x);
/* Whether it stands at an instant: it is in force, or off since a restore. */
bool record_probe_stands(const struct state_check *x, int64_t at);
/* Whether it is in force at an instant. */
bool record_probe_is_on(const struct state_check *x, int64_t at);

struct record_probe_change {
    bool began, ended; /* an outage */
    struct state_outage outage;
};

/*
 * Keeps a result seen from a station at an instant, and what it says of the outages, in the
 * caller's transaction.
 */
CANH_MUST_USE int record_probe_keep(const struct record *c, const struct state_check *x,
                                    const struct check_result *r, int64_t at, struct slice station,
                                    struct record_probe_change *ret, struct err *err);
/*
 * The same, all or nothing, in a transaction of its own. The time is the state's clock less what
 * the check took.
 */
CANH_MUST_USE int record_probe_save(const struct record *c, const struct state_check *x,
                                    const struct check_result *r, struct slice station,
                                    struct record_probe_change *ret, struct err *err);

struct record_probe_state {
    bool known;                 /* there is a result */
    bool silent;                /* but none that still speaks */
    enum check_outcome outcome; /* of the last one */
    int64_t at;                 /* and when */
    bool doubtful;              /* its time was in doubt when it was written */
    double value;
    struct slice text, seen_from; /* the arena's; text as check/result_text.h keeps it */
    struct outage_share share;    /* of the time asked for */
};

/* At the end of a run: what it saw, and what an earlier one left, under one entry of the audit. */
CANH_MUST_USE int record_probe_seal(const struct record *c, struct err *err);
/* How a check stands at an instant, and how the time since `from` divides. */
CANH_MUST_USE int record_probe_examine(const struct record *c, const struct state_check *x,
                                       int64_t from, int64_t at, struct record_probe_state *ret,
                                       struct err *err);
/* Whether it is to run: never run from here, or its last result is as old as its interval. */
CANH_MUST_USE int record_probe_due(const struct record *c, const struct state_check *x,
                                   struct slice station, int64_t at, bool *ret, struct err *err);

#endif
