/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_FORMS_H
#define CANH_VIEW_FORMS_H
/* Forms: which there are, their fields, who has sent what for which period, what is over a limit.
 */
#include "form/form.h"
#include "record/finding.h"
#include "record/send.h"
#include "view/view.h"

enum { VIEW_PERIODS_BACK = 400 };

/* All forms; with q->kind only those that a unit of this kind is asked for. */
CANH_MUST_USE int view_forms(const struct view_ctx *c, const struct view_query *q,
                             struct table *ret, struct err *err);
CANH_MUST_USE int view_form_fields(const struct view_ctx *c, const struct form *form,
                                   struct table *ret, struct err *err);

enum view_submission { /* what of the submissions is listed */
                       VIEW_SUBMISSION_ANY,
                       VIEW_SUBMISSION_MISSING,
                       VIEW_SUBMISSION_SENT,
                       VIEW_SUBMISSION_APPROVED,
                       VIEW_SUBMISSION_RETURNED,
                       VIEW_SUBMISSION_OVERDUE /* missing, and the period is over */
};

struct view_submissions_query {
    struct state_id unit; /* with all below it; none: all */
    struct slice form;    /* empty: all */
    int64_t day;          /* an instant in the last period that is asked for */
    unsigned back;        /* periods up to it, 1 to VIEW_PERIODS_BACK */
    enum view_submission only;
};

/* A row a form, unit and period. *ret_missing: how many are over and not sent, or returned. */
CANH_MUST_USE int view_submissions(const struct view_ctx *c, const struct view_submissions_query *q,
                                   struct table *ret, uint32_t *ret_missing, struct err *err);
/* Values over their limits that are open; heeds unit and below. */
CANH_MUST_USE int view_findings(const struct view_ctx *c, const struct view_query *q,
                                struct table *ret, struct err *err);

/* How things are with what was sent. */
const struct view_word *view_submission_word(const struct state_submission *x);
/* Appends 05/10/2026, tuần từ …, tháng 10/2026, or a moment. */
void view_write_period(const struct view_ctx *c, struct buf *out, enum form_every every,
                       const struct record_period *p);
/* How many limits the fields of a form have. */
uint32_t view_form_limits(const struct form *f);

#endif
