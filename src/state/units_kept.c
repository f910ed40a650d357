/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The listing of units as it was read last. Nearly every page of the console asks for it, and it is
 * three tables of a whole province; what tells that none of them was written since is one look over
 * their versions.
 */
#include <string.h>

#include "state/units_internal.h"

enum { KEPT_UNITS_MAX = 20000 };

static void page_cache_forget(struct units_kept *k)
{
    arena_done(&k->arena);
    *k = (struct units_kept){.rows = NULL};
}

void units_memo_done(struct units_memo *m)
{
    for (size_t i = 0; i < UNITS_KEPT; i++)
        page_cache_forget(&m->kept[i]);
    m->valid = false;
}

int units_mark_read(struct state *s, struct units_mark *ret, struct err *err)
{
    struct units_memo *m = &s->units;
    int64_t version, written = db_written(s->db);
    struct db_stmt *st = NULL;
    int r = db_data_version(s->db, &version, err);

    if (r == 0 && (!m->valid || m->data_version != version || m->written != written)) {
        r = state_stmt(s, SQL_UNITS_MARK, &st, err);
        if (r == 0)
            r = db_step(st, err);
        if (r > 0)
            m->mark = (struct units_mark){db_int(st, 0), db_int(st, 1), db_int(st, 2)};
        db_done(&st);
        r = CANH_MIN(r, 0);
        m->data_version = version;
        m->written = written;
        m->valid = r == 0 && s->write_depth == 0 && !s->explicit_tx; /* what may be rolled back */
    }
    *ret = m->mark;
    return r;
}

bool units_mark_is(const struct units_mark *a, const struct units_mark *b)
{
    return a->rows == b->rows && a->versions == b->versions && a->changed == b->changed;
}

const struct units_kept *units_kept_find(struct state *s, const struct units_mark *mark, int64_t at)
{
    for (size_t i = 0; i < UNITS_KEPT; i++) {
        const struct units_kept *k = &s->units.kept[i];

        if (k->rows && units_mark_is(&k->mark, mark) && k->from <= at && at < k->until)
            return k;
    }
    return NULL;
}

/* Between which instants the same units, names and parents hold as at this one. */
static int read_span(struct state *s, int64_t at, struct units_kept *k, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_UNITS_SPAN, &st, err);

    if (r < 0)
        return r;
    db_bind_int(st, 1, at);
    r = db_step(st, err);
    if (r > 0) {
        k->from = db_int(st, 0);
        k->until = db_int(st, 1);
    }
    db_done(&st);
    return CANH_MIN(r, 0);
}

/* All texts of a unit, one behind the other. */
static bool copy_texts(struct state_unit *x, struct arena *arena)
{
    struct slice *const texts[] = {&x->code, &x->name,    &x->short_name, &x->kind,
                                   &x->area, &x->address, &x->note};
    size_t sum = 0;
    uint8_t *to;

    for (size_t i = 0; i < CANH_LEN(texts); i++)
        sum += texts[i]->n;
    to = arena_alloc(arena, sum + 1);
    for (size_t i = 0; to && i < CANH_LEN(texts); i++) {
        if (texts[i]->n)
            memcpy(to, texts[i]->p, texts[i]->n);
        *texts[i] = texts[i]->p ? slice_of(to, texts[i]->n) : SLICE_NULL;
        to += texts[i]->n;
    }
    return to != NULL;
}

bool units_copy(const struct state_unit *rows, size_t n, struct arena *arena,
                struct state_unit **ret)
{
    struct state_unit *to = arena_alloc(arena, (n + 1) * sizeof(*to));

    *ret = to;
    for (size_t i = 0; to && i < n; i++) {
        to[i] = rows[i];
        if (!copy_texts(&to[i], arena))
            return false;
    }
    return to != NULL;
}

void units_kept_add(struct state *s, const struct units_mark *mark, int64_t at,
                    const struct state_unit *rows, size_t n)
{
    struct units_memo *m = &s->units;
    struct units_kept *k = &m->kept[m->next % UNITS_KEPT];

    if (!m->valid || n > KEPT_UNITS_MAX)
        return;
    page_cache_forget(k);
    m->next++;
    *k = (struct units_kept){.mark = *mark, .arena = ARENA_INIT((size_t)64 << 20), .count = n};
    if (read_span(s, at, k, NULL) < 0 || !units_copy(rows, n, &k->arena, &k->rows))
        page_cache_forget(k);
}
