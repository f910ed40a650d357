/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WATCH_MATCH_H
#define CANH_NODE_WATCH_MATCH_H
/*
 * Lines of one source against the rules, one line after the other: line → event → matches → alert
 * records. A rules object is one generation; a matching one follows one input.
 */
#include "event/alert_record.h"
#include "node/wire/snapshot.h"

struct rules;
struct matching;

struct rules_options {
    struct slice folder; /* of rules besides those that canh carries; empty: none */
    int level;           /* enum rule_level */
    int64_t fold;
};

struct rules_counts {
    uint32_t rules, refused, unreached;
};

CANH_MUST_USE int rules_load(const struct rules_options *options, struct rules **ret,
                             struct err *err);
struct rules *rules_free(struct rules *r); /* returns NULL */
void rules_count(const struct rules *r, struct rules_counts *ret);

/* Borrows the rules. NULL without memory. */
CANH_MUST_USE struct matching *matching_new(struct rules *rules);
struct matching *matching_free(struct matching *m); /* returns NULL */

struct match_line {
    struct slice text;
    const struct snapshot_source *source;
    const struct snapshot *snapshot;
    int64_t received;
    bool history;
    struct slice event;  /* its id, hexadecimal */
    struct slice stream; /* where it will stand */
};

/* Matches the line. *ret_time: when it says it happened, or TIME_NONE; *ret_count alerts follow,
 * valid until the next line. */
const struct alert_record *matching_run(struct matching *m, const struct match_line *line,
                                        int64_t *ret_time, uint32_t *ret_count);
/* Alerts of the last line that were too many to give. */
uint32_t matching_lost(const struct matching *m);

#endif
