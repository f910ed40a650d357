/* SPDX-License-Identifier: Apache-2.0 */
/* Rows one by one and in order, as far as the reader may see them. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "lang/err_state.h"
#include "state/entity_internal.h"

int entity_stmt(struct state *s, const struct entity *e, enum entity_op op, struct db_stmt **ret,
                struct err *err)
{
    if (e->sql[op] == NULL)
        return err_fail(err, CE_UNKNOWN, ERR_STATE_NO_SUCH_WAY_LOOK_UP, noun_of(e));
    return db_stmt(s->db, SQL_MAX + (unsigned)e->id * OP_MAX + op, e->sql[op], ret, err);
}

/* Steps to the one row of a bound statement. arena NULL: texts are not kept, and emptied. */
static int read_one(const struct entity *e, struct db_stmt *st, struct arena *arena, void *row,
                    struct err *err)
{
    int r = db_step(st, err);

    if (r < 0)
        return r;
    if (r == 0)
        return err_fail(err, CE_NOT_FOUND, ERR_STATE_NO_SUCH, noun_of(e));
    entity_read(e, st, 0, row);
    if (arena == NULL) {
        for (unsigned i = 0; i < e->column_count; i++)
            if (e->columns[i].type == COL_SLICE)
                *(struct slice *)column_field_of(&e->columns[i], row) = SLICE_NULL;
    } else if (!entity_keep(e, row, arena)) {
        return err_fail(err, CE_TOO_BIG, ERR_STATE_NO_ROOM_FOR_TEXTS, noun_of(e));
    }
    return 0;
}

int entity_load(struct state *s, const struct entity *e, struct state_id id, struct arena *arena,
                void *row, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = entity_stmt(s, e, OP_GET, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &id);
    r = read_one(e, st, arena, row, err);
    db_done(&st);
    return r;
}

/* Ciphertext stays in this room. */
static void hide_secrets(const struct entity *e, void *row)
{
    for (unsigned i = 0; i < e->column_count; i++)
        if (e->columns[i].flags & COL_SECRET)
            *(struct slice *)column_field_of(&e->columns[i], row) = SLICE_NULL;
}

static int denied_unless_readable(struct state *s, const struct state_actor *a,
                                  const struct entity *e, void *row, struct err *err)
{
    if (entity_readable(s, a, e, row)) {
        hide_secrets(e, row);
        return 0;
    }
    memset(row, 0, e->size);
    return err_fail(err, CE_DENIED, ERR_STATE_UNIT_OUTSIDE_ACTORS_SCOPE, noun_of(e));
}

int entity_get(struct state *s, const struct state_actor *a, const struct entity *e,
               struct state_id id, struct arena *arena, void *row, struct err *err)
{
    int r = entity_may(a, e, false, err);

    if (r == 0)
        r = entity_load(s, e, id, arena, row, err);
    return r < 0 ? r : denied_unless_readable(s, a, e, row, err);
}

int entity_find(struct state *s, const struct state_actor *a, const struct entity *e,
                struct state_id owner, struct slice code, struct arena *arena, void *row,
                struct err *err)
{
    struct db_stmt *st = NULL;
    int r = entity_may(a, e, false, err);

    if (r == 0)
        r = entity_stmt(s, e, OP_FIND, &st, err);
    if (r < 0)
        return r;
    db_bind_text(st, 1, code);
    if (!id_is_none(owner))
        db_bind_id(st, 2, &owner);
    r = read_one(e, st, arena, row, err);
    db_done(&st);
    return r < 0 ? r : denied_unless_readable(s, a, e, row, err);
}

struct walk {
    struct state *s;
    const struct state_actor *a;
    const struct entity *e;
    const struct state_query *q;
    int (*fn)(void *u, const void *row);
    void *u;
    size_t count;
    bool filter;                  /* ask the scope for every row */
    const struct state_id *units; /* when walking unit by unit: all of them, by id */
    size_t unit_count;
};

static bool in_units(const struct walk *w, struct state_id unit)
{
    size_t lo = 0, hi = w->unit_count;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int c = id_cmp(w->units[mid], unit);

        if (c == 0)
            return true;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

static int walk_rows(struct walk *w, enum entity_op op, const struct state_id *key, struct err *err)
{
    _Alignas(16) uint8_t row[ROW_MAX];
    struct db_stmt *st = NULL;
    bool any = w->q->from == 0 && w->q->to == 0;
    int r = entity_stmt(w->s, w->e, op, &st, err);

    if (r < 0)
        return r;
    db_bind_int(st, 1, any ? INT64_MIN : w->q->from);
    db_bind_int(st, 2, any ? INT64_MAX : w->q->to);
    if (key != NULL)
        db_bind_id(st, 3, key);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        r = 0;
        entity_read(w->e, st, 0, row);
        if (w->filter && !entity_readable(w->s, w->a, w->e, row))
            continue;
        if (op == OP_REF && w->units != NULL && !in_units(w, row_unit(w->e, row)) &&
            (w->e->other == COLUMN_NONE || !in_units(w, row_other(w->e, row))))
            continue;
        /* A row of two units is told once, under the first. */
        if (op == OP_UNIT && w->e->other != COLUMN_NONE && !id_eq(row_unit(w->e, row), *key) &&
            in_units(w, row_unit(w->e, row)))
            continue;
        if (w->q->limit && w->count == w->q->limit)
            break;
        w->count++;
        hide_secrets(w->e, row);
        r = w->fn(w->u, row);
    }
    db_done(&st);
    return r;
}

