/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_COUNTER_H
#define CANH_HUNT_COUNTER_H
/*
 * How often each of many values occurs, and first and last when: however many values there are.
 * Values are counted in memory; when there are too many, what is counted so far goes to $TMPDIR and
 * is added up at the end.
 *
 *     counter_add(c, list, value, time, 1) …      list: one of several, each in an order of its own
 *     counter_end(c); while (counter_next(c, &row)) …      list by list
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

enum { COUNTER_LISTS = 32, COUNTER_VALUE_MAX = 4096 /* bytes of a value; the rest is cut */ };

enum counter_order { COUNTER_MOST_FIRST, COUNTER_RARE_FIRST, COUNTER_BY_TIME };

struct counter_row {
    unsigned list;
    struct slice value;
    uint64_t count;
    int64_t first, last; /* TIME_NONE */
};

struct counter;

/* orders: COUNTER_LISTS of them. NULL without memory. */
CANH_MUST_USE struct counter *counter_new(const enum counter_order *orders, uint64_t spill_max);
struct counter *counter_free(struct counter *c); /* returns NULL */
/* 0 or -CE_NOMEM. */
CANH_MUST_USE int counter_add(struct counter *c, unsigned list, struct slice value, int64_t time,
                              uint64_t count);
CANH_MUST_USE int counter_end(struct counter *c);
/* The row borrows memory until the next call. Equal counts come by their first eight bytes. */
bool counter_next(struct counter *c, struct counter_row *ret);
/* Values whose count was lost for want of disk, at most. */
uint64_t counter_dropped(const struct counter *c);

#endif
