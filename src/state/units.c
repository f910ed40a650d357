/* SPDX-License-Identifier: Apache-2.0 */
#include "state/units.h"

#include "lang/err_state.h"
#include "state/units_internal.h"

enum { DEPTH_MAX = 64, CLIMB_MAX = 1000, SUCCESSORS_MAX = 1000 };

#define UNIT(X, T)                                                                                 \
    X(T, kind, COL_NEED, 0)                                                                        \
    X(T, area, 0, 0)                                                                               \
    X(T, address, 0, 0)                                                                            \
    X(T, note, COL_MEMO, 0)                                                                        \
    X(T, valid_from, COL_NOW, 0)                                                                   \
    X(T, valid_to, COL_FOREVER, 0)                                                                 \
    X(T, invented, COL_FIXED, 0)
ENTITY_COLUMNS(unit, UNIT)
const struct entity unit_entity = {
    ENTITY_COMMON(unit, E_UNIT),
    .unit = COLUMN_NONE,
    .other = COLUMN_NONE,
    .flags = ENT_OPEN | ENT_INSIDE,
    .readers = R_OPEN,
    .writers = W_ADMIN,
    .sql = {[OP_INSERT] = SQL_INSERT(unit, UNIT),
            [OP_UPDATE] = SQL_UPDATE(unit, UNIT),
            [OP_GET] = SQL_GET(unit, UNIT),
            [OP_ROWS] = SQL_ROWS(unit, UNIT)},
};

#define UNIT_NAME(X, T)                                                                            \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, code, COL_NEED, 0)                                                                        \
    X(T, name, COL_NEED, 0)                                                                        \
    X(T, short_name, 0, 0)                                                                         \
    X(T, valid_from, COL_NOW, 0)                                                                   \
    X(T, valid_to, COL_FOREVER, 0)                                                                 \
    X(T, source, 0, 0)
ENTITY_COLUMNS(unit_name, UNIT_NAME)
const struct entity unit_name_entity = {
    ENTITY_COMMON(unit_name, E_UNIT_NAME),
    .unit = unit_name_unit,
    .other = COLUMN_NONE,
    .flags = ENT_OPEN | ENT_INSIDE,
    .readers = R_OPEN,
    .writers = W_ADMIN,
    .sql = {ENTITY_SQL(unit_name, UNIT_NAME, WHEN_VALID, "valid_from, id"),
            ENTITY_REF(unit_name, UNIT_NAME, "unit", WHEN_VALID, "valid_from, id")},
};
STATE_DEFINE(unit_name)

#define UNIT_LINK(X, T)                                                                            \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, other, COL_NEED, E_UNIT)                                                                  \
    X(T, kind, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, valid_from, COL_NOW, 0)                                                                   \
    X(T, valid_to, COL_FOREVER, 0)                                                                 \
    X(T, subject, 0, 0)                                                                            \
    X(T, source, 0, 0)

static int link_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                      struct err *err)
{
    const struct state_unit_link *x = row;

    (void)s, (void)a, (void)old;
    if (x->kind != STATE_LINK_LEAD)
        return err_fail(err, CE_DENIED, ERR_STATE_UNIT_LINK_MOVE_AND_SUCCEED);
    return 0;
}

ENTITY_COLUMNS(unit_link, UNIT_LINK)
const struct entity unit_link_entity = {
    ENTITY_COMMON(unit_link, E_UNIT_LINK),
    .unit = unit_link_unit,
    .other = COLUMN_NONE,
    .flags = ENT_OPEN,
    .readers = R_OPEN,
    .writers = W_ADMIN,
    .check = link_check,
    .sql = {ENTITY_SQL(unit_link, UNIT_LINK, WHEN_VALID, "kind, valid_from, id"),
            ENTITY_REF(unit_link, UNIT_LINK, "unit", WHEN_VALID, "kind, valid_from, id")},
};
STATE_DEFINE(unit_link)

