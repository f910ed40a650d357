/* SPDX-License-Identifier: Apache-2.0 */
#include "state/entity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/utf.h"
#include "state/internal.h"
#include "state/marking.h"

enum { TEXT_SHORT = 1000, TEXT_MEMO = 64 << 10, TEXT_LONG = 4 << 20 };

/* -- columns --------------------------------------------------------------------------------- */

static const void *field(const struct column *c, const void *row)
{
    return (const char *)row + c->offset;
}

static void *field_of(const struct column *c, void *row)
{
    return (char *)row + c->offset;
}

static struct state_id get_id(const struct column *c, const void *row)
{
    struct state_id id;

    memcpy(&id, field(c, row), sizeof(id));
    return id;
}

static struct slice get_slice(const struct column *c, const void *row)
{
    struct slice v;

    memcpy(&v, field(c, row), sizeof(v));
    return v;
}

static int64_t get_int(const struct column *c, const void *row)
{
    int64_t wide;
    int32_t narrow;
    bool yes;

    switch ((enum column_type)c->type) {
    case COL_INT64:
        memcpy(&wide, field(c, row), sizeof(wide));
        return wide;
    case COL_INT32:
        memcpy(&narrow, field(c, row), sizeof(narrow));
        return narrow;
    case COL_BOOL:
        memcpy(&yes, field(c, row), sizeof(yes));
        return yes;
    default:
        return 0;
    }
}

static double get_real(const struct column *c, const void *row)
{
    double v;

    memcpy(&v, field(c, row), sizeof(v));
    return v;
}

static bool is_empty(const struct column *c, const void *row)
{
    switch ((enum column_type)c->type) {
    case COL_ID:
        return id_is_none(get_id(c, row));
    case COL_SLICE:
        return get_slice(c, row).n == 0;
    case COL_REAL:
        return get_real(c, row) == 0;
    default:
        return get_int(c, row) == 0;
    }
}

static bool same(const struct column *c, const void *a, const void *b)
{
    switch ((enum column_type)c->type) {
    case COL_ID:
        return id_eq(get_id(c, a), get_id(c, b));
    case COL_SLICE:
        return slice_eq(get_slice(c, a), get_slice(c, b));
    case COL_REAL:
        return get_real(c, a) == get_real(c, b);
    default:
        return get_int(c, a) == get_int(c, b);
    }
}

static struct row_head *head_of(void *row)
{
    return row; /* every struct begins with STATE_ROW */
}

static const struct row_head *head(const void *row)
{
    return row;
}

static struct state_id unit_of(const struct entity *e, const void *row)
{
    if (e->id == E_UNIT)
        return head(row)->id;
    return e->unit == COLUMN_NONE ? STATE_ID_NONE : get_id(&e->columns[e->unit], row);
}

static struct state_id other_of(const struct entity *e, const void *row)
{
    return e->other == COLUMN_NONE ? STATE_ID_NONE : get_id(&e->columns[e->other], row);
}

void entity_read(const struct entity *e, struct db_stmt *st, unsigned first, void *row)
{
    memset(row, 0, e->size);
    *head_of(row) = (struct row_head){db_id(st, first), db_int(st, first + 1),
                                      db_int(st, first + 2), db_int(st, first + 3)};
    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];
        unsigned at = first + 4 + i;

        switch ((enum column_type)c->type) {
        case COL_ID:
            *(struct state_id *)field_of(c, row) = db_id(st, at);
            break;
        case COL_SLICE:
            *(struct slice *)field_of(c, row) =
                c->flags & COL_BYTES ? db_blob(st, at) : db_text(st, at);
            break;
        case COL_INT64:
            *(int64_t *)field_of(c, row) = db_int(st, at);
            break;
        case COL_INT32:
            *(int32_t *)field_of(c, row) = (int32_t)db_int(st, at);
            break;
        case COL_BOOL:
            *(bool *)field_of(c, row) = db_int(st, at) != 0;
            break;
        case COL_REAL:
            *(double *)field_of(c, row) = db_real(st, at);
            break;
        }
    }
}

