/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_STATUS_INTERNAL_H
#define CANH_PLAN_STATUS_INTERNAL_H
/*
 * The inside of struct status: only for status.c and status_eval.c.
 */
#include "plan/status.h"

enum { STATUS_LEVELS = FREQ_LEVELS + 1 };

struct period_list {
    struct period *periods;
    size_t count;
};

struct status {
    const struct plan *plan;
    struct window window;
    int64_t from, until;
    struct status_part *parts;
    uint32_t part_count;
    uint32_t *first_part;                       /* by obligation */
    struct period_list (*lists)[STATUS_LEVELS]; /* by part, level */
};

#endif
