/* SPDX-License-Identifier: Apache-2.0 */
#include "state/assets.h"

#include "lang/err_state.h"
#include "state/internal.h"

#define ASSET_ROLE(X, T)                                                                           \
    X(T, code, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, name_vi, COL_NEED, 0)                                                                     \
    X(T, name_en, COL_NEED, 0)                                                                     \
    X(T, source, 0, 0)
ENTITY_COLUMNS(asset_role, ASSET_ROLE)
const struct entity asset_role_entity = {
    ENTITY_COMMON(asset_role, E_ASSET_ROLE),
    .unit = COLUMN_NONE,
    .other = COLUMN_NONE,
    .flags = ENT_OPEN,
    .readers = R_OPEN,
    .writers = W_ADMIN,
    .sql = {[OP_INSERT] = SQL_INSERT(asset_role, ASSET_ROLE),
            [OP_UPDATE] = SQL_UPDATE(asset_role, ASSET_ROLE),
            [OP_GET] = SQL_GET(asset_role, ASSET_ROLE),
            [OP_ROWS] = SQL_ROWS(asset_role, ASSET_ROLE),
            [OP_ALL] = SQL_LIST(asset_role, ASSET_ROLE, WHEN_ANY, "id"),
            ENTITY_FIND(asset_role, ASSET_ROLE, "code = ?1")},
};
STATE_DEFINE(asset_role)

#define ASSET(X, T)                                                                                \
    X(T, unit, COL_NEED, E_UNIT)                                                                   \
    X(T, code, COL_NEED, 0)                                                                        \
    X(T, name, COL_NEED, 0)                                                                        \
    X(T, kind, COL_NEED, 0)                                                                        \
    X(T, roles, 0, 0)                                                                              \
    X(T, system, 0, 0)                                                                             \
    X(T, level, 0, 0)                                                                              \
    X(T, exposure, 0, 0)                                                                           \
    X(T, owner, 0, E_PERSON)                                                                       \
    X(T, provider, 0, 0)                                                                           \
    X(T, place, 0, 0)                                                                              \
    X(T, note, COL_MEMO, 0)                                                                        \
    X(T, node, 0, 0)                                                                               \
    X(T, valid_from, COL_NOW, 0)                                                                   \
    X(T, valid_to, COL_FOREVER, 0)                                                                 \
    X(T, invented, COL_FIXED, 0)

/* Every word of roles must be one that the table knows. */
static int asset_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                       struct err *err)
{
    const struct state_asset *x = row;
    struct slice rest = x->roles, word;

    (void)old;
    while (slice_cut(&rest, ' ', &word)) {
        struct arena arena = ARENA_INIT(16 << 10);
        struct state_asset_role role;
        int r = 0;

        if (word.n)
            r = state_asset_role_find(s, a, STATE_ID_NONE, word, &arena, &role, err);
        arena_done(&arena);
        if (r == -CE_NOT_FOUND)
            return err_fail(err, CE_UNKNOWN, ERR_STATE_ASSET_NO_ROLE, word);
        if (r < 0)
            return r;
    }
    return 0;
}

ENTITY_COLUMNS(asset, ASSET)
const struct entity asset_entity = {
    ENTITY_COMMON(asset, E_ASSET),
    .unit = asset_unit,
    .other = COLUMN_NONE,
    .readers = R_WORK,
    .writers = W_TECH,
    .check = asset_check,
    .sql = {ENTITY_SQL(asset, ASSET, WHEN_VALID, ORDER_CODE),
            ENTITY_FIND(asset, ASSET, "code = ?1 AND unit = ?2")},
};
STATE_DEFINE(asset)

bool state_asset_has_role(const struct state_asset *x, const char *role)
{
    struct slice rest = x->roles, word;

    while (slice_cut(&rest, ' ', &word))
        if (word.n && slice_is(word, role))
            return true;
    return false;
}
