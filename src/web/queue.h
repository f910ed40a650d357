/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_QUEUE_H
#define CANH_WEB_QUEUE_H
/*
 * The queue of alerts as pages show it.
 */
#include "state/alerts.h"

struct queue {
    int32_t state;             /* enum state_alert_state; 0: all */
    size_t skip, most;         /* newest first */
    struct state_alert *items; /* filled in */
    size_t count, waiting;     /* waiting: all that are new, whatever was asked for */
    bool more;
};

CANH_MUST_USE int queue_list(struct state *s, const struct state_actor *a, struct queue *q,
                             struct arena *arena, struct err *err);

struct queue_ack {
    int32_t verdict; /* enum state_alert_verdict */
    struct slice note;
};

CANH_MUST_USE int queue_acknowledge(struct state *s, const struct state_actor *a,
                                    const struct state_alert *x, const struct queue_ack *ack,
                                    struct err *err);

#endif
