/* SPDX-License-Identifier: Apache-2.0 */
#include "state/audit.h"

#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "state/internal.h"

static void hash_bytes_of(struct slice s, uint8_t to[STATE_HASH])
{
    crypto_generichash(to, STATE_HASH, s.p, s.n, NULL, 0);
}

static void feed(crypto_generichash_state *h, const void *p, size_t n)
{
    if (n)
        crypto_generichash_update(h, p, n);
}

static void feed_i64(crypto_generichash_state *h, int64_t v)
{
    uint8_t b[8];

    for (unsigned i = 0; i < 8; i++)
        b[i] = (uint8_t)((uint64_t)v >> (8 * i));
    feed(h, b, sizeof(b));
}

static void feed_text(crypto_generichash_state *h, struct slice s)
{
    feed_i64(h, (int64_t)s.n);
    feed(h, s.p, s.n);
}

/* The hash of an entry, given the one before it. docs/state.md describes the same for others. */
static void entry_hash(const struct state_audit_entry *x, const uint8_t prev[STATE_HASH],
                       uint8_t to[STATE_HASH])
{
    crypto_generichash_state h;

    crypto_generichash_init(&h, NULL, 0, STATE_HASH);
    feed(&h, prev, STATE_HASH);
    feed_text(&h, SLICE("canh-audit-1"));
    feed_i64(&h, x->seq);
    feed_i64(&h, x->at);
    feed_i64(&h, x->received);
    feed_i64(&h, x->clock_back);
    feed(&h, x->person.b, sizeof(x->person.b));
    feed(&h, x->unit.b, sizeof(x->unit.b));
    feed_i64(&h, x->role);
    feed_text(&h, x->action);
    feed_text(&h, x->thing);
    feed(&h, x->row.b, sizeof(x->row.b));
    feed_i64(&h, x->version);
    feed_text(&h, x->purpose);
    feed(&h, x->content_hash, STATE_HASH);
    crypto_generichash_final(&h, to, STATE_HASH);
}

static bool take_hash(struct slice s, uint8_t to[STATE_HASH])
{
    if (s.n != STATE_HASH)
        return false;
    memcpy(to, s.p, STATE_HASH);
    return true;
}

/* -- adding ---------------------------------------------------------------------------------- */

struct last {
    int64_t seq, at, received;
    uint8_t hash[STATE_HASH];
};

static int read_last(struct state *s, struct last *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_AUDIT_LAST, &st, err);

    *ret = (struct last){.seq = 0};
    if (r < 0)
        return r;
    r = db_step(st, err);
    if (r > 0) {
        ret->seq = db_int(st, 0);
        ret->at = db_int(st, 1);
        ret->received = db_int(st, 2);
        r = take_hash(db_blob(st, 3), ret->hash)
                ? 0
                : err_set(err, CE_CORRUPT, "audit entry %lld has no hash", (long long)ret->seq);
    }
    db_done(&st);
    return r;
}

int audit_append(struct state *s, const struct state_actor *a, const char *action,
                 const char *thing, struct state_id row, struct state_id unit, int64_t version,
                 struct slice content, struct err *err)
{
    struct state_audit_entry x = {.person = a->person, .unit = unit, .role = a->role};
    struct db_stmt *st = NULL;
    struct last last;
    int r = read_last(s, &last, err);

    if (r < 0)
        return r;
    x.seq = last.seq + 1;
    x.at = state_now(s);
    x.received = CANH_MAX(x.at, last.received);
    x.clock_back = x.at < last.received;
    x.action = slice_str(action);
    x.thing = slice_str(thing);
    x.row = row;
    x.version = version;
    x.purpose = a->purpose.n > 1000 ? slice_head(a->purpose, 1000) : a->purpose;
    if (!text_is_clean(x.purpose))
        return err_set(err, CE_ENCODING, "the purpose is not clean UTF-8 text");
    hash_bytes_of(content, x.content_hash);
    entry_hash(&x, last.hash, x.hash);
    r = state_stmt(s, SQL_AUDIT_ADD, &st, err);
    if (r < 0)
        return r;
    db_bind_int(st, 1, x.seq);
    db_bind_int(st, 2, x.at);
    db_bind_int(st, 3, x.received);
    db_bind_int(st, 4, x.clock_back);
    db_bind_id(st, 5, &x.person);
    db_bind_id(st, 6, &x.unit);
    db_bind_int(st, 7, x.role);
    db_bind_text(st, 8, x.action);
    db_bind_text(st, 9, x.thing);
    db_bind_id(st, 10, &x.row);
    db_bind_int(st, 11, x.version);
    db_bind_text(st, 12, x.purpose.n ? x.purpose : SLICE("-"));
    db_bind_text(st, 13, content);
    db_bind_blob(st, 14, slice_of(x.content_hash, STATE_HASH));
    db_bind_blob(st, 15, slice_of(x.hash, STATE_HASH));
    r = db_run(st, err);
    db_done(&st);
    return r;
}

