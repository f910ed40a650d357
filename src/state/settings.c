/* SPDX-License-Identifier: Apache-2.0 */
#include "state/settings.h"

#include "state/internal.h"

#define SETTING(X, T)                                                                              \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, name, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, yaml, COL_NEED | COL_LONG, 0)                                                             \
    X(T, source, 0, 0)
ENTITY_COLUMNS(setting, SETTING)
const struct entity setting_entity = {
    ENTITY_COMMON(setting, E_SETTING),
    .unit = setting_unit,
    .other = COLUMN_NONE,
    .flags = ENT_OPEN | ENT_DROP,
    .readers = R_OPEN,
    .writers = W_HEAD_LEAD,
    .sql = {ENTITY_SQL(setting, SETTING, WHEN_ANY, "name, id"),
            ENTITY_FIND(setting, SETTING, "name = ?1 AND unit = ?2")},
};
STATE_DEFINE(setting)

bool setting_is_own(const struct state_setting *x)
{
    return slice_is(x->name, SETTING_OWN);
}
