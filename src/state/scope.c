/* SPDX-License-Identifier: Apache-2.0 */
#include "state/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "lang/err_state.h"
#include "state/internal.h"
#include "state/units.h"

enum { UNITS_MAX = 100000, LINKS_MAX = 1000000 };

static void sets_clear(struct scope *sc)
{
    for (size_t i = 0; i < SCOPE_SETS; i++) {
        free(sc->sets[i].own);
        free(sc->sets[i].led);
        sc->sets[i] = (struct scope_set){.own = NULL};
    }
}

void scope_done(struct scope *sc)
{
    sets_clear(sc);
    free(sc->units);
    free(sc->down);
    free(sc->lead);
    *sc = (struct scope){.valid = false};
}

void scope_forget(struct scope *sc)
{
    sc->valid = false;
}

uint32_t scope_find(const struct scope *sc, struct state_id unit)
{
    uint32_t lo = 0, hi = sc->count;

    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        int c = id_cmp(sc->units[mid].id, unit);

        if (c == 0)
            return mid;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return SCOPE_NONE;
}

static void scope_boundary(struct scope *sc, int64_t now, int64_t t)
{
    if (t > now && t < sc->until)
        sc->until = t;
}

static int load_units(struct state *s, struct scope *sc, struct err *err)
{
    struct db_stmt *st = NULL;
    uint32_t cap = 0;
    int r = state_stmt(s, SQL_SCOPE_UNITS, &st, err);

    while (r == 0 && (r = db_step(st, err)) > 0) {
        r = 0;
        if (sc->count == UNITS_MAX) {
            r = err_fail(err, CE_TOO_BIG, ERR_STATE_MORE_THAN_UNITS, UNITS_MAX);
            break;
        }
        if (!array_room(sc->units, sc->count, cap, UNITS_MAX)) {
            r = err_nomem(err);
            break;
        }
        sc->units[sc->count++] = (struct scope_unit){db_id(st, 0), SCOPE_NONE};
    }
    db_done(&st);
    return r;
}

struct edges {
    struct scope_edge *v;
    uint32_t n, cap;
};

static int edge_add(struct edges *e, uint32_t from, uint32_t to, struct err *err)
{
    if (e->n == LINKS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_STATE_MORE_THAN_LINKS_BETWEEN_UNITS, LINKS_MAX);
    if (!array_room(e->v, e->n, e->cap, SIZE_MAX))
        return err_nomem(err);
    e->v[e->n++] = (struct scope_edge){from, to};
    return 0;
}

/*
 * Rows come by unit, kind, valid_from. Of a unit's parents the one valid now counts; of one that
 * has none now (it ended, or begins later) the latest begun, else the first to come.
 */
static int load_links(struct state *s, struct scope *sc, struct edges *down, struct edges *lead,
                      struct err *err)
{
    int64_t now = state_now(s);
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_SCOPE_LINKS, &st, err);

    while (r == 0 && (r = db_step(st, err)) > 0) {
        uint32_t unit = scope_find(sc, db_id(st, 0)), other = scope_find(sc, db_id(st, 1));
        int64_t from = db_int(st, 3), to = db_int(st, 4);

        r = 0;
        scope_boundary(sc, now, from);
        scope_boundary(sc, now, to);
        if (unit == SCOPE_NONE || other == SCOPE_NONE)
            continue;
        switch (db_int(st, 2)) {
        case STATE_LINK_PARENT:
            if (from <= now || sc->units[unit].parent == SCOPE_NONE)
                sc->units[unit].parent = other;
            break;
        case STATE_LINK_SUCCESSOR:
            r = edge_add(down, other, unit, err);
            break;
        case STATE_LINK_LEAD:
            if (from <= now && now < to)
                r = edge_add(lead, other, unit, err);
            break;
        default:
            break;
        }
    }
    db_done(&st);
    return r;
}

static int edge_cmp(const void *pa, const void *pb)
{
    const struct scope_edge *a = pa, *b = pb;

    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->to < b->to ? -1 : a->to > b->to;
}

static int scope_load(struct state *s, struct scope *sc, struct err *err)
{
    struct edges down = {NULL, 0, 0}, lead = {NULL, 0, 0};
    int r = load_units(s, sc, err);

    if (r == 0)
        r = load_links(s, sc, &down, &lead, err);
    for (uint32_t i = 0; r == 0 && i < sc->count; i++)
        if (sc->units[i].parent != SCOPE_NONE)
            r = edge_add(&down, sc->units[i].parent, i, err);
    if (down.n)
        qsort(down.v, down.n, sizeof(*down.v), edge_cmp);
    if (lead.n)
        qsort(lead.v, lead.n, sizeof(*lead.v), edge_cmp);
    sc->down = down.v;
    sc->down_count = down.n;
    sc->lead = lead.v;
    sc->lead_count = lead.n;
    return r;
}

int scope_refresh(struct state *s, struct err *err)
{
    struct scope *sc = &s->scope;
    struct units_mark mark;
    int64_t version = 0;
    int r;

    if (s->reading && sc->compared && sc->valid)
        return 0; /* nothing changes while one reads */
    r = db_data_version(s->db, &version, err);
    if (r < 0)
        return r;
    sc->compared = true;
    if (sc->valid && sc->data_version == version && state_now(s) < sc->until)
        return 0;
    r = units_mark_read(s, &mark, err);
    if (r < 0)
        return r;
    if (sc->valid && units_mark_is(&mark, &sc->mark) && state_now(s) < sc->until) {
        sc->data_version = version; /* others wrote, but nothing of units */
        return 0;
    }
    scope_done(sc);
    sc->until = INT64_MAX;
    r = scope_load(s, sc, err);
    if (r < 0) {
        scope_done(sc);
        return r;
    }
    sc->mark = mark;
    sc->data_version = version;
    sc->valid = sc->compared = true;
    return 0;
}

