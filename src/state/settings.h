/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_SETTINGS_H
#define CANH_STATE_SETTINGS_H
/*
 * Files of terms that a unit keeps instead of those that canh carries: how duty is stood, … A unit
 * without one goes by the nearest unit above that has one, then by canh's. What a file means is the
 * business of the room that reads it.
 */
#include "state/state.h"

/* find: owner = unit, by name. Open to every role. */
struct state_setting {
    STATE_ROW;
    struct state_id unit;
    struct slice name;   /* what it is about: "duty"; one of a unit */
    struct slice yaml;   /* whole */
    struct slice source; /* decision, file */
};
STATE_THING(setting);

/* What marks the unit that this machine's state belongs to (`canh init`). */
#define SETTING_OWN "node"
bool setting_is_own(const struct state_setting *x);

#endif
