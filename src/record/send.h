/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_SEND_H
#define CANH_RECORD_SEND_H
/*
 * Handing a filled form in.
 *
 * One submission stands for a form, unit and period. Sending again replaces it by one that revises
 * it (nothing is doubled, nothing overwritten), unless nothing changed. A value over its limit
 * opens a finding, one for each limit; a later value of the same field within it closes it, a blank
 * does not. What the form says has happened is kept with it (form/judge.h).
 *
 * What was approved is replaced only when that is asked for, and the correction waits for approval
 * again; what was returned is sent again with other answers (record/decide.h).
 */
#include "record/forms.h"
#include "record/period.h"

/* A file for a field that wants evidence: open, looked at before (handed.h). */
struct record_photo {
    uint32_t field, row;
    int fd;
    struct slice name, marking;
};

struct record_entry {
    struct record_form *form; /* gets its row when it has none */
    struct state_id unit, person;
    const struct answers *answers; /* day is set here, to the period's */
    struct record_period period;
    int64_t at;      /* sent; 0: now */
    const char *how; /* cli, xlsx, csv, paper */
    bool backfilled; /* typed in later from paper */
    struct slice sheet;
    bool guarded;         /* only when `base` (or something from the same sheet) stands there now */
    struct state_id base; /* what the person saw; none: nothing stood there */
    bool replace;         /* even what was approved */
    const struct record_photo *photos; /* become the unit's evidence, their hashes the answers */
    size_t photo_count;
};

enum record_outcome {
    RECORD_SENT,
    RECORD_REVISED,
    RECORD_UNCHANGED,
    RECORD_REFUSED,  /* the answers cannot be accepted: problems */
    RECORD_CONFLICT, /* guarded, and somebody else sent meanwhile: standing */
    RECORD_APPROVED, /* what stands was approved, and `replace` is not set */
    RECORD_RETURNED, /* these are the very answers that were returned: standing.note says why */
};

/* Whether there is a new submission. */
bool record_is_written(enum record_outcome o);
/* Whether it could not be taken. */
bool record_is_refused(enum record_outcome o);

struct record_sent {
    enum record_outcome outcome;
    struct state_id id;
    const struct form_problem *problems; /* findings too */
    uint32_t problem_count;
    struct state_submission standing; /* what was there before; version 0: nothing */
    uint32_t opened, closed;          /* findings */
};

/*
 * Sends one. An entry that cannot be taken writes nothing and is no failure: see the outcome.
 */
CANH_MUST_USE int record_send(const struct record *c, const struct record_entry *e,
                              struct record_sent *ret, struct err *err);
/*
 * Sends several: all, or none where one cannot be taken (*ret_refused; ret has count outcomes).
 * Without `apply` nothing is written, and the outcomes are what would be.
 */
CANH_MUST_USE int record_send_all(const struct record *c, const struct record_entry *entries,
                                  size_t count, bool apply, struct record_sent *ret,
                                  bool *ret_refused, struct err *err);

#endif
