/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_CORRELATE_H
#define CANH_DETECT_CORRELATE_H
/*
 * Correlations over all files of a scan, exact in any order of files and with any number of
 * threads. Each match of a rule that some correlation asks for becomes a small record; when all
 * files are read, the records are sorted by correlation, group, time, path and place, and each
 * group runs alone through one window (sigma/window.h). Memory so does not grow with the number of
 * matches or groups: what is too much lies in $TMPDIR.
 *
 *     workers:  correlate_match(g, &buf, …)      buf stays with the block
 *     writer:   correlate_feed(c, path, &buf)    in any order
 *     at last:  correlate_finish(c, &sink)
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "detect/alert.h"
#include "detect/alert_correlation.h"
#include "detect/generation.h"
#include "sigma/match.h"

struct correlate;

struct correlate_counts {
    uint64_t matches;   /* that took part, each once for every correlation */
    uint64_t timeless;  /* events that could not: they have no time */
    uint64_t fieldless; /* matches that could not: a field of group-by or of the condition is
                           absent, or is no number */
    uint64_t alerts;
    /* Of a stream alone (live.h). */
    uint64_t late;      /* matches that came too late for their window */
    uint64_t ahead;     /* of a time that has not come yet: taken as now */
    uint64_t forgotten; /* groups that went because there were too many */
    uint64_t crowded;   /* windows that could not hold all their matches */
};

/* A worker's scratch memory. */
struct correlate_scratch {
    struct buf text, folded;
};

void correlate_scratch_init(struct correlate_scratch *s);
void correlate_scratch_done(struct correlate_scratch *s);

/*
 * Appends to out what the event's matches are for correlations; time may be TIME_NONE. counts:
 * timeless and fieldless are raised.
 */
void correlate_match(const struct generation *g, struct correlate_scratch *scratch,
                     struct correlate_counts *counts, const struct alert *alert,
                     const struct match_result *found, struct buf *out);

/* spill_max: bytes on disk; all: correlations alert that only others ask for, too. NULL without
 * memory. The generation is borrowed. */
CANH_MUST_USE struct correlate *correlate_new(const struct generation *g, uint64_t spill_max,
                                              bool all);
struct correlate *correlate_free(struct correlate *c); /* returns NULL */

/* Takes what correlate_match() wrote for events of one file. 0 or -CE_NOMEM. */
CANH_MUST_USE int correlate_feed(struct correlate *c, const char *path, struct slice matches);

struct correlate_sink {
    /* One alert, in the order of time; valid during the call. False: stop. */
    bool (*alert)(void *ctx, const struct correlation_alert *alert);
    void *ctx;
};

/*
 * All alerts; then, for each correlation that is not exact, one with `incomplete` set. 0,
 * -CE_NOMEM, or -CE_PEER when the sink stopped. *err says why the disk refused, where that is the
 * reason.
 */
CANH_MUST_USE int correlate_finish(struct correlate *c, const struct correlate_sink *sink,
                                   struct correlate_counts *counts, struct err *err);

#endif