/* The row of a unit's names or links that holds at `at`: 1, or 0 when there is none. */
static int row_at(struct state *s, enum sql_id sql, const struct entity *e, struct state_id unit,
                  int64_t at, struct arena *arena, void *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, sql, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &unit);
    db_bind_int(st, 2, at);
    r = db_step(st, err);
    if (r > 0) {
        entity_read(e, st, 0, ret);
        r = entity_keep(e, ret, arena) ? 1 : err_fail(err, CE_TOO_BIG, ERR_STATE_NO_ROOM_FOR_UNIT);
    }
    db_done(&st);
    return r;
}

/*
 * The name row that holds at `at`: the last begun, else (before the first) the first. Names follow
 * each other without gaps, and the last outlives the unit.
 */
static int name_at(struct state *s, struct state_id unit, int64_t at, struct arena *arena,
                   struct state_unit_name *ret, struct err *err)
{
    int r = row_at(s, SQL_UNIT_NAME_AT, &unit_name_entity, unit, at, arena, ret, err);

    return r == 0 ? err_fail(err, CE_CORRUPT, ERR_STATE_UNIT_NO_NAME) : CANH_MIN(r, 0);
}

/* The parent link that holds at `at`; ret->version 0 when there is none. */
static int parent_at(struct state *s, struct state_id unit, int64_t at, struct arena *arena,
                     struct state_unit_link *ret, struct err *err)
{
    *ret = (struct state_unit_link){.version = 0};
    return CANH_MIN(row_at(s, SQL_UNIT_PARENT_AT, &unit_link_entity, unit, at, arena, ret, err), 0);
}

int unit_facts(struct state *s, int64_t at, struct arena *arena, struct state_unit *x,
               struct err *err)
{
    struct state_unit_name name;
    struct state_unit_link parent;
    int r = name_at(s, x->id, at, arena, &name, err);

    if (r == 0)
        r = parent_at(s, x->id, at, arena, &parent, err);
    if (r < 0)
        return r;
    x->code = name.code;
    x->name = name.name;
    x->short_name = name.short_name;
    x->parent = parent.other;
    return 0;
}

static int code_is_free(struct state *s, struct state_id unit, struct slice code, int64_t from,
                        int64_t to, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_UNIT_CODE_TAKEN, &st, err);

    if (r < 0)
        return r;
    db_bind_text(st, 1, code);
    db_bind_id(st, 2, &unit);
    db_bind_int(st, 3, from);
    db_bind_int(st, 4, to);
    r = db_step(st, err);
    db_done(&st);
    if (r > 0)
        return err_fail(err, CE_EXISTS, ERR_STATE_ANOTHER_UNIT_CODE_AT_TIME, code);
    return r;
}

int state_unit_at(struct state *s, const struct state_actor *a, struct state_id id, int64_t at,
                  struct arena *arena, struct state_unit *ret, struct err *err)
{
    int r = entity_get(s, a, &unit_entity, id, arena, ret, err);

    return r < 0 ? r : unit_facts(s, at ? at : state_now(s), arena, ret, err);
}

int state_unit_get(struct state *s, const struct state_actor *a, struct state_id id,
                   struct arena *arena, struct state_unit *ret, struct err *err)
{
    return state_unit_at(s, a, id, 0, arena, ret, err);
}

int state_unit_find(struct state *s, const struct state_actor *a, struct state_id owner,
                    struct slice code, struct arena *arena, struct state_unit *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    struct state_id id;
    int r = state_stmt(s, SQL_UNIT_BY_CODE, &st, err);

    (void)owner;
    if (r < 0)
        return r;
    db_bind_text(st, 1, code);
    db_bind_int(st, 2, state_now(s));
    r = db_step(st, err);
    id = r > 0 ? db_id(st, 0) : STATE_ID_NONE;
    db_done(&st);
    if (r == 0)
        return err_fail(err, CE_NOT_FOUND, ERR_STATE_NO_UNIT, code);
    return r < 0 ? r : state_unit_get(s, a, id, arena, ret, err);
}

/* Up from `unit` at the instant, to `above` or to a root; *ret_levels: how many steps. */
static int units_climb(struct state *s, struct state_id unit, struct state_id above, int64_t at,
                       bool *ret_found, unsigned *ret_levels, struct err *err)
{
    struct arena arena = ARENA_INIT(1u << 20);
    unsigned i = 0;
    int r = 0;

    for (; r == 0 && i < CLIMB_MAX && !id_is_none(unit) && !id_eq(unit, above); i++) {
        struct state_unit_link link;

        arena_clear(&arena);
        r = parent_at(s, unit, at, &arena, &link, err);
        unit = link.other;
    }
    *ret_found = r == 0 && !id_is_none(unit) && id_eq(unit, above);
    *ret_levels = i;
    arena_done(&arena);
    return r;
}

