/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_ORDERED_H
#define CANH_HUNT_ORDERED_H
/*
 * Records in the order of (group, time, offset), however many, to be looked up again and again:
 * sorted as a sorter does, then an array on disk. Where every so many records begin is kept in
 * memory, and the blocks that were read last, so that a look-up reads the disk once or not at all.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "detect/sorter.h"

/* Of the record where a stride begins. */
struct ordered_mark {
    uint64_t group;
    int64_t time;
};

struct ordered_block;

struct ordered {
    struct sorter sorter;
    struct spill array;
    struct ordered_mark *marks;
    size_t mark_count, mark_cap;
    uint64_t stride; /* records from one mark to the next */
    struct ordered_block *blocks;
    uint64_t count, dropped;
    bool failed; /* the disk refused: what is looked up may not be all */
};

void ordered_init(struct ordered *o, struct spill_budget *budget);
void ordered_done(struct ordered *o);
/* 0 or -CE_NOMEM; what has no room is counted. */
CANH_MUST_USE int ordered_add(struct ordered *o, const struct correlation_record *r);
/* No more will come; look-ups may begin. 0 or -CE_NOMEM. */
CANH_MUST_USE int ordered_end(struct ordered *o);
/* Record i of the order. False: there is none. */
bool ordered_get(struct ordered *o, uint64_t i, struct correlation_record *ret);
/* The place of the first record of the group that is not before `time`; count at the end. */
uint64_t ordered_find(struct ordered *o, uint64_t group, int64_t time);

/* The order itself, of two struct correlation_record; for qsort_r() and sorters. */
int ordered_compare(const void *a, const void *b, void *ctx);

#endif
