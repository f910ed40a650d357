/* SPDX-License-Identifier: Apache-2.0 */
/* Every row against its last entry. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lang/err_state.h"
#include "state/audit_internal.h"
#include "state/entity_internal.h"
#include "state/schema.h"

static const struct entity *entity_named(struct slice name)
{
    for (unsigned i = 1; i < E_MAX; i++)
        if (entities[i] != NULL && slice_is(name, entities[i]->name))
            return entities[i];
    return NULL;
}

void audit_note_changed(struct state_audit_report *rep, const char *thing, struct state_id id)
{
    struct buf text = BUF_INIT(64);

    if (rep->changed++ == 0) {
        id_write(&text, id);
        (void)snprintf(rep->first_changed, sizeof(rep->first_changed), "%s %s", thing,
                       buf_cstr(&text));
    }
    buf_done(&text);
}

/* The last write of a row that the audit knows. 1: found, 0: none. */
static int last_write(struct state *s, const char *thing, struct state_id id, int64_t *ret_version,
                      uint8_t hash[STATE_HASH], bool *ret_dropped, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_AUDIT_OF_ROW, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &id);
    db_bind_text(st, 2, slice_str(thing));
    r = db_step(st, err);
    if (r > 0) {
        *ret_version = db_int(st, 0);
        *ret_dropped = slice_is(db_text(st, 2), "drop");
        if (!audit_read_hash(db_blob(st, 1), hash))
            memset(hash, 0, STATE_HASH);
    }
    db_done(&st);
    return r;
}

/* A row that the audit added must still be there, or have been dropped. */
int audit_check_present(struct state *s, const struct state_audit_entry *x,
                        struct state_audit_report *rep, struct err *err)
{
    const struct entity *e = entity_named(x->thing);
    _Alignas(16) uint8_t row[ROW_MAX];
    uint8_t hash[STATE_HASH];
    int64_t version;
    bool dropped = false;
    int r;

    if (e == NULL || !slice_is(x->action, "add"))
        return 0;
    r = entity_load(s, e, x->row, NULL, row, err);
    if (r != -CE_NOT_FOUND)
        return r;
    r = last_write(s, e->name, x->row, &version, hash, &dropped, err);
    if (r < 0)
        return r;
    if (!dropped)
        audit_note_changed(rep, e->name, x->row);
    return 0;
}

int audit_check_seal(struct state *s, const struct state_audit_entry *x,
                     struct state_audit_report *rep, struct err *err)
{
    uint8_t is[STATE_HASH];
    int64_t n = 0;
    int r;

    if (!slice_is(x->thing, "result") || !slice_is(x->action, "seal"))
        return 0;
    buf_clear(&s->content);
    r = seal_canonical(s, x->seq, &s->content, &n, err);
    if (r < 0)
        return r;
    rep->results += n;
    audit_hash_content(buf_slice(&s->content), is);
    if (memcmp(is, x->content_hash, STATE_HASH) != 0)
        audit_note_changed(rep, "result", STATE_ID_NONE);
    return 0;
}

/* The values of a submission, which are rows without an identity of their own. */
static int compare_values(struct state *s, struct state_id submission,
                          struct state_audit_report *rep, struct err *err)
{
    uint8_t want[STATE_HASH], is[STATE_HASH];
    int64_t version = 0;
    bool dropped = false;
    int r, known;

    buf_clear(&s->content);
    r = values_canonical(s, submission, &s->content, err);
    if (r < 0)
        return r;
    audit_hash_content(buf_slice(&s->content), is);
    known = last_write(s, "value", submission, &version, want, &dropped, err);
    if (known < 0)
        return known;
    if (known == 0 ? s->content.len != 0 : memcmp(want, is, STATE_HASH) != 0)
        audit_note_changed(rep, "value", submission);
    return 0;
}

static bool all_zero(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i])
            return false;
    return true;
}

/* Whether a cell holds exactly what this program writes for what it reads there. */
static bool cell_is_exact(const struct column *c, struct db_stmt *st, unsigned i)
{
    char type = db_type(st, i);
    int64_t v = db_int(st, i);

    switch ((enum column_type)c->type) {
    case COL_ID:
        return type == 'n' || !all_zero(db_blob(st, i));
    case COL_SLICE:
        return type == 'n' || (c->flags & COL_BYTES ? db_blob(st, i) : db_text(st, i)).n > 0;
    case COL_INT32:
        return v >= INT32_MIN && v <= INT32_MAX;
    case COL_BOOL:
        return v == 0 || v == 1;
    case COL_REAL:
        return db_real(st, i) != 0 || !signbit(db_real(st, i));
    case COL_INT64:
        return true;
    }
    return false;
}

static bool row_is_exact(const struct entity *e, struct db_stmt *st)
{
    for (unsigned i = 0; i < e->column_count; i++)
        if (!cell_is_exact(&e->columns[i], st, 4 + i))
            return false;
    return true;
}

/* A row that came with the schema, and was not changed through canh since. */
static int compare_shipped(struct state *s, struct db *made, const struct entity *e,
                           struct state_id id, struct state_audit_report *rep, struct err *err)
{
    _Alignas(16) uint8_t row[ROW_MAX];
    struct buf shipped = BUF_INIT(CONTENT_MAX);
    struct db_stmt *st = NULL;
    int r = db_stmt(made, SQL_MAX + (unsigned)e->id * OP_MAX + OP_GET, e->sql[OP_GET], &st, err);