static void bind(const struct entity *e, struct db_stmt *st, unsigned first, const void *row)
{
    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];

        switch ((enum column_type)c->type) {
        case COL_ID:
            db_bind_id(st, first + i, field(c, row));
            break;
        case COL_SLICE:
            if (c->flags & COL_BYTES)
                db_bind_blob(st, first + i, get_slice(c, row));
            else
                db_bind_text(st, first + i, get_slice(c, row));
            break;
        case COL_REAL:
            db_bind_real(st, first + i, get_real(c, row));
            break;
        default:
            db_bind_int(st, first + i, get_int(c, row));
            break;
        }
    }
}

bool entity_keep(const struct entity *e, void *row, struct arena *arena)
{
    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];
        struct slice *v;

        if (c->type != COL_SLICE)
            continue;
        v = field_of(c, row);
        if (v->n == 0) {
            *v = SLICE_NULL;
            continue;
        }
        *v = arena_dup(arena, *v);
        if (v->p == NULL)
            return false;
    }
    return true;
}

/* -- canonical content ----------------------------------------------------------------------- */

static void put_json_text(struct buf *out, struct slice s)
{
    buf_putc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];

        if (c == '"' || c == '\\')
            buf_putc(out, '\\');
        if (c < 0x20)
            buf_printf(out, "\\u%04x", c);
        else
            buf_putc(out, c);
    }
    buf_putc(out, '"');
}

static void put_json_hex(struct buf *out, struct slice s)
{
    buf_putc(out, '"');
    for (size_t i = 0; i < s.n; i++)
        buf_printf(out, "%02x", s.p[i]);
    buf_putc(out, '"');
}

/* Long texts and ciphertexts are named by their hash: the audit shows what changed, not all of it.
 */
static void put_json_hash(struct buf *out, struct slice s)
{
    uint8_t hash[STATE_HASH];

    crypto_generichash(hash, sizeof(hash), s.p, s.n, NULL, 0);
    buf_puts(out, "{\"blake2b\":");
    put_json_hex(out, slice_of(hash, sizeof(hash)));
    buf_puts(out, ",\"bytes\":");
    buf_put_u64(out, s.n);
    buf_putc(out, '}');
}

static void put_json_value(struct buf *out, const struct column *c, const void *row)
{
    struct state_id id;
    struct slice s;

    switch ((enum column_type)c->type) {
    case COL_ID:
        id = get_id(c, row);
        buf_putc(out, '"');
        id_put(out, id);
        buf_putc(out, '"');
        break;
    case COL_SLICE:
        s = get_slice(c, row);
        if ((c->flags & COL_SECRET) || s.n > 4096)
            put_json_hash(out, s);
        else if (c->flags & COL_BYTES)
            put_json_hex(out, s);
        else
            put_json_text(out, s);
        break;
    case COL_REAL:
        buf_printf(out, "%.17g", get_real(c, row));
        break;
    default:
        buf_put_i64(out, get_int(c, row));
        break;
    }
}

void entity_canonical(const struct entity *e, const void *row, struct buf *out)
{
    buf_puts(out, "{\"created\":");
    buf_put_i64(out, head(row)->created);
    buf_puts(out, ",\"changed\":");
    buf_put_i64(out, head(row)->changed);
    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];

        if (is_empty(c, row)) /* so a column added later changes no old content */
            continue;
        buf_putc(out, ',');
        put_json_text(out, slice_str(c->name));
        buf_putc(out, ':');
        put_json_value(out, c, row);
    }
    buf_putc(out, '}');
}

/* -- checks ---------------------------------------------------------------------------------- */

bool text_is_clean(struct slice s)
{
    if (!utf8_valid(s))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < 0x20 && s.p[i] != '\n' && s.p[i] != '\t' && s.p[i] != '\r') || s.p[i] == 0x7f)
            return false;
    return true;
}

static int check_slice(const struct entity *e, const struct column *c, struct slice v,
                       struct err *err)
{
    size_t max = c->flags & COL_LONG ? TEXT_LONG : c->flags & COL_MEMO ? TEXT_MEMO : TEXT_SHORT;

    if (v.n > max)
        return err_set(err, CE_TOO_BIG, "%s.%s: longer than %zu bytes", e->name, c->name, max);
    if (c->flags & COL_BYTES)
        return 0;
    if (!text_is_clean(v))
        return err_set(err, CE_ENCODING, "%s.%s: not clean UTF-8 text", e->name, c->name);
    if (marking_find(v) != MARKING_NONE)
        return err_set(err, CE_DENIED,
                       "%s.%s: marked as classified; nothing classified belongs here", e->name,
                       c->name);
    return 0;
}

