/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_DECIDE_H
#define CANH_RECORD_DECIDE_H
/*
 * Approving what a unit sent, or returning it with the reason.
 *
 * Who decides is a person of another unit, above the one that sent it or leading it, with the role
 * of head or coordinator there (or admin), and never who filled it: an approved form is proof that
 * somebody else confirms, a sent one only what the unit declares. What was approved stays so; the
 * unit may send a correction, which is decided anew. What was returned proves nothing; the unit
 * sends it again with other answers, or it is approved after all. The figures that it brought
 * within a limit no longer count: the findings that it closed are open again.
 */
#include "record/record.h"
#include "state/forms.h"

struct record_decide {
    struct state_id submission;
    struct state_id unit, person; /* who decides: a person, and where they hold the role */
    bool approve;                 /* else it is returned */
    struct slice why;             /* of what is returned */
    int64_t at;                   /* decided; 0: now */
};

enum record_decided {
    DECIDED,
    DECIDED_ALREADY,   /* approved, or returned with this reason, before */
    DECIDE_APPROVED,   /* approved before: it cannot be returned */
    DECIDE_SUPERSEDED, /* the unit sent another one since */
    DECIDE_OWN_UNIT,   /* by the unit that sent it */
    DECIDE_OWN_HAND,   /* by who filled it */
    DECIDE_NO_ROLE,    /* the person has no role there that decides */
    DECIDE_NOT_THEIRS, /* the unit that sent it is neither below theirs nor led by it */
    DECIDE_NOT_SENT,   /* a draft */
    RECORD_DECIDED_MAX
};

struct record_decision {
    enum record_decided outcome;
    struct state_submission submission; /* as it stands now */
    uint32_t reopened;                  /* findings */
};

/* What is not DECIDED has written nothing. */
CANH_MUST_USE int record_decide(const struct record *c, const struct record_decide *d,
                                struct record_decision *ret, struct err *err);

/* Decides several: all, or none where one cannot be (*ret_refused; ret has count outcomes). */
CANH_MUST_USE int record_decide_all(const struct record *c, const struct record_decide *d,
                                    size_t count, struct record_decision *ret, bool *ret_refused,
                                    struct err *err);

#endif
