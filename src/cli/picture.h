/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_PICTURE_H
#define CANH_CLI_PICTURE_H
/*
 * The province on one page from canh's records: plan status, duty, probes, forms, requests.
 */
#include "cli/plan.h"
#include "report/picture.h"

/*
 * Fills *ret for the plan and time of w; texts live in the ledger's arena or in w. *total (may be
 * NULL) gets the counts of all clauses together. 0, or the exit status of a failure that was said.
 */
CANH_MUST_USE int picture_gather(struct ledger *st, struct proof_world *w,
                                 struct province_picture *ret, struct status_count *total);

/* Parts of it, one file a source. now is w->in.now; all return 0 or -CE_* with err filled. */
struct picture_work {
    struct ledger *st;
    struct proof_world *w;
    struct province_picture *pic;
    int64_t now;
    struct err *err;
};
CANH_MUST_USE int picture_plan(struct picture_work *p, struct status_count *total);
CANH_MUST_USE int picture_duty(struct picture_work *p);
CANH_MUST_USE int picture_services(struct picture_work *p);
CANH_MUST_USE int picture_operators(struct picture_work *p);
CANH_MUST_USE int picture_open(struct picture_work *p); /* findings, deadlines, requests */

/* An array in the ledger's arena; NULL with p->err filled. */
void *picture_array(struct picture_work *p, size_t n, size_t size);

#endif
