/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_LIVE_INTERNAL_H
#define CANH_DETECT_LIVE_INTERNAL_H
/* Between live*.c: an item that was read, and the groups. */
#include "base/map.h"
#include "detect/correlate_internal.h"
#include "detect/live.h"

#define LIVE_HISTORY_IDLE (10 * TIME_MINUTE) /* a window of history without another event goes */

enum { LIVE_KEY_MAX = 2 * LIVE_ITEM_MAX };

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

/* Names of rules and correlations → their parts. */
struct live_names {
    struct map correlations; /* id, or path:line → index */
    struct map rules;
    struct arena arena;
};

struct live_group {
    struct window window;
    uint8_t *key;        /* unit, source of history, correlation, folded values */
    struct slice values; /* as first written; behind the key */
    struct slice unit;   /* hexadecimal; behind the values */
    struct slice source; /* of history; behind the unit */
    size_t key_n;
    uint32_t correlation;
    bool history, used;
    bool on;       /* its alert goes on */
    int64_t from;  /* of that alert, or of the last one */
    int64_t last;  /* event */
    int64_t fed;   /* the first sweep behind its last item; 0: none was yet */
    uint64_t item; /* the number of that item */
};

struct live {
    struct generation *generation;
    struct live_names names;
    struct live_group *groups;
    uint32_t group_count, group_cap;
    struct map places;         /* key → group */
    uint64_t entries;          /* about, of all windows */
    struct arena arena, above; /* of the present item; of what correlations above get */
    struct buf key, fold_a;
    int64_t span;
    /* The event whose items come. */
    uint8_t event[32];
    uint32_t touched[64]; /* groups that got something of it */
    uint32_t touched_count;
    int64_t time;
    struct live_alert told;
    struct live_counts counts;
};

CANH_INLINE const struct sigma_correlation *live_correlation(const struct live *l, uint32_t index)
{
    return ruleset_correlation(l->generation->rules, index);
}

/* Of a correlation, its lateness included. */
int64_t live_span_of(const struct sigma_correlation *c);
/* The place of the item's group, which is made where there is none; places change with it unless
 * an event is being taken. */
CANH_MUST_USE int live_find_group(struct live *l, const struct live_item *x, uint32_t *ret);
void live_groups_done(struct live *l);

/* live_add() of an item that need not be read. */
CANH_MUST_USE int live_receive(struct live *l, const struct live_item *x, live_found *found,
                               void *ctx);

CANH_MUST_USE int live_names_make(struct live_names *n, const struct generation *g);
void live_names_done(struct live_names *n);

/* 0; -CE_NOT_FOUND: of a rule or correlation that is no more; -CE_SYNTAX. Texts lie in the arena.
 */
CANH_MUST_USE int live_item_read(const struct generation *g, const struct live_names *n,
                                 struct slice json, struct arena *arena, struct live_item *ret);

#endif
