/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_RULE_SET_H
#define CANH_DETECT_RULE_SET_H
/*
 * A set of rules as it was when it was last loaded from the same files, with the same options, by
 * the same program: kept by rule_cache.h, packed by sigma/ruleset_pack.h. It is found by a hash of
 * all that. Of a file the path, where it lies, its size, and when it was last changed are asked
 * instead of its content: what is written to a file changes its time of change (ctime), which
 * nobody can set. A set with a file that changed less than RULE_SET_SETTLED before it was looked at
 * is not kept: on a coarse clock it could change once more unseen.
 */
#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"
#include "detect/generation.h"
#include "yaml/pack.h"

/* Nanoseconds. */
#define RULE_SET_SETTLED (INT64_C(3) * 1000 * 1000 * 1000)

/* Parsing fewer files takes no time worth a file. */
enum { RULE_SET_FILES_MIN = 64 };

struct rule_set {
    const char *folder; /* NULL: this set cannot be kept */
    uint8_t name[YAML_NAME_BYTES];
    struct buf file;
    struct slice packed;    /* what is kept of it, or SLICE_NULL */
    uint32_t files, others; /* as generation's */
};

/* Looks the set up that these options ask for; now: time_now(). */
void rule_set_open(struct rule_set *set, const struct generation_options *options, int64_t now);
void rule_set_done(struct rule_set *set);

/* Fills a new ruleset with what is kept. False: there is nothing, or nothing that can be read, and
 * the ruleset is as it was. */
bool rule_set_use(const struct rule_set *set, struct ruleset *rs);
/* Keeps a set that was read whole, without a problem, and compiled. */
void rule_set_keep(const struct rule_set *set, const struct generation *g);

#endif
