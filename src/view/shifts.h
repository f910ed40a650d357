/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_SHIFTS_H
#define CANH_VIEW_SHIFTS_H
/*
 * Duty as it is planned and stood: who stands now, who next, shifts nobody took and whom that is
 * told, the log, what waits to be taken over, the terms. The plan and the facts were read by
 * duty_picture_read(); c->at is the instant that is looked at. A query's code is a post's.
 */
#include "duty/handover.h"
#include "duty/picture.h"
#include "duty/terms_state.h"
#include "view/view.h"

/* Who stands at c->at, and how: a row a person, or one where nobody does. */
CANH_MUST_USE int view_duty_now(const struct view_ctx *c, const struct duty_picture *p,
                                const struct view_query *q, struct table *ret, struct err *err);
/* Who will stand in [q->from, q->to): a row a person and stretch of time. */
CANH_MUST_USE int view_duty_next(const struct view_ctx *c, const struct duty_picture *p,
                                 const struct view_query *q, struct table *ret, struct err *err);

/* Shifts from q->from to c->at that are not stood as they should be; and a row for each step by
 * which somebody is told. */
CANH_MUST_USE int view_missed(const struct view_ctx *c, const struct duty_picture *p,
                              const struct view_query *q, struct table *ret,
                              struct table *ret_calls, struct err *err);

/* Lines of the log of shifts stood between q->from and c->at. */
CANH_MUST_USE int view_duty_log(const struct view_ctx *c, const struct duty_picture *p,
                                const struct view_query *q, struct table *ret, struct err *err);

/* A handover that waits to be taken over. */
CANH_MUST_USE int view_handover(const struct view_ctx *c, struct slice post,
                                const struct state_handover *x, struct table *ret, struct err *err);

/* Terms of duty; of: code of the unit whose own they are, empty: canh's. */
CANH_MUST_USE int view_duty_terms(const struct view_ctx *c, const struct duty_terms_found *x,
                                  struct slice of, struct table *ret, struct err *err);

/* Whether a query asks for the post: one of those loaded for it, and of its code. */
bool view_is_asked(const struct duty_load *l, uint32_t post, const struct view_query *q);
/* Appends how a shift stands: “đang trực từ 07:02”. */
void view_write_standing(const struct view_ctx *c, const struct duty_load *l, uint32_t post,
                         const struct duty_stand *s, const struct duty_fact *fact, struct buf *out);
/* The name of somebody who stands or stood; whoever may read a post may know it. */
struct slice view_duty_person(const struct view_ctx *c, const struct duty_load *l,
                              struct state_id person);
/* Appends “45 phút”, “2 giờ 5 phút”. */
void view_write_minutes(enum lang lang, int64_t time, struct buf *out);

#endif
