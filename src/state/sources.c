/* SPDX-License-Identifier: Apache-2.0 */
#include "state/sources.h"

#include "state/internal.h"

#define SOURCE(X, T)                                                                               \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, asset, COL_OWN, E_ASSET)                                                                  \
    X(T, code, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, name, 0, 0)                                                                               \
    X(T, kind, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, paths, COL_MEMO, 0)                                                                       \
    X(T, address, COL_MEMO, 0)                                                                     \
    X(T, key_hash, COL_BYTES, 0)                                                                   \
    X(T, product, 0, 0)                                                                            \
    X(T, service, 0, 0)                                                                            \
    X(T, zone, 0, 0)                                                                               \
    X(T, back, 0, 0)                                                                               \
    X(T, rhythm, 0, 0)                                                                             \
    X(T, valid_from, COL_NOW, 0)                                                                   \
    X(T, valid_to, COL_FOREVER, 0)                                                                 \
    X(T, enabled, 0, 0)                                                                            \
    X(T, drill, COL_FIXED, 0)
ENTITY_COLUMNS(source, SOURCE)
const struct entity source_entity = {
    ENTITY_COMMON(source, E_SOURCE),
    .unit = source_unit,
    .other = COLUMN_NONE,
    .readers = R_WORK,
    .writers = W_TECH,
    .sql = {ENTITY_SQL(source, SOURCE, WHEN_VALID, ORDER_CODE),
            ENTITY_REF(source, SOURCE, "asset", WHEN_VALID, ORDER_CODE),
            ENTITY_FIND(source, SOURCE, "code = ?1 AND unit = ?2")},
};
STATE_DEFINE(source)
