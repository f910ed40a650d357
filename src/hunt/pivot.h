/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_PIVOT_H
#define CANH_HUNT_PIVOT_H
/*
 * The pivot list: users, hosts, addresses, hashes and domains of the hits, each with how many hits
 * have it: where to look next.
 */
#include "base/attr.h"
#include "hunt/counter.h"
#include "hunt/hit.h"
#include "hunt/list.h"

struct pivot {
    struct counter *counter;
};

CANH_MUST_USE int pivot_init(struct pivot *p, uint64_t spill_max); /* 0 or -CE_NOMEM */
void pivot_done(struct pivot *p);
CANH_MUST_USE int pivot_add(struct pivot *p, const struct hit *h);
CANH_MUST_USE int pivot_write(struct pivot *p, struct list *list, struct err *err);

#endif
