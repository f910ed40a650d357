/* SPDX-License-Identifier: Apache-2.0 */
/* What a row may contain, and who may read and write it. */
#include <math.h>
#include <string.h>

#include "base/utf.h"
#include "lang/err_state.h"
#include "lang/said.h"
#include "state/entity_internal.h"
#include "state/marking.h"

enum { TEXT_SHORT = 1000, TEXT_MEMO = 64 << 10, TEXT_LONG = 4 << 20 };

bool text_is_clean(struct slice s)
{
    if (!utf8_valid(s))
        return false;
    for (size_t i = 0, run; i < s.n; i += run ? run : 1) {
        run = said_run(slice_from(s, i));
        if (run == 0 && ((s.p[i] < 0x20 && s.p[i] != '\n' && s.p[i] != '\t' && s.p[i] != '\r') ||
                         s.p[i] == 0x7f))
            return false;
    }
    return true;
}

static int check_slice(const struct entity *e, const struct column *c, struct slice v,
                       struct err *err)
{
    size_t max = c->flags & COL_LONG ? TEXT_LONG : c->flags & COL_MEMO ? TEXT_MEMO : TEXT_SHORT;

    if (v.n > max)
        return err_fail(err, CE_TOO_BIG, ERR_STATE_LONGER_THAN_BYTES, e->name, c->name, max);
    if (c->flags & COL_BYTES)
        return 0;
    if (!text_is_clean(v))
        return err_fail(err, CE_ENCODING, ERR_STATE_NOT_CLEAN_UTF_8_TEXT, e->name, c->name);
    if (marking_find(v) != MARKING_NONE)
        return err_fail(err, CE_DENIED, ERR_STATE_MARKED_AS_CLASSIFIED_NOTHING_CLASSIFIED, e->name,
                        c->name);
    return 0;
}

int row_check_columns(struct state *s, const struct entity *e, void *row, struct err *err)
{
    bool is_new = row_head_in(row)->version == 0;

    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];
        int r = 0;

        if (c->type == COL_INT64 && column_int(c, row) == 0) {
            if (c->flags & COL_FOREVER)
                *(int64_t *)column_field_of(c, row) = STATE_FOREVER;
            else if ((c->flags & COL_NOW) && is_new)
                *(int64_t *)column_field_of(c, row) = state_now(s);
        }
        if ((c->flags & COL_NEED) && column_is_empty(c, row))
            return err_fail(err, CE_MISSING, ERR_STATE_MISSING_2, e->name, c->name);
        if (c->type == COL_REAL && !isfinite(column_real(c, row)))
            return err_fail(err, CE_RANGE, ERR_STATE_NOT_NUMBER, e->name, c->name);
        if (c->type == COL_SLICE)
            r = check_slice(e, c, column_slice(c, row), err);
        if (r < 0)
            return r;
    }
    return 0;
}

int row_check_seal(const struct state_actor *a, const struct entity *e, const void *old,
                   struct err *err)
{
    for (unsigned i = 0; i < e->column_count; i++)
        if ((e->columns[i].flags & COL_SEAL) && !column_is_empty(&e->columns[i], old) &&
            !(R_HEAD & 1u << a->role))
            return err_fail(err, CE_DENIED, ERR_STATE_APPROVED_ROLE_MAY_NOT_CHANGE, noun_of(e),
                            state_role_to_str(a->role));
    return 0;
}

/* NULL: the entity has no such column. */
static const struct column *column_named(const struct entity *e, const char *name)
{
    for (unsigned i = 0; i < e->column_count; i++)
        if (strcmp(e->columns[i].name, name) == 0)
            return &e->columns[i];
    return NULL;
}

/* Whether anything but who approved changes; when it was recorded follows by itself. */
static bool approved_changes(const struct entity *e, const struct column *by, const void *row,
                             const void *old)
{
    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];

        if (c != by && !(c->flags & COL_STEP) && !column_same(c, row, old))
            return true;
    }
    return false;
}

void approval_settle(const struct state_actor *a, const struct entity *e, void *row,
                     const void *old)
{
    const struct column *by = column_named(e, "approved_by"), *at = column_named(e, "approved_at");
    struct state_id *who = column_field_of(by, row);
    int64_t *when = at ? column_field_of(at, row) : NULL;
    bool may = actor_on_behalf(a) || id_eq(*who, a->person);
    bool stood = old && !column_is_empty(at ? at : by, old);
    bool anew = stood && may && !column_same(at ? at : by, row, old);

    if (!stood && when && *when) {
        if (id_is_none(*who) || (!may && old && column_same(by, row, old)))
            *who = a->person;
    } else if (stood && !anew && approved_changes(e, by, row, old)) {
        *who = STATE_ID_NONE;
        if (when)
            *when = 0;
    }
}