    if (r == 0)
        db_bind_id(st, 1, &id);
    if (r == 0 && (r = db_step(st, err)) > 0) {
        entity_read(e, st, 0, row);
        entity_canonical(e, row, &shipped);
    }
    if (r >= 0 && !slice_eq(buf_slice(&shipped), buf_slice(&s->content)))
        audit_note_changed(rep, e->name, id);
    db_done(&st);
    buf_done(&shipped);
    return CANH_MIN(r, 0);
}

static int compare_row(struct state *s, struct db *made, const struct entity *e, bool exact,
                       const struct row_head *h, struct state_audit_report *rep, struct err *err)
{
    uint8_t want[STATE_HASH], is[STATE_HASH];
    int64_t version = 0;
    bool dropped = false;
    int r;

    audit_hash_content(buf_slice(&s->content), is);
    r = last_write(s, e->name, h->id, &version, want, &dropped, err);
    if (r < 0)
        return r;
    rep->rows++;
    if (r == 0 && h->created == 0 && h->version == 1 && exact)
        return compare_shipped(s, made, e, h->id, rep, err);
    if (!exact || r == 0 || dropped || version != h->version || memcmp(want, is, STATE_HASH) != 0)
        audit_note_changed(rep, e->name, h->id);
    return e->id == E_SUBMISSION ? compare_values(s, h->id, rep, err) : 0;
}

static int compare_table(struct state *s, struct db *made, const struct entity *e,
                         struct state_audit_report *rep, struct err *err)
{
    _Alignas(16) uint8_t row[ROW_MAX];
    struct db_stmt *st = NULL;
    int r = db_stmt(s->db, SQL_MAX + (unsigned)e->id * OP_MAX + OP_ROWS, e->sql[OP_ROWS], &st, err);

    while (r == 0 && (r = db_step(st, err)) > 0) {
        bool exact = row_is_exact(e, st);

        r = 0;
        entity_read(e, st, 0, row);
        if (e->flags & ENT_SILENT) {
            if (e->id == E_RESULT && !exact)
                audit_note_changed(rep, e->name, row_head_of(row)->id);
            continue;
        }
        buf_clear(&s->content);
        entity_canonical(e, row, &s->content);
        r = compare_row(s, made, e, exact, row_head_of(row), rep, err);
    }
    db_done(&st);
    return r;
}

/* A row that comes with the schema must be there. */
static int find_shipped(struct state *s, struct db *made, struct state_audit_report *rep,
                        struct err *err)
{
    const struct entity *e = &asset_role_entity;
    _Alignas(16) uint8_t row[ROW_MAX];
    struct db_stmt *st = NULL;
    int r = db_stmt(made, SQL_MAX + (unsigned)e->id * OP_MAX + OP_ROWS, e->sql[OP_ROWS], &st, err);

    while (r == 0 && (r = db_step(st, err)) > 0) {
        struct state_id id = db_id(st, 0);

        r = entity_load(s, e, id, NULL, row, err);
        if (r == -CE_NOT_FOUND) {
            audit_note_changed(rep, e->name, id);
            r = 0;
        }
    }
    db_done(&st);
    return r;
}

static int compare_schema(struct state *s, struct db *made, struct state_audit_report *rep,
                          struct err *err)
{
    char name[SCHEMA_NAME];
    bool same = true;
    int r = schema_compare(s->db, made, &same, name, err);

    if (r == 0 && !same)
        audit_note_changed(rep, name, STATE_ID_NONE);
    return r;
}

static int compare_meta(struct state *s, struct state_audit_report *rep, struct err *err)
{
    struct buf content = BUF_INIT(META_MAX);
    bool any = false, same = false;
    int r = meta_is_audited(s, &content, &any, &same, err);

    if (r == 0 && any && !same)
        audit_note_changed(rep, "meta", STATE_ID_NONE);
    rep->untold = r == 0 && !any && rep->entries > 0;
    buf_done(&content);
    return r;
}

/* Results that no entry holds yet are counted; those that name one that there is not, are wrong. */
static int count_results(struct state *s, struct state_audit_report *rep, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_RESULT_OPEN, &st, err);

    if (r == 0 && (r = db_step(st, err)) > 0)
        rep->unsealed = db_int(st, 0);
    db_done(&st);
    if (r >= 0)
        r = state_stmt(s, SQL_RESULT_STRAY, &st, err);
    if (r == 0 && (r = db_step(st, err)) > 0 && db_int(st, 0) > 0)
        audit_note_changed(rep, "result", STATE_ID_NONE);
    db_done(&st);
    return CANH_MIN(r, 0);
}

int audit_compare_rows(struct state *s, struct state_audit_report *rep, struct err *err)
{
    int r = s->made ? 0 : schema_make(&s->made, SQL_MAX + E_MAX * OP_MAX, err);

    if (r == 0)
        r = compare_schema(s, s->made, rep, err);
    for (unsigned i = 1; r == 0 && i < E_MAX; i++)
        r = compare_table(s, s->made, entities[i], rep, err);
    if (r == 0)
        r = find_shipped(s, s->made, rep, err);
    if (r == 0)
        r = compare_meta(s, rep, err);
    if (r == 0)
        r = count_results(s, rep, err);
    return r;
}
