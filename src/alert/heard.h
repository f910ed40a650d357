/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_HEARD_H
#define CANH_ALERT_HEARD_H
/*
 * Incoming SMS. Two things must fit: a code that was sent within a day and not used yet, and the
 * number of the person to whom it was sent. Then the reply does what that person could do: it takes
 * the matter, takes the shift or is a sign of life in it. `BAO …` from a number that belongs to a
 * person opens a request. Everything else does nothing and is counted; neither numbers nor texts of
 * such messages are kept.
 */
#include "state/act.h"
#include "state/heard.h"

struct heard_message {
    struct slice id;   /* the gateway's, the same however often it hands it out */
    struct slice from; /* number */
    struct slice text;
};

/*
 * Takes one in, in one transaction; *ret says what it was. One that was taken in before does
 * nothing again. terms: canh's own of duty (plans/duty.yaml).
 */
CANH_MUST_USE int heard_handle(struct state *s, const struct heard_message *m, struct slice terms,
                               enum state_heard_outcome *ret, struct err *err);

/* taken, shift, alive, request, stranger, number, code, used, refused, unclear, repeated. */
const char *heard_word(int32_t outcome);

#endif