bool state_unit_below(struct state *s, struct state_id unit, struct state_id above, int64_t at)
{
    unsigned levels;
    bool found;

    return units_climb(s, unit, above, at ? at : state_now(s), &found, &levels, NULL) == 0 && found;
}

static int may_write(struct state *s, const struct state_actor *a, struct state_id unit,
                     struct err *err)
{
    struct scope_view v;
    int r;

    if (a->role >= STATE_ROLE_MAX || !(W_ADMIN & 1u << a->role))
        return err_fail(err, CE_DENIED, ERR_STATE_ROLE_MAY_NOT_WRITE_UNIT,
                        state_role_to_str(a->role));
    r = scope_view(s, a, &v, err);
    if (r < 0 || v.all || scope_writes(&v, unit, false))
        return r;
    return err_fail(err, CE_DENIED, ERR_STATE_UNIT_OUTSIDE_ACTORS_SCOPE_2);
}

static int check_place_at(struct state *s, struct state_id id, struct state_id parent, int64_t at,
                          struct err *err)
{
    unsigned levels;
    bool found;
    int r = units_climb(s, parent, id, at, &found, &levels, err);

    if (r == 0 && found)
        r = err_fail(err, CE_CONFLICT, ERR_STATE_UNIT_CANNOT_BELOW_ITSELF);
    if (r == 0 && levels >= DEPTH_MAX)
        r = err_fail(err, CE_DEPTH, ERR_STATE_UNITS_NEST_DEEPER_THAN_LEVELS, DEPTH_MAX);
    return r;
}

/* A child that comes under the unit later would close a loop then: each time is looked at. */
static int check_place(struct state *s, struct state_id id, struct state_id parent, int64_t from,
                       struct err *err)
{
    struct db_stmt *st = NULL;
    int r = check_place_at(s, id, parent, from, err);

    if (r == 0)
        r = state_stmt(s, SQL_UNIT_CHILD, &st, err);
    if (r < 0)
        return r;
    db_bind_id(st, 1, &id);
    r = db_step(st, err);
    db_done(&st);
    if (r <= 0)
        return r; /* nothing is ever below it */
    r = state_stmt(s, SQL_PARENT_STARTS, &st, err);
    if (r < 0)
        return r;
    db_bind_int(st, 1, from);
    while (r == 0 && (r = db_step(st, err)) > 0)
        r = check_place_at(s, id, parent, db_int(st, 0), err);
    db_done(&st);
    return r;
}

static int add_name(struct state *s, const struct state_actor *a, const struct state_unit *x,
                    int64_t from, struct slice source, struct err *err)
{
    struct state_unit_name name = {
        .unit = x->id,
        .code = x->code,
        .name = x->name,
        .short_name = x->short_name,
        .valid_from = from,
        .source = source,
    };
    int r = code_is_free(s, x->id, x->code, from, x->valid_to, err);

    return r < 0 ? r : entity_write_inside(s, a, &unit_name_entity, &name, err);
}

static int add_link(struct state *s, const struct state_actor *a, struct state_id unit,
                    struct state_id other, enum state_link kind, int64_t from, struct slice source,
                    struct err *err)
{
    struct state_unit_link link = {
        .unit = unit,
        .other = other,
        .kind = kind,
        .valid_from = from,
        .source = source,
    };

    return entity_write_inside(s, a, &unit_link_entity, &link, err);
}

static int write_new(struct state *s, const struct state_actor *a, struct state_unit *x,
                     struct err *err)
{
    int r = may_write(s, a, x->parent, err); /* a root: only who sees everything */

