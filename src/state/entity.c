/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a row: checked, versioned, with its entry in the audit. */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "lang/err_state.h"
#include "state/entity_internal.h"

/* How far ahead of the store's clock a step may be claimed: clocks of two machines differ. */
#define AHEAD_MAX (2 * TIME_MINUTE)

static int write_row(struct state *s, const struct entity *e, const void *row, int64_t old_version,
                     struct err *err)
{
    const struct row_head *h = row_head_in(row);
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
        row_bind(e, st, 5, row);
    } else {
        db_bind_int(st, 1, h->version);
        db_bind_int(st, 2, h->changed);
        row_bind(e, st, 3, row);
        db_bind_id(st, 3u + e->column_count, &h->id);
        db_bind_int(st, 4u + e->column_count, old_version);
    }
    r = db_run(st, err);
    db_done(&st);
    if (r == -CE_EXISTS && err != NULL)
        (void)err_fail(err, CE_EXISTS, ERR_STATE_ONE_THIS_KEY_ALREADY, noun_of(e));
    return r;
}

static int entity_conflict(const struct entity *e, int64_t got, int64_t now, struct err *err)
{
    return err_fail(err, CE_CONFLICT, ERR_STATE_WAS_CHANGED_MEANWHILE_VERSION_NOW, noun_of(e), got,
                    now);
}

static int audit_row(struct state *s, const struct state_actor *a, const struct entity *e,
                     const char *action, const void *row, struct err *err)
{
    if (e->flags & ENT_SILENT)
        return 0;
    buf_clear(&s->content);
    entity_canonical(e, row, &s->content);
    if (s->content.err < 0)
        return err_fail(err, CE_TOO_BIG, ERR_STATE_TOO_BIG_FOR_AUDIT, noun_of(e));
    return audit_append(s, a, action, e->name, row_head_in(row)->id, row_unit(e, row),
                        row_head_in(row)->version, buf_slice(&s->content), err);
}

/* The store's own clock beside every step taken, whatever time it is said to have been. */
static int stamp_steps(struct state *s, const struct entity *e, void *row, const void *old,
                       struct err *err)
{
    int64_t now = state_now(s);

    for (unsigned i = 1; i < e->column_count; i++) {
        const struct column *c = &e->columns[i], *step = c - 1;
        int64_t *at = column_field_of(step, row), *recorded = column_field_of(c, row);

        if (!(c->flags & COL_STEP))
            continue;
        *recorded = old ? column_int(c, old) : 0;
        if (*at == (old ? column_int(step, old) : 0))
            continue;
        if (*at > now + AHEAD_MAX && !state_clock_back(s))
            return err_fail(err, CE_RANGE, ERR_STATE_STEP_IN_FUTURE);
        *recorded = *at ? now : 0;
    }
    return 0;
}

/* Everything inside the transaction. old is scratch for the row as it is. */
static int write_checked(struct state *s, const struct state_actor *a, const struct entity *e,
                         void *row, void *old, struct arena *arena, bool inside, struct err *err)
{
    struct row_head *h = row_head_of(row);
    int64_t old_version = h->version;
    int r = 0;

    if (old_version != 0) {
        r = entity_load(s, e, h->id, arena, old, err);
        if (r == 0 && (e->flags & ENT_APPEND) && !inside)
            r = err_fail(err, CE_DENIED, ERR_STATE_RECORD_NEVER_CHANGED_ONLY_ADDED, noun_of(e));
        if (r == 0 && !inside)
            r = row_may_write(s, a, e, old, err);
        if (r == 0 && row_head_in(old)->version != old_version)
            r = entity_conflict(e, old_version, row_head_in(old)->version, err);
    } else {
        old = NULL;
    }
    if (r == 0 && !inside)
        r = row_may_write(s, a, e, row, err);
    if (r == 0 && e->check != NULL && !inside)
        r = e->check(s, a, row, old, err);
    if (r == 0)
        r = stamp_steps(s, e, row, old, err);
    if (r == 0)
        r = row_check_columns(s, e, row, err);
    if (r == 0 && !inside)
        r = row_check_changes(a, e, row, old, err);
    if (r == 0)
        r = row_check_targets(s, a, e, row, old, err);
    if (r < 0)
        return r;
    if (id_is_none(h->id))
        h->id = id_new();
    h->changed = state_now(s);
    h->created = old ? row_head_in(old)->created : h->changed;
    h->version = old_version + 1;
    r = write_row(s, e, row, old_version, err);
    if (r == 0 && old_version != 0 && db_changes(s->db) != 1)
        r = entity_conflict(e, old_version, 0, err);
    return r < 0 ? r : audit_row(s, a, e, old ? "change" : "add", row, err);
}

