/* SPDX-License-Identifier: Apache-2.0 */
#include "state/units.h"

#include <stdlib.h>
#include <string.h>

#include "state/internal.h"

enum { DEPTH_MAX = 64, SUCCESSORS_MAX = 1000 };

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
        return err_set(err, CE_DENIED, "unit_link: move and succeed write links of this kind");
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

/* -- facts with validity --------------------------------------------------------------------- */

/*
 * The name row that holds at `at`: the last begun, else (before the first) the first. Names follow
 * each other without gaps, and the last outlives the unit.
 */
static int name_at(struct state *s, struct state_id unit, int64_t at, struct arena *arena,
                   struct state_unit_name *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_UNIT_NAME_AT, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &unit);
    db_bind_int(st, 2, at);
    r = db_step(st, err);
    if (r > 0) {
        entity_read(&unit_name_entity, st, 0, ret);
        r = entity_keep(&unit_name_entity, ret, arena)
                ? 0
                : err_set(err, CE_TOO_BIG, "no room for a unit's name");
    } else if (r == 0) {
        r = err_set(err, CE_CORRUPT, "a unit has no name");
    }
    db_done(&st);
    return r;
}

/* The parent link that holds at `at`; ret->version 0 when there is none. */
static int parent_at(struct state *s, struct state_id unit, int64_t at, struct arena *arena,
                     struct state_unit_link *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_UNIT_PARENT_AT, &st, err);

    *ret = (struct state_unit_link){.version = 0};
    if (r < 0)
        return r;
    db_bind_id(st, 1, &unit);
    db_bind_int(st, 2, at);
    r = db_step(st, err);
    if (r > 0) {
        entity_read(&unit_link_entity, st, 0, ret);
        r = entity_keep(&unit_link_entity, ret, arena)
                ? 0
                : err_set(err, CE_TOO_BIG, "no room for a unit's parent");
    }
    db_done(&st);
    return r;
}

static int fill_facts(struct state *s, int64_t at, struct arena *arena, struct state_unit *x,
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
        return err_set(err, CE_EXISTS, "another unit has the code " SLICE_FMT " at that time",
                       SLICE_ARG(code));
    return r;
}

/* -- reading --------------------------------------------------------------------------------- */

int state_unit_at(struct state *s, const struct state_actor *a, struct state_id id, int64_t at,
                  struct arena *arena, struct state_unit *ret, struct err *err)
{
    int r = entity_get(s, a, &unit_entity, id, arena, ret, err);

    return r < 0 ? r : fill_facts(s, at ? at : state_now(s), arena, ret, err);
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
        return err_set(err, CE_NOT_FOUND, "no unit " SLICE_FMT, SLICE_ARG(code));
    return r < 0 ? r : state_unit_get(s, a, id, arena, ret, err);
}

/* Rows of the listing, with what is needed to put them into tree order. */
struct node {
    struct state_unit unit;
    uint32_t first, next; /* child, sibling; UINT32_MAX: none */
    bool has_parent;
};

struct forest {
    struct node *v;
    size_t n, cap;
};

static int gather(void *u, const struct state_unit *x, struct arena *arena, struct err *err)
{
    struct forest *f = u;

    if (f->n == f->cap) {
        size_t cap = f->cap ? 2 * f->cap : 256;
        struct node *more = realloc(f->v, cap * sizeof(*more));

        if (more == NULL)
            return err_set(err, CE_NOMEM, "units");
        f->v = more;
        f->cap = cap;
    }
    f->v[f->n] = (struct node){*x, UINT32_MAX, UINT32_MAX, false};
    if (!entity_keep(&unit_entity, &f->v[f->n].unit, arena))
        return err_set(err, CE_TOO_BIG, "too many units");
    f->n++;
    return 0;
}

static int gather_all(struct state *s, int64_t at, struct arena *arena, struct forest *f,
                      struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_UNITS_AT, &st, err);

    if (r < 0)
        return r;
    db_bind_int(st, 1, at);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        struct state_unit x;

        entity_read(&unit_entity, st, 0, &x);
        r = gather(f, &x, arena, err);
    }
    db_done(&st);
    for (size_t i = 0; r == 0 && i < f->n; i++)
        r = fill_facts(s, at, arena, &f->v[i].unit, err);
    return r;
}

static int by_id(const void *pa, const void *pb)
{
    return id_cmp(((const struct node *)pa)->unit.id, ((const struct node *)pb)->unit.id);
}

static int by_code(const void *pa, const void *pb)
{
    const struct node *a = *(const struct node *const *)pa, *b = *(const struct node *const *)pb;
    int c = slice_cmp(a->unit.code, b->unit.code);

    return c ? c : id_cmp(a->unit.id, b->unit.id);
}

