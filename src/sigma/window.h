/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_WINDOW_H
#define CANH_SIGMA_WINDOW_H
/*
 * One correlation over the events of one group, in the order of time. What the specification leaves
 * open is decided here (docs/sigma.md):
 *
 * - After each event the condition is looked at once, over this event and all earlier ones that are
 *   at most the timespan older. Windows slide; nothing is cut at round hours. Silence is no event:
 *   that too little happened is seen only when something happens.
 * - While the condition goes on to hold from event to event, that is one alert. The next alert
 *   begins after an event at which it did not hold.
 * - An event that several of the rules matched is one event.
 *
 *     window_init(&w, correlation, same, ctx);
 *     for each event: window_write() for each of the rules it matched; window_decide();
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "sigma/correlation.h"
#include "sigma/distinct.h"
#include "sigma/exact_sum.h"
#include "sigma/ranks.h"

enum {
    WINDOW_ENTRIES_MAX = 1 << 19,  /* older ones go before their time, and overflow is set */
    WINDOW_ORDERED_MAX = 4 * 1024, /* of temporal_ordered with an expression */
};

/* A rule matched an event. file and offset name the event; part and local are the caller's, too. */
struct window_entry {
    int64_t time;
    uint64_t offset;
    uint32_t file, part;
    uint16_t ref;
    bool local;
    union {
        double number; /* finite; of value_sum, value_avg, value_percentile, value_median */
        struct distinct_value value; /* of value_count */
    };
};

enum window_verdict { WINDOW_QUIET, WINDOW_BEGINS, WINDOW_GOES_ON };

struct window {
    const struct sigma_correlation *rule;
    struct window_entry *entries; /* a ring */
    uint32_t cap, from, count;
    uint64_t events; /* different ones among the entries */
    bool holds;      /* at the event before */
    bool overflow;   /* some entries went too early: not exact any more */
    struct distinct distinct;
    struct exact_sum sum;
    struct ranks ranks;
    uint32_t *seen; /* by reference: entries */
    uint32_t seen_count;
    int64_t *chains; /* by reference: the latest beginning of a chain of events up to it */
    uint64_t present[(CORRELATION_RULES_MAX + 63) / 64]; /* references of the event being put */
};

/* 0 or -CE_NOMEM; window_done() in any case. same(): for value_count. */
CANH_MUST_USE int window_init(struct window *w, const struct sigma_correlation *rule,
                              distinct_same *same, void *ctx);
void window_done(struct window *w);
/* For the next group. */
void window_clear(struct window *w);

/* Not before the last one in time; those of one event follow each other. 0 or -CE_NOMEM. */
CANH_MUST_USE int window_write(struct window *w, const struct window_entry *entry);
/* Behind the last entry of each event. */
enum window_verdict window_decide(struct window *w);

/* Entry 0 ≤ i < count, oldest first. */
const struct window_entry *window_entry(const struct window *w, uint32_t i);
/* What the condition is compared with, after window_decide(). */
double window_number(struct window *w);

CANH_INLINE bool window_same_event(const struct window_entry *a, const struct window_entry *b)
{
    return a->offset == b->offset && a->file == b->file && a->time == b->time;
}

#endif
