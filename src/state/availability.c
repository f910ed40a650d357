/* SPDX-License-Identifier: Apache-2.0 */
#include "state/availability.h"

#include "state/entity_internal.h"

#define AVAILABILITY(X, T)                                                                         \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, person, COL_NEED | COL_FIXED | COL_SELF | COL_OWN, E_PERSON)                              \
    X(T, start, COL_NOW | COL_FIXED, 0)                                                            \
    X(T, stop, COL_FOREVER | COL_FIXED, 0)                                                         \
    X(T, away, COL_FIXED, 0)                                                                       \
    X(T, note, COL_FIXED, 0)
ENTITY_COLUMNS(availability, AVAILABILITY)
const struct entity availability_entity = {
    ENTITY_COMMON(availability, E_AVAILABILITY),
    .unit = availability_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND,
    .readers = R_PRIVATE,
    .writers = W_DUTY,
    .sql = {ENTITY_SQL(availability, AVAILABILITY, WHEN_SPAN, "start, created, id"),
            ENTITY_REF(availability, AVAILABILITY, "person", WHEN_SPAN, "start, created, id")},
};
STATE_DEFINE(availability)
