/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_LIVE_H
#define CANH_DETECT_LIVE_H
/*
 * Correlations while events come. What a match is to a correlation becomes a line of JSON (an item)
 * that is recorded with the event; whoever gives the items to live_add() in the order in which they
 * were recorded has the windows of that moment, also a process that begins anew, or one with other
 * rules: an item names its rule and its correlation.
 *
 *     {"correlation":"<name>","rule":"<name>","unit":"<hex>","event":"<hex>",
 *      "time":<ns>,"group0":"…","value0":"…","number":"…","source":"<hex>","history":true}
 *
 * A name is an id, or file:line of a rule that has none. Each unit has windows of its own, and
 * each source's history (whose items name it). An event up to LIVE_LATE older than the newest
 * of its group takes its place among them; one that is older still is counted and left out.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/time.h"
#include "detect/generation.h"
#include "event/alert_record.h"
#include "sigma/window.h"

#define LIVE_LATE     (5 * TIME_MINUTE)
#define LIVE_SPAN_MAX (7 * TIME_DAY) /* of a correlation; a longer one is as long as that */
enum {
    LIVE_GROUPS_MAX = 50000,
    LIVE_ENTRIES_MAX = 1 << 20, /* of all windows together */
    LIVE_ITEM_MAX = 64 * 1024,
};

/* What an event of a live node is. */
struct live_event {
    struct slice unit, event, source; /* ids, hexadecimal */
    int64_t received;                 /* stands for a time that is missing, or ahead of it */
    bool history;
};

/* The next of what correlate_match() wrote as an item. False at the end. */
bool live_next_item(const struct generation *g, struct slice *matches, const struct live_event *e,
                    struct buf *json);

struct live_counts {
    uint64_t items, late;
    uint64_t unknown; /* of rules or correlations that are no more, or no items at all */
    uint64_t dropped; /* groups that went because there are too many */
    uint64_t crowded; /* windows that could not hold all their matches, and matches left out because
                         one event has them for too many groups */
    uint32_t groups;
};

struct live;

/* Holds a reference. NULL without memory. */
CANH_MUST_USE struct live *live_new(struct generation *g);
struct live *live_free(struct live *l); /* returns NULL */
/*
 * The longest time after which an item is still needed, but for windows of history that were fed on
 * for longer; 0: no correlation is active.
 */
int64_t live_span(const struct live *l);
struct live_counts live_counts(const struct live *l);

/* The condition of a correlation begins to hold, or goes on. Valid during the call. */
typedef void live_found(void *ctx, const struct alert_record *alert);

/* More of what live_found() is told. */
struct live_alert {
    uint32_t correlation;
    bool begins;
    int64_t from; /* its first event */
    const struct window *window;
    struct slice values; /* of group-by: correlate_next_value() */
};

/* During live_found(). */
const struct live_alert *live_current(const struct live *l);

/*
 * One item, then, behind the last one of its event, live_decide(): it may tell of alerts. Items of
 * an event follow each other.
 */
CANH_MUST_USE int live_add(struct live *l, struct slice json, live_found *found, void *ctx);
CANH_MUST_USE int live_decide(struct live *l, live_found *found, void *ctx);
/* Lets go of groups in which nothing can happen any more; now: the clock, as it goes on. */
void live_sweep(struct live *l, int64_t now);

#endif