static int state_entity_write(struct state *s, const struct state_actor *a, const struct entity *e,
                              void *row, bool inside, struct err *err)
{
    _Alignas(16) uint8_t old[ROW_MAX];
    struct row_head before = *row_head_in(row);
    struct arena arena = ARENA_INIT(CONTENT_MAX);
    int r = write_begin(s, err);

    if (r == 0) {
        r = write_checked(s, a, e, row, old, &arena, inside, err);
        r = write_end(s, r, err);
    }
    if (r < 0)
        *row_head_of(row) = before;
    if (e->id == E_UNIT || e->id == E_UNIT_LINK)
        scope_forget(&s->scope);
    arena_done(&arena);
    return r;
}

int entity_write(struct state *s, const struct state_actor *a, const struct entity *e, void *row,
                 struct err *err)
{
    int r = entity_may(a, e, true, err);

    if (r == 0 && (e->flags & ENT_INSIDE))
        r = err_fail(err, CE_DENIED, ERR_STATE_WRITTEN_BY_FUNCTIONS_OWN, noun_of(e));
    return r < 0 ? r : state_entity_write(s, a, e, row, false, err);
}

int entity_write_inside(struct state *s, const struct state_actor *a, const struct entity *e,
                        void *row, struct err *err)
{
    return state_entity_write(s, a, e, row, true, err);
}

static int drop_checked(struct state *s, const struct state_actor *a, const struct entity *e,
                        struct state_id id, int64_t version, struct err *err)
{
    _Alignas(16) uint8_t old[ROW_MAX];
    struct db_stmt *st = NULL;
    struct arena arena = ARENA_INIT(CONTENT_MAX);
    int r = entity_load(s, e, id, &arena, old, err);

    if (r == 0)
        r = row_may_write(s, a, e, old, err);
    if (r == 0 && row_head_in(old)->version != version)
        r = entity_conflict(e, version, row_head_in(old)->version, err);
    if (r == 0)
        r = row_check_seal(a, e, old, err);
    if (r == 0)
        r = entity_stmt(s, e, OP_DROP, &st, err);
    if (r == 0) {
        db_bind_id(st, 1, &id);
        db_bind_int(st, 2, version);
        r = db_run(st, err);
        db_done(&st);
    }
    if (r == -CE_MISSING)
        r = err_fail(err, CE_CONFLICT, ERR_STATE_OTHER_RECORDS_REFER, noun_of(e));
    if (r == 0)
        r = audit_row(s, a, e, "drop", old, err);
    arena_done(&arena);
    return r;
}

int entity_drop(struct state *s, const struct state_actor *a, const struct entity *e,
                struct state_id id, int64_t version, struct err *err)
{
    int r = entity_may(a, e, true, err);

    if (r == 0 && (!(e->flags & ENT_DROP) || (e->flags & ENT_INSIDE)))
        r = err_fail(err, CE_DENIED, ERR_STATE_KEPT_ENDS_NOT_DELETED, noun_of(e));
    if (r == 0)
        r = write_begin(s, err);
    if (r < 0)
        return r;
    r = drop_checked(s, a, e, id, version, err);
    return write_end(s, r, err);
}
