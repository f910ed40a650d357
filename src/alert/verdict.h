/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_VERDICT_H
#define CANH_ALERT_VERDICT_H
/*
 * What people said of the alerts of a time, rule by rule: which rules are worth being woken for.
 * History, suppressed alerts and drills do not count.
 */
#include "state/act.h"

enum { VERDICT_RULES_MAX = 5000 };

struct verdict_row {
    struct slice rule, title, title_vi; /* title_vi: may be empty */
    int64_t alerts;                     /* all */
    int64_t real, wrong, known;
    int64_t open; /* nobody has said yet */
};

/* Alerts first seen in [from, to), the rules with most of them first; in ctx->arena. */
CANH_MUST_USE int verdict_list(const struct act_ctx *ctx, const struct state_actor *actor,
                               int64_t from, int64_t to, struct verdict_row **ret, size_t *ret_n,
                               struct err *err);

#endif