static int check_columns(struct state *s, const struct entity *e, void *row, struct err *err)
{
    bool is_new = head(row)->version == 0;

    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];
        int r = 0;

        if (c->type == COL_INT64 && get_int(c, row) == 0) {
            if (c->flags & COL_FOREVER)
                *(int64_t *)field_of(c, row) = STATE_FOREVER;
            else if ((c->flags & COL_NOW) && is_new)
                *(int64_t *)field_of(c, row) = state_now(s);
        }
        if ((c->flags & COL_NEED) && is_empty(c, row))
            return err_set(err, CE_MISSING, "%s.%s is missing", e->name, c->name);
        if (c->type == COL_REAL && !isfinite(get_real(c, row)))
            return err_set(err, CE_RANGE, "%s.%s: not a number", e->name, c->name);
        if (c->type == COL_SLICE)
            r = check_slice(e, c, get_slice(c, row), err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* Who may change which column to what. */
static int check_changes(const struct state_actor *a, const struct entity *e, const void *row,
                         const void *old, struct err *err)
{
    bool on_behalf = a->role == STATE_ADMIN || a->role == STATE_SYSTEM;

    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];

        if (old != NULL ? same(c, row, old) : is_empty(c, row))
            continue;
        if (old != NULL && (c->flags & COL_FIXED))
            return err_set(err, CE_DENIED, "%s.%s does not change", e->name, c->name);
        if ((c->flags & COL_HEAD) && !(R_HEAD & 1u << a->role))
            return err_set(err, CE_DENIED, "%s.%s: role %s may not set it", e->name, c->name,
                           state_role_to_str(a->role));
        if ((c->flags & COL_SELF) && !on_behalf && !is_empty(c, row) &&
            !id_eq(get_id(c, row), a->person))
            return err_set(err, CE_DENIED, "%s.%s: may only name who acts", e->name, c->name);
    }
    return 0;
}

/* The unit of a thing that a column names. */
static int unit_of_target(struct state *s, const struct entity *t, struct state_id id,
                          void *scratch, struct err *err)
{
    int r = entity_load(s, t, id, NULL, scratch, err);

    if (r == -CE_NOT_FOUND) {
        struct buf text = BUF_INIT(64);

        id_put(&text, id);
        r = err_set(err, CE_MISSING, "no %s %s", t->name, buf_cstr(&text));
        buf_done(&text);
    }
    return r;
}

static int check_targets(struct state *s, const struct state_actor *a, const struct entity *e,
                         const void *row, const void *old, struct err *err)
{
    _Alignas(16) uint8_t scratch[ROW_MAX];

    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];
        const struct entity *t = c->target ? entities[c->target] : NULL;
        struct state_id unit;
        int r;

        if (c->type != COL_ID || t == NULL || is_empty(c, row) ||
            (old != NULL && same(c, row, old)))
            continue;
        r = unit_of_target(s, t, get_id(c, row), scratch, err);
        if (r < 0)
            return r;
        unit = unit_of(t, scratch);
        if (((c->flags & COL_OWN) && !id_eq(unit, unit_of(e, row))) ||
            ((c->flags & COL_OTHER) && !id_eq(unit, other_of(e, row))))
            return err_set(err, CE_DENIED, "%s.%s names a %s of another unit", e->name, c->name,
                           t->name);
        if (!(c->flags & COL_ANY) && !entity_readable(s, a, t, scratch))
            return err_set(err, CE_DENIED, "%s.%s names a %s outside the actor's scope", e->name,
                           c->name, t->name);
    }
    return 0;
}

/* -- scope ----------------------------------------------------------------------------------- */

static int may(const struct state_actor *a, const struct entity *e, bool write, struct err *err)
{
    if (a->role > STATE_ROLE_NONE && a->role < STATE_ROLE_MAX &&
        ((write ? e->writers : e->readers) & 1u << a->role))
        return 0;
    return err_set(err, CE_DENIED, "role %s may not %s %s", state_role_to_str(a->role),
                   write ? "write" : "read", e->name);
}

