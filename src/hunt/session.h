/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_SESSION_H
#define CANH_HUNT_SESSION_H
/*
 * What one investigation shares: kinds of events, words, each worker's scratch memory. Its keep_…
 * functions are those of scan_keep (detect/scan.h), with the session as ctx.
 */
#include "base/attr.h"
#include "base/err.h"
#include "detect/scan.h"
#include "hunt/hit.h"
#include "hunt/kind.h"
#include "hunt/words.h"

struct hunt_session {
    struct kinds kinds;
    struct words words;
    const struct ruleset *rules; /* set once they are loaded; for tree_write() */
    struct hit_scratch scratch[SCAN_THREADS_MAX];
};

CANH_MUST_USE int hunt_session_init(struct hunt_session *s, struct err *err);
void hunt_session_done(struct hunt_session *s);

/* generation_options.intern, with the session as ctx. */
CANH_MUST_USE int hunt_session_intern(void *session, struct ruleset *rs, struct err *err);

/* scan_keep.alert and .correlation: hits (hit.h). */
void keep_hit(void *session, unsigned worker, const struct alert *a, struct buf *out);
void keep_correlation_hit(void *session, const struct correlation_alert *a, struct buf *out);

#endif