static uint32_t node_find(const struct forest *f, struct state_id id)
{
    struct node key = {.unit = {.id = id}};
    const struct node *at = f->n ? bsearch(&key, f->v, f->n, sizeof(key), by_id) : NULL;

    return at ? (uint32_t)(at - f->v) : UINT32_MAX;
}

/* Chains children under their parents, codes ascending; returns the chain of roots. */
static int chain(struct forest *f, uint32_t *ret_roots, struct err *err)
{
    struct node **order = malloc((f->n + 1) * sizeof(struct node *));
    uint32_t roots = UINT32_MAX;

    if (order == NULL)
        return err_set(err, CE_NOMEM, "units");
    if (f->n)
        qsort(f->v, f->n, sizeof(*f->v), by_id);
    for (size_t i = 0; i < f->n; i++)
        order[i] = &f->v[i];
    if (f->n)
        qsort(order, f->n, sizeof(*order), by_code);
    for (size_t i = f->n; i-- > 0;) { /* pushing in front, so the last code first */
        uint32_t parent =
            id_is_none(order[i]->unit.parent) ? UINT32_MAX : node_find(f, order[i]->unit.parent);
        uint32_t *list = parent == UINT32_MAX ? &roots : &f->v[parent].first;

        order[i]->has_parent = parent != UINT32_MAX;
        order[i]->next = *list;
        *list = (uint32_t)(order[i] - f->v);
    }
    free(order);
    *ret_roots = roots;
    return 0;
}

/* Writes the tree in order. Units in a loop of parents (impossible by put) would be left out. */
static size_t flatten(struct forest *f, uint32_t roots, struct state_unit *to)
{
    uint32_t path[DEPTH_MAX];
    unsigned depth = 0;
    uint32_t at = roots;
    size_t n = 0;

    for (;;) {
        if (at == UINT32_MAX) {
            if (depth == 0)
                return n;
            at = f->v[path[--depth]].next;
            continue;
        }
        to[n] = f->v[at].unit;
        to[n++].depth = depth;
        if (f->v[at].first != UINT32_MAX && depth < DEPTH_MAX) {
            path[depth++] = at;
            at = f->v[at].first;
        } else {
            at = f->v[at].next;
        }
    }
}

int state_units_at(struct state *s, const struct state_actor *a, int64_t at, struct arena *arena,
                   struct state_unit **ret, size_t *ret_n, struct err *err)
{
    struct forest f = {NULL, 0, 0};
    struct state_unit *rows = NULL;
    uint32_t roots = UINT32_MAX;
    int r;

    if (a->role <= STATE_ROLE_NONE || a->role >= STATE_ROLE_MAX)
        return err_set(err, CE_DENIED, "no role");
    r = gather_all(s, at ? at : state_now(s), arena, &f, err);
    if (r == 0)
        r = chain(&f, &roots, err);
    if (r == 0) {
        rows = arena_alloc(arena, (f.n + 1) * sizeof(*rows));
        if (rows == NULL)
            r = err_set(err, CE_TOO_BIG, "too many units");
    }
    if (r == 0) {
        *ret_n = flatten(&f, roots, rows);
        *ret = rows;
    }
    free(f.v);
    return r;
}

static bool query_takes(struct state *s, const struct state_query *q, struct state_id unit)
{
    if (q == NULL || id_is_none(q->unit) || id_eq(q->unit, unit))
        return true;
    return q->below && state_unit_below(s, unit, q->unit, 0);
}

int state_unit_list(struct state *s, const struct state_actor *a, const struct state_query *q,
                    struct arena *arena, struct state_unit **ret, size_t *ret_n, struct err *err)
{
    size_t n = 0, kept = 0;
    struct state_unit *v = NULL;
    int r = state_units_at(s, a, q && q->from ? q->from : 0, arena, &v, &n, err);

    if (r < 0)
        return r;
    for (size_t i = 0; i < n && (q == NULL || q->limit == 0 || kept < q->limit); i++)
        if (query_takes(s, q, v[i].id))
            v[kept++] = v[i];
    *ret = v;
    *ret_n = kept;
    return 0;
}

int state_unit_each(struct state *s, const struct state_actor *a, const struct state_query *q,
                    int (*fn)(void *u, const struct state_unit *x), void *u, struct err *err)
{
    struct arena arena = ARENA_INIT(64u << 20);
    struct state_unit *v = NULL;
    size_t n = 0;
    int r = state_unit_list(s, a, q, &arena, &v, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++)
        r = fn(u, &v[i]);
    arena_done(&arena);
    return r;
}

bool state_unit_below(struct state *s, struct state_id unit, struct state_id above, int64_t at)
{
    struct arena arena = ARENA_INIT(1u << 20);
    bool found = id_eq(unit, above);
    int64_t t = at ? at : state_now(s);

    for (unsigned i = 0; !found && i < DEPTH_MAX && !id_is_none(unit); i++) {
        struct state_unit_link link;

        if (parent_at(s, unit, t, &arena, &link, NULL) < 0)
            break;
        unit = link.other;
        found = id_eq(unit, above);
    }
    arena_done(&arena);
    return found;
}