bool entity_readable(struct state *s, const struct state_actor *a, const struct entity *e,
                     const void *row)
{
    struct scope_view v;

    if (may(a, e, false, NULL) < 0)
        return false;
    if ((e->flags & ENT_OPEN) || e->unit == COLUMN_NONE)
        return true;
    if (scope_view(s, a, &v, NULL) < 0)
        return false;
    return scope_sees(&v, unit_of(e, row)) ||
           (e->other != COLUMN_NONE && scope_sees(&v, other_of(e, row)));
}

static int may_write_row(struct state *s, const struct state_actor *a, const struct entity *e,
                         const void *row, struct err *err)
{
    struct scope_view v;
    bool led = (e->flags & ENT_LED) && a->role == STATE_COORDINATOR;
    int r = scope_view(s, a, &v, err);

    if (r < 0)
        return r;
    if (v.all || (!id_is_none(unit_of(e, row)) && scope_writes(&v, unit_of(e, row), led)) ||
        ((e->flags & ENT_BOTH) && scope_writes(&v, other_of(e, row), led)))
        return 0;
    return err_set(err, CE_DENIED, "%s of a unit outside the actor's scope", e->name);
}

/* -- reading --------------------------------------------------------------------------------- */

static int entity_stmt(struct state *s, const struct entity *e, enum entity_op op,
                       struct db_stmt **ret, struct err *err)
{
    if (e->sql[op] == NULL)
        return err_set(err, CE_UNKNOWN, "%s: no such way to look it up", e->name);
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
        return err_set(err, CE_NOT_FOUND, "no such %s", e->name);
    entity_read(e, st, 0, row);
    if (arena == NULL) {
        for (unsigned i = 0; i < e->column_count; i++)
            if (e->columns[i].type == COL_SLICE)
                *(struct slice *)field_of(&e->columns[i], row) = SLICE_NULL;
    } else if (!entity_keep(e, row, arena)) {
        return err_set(err, CE_TOO_BIG, "%s: no room for its texts", e->name);
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
            *(struct slice *)field_of(&e->columns[i], row) = SLICE_NULL;
}

static int denied_unless_readable(struct state *s, const struct state_actor *a,
                                  const struct entity *e, void *row, struct err *err)
{
    if (entity_readable(s, a, e, row)) {
        hide_secrets(e, row);
        return 0;
    }
    memset(row, 0, e->size);
    return err_set(err, CE_DENIED, "%s of a unit outside the actor's scope", e->name);
}

int entity_get(struct state *s, const struct state_actor *a, const struct entity *e,
               struct state_id id, struct arena *arena, void *row, struct err *err)
{
    int r = may(a, e, false, err);

