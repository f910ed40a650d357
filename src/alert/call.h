/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_CALL_H
#define CANH_ALERT_CALL_H
/*
 * Calling people for an alert or another matter (matter.h), step by step up the ladder of its level
 * until somebody answers. Every step is one transaction with the messages that it makes and the
 * time of the next one: a step is taken once, however often whoever takes it is killed.
 *
 * History, suppressed and planned alerts and those of levels without a ladder call nobody.
 */
#include "alert/outbox.h"
#include "state/alerts.h"

struct call_rules {
    const struct ladder *ladder;
    struct outbox_ways ways;
};

/* A new alert: opens its call where its level has a ladder. Inside the caller's transaction. */
CANH_MUST_USE int call_open(struct state *s, const struct ladder *l, const struct state_alert *x,
                            struct err *err);

/* Somebody acknowledged or closed the alert: its call is looked at again at once. Inside the
 * caller's transaction. */
CANH_MUST_USE int call_heard(struct state *s, struct state_id alert, struct err *err);

enum { CALL_AT_ONCE = 64 };

/* Takes the steps that are due, at most CALL_AT_ONCE; *ret_n: how many. */
CANH_MUST_USE int call_climb(struct state *s, const struct call_rules *rules, size_t *ret_n,
                             struct err *err);

/*
 * The wall clock was set by so much (negative: back) while steps were due by it: they, and messages
 * that wait, are due as long from now as before, so that none comes at once or hours late.
 */
CANH_MUST_USE int call_clock_set(struct state *s, int64_t by, struct err *err);

/* The call of an alert or a matter: -CE_NOT_FOUND when nobody is called for it. */
CANH_MUST_USE int call_of(struct state *s, const struct state_actor *a, struct state_id thing,
                          struct arena *arena, struct state_call *ret, struct err *err);
/* The messages of an alert's call, oldest first; none when nobody is called. */
CANH_MUST_USE int call_messages(struct state *s, const struct state_actor *a, struct state_id alert,
                                int (*fn)(void *u, const struct state_message *x), void *u,
                                struct err *err);

/* Words of the data: climbing, answered …; waiting, sent …; sms, mail, webhook. */
const char *call_state_word(int32_t state);
const char *message_state_word(int32_t state);
const char *channel_word(int32_t channel);
/* 0 when there is no such word. */
int32_t call_state_of(struct slice word);
int32_t message_state_of(struct slice word);
int32_t channel_of(struct slice word);

#endif
