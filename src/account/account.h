/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ACCOUNT_ACCOUNT_H
#define CANH_ACCOUNT_ACCOUNT_H
/*
 * Accounts as people manage them. An account is of a person and of the person's unit; it has a
 * login, a password that only its owner knows, and perhaps a second factor.
 *
 * Nobody chooses another's password: a new account, and one that was reset, gets an invitation, a
 * secret that its owner uses once, within ACCOUNT_INVITED, to set one.
 */
#include "base/buf.h"
#include "base/time.h"
#include "lang/lang.h"
#include "state/accounts.h"

#define ACCOUNT_INVITED (30 * TIME_MINUTE)

enum {
    ACCOUNT_PASSWORD_MIN = 10,  /* characters */
    ACCOUNT_PASSWORD_MAX = 256, /* bytes */
};

struct account_request {
    struct state_id unit, person;
    struct slice login;
};

/*
 * Adds the account of a person and appends its invitation to secret. -CE_EXISTS when the person has
 * one or the login is taken, -CE_SYNTAX, and the state's. HEAD and ADMIN.
 */
CANH_MUST_USE int account_add(struct state *s, const struct state_actor *a,
                              const struct account_request *q, struct buf *secret, struct err *err);
struct account_first_request {
    struct state_id unit;
    struct slice login, name;
};

/*
 * The first account of a state: of a new person, who may do everything in the unit. While nobody
 * has a password, asking again gives a new invitation to the same login; -CE_EXISTS afterwards.
 * ADMIN.
 */
CANH_MUST_USE int account_first(struct state *s, const struct state_actor *a,
                                const struct account_first_request *q, struct buf *secret,
                                struct err *err);
/* Nobody signs in with it any more, and who is signed in is out. unlock: the other way. */
CANH_MUST_USE int account_lock(struct state *s, const struct state_actor *a, struct slice login,
                               bool unlock, struct err *err);
/* Forgets password and second factor, ends sessions, unlocks, appends a new invitation. */
CANH_MUST_USE int account_reset(struct state *s, const struct state_actor *a, struct slice login,
                                struct buf *secret, struct err *err);

/* Uses an invitation: sets the password of its account. -CE_DENIED when it is none, used or over;
 * -CE_RANGE for a password that is too short, too long or too plain. */
CANH_MUST_USE int account_accept(struct state *s, struct slice secret, struct slice password,
                                 struct err *err);
/* The login an invitation is for. */
CANH_MUST_USE int account_invited(struct state *s, struct slice secret, struct arena *arena,
                                  struct slice *ret_login, struct err *err);

/* In which language somebody is told: messages and mail to who signed in. */
CANH_MUST_USE int account_language(struct state *s, const struct state_actor *a, enum lang lang,
                                   struct err *err);
/* STATE_LANG_NONE: did not choose. */
CANH_MUST_USE int account_language_of(struct state *s, struct state_id person, int32_t *ret,
                                      struct err *err);

/*
 * The second factor: account_second_new() makes a secret (not kept yet); account_second_set() keeps
 * it when the code fits; account_second_has() tells whether there is one.
 */
void account_second_new(uint8_t ret[20]);
CANH_MUST_USE int account_second_has(struct state *s, struct state_id account, bool *ret,
                                     struct err *err);
CANH_MUST_USE int account_second_set(struct state *s, struct state_id account,
                                     const uint8_t secret[20], struct slice code, struct err *err);

#endif
