/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PAPERS_LETTER_H
#define CANH_PAPERS_LETTER_H
/*
 * What every official paper of a unit bears, out of the state: head, number's sign, place, date and
 * the signature as Decree 30/2020 wants it. The caller adds subject, recipients and body.
 */
#include "report/official.h"
#include "state/people.h"
#include "state/state.h"
#include "state/units.h"

struct letter_ctx {
    struct state *s;
    const struct state_actor *actor;
    struct arena *arena;
    const struct state_unit *unit; /* who issues it */
};

struct letter_request {
    struct slice kind;   /* BC, TB, KH …: what the sign begins with */
    struct slice symbol; /* the whole sign; empty: KIND-ABBREVIATION */
    struct slice layout; /* empty: the one of that kind of unit */
    struct slice place;  /* empty: papers_place() */
    struct slice signer; /* code or name of a person of the unit; another name is taken as it is;
                            empty: who holds the role of the head */
    struct slice behalf; /* kt, tm, q, tl, tuq; empty: none, TM. for bodies that stand alone */
};

/* -CE_UNKNOWN: no such layout. */
CANH_MUST_USE int papers_letter(const struct letter_ctx *c, const struct letter_request *q,
                                struct official *ret, struct err *err);
/* The signature alone. The position is the signer's own as the state has it; dots where it does
 * not say, to be filled in. */
CANH_MUST_USE int letter_signer(const struct letter_ctx *c, const struct letter_request *q,
                                const struct letterhead *h, struct signer *ret, struct err *err);

/* Who holds the role of the unit's head; version 0: nobody, or the actor may not see it. */
CANH_MUST_USE int letter_head(const struct letter_ctx *c, struct state_person *ret,
                              struct err *err);

/* Appends how a unit is written in numbers: SKHCN, UBND, TTCNTT. */
void letter_abbreviation(struct slice name, struct slice short_name, struct buf *out);

#endif
