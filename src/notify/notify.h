/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NOTIFY_NOTIFY_H
#define CANH_NOTIFY_NOTIFY_H
/*
 * Transfers to gateways, any number at once, none of them waited for: call notify_run() while
 * notify_busy(). A gateway that does not answer within NOTIFY_SECONDS leaves its letter unknown
 * and holds up no other.
 */
#include "base/err.h"
#include "notify/letter.h"

struct notify;

enum { NOTIFY_SECONDS = 20, NOTIFY_CONNECT_SECONDS = 5 };

/* Numbers as in the frames. */
enum notify_way { NOTIFY_SMS = 1, NOTIFY_MAIL = 2, NOTIFY_HOOK = 3 };
enum notify_outcome { NOTIFY_SENT = 1, NOTIFY_FAILED = 2, NOTIFY_UNKNOWN = 3 };

/* URLs: smtp, smtps, http, https; to another machine only with TLS. Empty: not that way. */
struct notify_settings {
    struct slice smtp, smtp_user, smtp_password, from;
    struct slice sms, sms_token;
    struct slice inbox; /* where the gateway hands out what it received */
    struct slice webhook, webhook_key;
};

/* reason: in few words of the gateway's or the library's. */
typedef void notify_fn(void *u, const uint8_t id[16], enum notify_outcome outcome,
                       struct slice reason);

/* The settings' texts live as long as it does. -CE_SYNTAX for a URL that is none of these. */
CANH_MUST_USE int notify_new(struct notify **ret, const struct notify_settings *settings,
                             notify_fn *fn, void *u, struct err *err);
struct notify *notify_free(struct notify *n); /* returns NULL */

/* Begins; fn hears of it, perhaps at once. The letter is copied. */
void notify_send(struct notify *n, const uint8_t id[16], enum notify_way way,
                 const struct letter *letter);
/*
 * Asks the gateway for what it received (notify/inbox.h); fn gets the answer, or why there is none.
 * One question at a time; nothing where no inbox is set. notify_inbox_done() says that one need not
 * come again: when that does not arrive, it comes again, and is done again.
 */
typedef void notify_inbox_fn(void *u, bool answered, struct slice text);
void notify_inbox_ask(struct notify *n, notify_inbox_fn *fn);
void notify_inbox_done(struct notify *n, struct slice id);
bool notify_busy(const struct notify *n);
void notify_run(struct notify *n);

#endif
