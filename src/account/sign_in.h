/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ACCOUNT_SIGN_IN_H
#define CANH_ACCOUNT_SIGN_IN_H
/*
 * Signing in, and who a request comes from.
 *
 * A session is a random token of which the state keeps the hash. It ends SESSION_IDLE after it was
 * last seen, SESSION_WHOLE after signing in; the token is replaced every SESSION_TOKEN, the old one
 * stays good for a minute, for requests that are under way.
 *
 * Failures are counted by login and by address: after a few, every further one doubles the wait, up
 * to a quarter of an hour. A wrong login, a wrong password, a locked account and a wrong code are
 * one answer, and take the same time.
 *
 * Failures are told in the audit, too: counted as they come, and an entry a minute and account by
 * sign_in_tell(), so that a flood does not fill it, and no failure takes longer than another. What
 * was typed as a login is kept only where it is an account's: people type passwords there.
 */
#include "base/time.h"
#include "state/accounts.h"

#define SESSION_IDLE  (8 * TIME_HOUR)
#define SESSION_WHOLE (24 * TIME_HOUR)
#define SESSION_TOKEN TIME_HOUR

enum { SESSION_SECRET = 43 }; /* base64url of 32 bytes */

struct session_secret {
    char token[SESSION_SECRET + 1];
};

struct sign_in {
    struct slice login, password;
    struct slice code; /* of the second factor, or empty */
    struct slice from; /* address */
};

/*
 * 0; -CE_DENIED; -CE_MISSING: password right, a code of the second factor is wanted; -CE_BUSY: too
 * many failures, *ret_wait tells for how long. After 0 *ret is the new session's.
 */
CANH_MUST_USE int sign_in(struct state *s, const struct sign_in *q, struct session_secret *ret,
                          int64_t *ret_wait, struct err *err);
CANH_MUST_USE int sign_out(struct state *s, struct slice token, struct err *err);
/* Failures since it was called last become entries of the audit: one an account, one for all names
 * that are no account's. Called every minute. */
CANH_MUST_USE int sign_in_tell(struct state *s, struct err *err);
/* Wherever the account is signed in. */
CANH_MUST_USE int sign_out_all(struct state *s, struct state_id account, struct err *err);

/* Who a request comes from. */
struct visitor {
    struct state_actor actor; /* person, unit and the strongest role granted now */
    struct state_id account;
    struct slice login, name, unit_name; /* in the arena */
    char csrf[SESSION_SECRET + 1];       /* must come back with everything that changes something */
    int64_t ends;
    bool renewed; /* the browser gets a new token: */
    struct session_secret secret;
};

/* What a look at a session leaves in the state. What cannot be written just now is left out. */
enum visitor_trace {
    VISITOR_NONE,
    VISITOR_SEEN,  /* that it is used */
    VISITOR_RENEW, /* and another token, where this one is old */
};

/* -CE_DENIED: no such session, it is over, the account is locked, or the person has no grant. */
CANH_MUST_USE int visitor_of(struct state *s, struct slice token, enum visitor_trace trace,
                             struct arena *arena, struct visitor *ret, struct err *err);
/* Whether what came back is the visitor's; in constant time. */
bool visitor_csrf_is(const struct visitor *v, struct slice given);

#endif
