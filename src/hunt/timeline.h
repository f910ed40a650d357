/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_TIMELINE_H
#define CANH_HUNT_TIMELINE_H
/*
 * All hits of a scan in the order of time, however many: what does not fit into memory lies in a
 * file in $TMPDIR that has no name.
 *
 *     timeline_add(t, records)     as hit_write() wrote them, in the order of the input
 *     timeline_end(t); while (timeline_next(t, &hit)) …
 *
 * Hits of one time stand in the order of the input, those without a time last.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"
#include "hunt/hit.h"

struct timeline;

/* spill_max: bytes on disk. NULL without memory. */
CANH_MUST_USE struct timeline *timeline_new(uint64_t spill_max);
struct timeline *timeline_free(struct timeline *t); /* returns NULL */

/* 0 or -CE_NOMEM. What is over the limit of disk is dropped and counted. */
CANH_MUST_USE int timeline_add(struct timeline *t, struct slice records);
CANH_MUST_USE int timeline_end(struct timeline *t);
/* The hit borrows memory until the next call. */
bool timeline_next(struct timeline *t, struct hit *ret);
/* Hits that were dropped for want of disk. */
uint64_t timeline_dropped(const struct timeline *t);

#endif
