/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WATCH_MATCH_H
#define CANH_NODE_WATCH_MATCH_H
/*
 * Records as collectors received them against one generation of rules: bytes → event → matches →
 * alert records. One matching serves all inputs; what an input's records are is kept by the input.
 */
#include "config/config.h"
#include "detect/generation.h"
#include "event/alert_record.h"
#include "node/wire/snapshot.h"

struct match_ctx;
struct format;

/* The rules that the program carries, and those of the folder that canh.conf names. What is left
 * out is told to problem(), as in detect/generation.h. */
CANH_MUST_USE int match_rules(const struct config *config,
                              void (*problem)(void *ctx, const char *path, const struct err *err),
                              void *ctx, struct generation **ret, struct err *err);

struct match_counts {
    uint64_t all, own; /* own: not carried by the program */
    int64_t newest;    /* day of the newest of one's own; INT64_MIN: none says */
};

struct match_counts match_count(const struct generation *g);
/* Whether a generation may follow another: it has rules, own ones where there were some, and of
 * neither kind lost more than a tenth. */
bool match_may_follow(const struct match_counts *before, const struct match_counts *now);

/* Holds a reference. NULL without memory. */
CANH_MUST_USE struct match_ctx *match_ctx_new(struct generation *g, int64_t fold);
struct match_ctx *match_ctx_free(struct match_ctx *m); /* returns NULL */

struct match_record {
    struct slice text;
    const struct format **format; /* of its input; NULL inside: found by content, and kept */
    const struct snapshot_source *source;
    const struct snapshot *snapshot;
    int64_t received;
    bool history, canonical, truncated;
    struct slice base; /* with `at`, its position: what its id is made of */
    uint64_t at;
    struct slice stream; /* where it will stand */
};

struct match_found {
    int64_t time; /* when it says it happened, or TIME_NONE */
    bool history; /* it came as such, or says that it happened more than 15 minutes before */
    const struct alert_record *alerts;
    uint32_t count;
    uint32_t lost;      /* alerts that were too many to give */
    struct slice items; /* for correlations (detect/live.h), a line each */
};

/* Sets the suppression that covers the alert of a record of this source, where there is one. */
void match_ctx_suppress(struct match_ctx *m, const struct snapshot *snapshot,
                        const struct snapshot_source *source, int64_t received,
                        struct alert_record *alert);

/* Matches the record. What it gives is valid until the next one. */
void match_ctx_run(struct match_ctx *m, const struct match_record *x, struct match_found *ret);

#endif
