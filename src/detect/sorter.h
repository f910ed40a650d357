/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_SORTER_H
#define CANH_DETECT_SORTER_H
/*
 * Records of a fixed small size in order, however many: sorted runs in memory, then on disk, merged
 * when they are read.
 *
 *     sorter_init(…); sorter_add(…) …; sorter_end(…); while (sorter_next(…)) …; sorter_done(…);
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "detect/spill.h"

enum { CORRELATION_FILE_BITS = 23, CORRELATION_PART_BITS = 24, CORRELATION_TEXT_BITS = 40 };

/* A match that takes part in a correlation. */
struct correlation_record {
    int64_t time;
    uint64_t offset; /* of the event in its file */
    uint64_t group;  /* hash of the group's values */
    union {
        uint64_t value; /* hash of the field's values */
        double number;
    };
    uint64_t group_text : CORRELATION_TEXT_BITS; /* where the values are */
    uint64_t part : CORRELATION_PART_BITS;       /* rule or correlation, and what it counts for */
    uint64_t value_text : CORRELATION_TEXT_BITS;
    uint64_t file : CORRELATION_FILE_BITS;
    uint64_t local : 1; /* the time names no zone */
};

typedef int sorter_order(const void *a, const void *b, void *ctx);

struct sorter_run;

struct sorter {
    sorter_order *order;
    void *ctx;
    struct correlation_record *records;
    uint32_t count, cap, at;
    struct spill disk;
    struct sorter_run *runs;
    uint32_t run_count, run_cap;
    uint32_t *heap; /* runs, the one with the first record on top */
    uint32_t heap_count;
};

/* order: NULL-free, total but for records that are equal in all that matters. */
void sorter_init(struct sorter *s, sorter_order *order, void *ctx, struct spill_budget *budget);
void sorter_done(struct sorter *s);
/* Gives all room back before its time; sorter_done() is still to come. */
void sorter_clear(struct sorter *s);
/* 0 or -CE_NOMEM; what is over the budget of disk is dropped, and *ret_kept false. */
CANH_MUST_USE int sorter_add(struct sorter *s, const struct correlation_record *r, bool *ret_kept);
/* The same with value_text set to where a spill has the record's text; SIZE_MAX or beyond what
 * value_text can say: dropped. */
CANH_MUST_USE int sorter_add_text(struct sorter *s, struct correlation_record *r, uint64_t at,
                                  bool *ret_kept);
/* No more will come. 0 or -CE_NOMEM. */
CANH_MUST_USE int sorter_end(struct sorter *s);
bool sorter_next(struct sorter *s, struct correlation_record *ret);

#endif
