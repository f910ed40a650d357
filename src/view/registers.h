/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_REGISTERS_H
#define CANH_VIEW_REGISTERS_H
/* The registers: requests, notices, reviews, written orders, evidence. All heed unit and below. */
#include "state/checks.h"
#include "state/notices.h"
#include "view/view.h"

/* Requests and difficulties; heeds open and only. */
CANH_MUST_USE int view_requests(const struct view_ctx *c, const struct view_query *q,
                                struct table *ret, struct err *err);
/* What was said of one request (ref), oldest first. */
CANH_MUST_USE int view_request_notes(const struct view_ctx *c, const struct view_query *q,
                                     struct table *ret, struct err *err);
/* A row a notice and receiving unit: how many read and promised. */
CANH_MUST_USE int view_notices(const struct view_ctx *c, const struct view_query *q,
                               struct table *ret, struct err *err);
/* Written orders of a competent authority; heeds open. */
CANH_MUST_USE int view_orders(const struct view_ctx *c, const struct view_query *q,
                              struct table *ret, struct err *err);
/* Evidence; heeds kind and only. */
CANH_MUST_USE int view_evidence(const struct view_ctx *c, const struct view_query *q,
                                struct table *ret, struct err *err);
/* What one piece of evidence (only) proves. */
CANH_MUST_USE int view_evidence_proofs(const struct view_ctx *c, const struct view_query *q,
                                       struct table *ret, struct err *err);
/* Review campaigns, with how many sign-offs stand and how many have run out. */
CANH_MUST_USE int view_campaigns(const struct view_ctx *c, const struct view_query *q,
                                 struct table *ret, struct err *err);
/*
 * One campaign (ref): who signed; and of the kinds of unit in `kinds` (keys with blanks between)
 * who has not. *ret_missing: a sign-off lacks or has run out.
 */
CANH_MUST_USE int view_campaign_units(const struct view_ctx *c, const struct view_query *q,
                                      struct slice kinds, struct table *ret, bool *ret_missing,
                                      struct err *err);

/* How strong evidence is, in the reader's language. */
const char *view_strength_text(enum lang lang, int32_t strength);

#endif