/* Who may change which column to what. */
int row_check_changes(const struct state_actor *a, const struct entity *e, const void *row,
                      const void *old, struct err *err)
{
    bool sealed = old != NULL && row_check_seal(a, e, old, NULL) < 0;

    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];

        if (old != NULL ? column_same(c, row, old) : column_is_empty(c, row))
            continue;
        if (sealed)
            return row_check_seal(a, e, old, err);
        if (old != NULL && (c->flags & COL_FIXED))
            return err_fail(err, CE_DENIED, ERR_STATE_DOES_NOT_CHANGE, e->name, c->name);
        if ((c->flags & COL_HEAD) && !(R_HEAD & 1u << a->role))
            return err_fail(err, CE_DENIED, ERR_STATE_ROLE_MAY_NOT_SET, e->name, c->name,
                            state_role_to_str(a->role));
        if ((c->flags & COL_SELF) && !actor_on_behalf(a) && !column_is_empty(c, row) &&
            !id_eq(column_id(c, row), a->person))
            return err_fail(err, CE_DENIED, ERR_STATE_MAY_ONLY_NAME_WHO_ACTS, e->name, c->name);
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

        id_write(&text, id);
        r = err_fail(err, CE_MISSING, ERR_STATE_NO, noun_of(t), buf_cstr(&text));
        buf_done(&text);
    }
    return r;
}

int row_check_targets(struct state *s, const struct state_actor *a, const struct entity *e,
                      const void *row, const void *old, struct err *err)
{
    _Alignas(16) uint8_t scratch[ROW_MAX];

    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];
        const struct entity *t = c->target ? entities[c->target] : NULL;
        struct state_id unit;
        int r;

        if (c->type != COL_ID || t == NULL || column_is_empty(c, row) ||
            (old != NULL && column_same(c, row, old)))
            continue;
        r = unit_of_target(s, t, column_id(c, row), scratch, err);
        if (r < 0)
            return r;
        unit = row_unit(t, scratch);
        if (((c->flags & COL_OWN) && !id_eq(unit, row_unit(e, row))) ||
            ((c->flags & COL_OTHER) && !id_eq(unit, row_other(e, row))))
            return err_fail(err, CE_DENIED, ERR_STATE_NAMES_ANOTHER_UNIT, e->name, c->name,
                            noun_of(t));
        if (!(c->flags & COL_ANY) && !entity_readable(s, a, t, scratch))
            return err_fail(err, CE_DENIED, ERR_STATE_NAMES_OUTSIDE_ACTORS_SCOPE, e->name, c->name,
                            noun_of(t));
    }
    return 0;
}

int entity_may(const struct state_actor *a, const struct entity *e, bool write, struct err *err)
{
    if (a->role > STATE_ROLE_NONE && a->role < STATE_ROLE_MAX &&
        ((write ? e->writers : e->readers) & 1u << a->role))
        return 0;
    return err_fail(err, CE_DENIED, ERR_STATE_ROLE_MAY_NOT, state_role_to_str(a->role),
                    ERR_ID(write ? ERR_STATE_WRITE : ERR_STATE_READ), noun_of(e));
}

bool entity_readable(struct state *s, const struct state_actor *a, const struct entity *e,
                     const void *row)
{
    struct scope_view v;

    if (entity_may(a, e, false, NULL) < 0)
        return false;
    if ((e->flags & ENT_OPEN) || e->unit == COLUMN_NONE)
        return true;
    if (scope_view(s, a, &v, NULL) < 0)
        return false;
    return scope_sees(&v, row_unit(e, row)) ||
           (e->other != COLUMN_NONE && scope_sees(&v, row_other(e, row)));
}

int row_may_write(struct state *s, const struct state_actor *a, const struct entity *e,
                  const void *row, struct err *err)
{
    struct scope_view v;
    bool led = (e->flags & ENT_LED) && a->role == STATE_COORDINATOR;
    int r = scope_view(s, a, &v, err);

    if (r < 0)
        return r;
    if (v.all || (!id_is_none(row_unit(e, row)) && scope_writes(&v, row_unit(e, row), led)) ||
        ((e->flags & ENT_BOTH) && scope_writes(&v, row_other(e, row), led)))
        return 0;
    return err_fail(err, CE_DENIED, ERR_STATE_UNIT_OUTSIDE_ACTORS_SCOPE, noun_of(e));
}
