/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_SUPPRESS_H
#define CANH_ALERT_SUPPRESS_H
/*
 * Suppressions: what is known and wanted quiet for a while, with a reason. An alert that one covers
 * is recorded and counted, and sent to nobody.
 */
#include "state/alerts.h"

enum { SUPPRESS_MAX = 366 }; /* days that one may last */

struct suppression_add_request {
    struct state_id unit;
    struct slice rule;         /* its id or path; empty: any */
    struct slice field, value; /* `about`, host, user, address; both empty: any */
    struct slice reason;
    int64_t stop;
};

/* *ret: the new row; its texts are the request's, its code in the arena. */
CANH_MUST_USE int suppression_add(struct state *s, const struct state_actor *a,
                                  const struct suppression_add_request *req, struct arena *arena,
                                  struct state_suppression *ret, struct err *err);
/* From an alert: for what it is about, or for its rule anywhere in its unit; the alert itself is
 * said to be known, with the same reason. -CE_MISSING without a reason. */
struct alert_suppress_request {
    struct state_id alert;
    bool whole_rule;
    struct slice reason;
    int64_t stop;
};
CANH_MUST_USE int alert_suppress(struct state *s, const struct state_actor *a,
                                 const struct alert_suppress_request *req, struct arena *arena,
                                 struct state_suppression *ret, struct err *err);
/* It ends now. */
CANH_MUST_USE int suppression_end(struct state *s, const struct state_actor *a, struct state_id id,
                                  struct arena *arena, struct state_suppression *ret,
                                  struct err *err);
/* ended: those that are over, too. */
CANH_MUST_USE int suppression_list(struct state *s, const struct state_actor *a,
                                   struct state_id unit, bool ended,
                                   int (*fn)(void *u, const struct state_suppression *x), void *u,
                                   struct err *err);

#endif
