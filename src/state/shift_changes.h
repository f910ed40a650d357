/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_SHIFT_CHANGES_H
#define CANH_STATE_SHIFT_CHANGES_H
/* What an act (an import, leave that was approved, new turns) changed of somebody's coming shift.
 */
#include "state/state.h"

/* Append-only. Time: start. In the order act, person, start. */
struct state_shift_change {
    STATE_ROW;
    struct state_id unit; /* the post's */
    struct state_id post;
    struct state_id person;
    struct state_id act; /* of one act all are told at once */
    int64_t start;       /* of the shift */
    bool stands;         /* the person stands then; else no longer */
};
STATE_THING(shift_change);

#endif