static bool scope_bit(const uint64_t *bits, uint32_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}

static void bit_set(uint64_t *bits, uint32_t i)
{
    bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static uint32_t first_edge(const struct scope_edge *e, uint32_t n, uint32_t from)
{
    uint32_t lo = 0, hi = n;

    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;

        if (e[mid].from < from)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

int scope_below(const struct scope *sc, uint32_t unit, uint64_t *bits, struct err *err)
{
    uint32_t *todo = malloc(sc->count * sizeof(*todo)), n = 0;

    if (todo == NULL)
        return err_nomem(err);
    if (!scope_bit(bits, unit)) {
        bit_set(bits, unit);
        todo[n++] = unit;
    }
    while (n) { /* each unit enters once: loops in the data end too */
        uint32_t at = todo[--n];
        uint32_t i = first_edge(sc->down, sc->down_count, at);

        for (; i < sc->down_count && sc->down[i].from == at; i++) {
            if (scope_bit(bits, sc->down[i].to))
                continue;
            bit_set(bits, sc->down[i].to);
            todo[n++] = sc->down[i].to;
        }
    }
    free(todo);
    return 0;
}

static int set_fill(const struct scope *sc, struct scope_set *set, struct err *err)
{
    size_t words = sc->count / 64 + 1;
    uint32_t unit = scope_find(sc, set->unit);
    int r = 0;

    set->own = calloc(words, sizeof(uint64_t));
    set->led = calloc(words, sizeof(uint64_t));
    if (set->own == NULL || set->led == NULL)
        return err_nomem(err);
    if (unit == SCOPE_NONE)
        return err_fail(err, CE_DENIED, ERR_STATE_ACTORS_UNIT_NOT_THIS_STORE);
    r = scope_below(sc, unit, set->own, err);
    if (set->role != STATE_COORDINATOR)
        return r;
    /* What any unit of its own scope leads: a merged authority goes on with its predecessor's. */
    for (uint32_t i = 0; r == 0 && i < sc->lead_count; i++)
        if (scope_bit(set->own, sc->lead[i].from))
            r = scope_below(sc, sc->lead[i].to, set->led, err);
    return r;
}

static int set_of(struct scope *sc, const struct state_actor *a, struct scope_set **ret,
                  struct err *err)
{
    struct scope_set *oldest = &sc->sets[0];
    int r;

    for (size_t i = 0; i < SCOPE_SETS; i++) {
        struct scope_set *set = &sc->sets[i];

        if (set->own != NULL && set->role == a->role && id_eq(set->unit, a->unit)) {
            set->used = ++sc->clock;
            *ret = set;
            return 0;
        }
        if (set->used < oldest->used)
            oldest = set;
    }
    free(oldest->own);
    free(oldest->led);
    *oldest = (struct scope_set){.unit = a->unit, .role = a->role, .used = ++sc->clock};
    r = set_fill(sc, oldest, err);
    if (r < 0) {
        free(oldest->own);
        free(oldest->led);
        *oldest = (struct scope_set){.own = NULL};
        return r;
    }
    *ret = oldest;
    return 0;
}

int scope_view(struct state *s, const struct state_actor *a, struct scope_view *ret,
               struct err *err)
{
    struct scope_set *set;
    int r;

    if (a->role <= STATE_ROLE_NONE || a->role >= STATE_ROLE_MAX)
        return err_fail(err, CE_DENIED, ERR_STATE_NO_ROLE);
    r = scope_refresh(s, err);
    if (r < 0)
        return r;
    *ret = (struct scope_view){.scope = &s->scope};
    if (id_is_none(a->unit)) {
        if (a->role != STATE_ADMIN && a->role != STATE_SYSTEM)
            return err_fail(err, CE_DENIED, ERR_STATE_ROLE_NEEDS_UNIT, state_role_to_str(a->role));
        ret->all = true;
        return 0;
    }
    r = set_of(&s->scope, a, &set, err);
    if (r < 0)
        return r;
    ret->own = set->own;
    ret->led = set->led;
    return 0;
}

bool scope_sees_at(const struct scope_view *v, uint32_t i)
{
    return v->all || scope_bit(v->own, i) || scope_bit(v->led, i);
}

bool scope_sees(const struct scope_view *v, struct state_id unit)
{
    uint32_t i;

    if (v->all)
        return true;
    i = scope_find(v->scope, unit);
    return i != SCOPE_NONE && scope_sees_at(v, i);
}

int scope_only(struct state *s, const struct state_actor *a, struct state_id *ret, struct err *err)
{
    struct scope_view v;
    uint32_t found = 0;
    int r = scope_view(s, a, &v, err);

    *ret = STATE_ID_NONE;
    for (uint32_t i = 0; r == 0 && !v.all && i < v.scope->count && found < 2; i++) {
        if (scope_sees_at(&v, i)) {
            *ret = v.scope->units[i].id;
            found++;
        }
    }
    if (found > 1)
        *ret = STATE_ID_NONE;
    return r;
}

bool scope_writes(const struct scope_view *v, struct state_id unit, bool led_too)
{
    uint32_t i;

    if (v->all)
        return true;
    i = scope_find(v->scope, unit);
    return i != SCOPE_NONE && (scope_bit(v->own, i) || (led_too && scope_bit(v->led, i)));
}
