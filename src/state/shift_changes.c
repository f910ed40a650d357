/* SPDX-License-Identifier: Apache-2.0 */
#include "state/shift_changes.h"

#include "state/entity_internal.h"

#define SHIFT_CHANGE(X, T)                                                                         \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, post, COL_NEED | COL_FIXED | COL_OWN, E_POST)                                             \
    X(T, person, COL_NEED | COL_FIXED, E_PERSON)                                                   \
    X(T, act, COL_NEED | COL_FIXED, 0)                                                             \
    X(T, start, COL_NEED | COL_FIXED, 0)                                                           \
    X(T, stands, COL_FIXED, 0)
ENTITY_COLUMNS(shift_change, SHIFT_CHANGE)
const struct entity shift_change_entity = {
    ENTITY_COMMON(shift_change, E_SHIFT_CHANGE),
    .unit = shift_change_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND,
    .readers = R_WORK,
    .writers = W_SYSTEM,
    .sql = {ENTITY_SQL(shift_change, SHIFT_CHANGE, WHEN_AT("start"), "act, person, start, id")},
};
STATE_DEFINE(shift_change)
