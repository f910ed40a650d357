/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_ACCOUNTS_H
#define CANH_STATE_ACCOUNTS_H
/*
 * Accounts, and what the program remembers of signing in. Only the account room uses this; it has
 * the rules (who may sign in, how long, how often).
 *
 * Sessions, invitations, attempts and steps belong to the program: they have no scope and no audit
 * entry of their own; the account room writes one for what people do with them.
 */
#include "state/state.h"

enum state_account_state { STATE_ACCOUNT_OPEN = 1, STATE_ACCOUNT_LOCKED = 2 };

/* One of a person, of the person's unit. find: no owner, by login. put: -CE_DENIED where the person
 * holds a role that reaches further than the actor. */
struct state_account {
    STATE_ROW;
    struct state_id unit;
    struct state_id person;
    struct slice login; /* lower case */
    int32_t state;      /* enum state_account_state */
    /* put: p == NULL keeps the old ones; never read back. */
    struct slice password; /* Argon2id as libsodium writes it; empty: none */
    struct slice second;   /* sealed secret of the second factor; empty: none */
    int64_t password_at;   /* last set; 0: never */
};
STATE_THING(account);

/* Sealing with the state's key, bound to the row: -CE_MISSING without a key. */
CANH_MUST_USE int state_account_seal(struct state *s, struct state_id account, struct slice plain,
                                     struct buf *out, struct err *err);
/* Appends password and unsealed second factor, empty where there is none. Without scope: who
 * signs in is nobody yet. */
CANH_MUST_USE int state_account_secrets(struct state *s, struct state_id account,
                                        struct buf *password, struct buf *second, struct err *err);

enum { STATE_TOKEN = 32 };

struct state_session {
    uint8_t token[STATE_TOKEN]; /* hash of what the browser keeps */
    struct state_id account;
    uint8_t form[STATE_TOKEN]; /* what its pages must send back */
    int64_t began;             /* signed in */
    int64_t made;              /* this token */
    int64_t seen, ends;
};

CANH_MUST_USE int state_session_add(struct state *s, const struct state_session *x,
                                    struct err *err);
/* -CE_NOT_FOUND. */
CANH_MUST_USE int state_session_get(struct state *s, const uint8_t token[STATE_TOKEN],
                                    struct state_session *ret, struct err *err);
/* Sets seen and ends. */
CANH_MUST_USE int state_session_set(struct state *s, const struct state_session *x,
                                    struct err *err);
CANH_MUST_USE int state_session_drop(struct state *s, const uint8_t token[STATE_TOKEN],
                                     struct err *err);
/* All of an account. */
CANH_MUST_USE int state_session_drop_all(struct state *s, struct state_id account, struct err *err);
/* Sessions and invitations that ended before, attempts that nobody made since `old`. */
CANH_MUST_USE int state_session_sweep(struct state *s, int64_t ended, int64_t old, struct err *err);

/* Replaces an earlier one of the account. */
CANH_MUST_USE int state_invitation_put(struct state *s, const uint8_t token[STATE_TOKEN],
                                       struct state_id account, int64_t ends, struct err *err);
CANH_MUST_USE int state_invitation_get(struct state *s, const uint8_t token[STATE_TOKEN],
                                       struct state_id *ret_account, int64_t *ret_ends,
                                       struct err *err);
CANH_MUST_USE int state_invitation_drop(struct state *s, struct state_id account, struct err *err);

/* Failures under a name ("from 10.0.0.1"); count 0 when there were none. */
CANH_MUST_USE int state_attempt_get(struct state *s, struct slice name, int64_t *ret_count,
                                    int64_t *ret_last, struct err *err);
/* count 0 forgets. */
CANH_MUST_USE int state_attempt_set(struct state *s, struct slice name, int64_t count, int64_t last,
                                    struct err *err);
/* Those whose names begin so, in their order, at most STATE_ATTEMPTS_MAX. fn only looks. */
enum { STATE_ATTEMPTS_MAX = 1000 };
CANH_MUST_USE int state_attempt_each(struct state *s, const char *prefix,
                                     int (*fn)(void *u, struct slice name, int64_t count), void *u,
                                     struct err *err);

/* The last step of the second factor that was used: true and remembered when `step` is later. */
CANH_MUST_USE int state_account_step(struct state *s, struct state_id account, int64_t step,
                                     bool *ret_fresh, struct err *err);

#endif
