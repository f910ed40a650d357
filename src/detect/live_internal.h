/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_LIVE_INTERNAL_H
#define CANH_DETECT_LIVE_INTERNAL_H
/* Between live*.c: an item that was read. */
#include "base/map.h"
#include "detect/correlate_internal.h"
#include "detect/live.h"

struct live_item {
    uint32_t correlation, ref;
    uint32_t part;             /* a leg of the plan; behind these its chains */
    struct slice unit, event;  /* as written */
    struct slice source;       /* of history; else empty */
    struct slice group, value; /* values, each with its length before it */
    int64_t time;
    double number;
    bool history;
};

/* live_add() of an item that need not be read. */
CANH_MUST_USE int live_receive(struct live *l, const struct live_item *x, live_found *found,
                               void *ctx);

/* Names of rules and correlations → their parts. */
struct live_names {
    struct map correlations; /* id, or path:line → index */
    struct map rules;
    struct arena arena;
};

CANH_MUST_USE int live_names_make(struct live_names *n, const struct generation *g);
void live_names_done(struct live_names *n);

/* 0; -CE_NOT_FOUND: of a rule or correlation that is no more; -CE_SYNTAX. Texts lie in the arena.
 */
CANH_MUST_USE int live_item_read(const struct generation *g, const struct live_names *n,
                                 struct slice json, struct arena *arena, struct live_item *ret);

#endif