/* The units to walk: those the actor sees, within the query's unit. *ret NULL: all there are. */
static int units_to_walk(struct state *s, const struct state_actor *a, const struct entity *e,
                         const struct state_query *q, struct state_id **ret, size_t *ret_n,
                         struct err *err)
{
    struct scope_view v;
    uint64_t *below = NULL;
    uint32_t root;
    size_t n = 0;
    int r = scope_view(s, a, &v, err);

    *ret = NULL;
    *ret_n = 0;
    if (r < 0)
        return r;
    if (e->flags & ENT_OPEN)
        v.all = true;
    if (v.all && id_is_none(q->unit))
        return 0;
    if (!id_is_none(q->unit) && !q->below) { /* the common question: without looking at the tree */
        *ret = malloc(sizeof(**ret));
        if (*ret == NULL)
            return err_nomem(err);
        **ret = q->unit;
        *ret_n = scope_sees(&v, q->unit) ? 1 : 0;
        return 0;
    }
    *ret = malloc((s->scope.count + 1) * sizeof(**ret));
    below = calloc(s->scope.count / 64 + 1, sizeof(*below));
    if (*ret == NULL || below == NULL)
        r = err_nomem(err);
    if (r == 0 && !id_is_none(q->unit)) {
        root = scope_find(&s->scope, q->unit);
        if (root != SCOPE_NONE)
            r = scope_below(&s->scope, root, below, err);
    }
    for (uint32_t i = 0; r == 0 && *ret && below && i < s->scope.count; i++) {
        bool wanted = id_is_none(q->unit) || (below[i / 64] >> (i % 64) & 1);

        if (wanted && scope_sees_at(&v, i))
            (*ret)[n++] = s->scope.units[i].id;
    }
    free(below);
    *ret_n = n;
    return r;
}

int entity_each(struct state *s, const struct state_actor *a, const struct entity *e,
                const struct state_query *q, int (*fn)(void *u, const void *row), void *u,
                struct err *err)
{
    static const struct state_query everything;
    struct walk w = {s, a, e, q ? q : &everything, fn, u, 0, false, NULL, 0};
    struct state_id *units = NULL;
    int r = entity_may(a, e, false, err);

    if (r < 0)
        return r;
    if (e->unit == COLUMN_NONE)
        return walk_rows(&w, OP_ALL, NULL, err);
    w.filter = !id_is_none(w.q->ref);
    if (!w.filter || !id_is_none(w.q->unit))
        r = units_to_walk(s, a, e, w.q, &units, &w.unit_count, err);
    w.units = units;
    if (r == 0 && w.filter) {
        r = walk_rows(&w, OP_REF, &w.q->ref, err);
        free(units);
        return r;
    }
    if (r == 0 && units == NULL)
        r = walk_rows(&w, OP_ALL, NULL, err);
    for (size_t i = 0; r == 0 && i < w.unit_count; i++)
        r = walk_rows(&w, OP_UNIT, &units[i], err);
    free(units);
    return r;
}

struct row_list {
    const struct entity *e;
    struct arena *arena;
    uint8_t *rows; /* malloced while it grows */
    size_t n, cap;
    struct err *err;
};

static int collect_one(void *u, const void *row)
{
    struct row_list *g = u;
    uint8_t *to;

    if (g->n == g->cap) {
        uint8_t *more;

        if (2 * g->n * g->e->size > g->arena->max)
            return err_fail(g->err, CE_TOO_BIG, ERR_STATE_TOO_MANY_ROWS, noun_of(g->e));
        more = array_grow(g->rows, g->e->size, &g->cap, SIZE_MAX);
        if (more == NULL)
            return err_fail(g->err, CE_NOMEM, ERR_STATE_ROWS, noun_of(g->e));
        g->rows = more;
    }
    to = g->rows + g->n * g->e->size;
    memcpy(to, row, g->e->size);
    if (!entity_keep(g->e, to, g->arena))
        return err_fail(g->err, CE_TOO_BIG, ERR_STATE_TOO_MANY_ROWS, noun_of(g->e));
    g->n++;
    return 0;
}

int entity_list(struct state *s, const struct state_actor *a, const struct entity *e,
                const struct state_query *q, struct arena *arena, void **ret, size_t *ret_n,
                struct err *err)
{
    struct row_list g = {e, arena, NULL, 0, 0, err};
    int r = entity_each(s, a, e, q, collect_one, &g, err);
    void *rows = NULL;

    if (r == 0) {
        rows = arena_alloc(arena, g.n ? g.n * e->size : 1);
        if (rows == NULL)
            r = err_fail(err, CE_TOO_BIG, ERR_STATE_TOO_MANY_ROWS, noun_of(e));
    }
    if (r == 0) {
        if (g.n && rows && g.rows)
            memcpy(rows, g.rows, g.n * e->size);
        *ret = rows;
        *ret_n = g.n;
    }
    free(g.rows);
    return r;
}
