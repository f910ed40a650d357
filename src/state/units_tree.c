/* SPDX-License-Identifier: Apache-2.0 */
/* Units as a listing: all that are valid at an instant, in the order of the tree. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "lang/err_state.h"
#include "state/units_internal.h"

/* Rows of the listing, with what is needed to put them into tree order. */
struct node {
    struct state_unit unit;
    uint32_t up, first, next; /* parent, child, sibling; UINT32_MAX: none */
    bool listed;
};

struct forest {
    struct node *v;
    size_t n, cap;
};

static int units_tree_collect(void *u, const struct state_unit *x, struct arena *arena,
                              struct err *err)
{
    struct forest *f = u;

    if (!array_room(f->v, f->n, f->cap, SIZE_MAX))
        return err_nomem(err);
    f->v[f->n] = (struct node){*x, UINT32_MAX, UINT32_MAX, UINT32_MAX, false};
    if (!entity_keep(&unit_entity, &f->v[f->n].unit, arena))
        return err_fail(err, CE_TOO_BIG, ERR_STATE_TOO_MANY_UNITS);
    f->n++;
    return 0;
}

static int by_id(const void *pa, const void *pb)
{
    return id_cmp(((const struct node *)pa)->unit.id, ((const struct node *)pb)->unit.id);
}

static uint32_t node_find(const struct forest *f, struct state_id id)
{
    struct node key = {.unit = {.id = id}};
    const struct node *at = f->n ? bsearch(&key, f->v, f->n, sizeof(key), by_id) : NULL;

    return at ? (uint32_t)(at - f->v) : UINT32_MAX;
}

/* What unit_facts() says of one unit, of all at once: a name that begins later replaces one that
 * begins before, as long as it has begun. */
static int collect_names(struct state *s, int64_t at, struct arena *arena, struct forest *f,
                         struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_UNIT_NAMES, &st, err);

    while (r == 0 && (r = db_step(st, err)) > 0) {
        struct state_unit_name name;
        uint32_t i;

        r = 0;
        entity_read(&unit_name_entity, st, 0, &name);
        i = node_find(f, name.unit);
        if (i == UINT32_MAX || (f->v[i].unit.code.n > 0 && name.valid_from > at))
            continue;
        if (!entity_keep(&unit_name_entity, &name, arena))
            r = err_fail(err, CE_TOO_BIG, ERR_STATE_NO_ROOM_FOR_UNIT);
        f->v[i].unit.code = name.code;
        f->v[i].unit.name = name.name;
        f->v[i].unit.short_name = name.short_name;
    }
    db_done(&st);
    for (size_t i = 0; r == 0 && i < f->n; i++)
        if (f->v[i].unit.code.n == 0)
            r = err_fail(err, CE_CORRUPT, ERR_STATE_UNIT_NO_NAME);
    return r;
}

static int collect_parents(struct state *s, int64_t at, struct forest *f, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_UNIT_PARENTS, &st, err);

    if (r < 0)
        return r;
    db_bind_int(st, 1, at);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        uint32_t i = node_find(f, db_id(st, 0));

        r = 0;
        if (i != UINT32_MAX)
            f->v[i].unit.parent = db_id(st, 1);
    }
    db_done(&st);
    return r;
}

static int collect_all(struct state *s, int64_t at, struct arena *arena, struct forest *f,
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
        r = units_tree_collect(f, &x, arena, err);
    }
    db_done(&st);
    if (f->n)
        qsort(f->v, f->n, sizeof(*f->v), by_id);
    if (r == 0)
        r = collect_names(s, at, arena, f, err);
    return r == 0 ? collect_parents(s, at, f, err) : r;
}

static int by_code(const void *pa, const void *pb)
{
    const struct node *a = *(const struct node *const *)pa, *b = *(const struct node *const *)pb;
    int c = slice_cmp(a->unit.code, b->unit.code);

    return c ? c : id_cmp(a->unit.id, b->unit.id);
}

/* Chains children under their parents, codes ascending; returns the chain of roots. */
static int units_tree_chain(struct forest *f, uint32_t *ret_roots, struct err *err)
{
    struct node **order = malloc((f->n + 1) * sizeof(struct node *));
    uint32_t roots = UINT32_MAX;

    if (order == NULL)
        return err_nomem(err);
    for (size_t i = 0; i < f->n; i++)
        order[i] = &f->v[i];
    if (f->n)
        qsort(order, f->n, sizeof(*order), by_code);
    for (size_t i = f->n; i-- > 0;) { /* pushing in front, so the last code first */
        uint32_t parent =
            id_is_none(order[i]->unit.parent) ? UINT32_MAX : node_find(f, order[i]->unit.parent);
        uint32_t *list = parent == UINT32_MAX ? &roots : &f->v[parent].first;

        order[i]->up = parent;
        order[i]->next = *list;
        *list = (uint32_t)(order[i] - f->v);
    }
    free(order);
    *ret_roots = roots;
    return 0;
}

