/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_STATS_H
#define CANH_HUNT_STATS_H
/*
 * What there is in logs: events by file, kind, computer and day, values of fields (rare ones
 * first), gaps, cleared logs, rules that were never used.
 *
 *     stats_init(&s, …); stats_intern() before rules are compiled
 *     workers: stats_write()      writer: stats_add(), stats_file()
 *     stats_write_lists(&s, rules, result, &list, &err)
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "detect/scan.h"
#include "hunt/counter.h"
#include "hunt/gaps.h"
#include "hunt/list.h"

enum { STATS_STACKS = 16 };

struct stats {
    struct counter *counter;
    struct gaps *gaps;
    const char *const *stacks; /* names of fields */
    uint32_t stack_count;
    uint16_t keys[STATS_STACKS];
    struct buf text[SCAN_THREADS_MAX]; /* a worker's scratch */
    struct buf files;                  /* what files were, in order; bounded */
    uint64_t files_left_out;
    int failure; /* -CE_* */
};

/* 0 or -CE_NOMEM. More stacks than STATS_STACKS: the caller refuses them. */
CANH_MUST_USE int stats_init(struct stats *s, const char *const *stacks, uint32_t count,
                             uint64_t spill_max);
void stats_done(struct stats *s);

/* generation_options.intern, scan_keep.event, scan_sink.kept and .file; ctx: struct stats. */
CANH_MUST_USE int stats_intern(void *stats, struct ruleset *rs, struct err *err);
void stats_write(void *stats, const struct scan_event *e, struct buf *out);
bool stats_add(struct stats *s, struct slice bytes);
void stats_file(struct stats *s, const struct scan_file *file, const struct scan_file_end *end);

/* All tables. rules: never used ones are listed, too; NULL: none. */
CANH_MUST_USE int stats_write_lists(struct stats *s, const struct ruleset *rules,
                                    const struct scan_result *result, struct list *list,
                                    struct err *err);

#endif
