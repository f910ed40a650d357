/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_GAPS_H
#define CANH_HUNT_GAPS_H
/*
 * Stretches in which a log that otherwise goes on has nothing: it was cleared, stopped, or lost.
 * For each log (a channel of a host) it is kept in which hours it had events. A gap is a stretch of
 * at least GAPS_LEAST hours without events, and five times as long as nineteen in twenty of the
 * stretches in that log: the nights of a computer that is switched off are none.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

enum {
    GAPS_LEAST = 6,
    GAPS_TIMES = 5,
    GAPS_LOGS_MAX = 4096,
    GAPS_ACTIVE_LEAST = 12, /* hours with events, for a log to be judged */
};

struct gap {
    struct slice host, channel;
    int64_t from,
        to; /* the hours between which there is nothing: end of the last, start of the next */
};

struct gaps;

CANH_MUST_USE struct gaps *gaps_new(void); /* NULL without memory */
struct gaps *gaps_free(struct gaps *g);    /* returns NULL */
/* An event; what has no room is counted. */
void gaps_add(struct gaps *g, struct slice host, struct slice channel, int64_t time);
/* Calls fn for each gap, log by log, in the order of time. */
void gaps_each(struct gaps *g, void (*fn)(void *ctx, const struct gap *gap), void *ctx);
/* Logs that were not looked at, for want of room. */
uint64_t gaps_dropped(const struct gaps *g);

#endif