/* -- writing --------------------------------------------------------------------------------- */

static int may_write(struct state *s, const struct state_actor *a, struct state_id unit,
                     struct err *err)
{
    struct scope_view v;
    int r;

    if (a->role >= STATE_ROLE_MAX || !(W_ADMIN & 1u << a->role))
        return err_set(err, CE_DENIED, "role %s may not write unit", state_role_to_str(a->role));
    r = scope_view(s, a, &v, err);
    if (r < 0 || v.all || scope_writes(&v, unit, false))
        return r;
    return err_set(err, CE_DENIED, "unit outside the actor's scope");
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

    return r < 0 ? r : entity_put_inside(s, a, &unit_name_entity, &name, err);
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

    return entity_put_inside(s, a, &unit_link_entity, &link, err);
}

static int put_new(struct state *s, const struct state_actor *a, struct state_unit *x,
                   struct err *err)
{
    int r = may_write(s, a, x->parent, err); /* a root: only who sees everything */

    if (r == 0)
        r = entity_put_inside(s, a, &unit_entity, x, err);
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
            r = entity_put_inside(s, a, &unit_name_entity, &name, err);
    }
    if (r == 0)
        r = parent_at(s, x->id, now, arena, &link, err);
    if (r < 0 || id_eq(link.other, x->parent))
        return r;
    if (id_is_none(x->parent))
        return err_set(err, CE_DENIED, "a unit below another does not become a root by put");
    r = may_write(s, a, x->parent, err);
    if (r == 0 && state_unit_below(s, x->parent, x->id, now))
        r = err_set(err, CE_CONFLICT, "a unit cannot be below itself");
    if (r == 0 && link.version == 0)
        return add_link(s, a, x->id, x->parent, STATE_LINK_PARENT, x->valid_from, SLICE_NULL, err);
    link.other = x->parent;
    return r < 0 ? r : entity_put_inside(s, a, &unit_link_entity, &link, err);
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
        r = put_new(s, a, x, err);
    } else {
        r = may_write(s, a, x->id, err);
        if (r == 0)
            r = correct_facts(s, a, x, &arena, err);
        if (r == 0)
            r = entity_put_inside(s, a, &unit_entity, x, err);
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
static int touch(struct state *s, const struct state_actor *a, struct state_id id, int64_t version,
                 struct arena *arena, struct state_unit *x, struct err *err)
{
    int r = may_write(s, a, id, err);

    if (r == 0)
        r = state_unit_at(s, a, id, 0, arena, x, err);
    if (r == 0 && x->version != version)
        r = err_set(err, CE_CONFLICT,
                    "unit was changed meanwhile (version %lld, now %lld): read it again",
                    (long long)version, (long long)x->version);
    return r < 0 ? r : entity_put_inside(s, a, &unit_entity, x, err);
}

static int rename_inside(struct state *s, const struct state_actor *a, struct state_unit *x,
                         struct slice code, struct slice name, struct slice short_name,
                         int64_t from, struct slice source, struct arena *arena, struct err *err)
{
    struct state_unit_name last;
    int r = name_at(s, x->id, INT64_MAX, arena, &last, err);

    if (r == 0 && from <= last.valid_from)
        r = err_set(err, CE_CONFLICT, "the unit has a name from that time or later already");
    if (r < 0)
        return r;
    last.valid_to = from;
    r = entity_put_inside(s, a, &unit_name_entity, &last, err);
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
    r = touch(s, a, id, version, &arena, &x, err);
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

    if (r == 0 && state_unit_below(s, parent, id, from))
        r = err_set(err, CE_CONFLICT, "a unit cannot be below itself");
    if (r == 0)
        r = parent_at(s, id, INT64_MAX - 1, arena, &last, err);
    if (r == 0 && last.version != 0 && from <= last.valid_from)
        r = err_set(err, CE_CONFLICT, "the unit has a parent from that time or later already");
    if (r == 0 && last.version != 0) {
        last.valid_to = from;
        r = entity_put_inside(s, a, &unit_link_entity, &last, err);
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
    r = touch(s, a, id, version, &arena, &x, err);
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
        return err_set(err, CE_RANGE, "%zu successors", n);
    at = at ? at : state_now(s);
    r = write_begin(s, err);
    if (r < 0)
        return r;
    r = may_write(s, a, id, err);
    if (r == 0)
        r = state_unit_at(s, a, id, 0, &arena, &x, err);
    if (r == 0 && x.version != version)
        r = err_set(err, CE_CONFLICT, "unit was changed meanwhile: read it again");
    if (r == 0) {
        x.valid_to = at;
        r = entity_put_inside(s, a, &unit_entity, &x, err);
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
