/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_ALERT_CORRELATION_H
#define CANH_DETECT_ALERT_CORRELATION_H
/* A correlation's alert as JSON and CSV, in the shape of other alerts (docs/alert-json.md). */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "detect/generation.h"

enum { CORRELATION_EVENTS_TOLD = 100 };

struct correlation_event {
    const char *path;
    uint64_t offset;
    int64_t time;
    struct slice rule; /* title of what matched */
};

struct correlation_alert {
    const struct generation *generation;
    uint32_t index;   /* of the correlation */
    bool incomplete;  /* no alert of the correlation, but canh's own: it is not exact */
    int64_t time;     /* of the event at which the condition began to hold */
    int64_t from, to; /* of the first and last event */
    bool local;       /* some of the times name no zone */
    uint64_t count;   /* events */
    char *path;       /* of the event at which it began to hold */
    uint64_t offset;
    const struct slice *group;              /* by group_by */
    const struct correlation_event *events; /* the first ones */
    uint32_t event_count;
    struct slice suppression; /* id of the one that covers it, or empty */
};

void correlation_alert_json(struct buf *out, const struct correlation_alert *a);
void correlation_alert_csv(struct buf *out, const struct correlation_alert *a);
/* The host that the group names, or empty. */
struct slice correlation_alert_host(const struct correlation_alert *a);

#endif
