/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_OUTBOX_H
#define CANH_ALERT_OUTBOX_H
/*
 * Messages that are to go out: rows of the state, so that none is lost and none goes out twice
 * unless its first way is unknown; then again under the same code. One person gets at most so many
 * in a while; what comes beyond is told together, in the message that waits.
 *
 * Texts name the rule, the level, the unit and the time: no machine, no address, no name of a
 * person.
 */
#include "alert/ladder.h"
#include "lang/lang.h"
#include "state/calls.h"

/* Which ways out there are. */
struct outbox_ways {
    bool sms, mail, webhook;
    bool plain;        /* SMS without Vietnamese marks */
    bool replies;      /* SMS are answered by their code */
    struct slice link; /* where the console is, https://…; empty: not told */
};

/* A message for a call to a person (none: the webhook) on every way that reaches them. *ret_reached
 * says whether there is any. Inside the caller's transaction. */
CANH_MUST_USE int outbox_add(struct state *s, const struct ladder *l,
                             const struct outbox_ways *ways, const struct state_call *call,
                             struct state_id person, bool *ret_reached, struct err *err);

struct outbox_letter {
    struct state_id id;
    int32_t channel; /* enum state_channel */
    struct slice to; /* number or address; empty for the webhook */
    struct slice code, subject, text;
    int32_t level;
};

enum { OUTBOX_AT_ONCE = 16 };

/* Takes what is due, notes it as handed over, and then calls fn with each, at most
 * OUTBOX_AT_ONCE. *ret_n: how many. */
CANH_MUST_USE int outbox_drain(struct state *s, const struct outbox_ways *ways, size_t *ret_n,
                               void (*fn)(void *u, const struct outbox_letter *x), void *u,
                               struct err *err);

enum outbox_outcome { OUTBOX_SENT = 1, OUTBOX_FAILED = 2, OUTBOX_UNKNOWN = 3 };

/* What became of one. What could not go out is tried again, and its calls climb at once. */
CANH_MUST_USE int outbox_done(struct state *s, struct state_id id, enum outbox_outcome outcome,
                              struct slice reason, struct err *err);
/* Whoever sends is gone, or was never there: of what it had, nobody knows. */
CANH_MUST_USE int outbox_forget(struct state *s, struct err *err);

#endif
