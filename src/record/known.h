/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_KNOWN_H
#define CANH_RECORD_KNOWN_H
/* What is known of a form before somebody fills it: what stands for its period, and the one before.
 */
#include "record/forms.h"
#include "record/period.h"

struct record_known {
    struct state_submission standing; /* version 0: nothing */
    const struct answers *now;        /* of standing; NULL: nothing */
    const struct answers *before;     /* of the period before; NULL: nothing, or there is none */
};
CANH_MUST_USE int record_known_read(const struct record *c, const struct form *f,
                                    struct state_id unit, const struct record_period *p,
                                    struct record_known *ret, struct err *err);

/* When what a form tells of happened: the first moment that its events name. INT64_MIN: not
 * answered.
 */
int64_t record_form_onset(const struct form *f, const struct answers *a, int zone);

#endif
