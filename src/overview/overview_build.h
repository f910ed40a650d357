/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OVERVIEW_OVERVIEW_BUILD_H
#define CANH_OVERVIEW_OVERVIEW_BUILD_H
/* The parts of the overview. Only for this room. */
#include "overview/overview.h"

/* Parts of it, one file a source. now is w->in.now; all return 0 or -CE_* with err filled. */
struct overview_work {
    const struct overview_ctx *c;
    struct proof_world *w;
    struct overview *pic;
    int64_t now;
    struct err *err;
};
CANH_MUST_USE int overview_plan(struct overview_work *p, struct status_count *total);
CANH_MUST_USE int overview_duty(struct overview_work *p);
CANH_MUST_USE int overview_services(struct overview_work *p);
CANH_MUST_USE int overview_operators(struct overview_work *p);
CANH_MUST_USE int overview_told(struct overview_work *p);
CANH_MUST_USE int overview_cases(struct overview_work *p);
CANH_MUST_USE int overview_open(struct overview_work *p); /* findings, deadlines, requests */

/* An array in the ctx's arena; NULL with p->err filled. */
void *overview_array(struct overview_work *p, size_t n, size_t size);

/* What the unit is called where there is little room. */
struct slice overview_unit_name(struct overview_work *p, struct state_id id);

/* Local minutes; OVERVIEW_NEVER for 0, no end and TIME_NONE. */
int64_t overview_minutes(const struct overview_work *p, int64_t t);

#endif
