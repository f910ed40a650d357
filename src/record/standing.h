/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_STANDING_H
#define CANH_RECORD_STANDING_H
/* What stands for a form, unit and period: the last submission that nothing revises. */
#include "record/period.h"
#include "record/record.h"
#include "state/forms.h"

/* The editions of a form that the state has. */
struct record_editions {
    struct state_id *ids;
    size_t count;
};
CANH_MUST_USE int record_editions_read(const struct record *c, struct slice form,
                                       struct record_editions *ret, struct err *err);

/* The last one sent for a form (of any edition), unit and period, approved or returned or not;
 * version 0: none. */
CANH_MUST_USE int record_standing(const struct record *c, struct slice form, struct state_id unit,
                                  const struct record_period *p, struct state_submission *ret,
                                  struct err *err);
/* The same of many units: the editions read once. */
CANH_MUST_USE int record_standing_of(const struct record *c, const struct record_editions *form,
                                     struct state_id unit, const struct record_period *p,
                                     struct state_submission *ret, struct err *err);

#endif
