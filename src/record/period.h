/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_PERIOD_H
#define CANH_RECORD_PERIOD_H
/*
 * Which period a form of a rhythm speaks of. Days, weeks (from Monday) and months are cut by the
 * zone. What is filled when something happens, and by shift, is of the minute it begins; what is
 * filled once is of all time.
 */
#include <stdint.h>

#include "form/form.h"

struct record_period {
    int64_t start, stop; /* instants, [start, stop) */
    int64_t day;         /* the first one, days since 1970, local */
};

/* The period that an instant falls in. */
struct record_period record_period_at(enum form_every every, int64_t at, int zone);
/* The one before. Of what has none before it: itself. */
struct record_period record_period_before(enum form_every every, const struct record_period *p,
                                          int zone);
/* True when there is one period after another, so that one can be missing. */
bool record_period_repeats(enum form_every every);

#endif
