/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_MAINTAIN_H
#define CANH_ALERT_MAINTAIN_H
/*
 * Maintenance: work announced on an asset (or on all that a unit has), once or repeating. Alerts
 * and outages meanwhile are recorded and marked as planned, and nobody is called. Nothing of it is
 * sent afterwards; an outage that outlasts the work becomes an unplanned one from its end on.
 */
#include "state/alerts.h"
#include "state/checks.h"

enum {
    MAINTENANCE_MAX = 31,         /* days that one time may last */
    MAINTENANCE_AHEAD_MAX = 1830, /* days that it may repeat */
};

struct maintenance_add_request {
    struct state_id unit;
    struct slice asset; /* its code; empty: all of the unit's */
    struct slice reason;
    int64_t start, stop;
    struct slice repeat; /* daily, weekly, monthly, or a rule of RFC 5545; empty: once */
    int64_t until;       /* of what repeats; 0: a year */
};

/* *ret: the new row, texts in the arena. -CE_RANGE: over already, or too long. */
CANH_MUST_USE int maintenance_add(struct state *s, const struct state_actor *a,
                                  const struct maintenance_add_request *req, struct arena *arena,
                                  struct state_maintenance *ret, struct err *err);
/* It ends now. */
CANH_MUST_USE int maintenance_end(struct state *s, const struct state_actor *a,
                                  struct state_id unit, struct slice code, struct arena *arena,
                                  struct state_maintenance *ret, struct err *err);
/* ended: those that are over, too. */
CANH_MUST_USE int maintenance_list(struct state *s, const struct state_actor *a,
                                   struct state_id unit, bool ended,
                                   int (*fn)(void *u, const struct state_maintenance *x), void *u,
                                   struct err *err);

/* Whether work goes on at an instant. Pure. */
bool maintenance_covers(const struct state_maintenance *x, int64_t at);

/* The maintenance that an alert's or check's asset is in, by its id or by its code as a host; none:
 * *ret is zero. */
struct maintenance_query {
    struct state_id unit, asset;
    struct slice host; /* empty: nobody knows */
    int64_t at;
};
CANH_MUST_USE int maintenance_find(struct state *s, const struct maintenance_query *x,
                                   struct state_id *ret, struct err *err);

/* After a result of a check was taken in: its open outage is planned while work goes on, and an
 * unplanned one follows where it goes on longer. Inside the caller's transaction. */
CANH_MUST_USE int maintenance_mark_outage(struct state *s, const struct state_check *check,
                                          int64_t at, struct err *err);

#endif
