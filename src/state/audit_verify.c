/* SPDX-License-Identifier: Apache-2.0 */
/* The chain from its beginning, and every row against its last entry. */
#include <stdio.h>
#include <string.h>

#include "lang/err_state.h"
#include "state/audit_internal.h"

static const struct entity *entity_named(struct slice name)
{
    for (unsigned i = 1; i < E_MAX; i++)
        if (entities[i] != NULL && slice_is(name, entities[i]->name))
            return entities[i];
    return NULL;
}

static void note_changed(struct state_audit_report *rep, const char *thing, struct state_id id)
{
    struct buf text = BUF_INIT(64);

    if (rep->changed++ == 0) {
        id_put(&text, id);
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
        if (!audit_take_hash(db_blob(st, 1), hash))
            memset(hash, 0, STATE_HASH);
    }
    db_done(&st);
    return r;
}

/* A row that the audit added must still be there, or have been dropped. */
static int check_present(struct state *s, const struct state_audit_entry *x,
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
        note_changed(rep, e->name, x->row);
    return 0;
}

/* Content was there once and is not any more. */
static bool is_erased(const struct state_audit_entry *x)
{
    uint8_t empty[STATE_HASH];

    audit_hash_content(SLICE_NULL, empty);
    return x->content.n == 0 && memcmp(empty, x->content_hash, STATE_HASH) != 0;
}

static int walk_chain(struct state *s, struct state_audit_report *rep, struct err *err)
{
    struct db_stmt *st = NULL;
    int64_t received = INT64_MIN;
    int r = state_stmt(s, SQL_AUDIT_FROM, &st, err);

    if (r < 0)
        return r;
    db_bind_int(st, 1, 0);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        struct state_audit_entry x;
        uint8_t hash[STATE_HASH];
        bool good = audit_read_entry(st, &x);

        audit_hash_entry(&x, rep->head.hash, hash);
        if (good && x.content.n) {
            uint8_t content[STATE_HASH];

            audit_hash_content(x.content, content);
            good = memcmp(content, x.content_hash, STATE_HASH) == 0;
        }
        if (!good || x.seq != rep->head.seq + 1 || memcmp(hash, x.hash, STATE_HASH) != 0 ||
            x.received < received) {
            rep->broken_at = x.seq;
            r = err_fail(err, CE_CORRUPT, ERR_STATE_AUDIT_BREAKS_AT_ENTRY, x.seq);
            break;
        }
        received = x.received;
        rep->entries++;
        rep->nameless += x.uid < 0;
        rep->erased += is_erased(&x);
        rep->head.seq = x.seq;
        memcpy(rep->head.hash, x.hash, STATE_HASH);
        r = check_present(s, &x, rep, err);
    }
    db_done(&st);
    return r;
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
        note_changed(rep, "value", submission);
    return 0;
}

static int compare_rows(struct state *s, const struct entity *e, struct state_audit_report *rep,
                        struct err *err)
{
    _Alignas(16) uint8_t row[ROW_MAX];
    struct db_stmt *st = NULL;
    int r = db_stmt(s->db, SQL_MAX + (unsigned)e->id * OP_MAX + OP_ROWS, e->sql[OP_ROWS], &st, err);

    while (r == 0 && (r = db_step(st, err)) > 0) {
        const struct row_head *h = (const struct row_head *)(const void *)row;
        uint8_t want[STATE_HASH], is[STATE_HASH];
        int64_t version = 0;
        bool dropped = false;

        entity_read(e, st, 0, row);
        if (e->id == E_ASSET_ROLE && h->created == 0) { /* came with the schema */
            r = 0;
            continue;
        }
        buf_clear(&s->content);
        entity_canonical(e, row, &s->content);
        audit_hash_content(buf_slice(&s->content), is);
        r = last_write(s, e->name, h->id, &version, want, &dropped, err);
        if (r < 0)
            break;
        rep->rows++;
        if (r == 0 || dropped || version != h->version || memcmp(want, is, STATE_HASH) != 0)
            note_changed(rep, e->name, h->id);
        r = e->id == E_SUBMISSION ? compare_values(s, h->id, rep, err) : 0;
    }
    db_done(&st);
    return r;
}

static int check_expected(struct state *s, const struct state_audit_head *expect, struct err *err)
{
    struct db_stmt *st = NULL;
    uint8_t hash[STATE_HASH];
    int r;

    if (expect == NULL || expect->seq == 0)
        return 0;
    r = state_stmt(s, SQL_AUDIT_AT, &st, err);
    if (r < 0)
        return r;
    db_bind_int(st, 1, expect->seq);
    r = db_step(st, err);
    if (r == 0 || (r > 0 && (!audit_take_hash(db_blob(st, 0), hash) ||
                             memcmp(hash, expect->hash, STATE_HASH) != 0)))
        r = err_fail(err, CE_CORRUPT, ERR_STATE_ENTRY_NOT_ONE_KEPT_ELSEWHERE, expect->seq);
    db_done(&st);
    return r < 0 ? r : 0;
}

static int verify(struct state *s, const struct state_audit_head *expect,
                  struct state_audit_report *ret, struct err *err)
{
    int r = walk_chain(s, ret, err);

    for (unsigned i = 1; r == 0 && i < E_MAX; i++)
        if (!(entities[i]->flags & ENT_SILENT))
            r = compare_rows(s, entities[i], ret, err);
    if (r == 0)
        r = check_expected(s, expect, err);
    if (r == 0 && ret->changed)
        r = err_fail(err, CE_CORRUPT, ERR_STATE_ROWS_NOT_WHAT_AUDIT_SAYS, ret->changed,
                     ret->first_changed);
    return r;
}

int state_audit_verify(struct state *s, const struct state_audit_head *expect,
                       struct state_audit_report *ret, struct err *err)
{
    bool own = !db_in_transaction(s->db);
    int r = own ? db_begin_read(s->db, err) : 0;

    *ret = (struct state_audit_report){.entries = 0};
    if (r < 0)
        return r;
    r = verify(s, expect, ret, err);
    if (own)
        db_rollback(s->db);
    return r;
}
