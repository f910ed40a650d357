/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DRILL_DRILL_H
#define CANH_DRILL_DRILL_H
/*
 * A drill, step by step: begin, strike, look as often as wanted, answer, end. Between the steps the
 * node does what it always does. Nothing of it is kept but what is in the state: a drill is its
 * kind, its unit and its code.
 */
#include "state/act.h"
#include "state/calls.h"

enum drill_kind {
    DRILL_SSH,    /* passwords of a server are guessed, and one fits */
    DRILL_RANSOM, /* backups are destroyed before files are encrypted */
    DRILL_PORTAL, /* the portal answers no more */
    DRILL_CABLE,  /* a cable is cut */
    DRILL_SHIFT,  /* nobody takes a shift */
    DRILL_KINDS
};
/* ssh, ransom, portal-down, cable-cut, missed-shift. */
const char *drill_word(enum drill_kind kind);
/* DRILL_KINDS: none of them. */
enum drill_kind drill_of(struct slice word);

/* What is told of the chain as it comes: the step of a row of the act `drill_poll`. */
enum drill_step {
    DRILL_STEP_SEEN,
    DRILL_STEP_CALLED,
    DRILL_STEP_MESSAGE,
    DRILL_STEP_TAKEN,
    DRILL_STEPS /* none of them */
};
const char *drill_step_word(enum drill_step step);
enum drill_step drill_step_of(struct slice word);

/* What it is staged with. */
enum drill_means { DRILL_BY_LOG, DRILL_BY_CHECK, DRILL_BY_POST };
enum drill_means drill_means(enum drill_kind kind);
/* The name of what is staged, marked, as canh's own words (lang/said.h). */
void drill_name(struct buf *out, enum drill_kind kind);
/* The class of a case that is opened of it (case/case.h). */
const char *drill_case_class(enum drill_kind kind);

enum { DRILL_CODE = 8 };

struct drill {
    enum drill_kind kind;
    struct state_id unit;
    char code[DRILL_CODE + 1]; /* of the source, the check or the post */
};

/* Of a drill whose events are lines: the log, in the node's own folder. */
void drill_log(struct buf *out, struct slice run, const struct drill *d);

/*
 * Stages it in the unit. run: the folder where the node writes (config/place.h); the empty log of
 * DRILL_SSH and DRILL_RANSOM is made there. -CE_MISSING: nobody is there to take the shift of
 * DRILL_SHIFT.
 */
CANH_MUST_USE int drill_begin(const struct act_ctx *ctx, const struct state_actor *actor,
                              enum drill_kind kind, struct state_id unit, struct slice run,
                              struct drill *ret, struct err *err);
/* Writes the lines, once the log is followed. Nothing for the other kinds. */
CANH_MUST_USE int drill_strike(struct slice run, const struct drill *d, int64_t now,
                               struct err *err);

/* How far the chain has come; texts in ctx->arena. */
struct drill_chain {
    bool seen;             /* there is an alert, an outage, a shift that is late */
    struct state_id thing; /* its id; of a shift that of the matter */
    int64_t seen_at;       /* when canh took it in */
    int32_t level;
    struct slice title, title_vi; /* title_vi: may be empty */
    bool called;                  /* and people are called for it */
    struct state_call call;
    int64_t taken_at; /* 0: nobody took it yet */
    struct state_id taker;
};
CANH_MUST_USE int drill_poll(const struct act_ctx *ctx, const struct state_actor *actor,
                             const struct drill *d, struct drill_chain *ret, struct err *err);
/* The actor takes what was seen, as anybody may; of DRILL_SHIFT whoever was planned takes it. */
CANH_MUST_USE int drill_answer(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct drill *d, struct slice terms, struct err *err);
/* Takes everything away that was staged, closes its alerts, and calls nobody any more. */
CANH_MUST_USE int drill_end(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct drill *d, struct slice run, struct err *err);

#endif