int state_audit_add(struct state *s, const struct state_actor *a, const char *action,
                    const char *thing, struct state_id row, struct slice content, struct err *err)
{
    int r;

    if (a->role <= STATE_ROLE_NONE || a->role >= STATE_ROLE_MAX)
        return err_set(err, CE_DENIED, "no role");
    if (!text_is_clean(content) || content.n > CONTENT_MAX)
        return err_set(err, CE_ENCODING, "the content is not clean UTF-8 text, or too long");
    r = write_begin(s, err);
    if (r < 0)
        return r;
    r = audit_append(s, a, action, thing, row, a->unit, 0, content, err);
    return write_end(s, r, err);
}

int state_audit_head(struct state *s, struct state_audit_head *ret, struct err *err)
{
    struct last last;
    int r = read_last(s, &last, err);

    if (r < 0)
        return r;
    ret->seq = last.seq;
    memcpy(ret->hash, last.hash, STATE_HASH);
    return 0;
}

bool state_clock_back(struct state *s)
{
    struct last last;

    return read_last(s, &last, NULL) == 0 && state_now(s) < last.received;
}

/* -- reading --------------------------------------------------------------------------------- */

static bool read_entry(struct db_stmt *st, struct state_audit_entry *x)
{
    *x = (struct state_audit_entry){
        .seq = db_int(st, 0),
        .at = db_int(st, 1),
        .received = db_int(st, 2),
        .clock_back = db_int(st, 3) != 0,
        .person = db_id(st, 4),
        .unit = db_id(st, 5),
        .role = (enum state_role)db_int(st, 6),
        .action = db_text(st, 7),
        .thing = db_text(st, 8),
        .row = db_id(st, 9),
        .version = db_int(st, 10),
        .purpose = db_text(st, 11),
        .content = db_text(st, 12),
    };
    if (slice_is(x->purpose, "-"))
        x->purpose = SLICE_NULL;
    return take_hash(db_blob(st, 13), x->content_hash) && take_hash(db_blob(st, 14), x->hash);
}

int state_audit_each(struct state *s, const struct state_actor *a, int64_t from,
                     int (*fn)(void *u, const struct state_audit_entry *x), void *u,
                     struct err *err)
{
    struct db_stmt *st = NULL;
    struct scope_view v;
    int r;

    if (a->role >= STATE_ROLE_MAX || !(R_HEAD & 1u << a->role))
        return err_set(err, CE_DENIED, "role %s may not read the audit",
                       state_role_to_str(a->role));
    r = state_stmt(s, SQL_AUDIT_FROM, &st, err);
    if (r < 0)
        return r;
    db_bind_int(st, 1, from);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        struct state_audit_entry x;

        if (!read_entry(st, &x)) {
            r = err_set(err, CE_CORRUPT, "audit entry %lld is damaged", (long long)x.seq);
            break;
        }
        r = scope_view(s, a, &v, err);
        if (r == 0 && (v.all || (!id_is_none(x.unit) && scope_sees(&v, x.unit))))
            r = fn(u, &x);
    }
    db_done(&st);
    return r;
}

/* -- verifying ------------------------------------------------------------------------------- */

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
        if (!take_hash(db_blob(st, 1), hash))
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

    hash_bytes_of(SLICE_NULL, empty);
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
        bool good = read_entry(st, &x);

        entry_hash(&x, rep->head.hash, hash);
        if (good && x.content.n) {
            uint8_t content[STATE_HASH];

            hash_bytes_of(x.content, content);
            good = memcmp(content, x.content_hash, STATE_HASH) == 0;
        }
        if (!good || x.seq != rep->head.seq + 1 || memcmp(hash, x.hash, STATE_HASH) != 0 ||
            x.received < received) {
            rep->broken_at = x.seq;
            r = err_set(err, CE_CORRUPT, "the audit breaks at entry %lld", (long long)x.seq);
            break;
        }
        received = x.received;
        rep->entries++;
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
    hash_bytes_of(buf_slice(&s->content), is);
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
        hash_bytes_of(buf_slice(&s->content), is);
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
    if (r == 0 || (r > 0 && (!take_hash(db_blob(st, 0), hash) ||
                             memcmp(hash, expect->hash, STATE_HASH) != 0)))
        r = err_set(err, CE_CORRUPT,
                    "entry %lld is not the one kept elsewhere: the audit was cut"
                    " off or written anew",
                    (long long)expect->seq);
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
        r = err_set(err, CE_CORRUPT, "%lld rows are not what the audit says, first %s",
                    (long long)ret->changed, ret->first_changed);
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

int state_audit_erase(struct state *s, const struct state_actor *a, int64_t before,
                      int64_t *ret_count, struct err *err)
{
    struct db_stmt *st = NULL;
    int r;

    if (a->role != STATE_ADMIN && a->role != STATE_SYSTEM)
        return err_set(err, CE_DENIED, "role %s may not erase audit content",
                       state_role_to_str(a->role));
    if (!id_is_none(a->unit))
        return err_set(err, CE_DENIED, "retention of the audit is for the whole store");
    r = write_begin(s, err);
    if (r < 0)
        return r;
    r = state_stmt(s, SQL_AUDIT_ERASE, &st, err);
    if (r == 0) {
        db_bind_int(st, 1, before);
        r = db_run(st, err);
        *ret_count = db_changes(s->db);
        db_done(&st);
    }
    if (r == 0)
        r = audit_append(s, a, "erase", "audit", STATE_ID_NONE, STATE_ID_NONE, 0, SLICE_NULL, err);
    return write_end(s, r, err);
}
