/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_TEST_CALL_H
#define CANH_ALERT_TEST_CALL_H
/*
 * Test calls: a message on every way that reaches a person, outside the quiet hours, told to nobody
 * else. Its answer proves the contact that it went to: by SMS from that number (heard.h), or with
 * the code that the message bears, typed by who got it. A number that somebody dialled is proven by
 * whoever dialled it (state_contact_prove).
 */
#include "state/act.h"
#include "state/calls.h"
#include "state/people.h"

enum test_call_outcome {
    TEST_CALL_ASKED = 1,
    TEST_CALL_WAITING, /* asked within the last hour, and not answered yet */
    TEST_CALL_NO_WAY,  /* no number or address that a message can go to */
    TEST_CALL_MAX
};

/* asked, waiting, no-way. */
const char *test_call_word(enum test_call_outcome outcome);

/* Asks one. For technicians, heads, coordinators and administrators of the person's unit. */
CANH_MUST_USE int test_call_ask(const struct act_ctx *ctx, const struct state_actor *actor,
                                struct state_id person, enum test_call_outcome *ret,
                                struct err *err);

/* The same of the webhook, on behalf of the actor's unit; TEST_CALL_WAITING within a minute. For
 * whom may ask people of it. */
CANH_MUST_USE int test_call_hook(const struct act_ctx *ctx, const struct state_actor *actor,
                                 enum test_call_outcome *ret, struct err *err);

/* The actor's person types the code of a message of the last day that went to them: *ret is the
 * contact that it proves. -CE_NOT_FOUND: no such code, another's, or the number or address was
 * changed since. */
CANH_MUST_USE int test_call_answer(const struct act_ctx *ctx, const struct state_actor *actor,
                                   struct slice code, struct state_contact *ret, struct err *err);

/* What became of the last one of a person; version 0: there was none. */
CANH_MUST_USE int test_call_last(const struct act_ctx *ctx, struct state_id person,
                                 struct state_call *ret, struct err *err);

/* Whether a message of it was made; none was where the node has no way that reaches the person. */
CANH_MUST_USE int test_call_sent(const struct act_ctx *ctx, const struct state_call *call,
                                 bool *ret, struct err *err);

/* The person answered: the call is over. Inside the caller's transaction. */
CANH_MUST_USE int test_call_end(struct state *s, struct state_call *call, struct err *err);

#endif
