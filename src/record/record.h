/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_RECORD_H
#define CANH_RECORD_RECORD_H
/*
 * Who writes what into which state: what every function of this room works with. zone: seconds east
 * of UTC by which days are cut. The arena keeps what is returned.
 */
#include "base/arena.h"
#include "lang/lang.h"
#include "state/state.h"

struct record {
    struct state *s;
    struct state_actor actor;
    struct arena *arena;
    int zone;
    enum lang lang;
};

#endif
