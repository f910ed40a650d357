/* SPDX-License-Identifier: Apache-2.0 */
#include "state/heard.h"

#include "state/entity_internal.h"

#define HEARD(X, T)                                                                                \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, code, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, at, COL_NOW | COL_FIXED, 0)                                                               \
    X(T, outcome, COL_NEED | COL_FIXED, 0)                                                         \
    X(T, count, COL_NEED, 0)                                                                       \
    X(T, person, COL_FIXED | COL_ANY, E_PERSON)                                                    \
    X(T, message, COL_FIXED | COL_ANY, E_MESSAGE)
ENTITY_COLUMNS(heard, HEARD)
const struct entity heard_entity = {
    ENTITY_COMMON(heard, E_HEARD),
    .unit = heard_unit,
    .other = COLUMN_NONE,
    .flags = ENT_SILENT,
    .readers = R_WORK,
    .writers = W_SYSTEM,
    .sql = {ENTITY_SQL(heard, HEARD, WHEN_AT("at"), "at, id"),
            ENTITY_REF(heard, HEARD, "message", WHEN_AT("at"), "at, id"),
            ENTITY_FIND(heard, HEARD, "code = ?1")},
};
STATE_DEFINE(heard)
