/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_PROBES_H
#define CANH_VIEW_PROBES_H
/* Checks that probes run, how they stand, and the outage ledger. */
#include "check/check.h"
#include "record/probe.h"
#include "view/view.h"

/* up, warning, down, no-answer. */
const struct view_word *view_outcome_word(enum check_outcome o);

/* The checks given, as they are set up. */
CANH_MUST_USE int view_probes(const struct view_ctx *c, const struct state_check *checks, size_t n,
                              struct table *ret, struct err *err);
/* How they stand, with the age of each figure and how the time since q->from divides (up, down and
 * unknown in tenths of a percent for programs). *ret_bad: how many are down, silent or unknown. */
CANH_MUST_USE int view_probe_status(const struct view_ctx *c, const struct view_query *q,
                                    const struct state_check *checks, size_t n, struct table *ret,
                                    unsigned *ret_bad, struct err *err);
/* How all checks of q->unit stand, and those below it, over the last day. */
CANH_MUST_USE int view_probes_below(const struct view_ctx *c, const struct view_query *q,
                                    struct table *ret, struct err *err);
/* The outage ledger; heeds unit, below, from and to. */
CANH_MUST_USE int view_outages(const struct view_ctx *c, const struct view_query *q,
                               struct table *ret, struct err *err);

/* What a run of probes found: a row a check, put as each ends. */
struct view_probe_result {
    const struct state_check *check;
    enum check_outcome outcome;
    bool began, ended; /* an outage */
    int64_t took;
    struct slice text; /* as check/result_text.h keeps it */
};
void view_probe_results(const struct view_ctx *c, struct table *ret);
void view_probe_result_write(const struct view_ctx *c, struct table *t,
                             const struct view_probe_result *r);

#endif