static void append_node(struct node *x, uint32_t depth, struct state_unit *to, size_t *n)
{
    to[*n] = x->unit;
    to[(*n)++].depth = depth;
    x->listed = true;
}

/* Writes the tree in order. Units in a loop of parents, which no put makes, come last, so that
 * they are seen. */
static size_t units_tree_flatten(struct forest *f, uint32_t roots, struct state_unit *to)
{
    uint32_t at = roots, depth = 0;
    size_t n = 0;

    while (at != UINT32_MAX) {
        append_node(&f->v[at], depth, to, &n);
        if (f->v[at].first != UINT32_MAX) {
            at = f->v[at].first;
            depth++;
            continue;
        }
        while (f->v[at].next == UINT32_MAX && f->v[at].up != UINT32_MAX) {
            at = f->v[at].up;
            depth--;
        }
        at = f->v[at].next;
    }
    for (size_t i = 0; i < f->n; i++)
        if (!f->v[i].listed)
            append_node(&f->v[i], 0, to, &n);
    return n;
}

static int read_tree(struct state *s, int64_t at, struct arena *arena, struct state_unit **ret,
                     size_t *ret_n, struct err *err)
{
    struct forest f = {NULL, 0, 0};
    struct state_unit *rows = NULL;
    uint32_t roots = UINT32_MAX;
    int r = collect_all(s, at, arena, &f, err);

    if (r == 0)
        r = units_tree_chain(&f, &roots, err);
    if (r == 0) {
        rows = arena_alloc(arena, (f.n + 1) * sizeof(*rows));
        if (rows == NULL)
            r = err_fail(err, CE_TOO_BIG, ERR_STATE_TOO_MANY_UNITS);
    }
    if (r == 0) {
        *ret_n = units_tree_flatten(&f, roots, rows);
        *ret = rows;
    }
    free(f.v);
    return r;
}

int state_units_at(struct state *s, const struct state_actor *a, int64_t at, struct arena *arena,
                   struct state_unit **ret, size_t *ret_n, struct err *err)
{
    const struct units_kept *kept;
    struct units_mark mark;
    int r;

    if (a->role <= STATE_ROLE_NONE || a->role >= STATE_ROLE_MAX)
        return err_fail(err, CE_DENIED, ERR_STATE_NO_ROLE);
    at = at ? at : state_now(s);
    r = units_mark_read(s, &mark, err);
    if (r < 0)
        return r;
    kept = units_kept_find(s, &mark, at);
    if (kept == NULL) {
        r = read_tree(s, at, arena, ret, ret_n, err);
        if (r == 0)
            units_kept_add(s, &mark, at, *ret, *ret_n);
        return r;
    }
    *ret_n = kept->count;
    return units_copy(kept->rows, kept->count, arena, ret)
               ? 0
               : err_fail(err, CE_TOO_BIG, ERR_STATE_TOO_MANY_UNITS);
}

size_t state_units_run(const struct state_unit *units, size_t n, struct state_id above,
                       size_t *ret_from)
{
    size_t from = 0, until;

    while (from < n && !id_eq(units[from].id, above))
        from++;
    until = from;
    while (until < n && (until == from || units[until].depth > units[from].depth))
        until++;
    *ret_from = from;
    return until - from;
}

int state_unit_list(struct state *s, const struct state_actor *a, const struct state_query *q,
                    struct arena *arena, struct state_unit **ret, size_t *ret_n, struct err *err)
{
    struct state_unit *v = NULL;
    size_t n = 0, from = 0;
    int r = state_units_at(s, a, q && q->from ? q->from : 0, arena, &v, &n, err);

    if (r < 0)
        return r;
    if (q && !id_is_none(q->unit)) {
        n = state_units_run(v, n, q->unit, &from);
        n = q->below ? n : CANH_MIN(n, (size_t)1);
    }
    *ret = v + from;
    *ret_n = q && q->limit ? CANH_MIN(n, q->limit) : n;
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