    if (r == 0)
        r = entity_load(s, e, id, arena, row, err);
    return r < 0 ? r : denied_unless_readable(s, a, e, row, err);
}

int entity_find(struct state *s, const struct state_actor *a, const struct entity *e,
                struct state_id owner, struct slice code, struct arena *arena, void *row,
                struct err *err)
{
    struct db_stmt *st = NULL;
    int r = may(a, e, false, err);

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
        if (op == OP_REF && w->units != NULL && !in_units(w, unit_of(w->e, row)) &&
            (w->e->other == COLUMN_NONE || !in_units(w, other_of(w->e, row))))
            continue;
        /* A row of two units is told once, under the first. */
        if (op == OP_UNIT && w->e->other != COLUMN_NONE && !id_eq(unit_of(w->e, row), *key) &&
            in_units(w, unit_of(w->e, row)))
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
            return err_set(err, CE_NOMEM, "units");
        **ret = q->unit;
        *ret_n = scope_sees(&v, q->unit) ? 1 : 0;
        return 0;
    }
    *ret = malloc((s->scope.count + 1) * sizeof(**ret));
    below = calloc(s->scope.count / 64 + 1, sizeof(*below));
    if (*ret == NULL || below == NULL)
        r = err_set(err, CE_NOMEM, "units");
    if (r == 0 && !id_is_none(q->unit)) {
        root = scope_find(&s->scope, q->unit);
        if (root != SCOPE_NONE)
            r = scope_below(&s->scope, root, below, err);
    }
    for (uint32_t i = 0; r == 0 && i < s->scope.count; i++) {
        bool wanted = id_is_none(q->unit) || (below[i / 64] >> (i % 64) & 1);

        if (wanted && scope_sees(&v, s->scope.units[i].id))
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
    int r = may(a, e, false, err);

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

struct gather {
    const struct entity *e;
    struct arena *arena;
    uint8_t *rows; /* malloced while it grows */
    size_t n, cap;
    struct err *err;
};

static int gather_one(void *u, const void *row)
{
    struct gather *g = u;
    uint8_t *to;

    if (g->n == g->cap) {
        size_t cap = g->cap ? 2 * g->cap : 16;
        uint8_t *more;

        if (cap * g->e->size > g->arena->max)
            return err_set(g->err, CE_TOO_BIG, "too many rows of %s", g->e->name);
        more = realloc(g->rows, cap * g->e->size);
        if (more == NULL)
            return err_set(g->err, CE_NOMEM, "rows of %s", g->e->name);
        g->rows = more;
        g->cap = cap;
    }
    to = g->rows + g->n * g->e->size;
    memcpy(to, row, g->e->size);
    if (!entity_keep(g->e, to, g->arena))
        return err_set(g->err, CE_TOO_BIG, "too many rows of %s", g->e->name);
    g->n++;
    return 0;
}

int entity_list(struct state *s, const struct state_actor *a, const struct entity *e,
                const struct state_query *q, struct arena *arena, void **ret, size_t *ret_n,
                struct err *err)
{
    struct gather g = {e, arena, NULL, 0, 0, err};
    int r = entity_each(s, a, e, q, gather_one, &g, err);
    void *rows = NULL;

    if (r == 0) {
        rows = arena_alloc(arena, g.n ? g.n * e->size : 1);
        if (rows == NULL)
            r = err_set(err, CE_TOO_BIG, "too many rows of %s", e->name);
    }
    if (r == 0) {
        if (g.n)
            memcpy(rows, g.rows, g.n * e->size);
        *ret = rows;
        *ret_n = g.n;
    }
    free(g.rows);
    return r;
}

/* -- writing --------------------------------------------------------------------------------- */

static int write_row(struct state *s, const struct entity *e, const void *row, int64_t old_version,
                     struct err *err)
{
    const struct row_head *h = head(row);
    struct db_stmt *st = NULL;
    bool insert = old_version == 0;
    int r = entity_stmt(s, e, insert ? OP_INSERT : OP_UPDATE, &st, err);

    if (r < 0)
        return r;
    if (insert) {
        db_bind_id(st, 1, &h->id);
        db_bind_int(st, 2, h->version);
        db_bind_int(st, 3, h->created);
        db_bind_int(st, 4, h->changed);
        bind(e, st, 5, row);
    } else {
        db_bind_int(st, 1, h->version);
        db_bind_int(st, 2, h->changed);
        bind(e, st, 3, row);
        db_bind_id(st, 3u + e->column_count, &h->id);
        db_bind_int(st, 4u + e->column_count, old_version);
    }
    r = db_run(st, err);
    db_done(&st);
    if (r == -CE_EXISTS && err != NULL)
        (void)err_set(err, CE_EXISTS, "%s: there is one with this key already", e->name);
    return r;
}

static int conflict(const struct entity *e, int64_t got, int64_t now, struct err *err)
{
    return err_set(err, CE_CONFLICT,
                   "%s was changed meanwhile (version %lld, now %lld): read it again", e->name,
                   (long long)got, (long long)now);
}

static int audit_row(struct state *s, const struct state_actor *a, const struct entity *e,
                     const char *action, const void *row, struct err *err)
{
    if (e->flags & ENT_SILENT)
        return 0;
    buf_clear(&s->content);
    entity_canonical(e, row, &s->content);
    if (s->content.err < 0)
        return err_set(err, CE_TOO_BIG, "%s: too big for the audit", e->name);
    return audit_append(s, a, action, e->name, head(row)->id, unit_of(e, row), head(row)->version,
                        buf_slice(&s->content), err);
}

/* Everything inside the transaction. old is scratch for the row as it is. */
static int put_checked(struct state *s, const struct state_actor *a, const struct entity *e,
                       void *row, void *old, struct arena *arena, bool inside, struct err *err)
{
    struct row_head *h = head_of(row);
    int64_t old_version = h->version;
    int r = 0;

    if (old_version != 0) {
        r = entity_load(s, e, h->id, arena, old, err);
        if (r == 0 && (e->flags & ENT_APPEND) && !inside)
            r = err_set(err, CE_DENIED, "%s: a record is never changed, only added to", e->name);
        if (r == 0 && !inside)
            r = may_write_row(s, a, e, old, err);
        if (r == 0 && head(old)->version != old_version)
            r = conflict(e, old_version, head(old)->version, err);
    } else {
        old = NULL;
    }
    if (r == 0 && !inside)
        r = may_write_row(s, a, e, row, err);
    if (r == 0 && e->check != NULL && !inside)
        r = e->check(s, a, row, old, err);
    if (r == 0)
        r = check_columns(s, e, row, err);
    if (r == 0 && !inside)
        r = check_changes(a, e, row, old, err);
    if (r == 0)
        r = check_targets(s, a, e, row, old, err);
    if (r < 0)
        return r;
    if (id_is_none(h->id))
        h->id = id_new();
    h->changed = state_now(s);
    h->created = old ? head(old)->created : h->changed;
    h->version = old_version + 1;
    r = write_row(s, e, row, old_version, err);
    if (r == 0 && old_version != 0 && db_changes(s->db) != 1)
        r = conflict(e, old_version, 0, err);
    return r < 0 ? r : audit_row(s, a, e, old ? "change" : "add", row, err);
}

static int put(struct state *s, const struct state_actor *a, const struct entity *e, void *row,
               bool inside, struct err *err)
{
    _Alignas(16) uint8_t old[ROW_MAX];
    struct row_head before = *head(row);
    struct arena arena = ARENA_INIT(CONTENT_MAX);
    int r = write_begin(s, err);

    if (r == 0) {
        r = put_checked(s, a, e, row, old, &arena, inside, err);
        r = write_end(s, r, err);
    }
    if (r < 0)
        *head_of(row) = before;
    if (e->id == E_UNIT || e->id == E_UNIT_LINK)
        scope_forget(&s->scope);
    arena_done(&arena);
    return r;
}

int entity_put(struct state *s, const struct state_actor *a, const struct entity *e, void *row,
               struct err *err)
{
    int r = may(a, e, true, err);

    if (r == 0 && (e->flags & ENT_INSIDE))
        r = err_set(err, CE_DENIED, "%s is written by functions of its own", e->name);
    return r < 0 ? r : put(s, a, e, row, false, err);
}

int entity_put_inside(struct state *s, const struct state_actor *a, const struct entity *e,
                      void *row, struct err *err)
{
    return put(s, a, e, row, true, err);
}

static int drop_checked(struct state *s, const struct state_actor *a, const struct entity *e,
                        struct state_id id, int64_t version, struct err *err)
{
    _Alignas(16) uint8_t old[ROW_MAX];
    struct db_stmt *st = NULL;
    struct arena arena = ARENA_INIT(CONTENT_MAX);
    int r = entity_load(s, e, id, &arena, old, err);

    if (r == 0)
        r = may_write_row(s, a, e, old, err);
    if (r == 0 && head(old)->version != version)
        r = conflict(e, version, head(old)->version, err);
    if (r == 0)
        r = entity_stmt(s, e, OP_DROP, &st, err);
    if (r == 0) {
        db_bind_id(st, 1, &id);
        db_bind_int(st, 2, version);
        r = db_run(st, err);
        db_done(&st);
    }
    if (r == -CE_MISSING)
        r = err_set(err, CE_CONFLICT, "%s: other records refer to it", e->name);
    if (r == 0)
        r = audit_row(s, a, e, "drop", old, err);
    arena_done(&arena);
    return r;
}

int entity_drop(struct state *s, const struct state_actor *a, const struct entity *e,
                struct state_id id, int64_t version, struct err *err)
{
    int r = may(a, e, true, err);

    if (r == 0 && (!(e->flags & ENT_DROP) || (e->flags & ENT_INSIDE)))
        r = err_set(err, CE_DENIED, "%s is kept: it ends, it is not deleted", e->name);
    if (r == 0)
        r = write_begin(s, err);
    if (r < 0)
        return r;
    r = drop_checked(s, a, e, id, version, err);
    return write_end(s, r, err);
}