    if (r == 0)
        r = entity_write_inside(s, a, &unit_entity, x, err);
    if (r == 0 && !id_is_none(x->parent))
        r = check_place_at(s, x->id, x->parent, x->valid_from, err);
    if (r == 0)
        r = add_name(s, a, x, x->valid_from, SLICE_NULL, err);
    if (r == 0 && !id_is_none(x->parent))
        r = add_link(s, a, x->id, x->parent, STATE_LINK_PARENT, x->valid_from, SLICE_NULL, err);
    return r;
}

/* A typing error in the name or parent that holds now: put right where it stands. */
static int correct_facts(struct state *s, const struct state_actor *a, const struct state_unit *x,
                         struct arena *arena, struct err *err)
{
    struct state_unit_name name;
    struct state_unit_link link = {0};
    int64_t now = state_now(s);
    int r = name_at(s, x->id, now, arena, &name, err);

    if (r == 0 && !(slice_eq(name.code, x->code) && slice_eq(name.name, x->name) &&
                    slice_eq(name.short_name, x->short_name))) {
        name.code = x->code;
        name.name = x->name;
        name.short_name = x->short_name;
        r = code_is_free(s, x->id, x->code, name.valid_from, name.valid_to, err);
        if (r == 0)
            r = entity_write_inside(s, a, &unit_name_entity, &name, err);
    }
    if (r == 0)
        r = parent_at(s, x->id, now, arena, &link, err);
    if (r < 0 || id_eq(link.other, x->parent))
        return r;
    if (id_is_none(x->parent))
        return err_fail(err, CE_DENIED, ERR_STATE_UNIT_BELOW_ANOTHER_DOES_NOT);
    r = may_write(s, a, x->parent, err);
    if (r == 0)
        r = check_place(s, x->id, x->parent, link.version ? link.valid_from : x->valid_from, err);
    if (r == 0 && link.version == 0)
        return add_link(s, a, x->id, x->parent, STATE_LINK_PARENT, x->valid_from, SLICE_NULL, err);
    link.other = x->parent;
    return r < 0 ? r : entity_write_inside(s, a, &unit_link_entity, &link, err);
}

int state_unit_put(struct state *s, const struct state_actor *a, struct state_unit *x,
                   struct err *err)
{
    struct arena arena = ARENA_INIT(1u << 20);
    struct state_unit before = *x;
    int r = write_begin(s, err);

    if (r < 0)
        return r;
    if (x->version == 0) {
        r = write_new(s, a, x, err);
    } else {
        r = may_write(s, a, x->id, err);
        if (r == 0)
            r = correct_facts(s, a, x, &arena, err);
        if (r == 0)
            r = entity_write_inside(s, a, &unit_entity, x, err);
    }
    r = write_end(s, r, err);
    if (r < 0)
        *x = before;
    scope_forget(&s->scope);
    arena_done(&arena);
    return r;
}

int state_unit_drop(struct state *s, const struct state_actor *a, struct state_id id,
                    int64_t version, struct err *err)
{
    return entity_drop(s, a, &unit_entity, id, version, err); /* refuses: units end */
}

/* Loads a unit to change it: scope, version, and the row itself is touched so that its version
 * counts every change of its facts. */
static int units_touch(struct state *s, const struct state_actor *a, struct state_id id,
                       int64_t version, struct arena *arena, struct state_unit *x, struct err *err)
{
    int r = may_write(s, a, id, err);

    if (r == 0)
        r = state_unit_at(s, a, id, 0, arena, x, err);
    if (r == 0 && x->version != version)
        r = err_fail(err, CE_CONFLICT, ERR_STATE_UNIT_WAS_CHANGED_MEANWHILE_VERSION, version,
                     x->version);
    return r < 0 ? r : entity_write_inside(s, a, &unit_entity, x, err);
}

static int rename_inside(struct state *s, const struct state_actor *a, struct state_unit *x,
                         struct slice code, struct slice name, struct slice short_name,
                         int64_t from, struct slice source, struct arena *arena, struct err *err)
{
    struct state_unit_name last;
    int r = name_at(s, x->id, INT64_MAX, arena, &last, err);

    if (r == 0 && from <= last.valid_from)
        r = err_fail(err, CE_CONFLICT, ERR_STATE_UNIT_NAME_FROM_TIME_OR);
    if (r < 0)
        return r;
    last.valid_to = from;
    r = entity_write_inside(s, a, &unit_name_entity, &last, err);
    x->code = code.n ? code : last.code;
    x->name = name.n ? name : last.name;
    x->short_name = short_name;
    return r < 0 ? r : add_name(s, a, x, from, source, err);
}

