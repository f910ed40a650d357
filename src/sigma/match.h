/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_MATCH_H
#define CANH_SIGMA_MATCH_H
/*
 * Events against a compiled ruleset. One matcher per thread; the ruleset is shared.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "event/event.h"
#include "sigma/ruleset.h"

struct matcher;

struct matcher_counts {
    uint64_t events;
    uint64_t unrouted;   /* no mapping leads this event to any rule */
    uint64_t candidates; /* rules evaluated, summed over events */
    uint64_t matches;
    uint64_t regex_limits; /* searches given up at their limit, counted as no match */
    uint64_t failed;       /* events not (wholly) evaluated for want of memory */
};

CANH_MUST_USE struct matcher *matcher_new(const struct ruleset *rs);
struct matcher *matcher_free(struct matcher *m); /* returns NULL */

struct match_result {
    const uint32_t *rules;    /* indexes into the ruleset, ascending, each once */
    const uint32_t *variants; /* of each, the first that holds: ruleset_variant() */
    uint32_t count;
    bool routed; /* false: no mapping routes this event */
};

/* The rules that the event matches; valid until the next call. Never fails. */
struct match_result matcher_run(struct matcher *m, const struct event *e);

/*
 * What matcher_run() examines: fn is called for each rule and mapping whose route holds for the
 * event, by rule. For people to see; slow beside it.
 */
void matcher_each_route(struct matcher *m, const struct event *e,
                        void (*fn)(void *ctx, uint32_t rule, const struct rule_variant *variant),
                        void *ctx);

/* matcher_counts.regex_limits alone: it grew when a search of the last event was given up. */
uint64_t matcher_regex_limits(const struct matcher *m);
/* Whether some event had a field with the key, one of the ruleset's. */
bool matcher_has_seen(const struct matcher *m, uint32_t key);
void matcher_count(const struct matcher *m, struct matcher_counts *ret);

#endif
