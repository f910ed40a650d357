/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_AVAILABILITY_H
#define CANH_STATE_AVAILABILITY_H
/* What members of a response team say of themselves; the newest word about a time counts. */
#include "state/state.h"

/* Append-only. ref: the person. Time: start..stop. */
struct state_availability {
    STATE_ROW;
    struct state_id unit; /* the person's */
    struct state_id person;
    int64_t start, stop; /* stop 0: until they say something else */
    bool away;           /* cannot come; else can again */
    struct slice note;
};
STATE_THING(availability);

#endif