int state_unit_rename(struct state *s, const struct state_actor *a, struct state_id id,
                      int64_t version, struct slice code, struct slice name,
                      struct slice short_name, int64_t from, struct slice source, struct err *err)
{
    struct arena arena = ARENA_INIT(1u << 20);
    struct state_unit x;
    int r = write_begin(s, err);

    if (r < 0)
        return r;
    r = units_touch(s, a, id, version, &arena, &x, err);
    if (r == 0)
        r = rename_inside(s, a, &x, code, name, short_name, from ? from : state_now(s), source,
                          &arena, err);
    r = write_end(s, r, err);
    arena_done(&arena);
    return r;
}

static int move_inside(struct state *s, const struct state_actor *a, struct state_id id,
                       struct state_id parent, int64_t from, struct slice source,
                       struct arena *arena, struct err *err)
{
    struct state_unit_link last = {0};
    int r = may_write(s, a, parent, err);

    if (r == 0)
        r = check_place(s, id, parent, from, err);
    if (r == 0)
        r = parent_at(s, id, INT64_MAX - 1, arena, &last, err);
    if (r == 0 && last.version != 0 && from <= last.valid_from)
        r = err_fail(err, CE_CONFLICT, ERR_STATE_UNIT_PARENT_FROM_TIME_OR);
    if (r == 0 && last.version != 0) {
        last.valid_to = from;
        r = entity_write_inside(s, a, &unit_link_entity, &last, err);
    }
    return r < 0 ? r : add_link(s, a, id, parent, STATE_LINK_PARENT, from, source, err);
}

int state_unit_move(struct state *s, const struct state_actor *a, struct state_id id,
                    int64_t version, struct state_id parent, int64_t from, struct slice source,
                    struct err *err)
{
    struct arena arena = ARENA_INIT(1u << 20);
    struct state_unit x;
    int r = write_begin(s, err);

    if (r < 0)
        return r;
    r = units_touch(s, a, id, version, &arena, &x, err);
    if (r == 0)
        r = move_inside(s, a, id, parent, from ? from : state_now(s), source, &arena, err);
    r = write_end(s, r, err);
    scope_forget(&s->scope);
    arena_done(&arena);
    return r;
}

int state_unit_succeed(struct state *s, const struct state_actor *a, struct state_id id,
                       int64_t version, const struct state_id *successors, size_t n, int64_t at,
                       struct slice source, struct err *err)
{
    struct arena arena = ARENA_INIT(1u << 20);
    struct state_unit x;
    int r;

    if (n == 0 || n > SUCCESSORS_MAX)
        return err_fail(err, CE_RANGE, ERR_STATE_SUCCESSORS, n);
    for (size_t i = 0; i < n; i++)
        if (id_eq(successors[i], id))
            return err_fail(err, CE_CONFLICT, ERR_STATE_UNIT_DOES_NOT_SUCCEED_ITSELF);
    at = at ? at : state_now(s);
    r = write_begin(s, err);
    if (r < 0)
        return r;
    r = may_write(s, a, id, err);
    if (r == 0)
        r = state_unit_at(s, a, id, 0, &arena, &x, err);
    if (r == 0 && x.version != version)
        r = err_fail(err, CE_CONFLICT, ERR_STATE_UNIT_WAS_CHANGED_MEANWHILE_READ);
    if (r == 0 && at <= x.valid_from)
        r = err_fail(err, CE_RANGE, ERR_STATE_UNIT_WOULD_END_BEFORE_BEGINS);
    if (r == 0) {
        x.valid_to = at;
        r = entity_write_inside(s, a, &unit_entity, &x, err);
    }
    for (size_t i = 0; r == 0 && i < n; i++) {
        r = may_write(s, a, successors[i], err);
        if (r == 0)
            r = add_link(s, a, id, successors[i], STATE_LINK_SUCCESSOR, at, source, err);
    }
    r = write_end(s, r, err);
    scope_forget(&s->scope);
    arena_done(&arena);
    return r;
}
