/* SPDX-License-Identifier: Apache-2.0 */
#include "state/audit.h"

#include <sodium.h>

#include "lang/err_state.h"
#include "state/audit_internal.h"
#include "state/clock.h"

void audit_hash_content(struct slice s, uint8_t to[STATE_HASH])
{
    crypto_generichash(to, STATE_HASH, s.p, s.n, NULL, 0);
}

static void audit_feed(crypto_generichash_state *h, const void *p, size_t n)
{
    if (n)
        crypto_generichash_update(h, p, n);
}

static void feed_i64(crypto_generichash_state *h, int64_t v)
{
    uint8_t b[8];

    for (unsigned i = 0; i < 8; i++)
        b[i] = (uint8_t)((uint64_t)v >> (8 * i));
    audit_feed(h, b, sizeof(b));
}

static void feed_text(crypto_generichash_state *h, struct slice s)
{
    feed_i64(h, (int64_t)s.n);
    audit_feed(h, s.p, s.n);
}

void audit_hash_entry(const struct state_audit_entry *x, const uint8_t prev[STATE_HASH],
                      uint8_t to[STATE_HASH])
{
    crypto_generichash_state h;

    crypto_generichash_init(&h, NULL, 0, STATE_HASH);
    audit_feed(&h, prev, STATE_HASH);
    feed_text(&h, x->uid < 0 ? SLICE("canh-audit-1") : SLICE("canh-audit-2"));
    feed_i64(&h, x->seq);
    feed_i64(&h, x->at);
    feed_i64(&h, x->received);
    feed_i64(&h, x->clock);
    audit_feed(&h, x->person.b, sizeof(x->person.b));
    audit_feed(&h, x->unit.b, sizeof(x->unit.b));
    feed_i64(&h, x->role);
    feed_text(&h, x->action);
    feed_text(&h, x->thing);
    audit_feed(&h, x->row.b, sizeof(x->row.b));
    feed_i64(&h, x->version);
    feed_text(&h, x->purpose);
    audit_feed(&h, x->content_hash, STATE_HASH);
    if (x->uid >= 0) {
        feed_i64(&h, x->uid);
        feed_text(&h, x->login);
        feed_text(&h, x->sudo);
        feed_text(&h, x->host);
        feed_text(&h, x->account);
    }
    crypto_generichash_final(&h, to, STATE_HASH);
}

bool audit_read_hash(struct slice s, uint8_t to[STATE_HASH])
{
    if (s.n != STATE_HASH)
        return false;
    memcpy(to, s.p, STATE_HASH);
    return true;
}

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
        r = audit_read_hash(db_blob(st, 3), ret->hash)
                ? 0
                : err_fail(err, CE_CORRUPT, ERR_STATE_AUDIT_ENTRY_NO_HASH, ret->seq);
    }
    db_done(&st);
    return r;
}

static void read_identity(const struct state *s, const struct state_actor *a,
                          struct state_audit_entry *x)
{
    x->uid = s->identity.uid;
    x->login = slice_str(s->identity.login);
    x->sudo = slice_str(s->identity.sudo);
    x->host = slice_str(s->identity.host);
    x->account = text_is_clean(a->account) ? slice_head(a->account, CANH_MIN(a->account.n, 200u))
                                           : SLICE("?");
}

static void bind_identity(struct db_stmt *st, const struct state_audit_entry *x)
{
    db_bind_int(st, 16, x->uid);
    db_bind_text(st, 17, x->login);
    db_bind_text(st, 18, x->sudo);
    db_bind_text(st, 19, x->host);
    db_bind_text(st, 20, x->account);
}

/* A time in doubt moves nothing: what comes after is measured by what was believed before. */
static void read_time(struct state *s, const struct last *last, struct state_audit_entry *x)
{
    x->at = x->received = state_now(s);
    if (s->clock_doubtful) {
        x->clock |= STATE_CLOCK_DOUBTFUL;
        x->received = last->seq ? last->received : x->at;
    }
    if (x->at < last->received && !s->clock_mends) {
        x->clock |= STATE_CLOCK_RAN_BACK;
        x->received = last->received;
    }
}

int audit_append(struct state *s, const struct state_actor *a, const char *action,
                 const char *thing, struct state_id row, struct state_id unit, int64_t version,
                 struct slice content, struct err *err)
{
    struct state_audit_entry x = {.person = a->person, .unit = unit, .role = a->role};
    struct db_stmt *st = NULL;
    struct last last = {.seq = 0};
    int r = meta_append(s, a, err);

    if (r == 0)
        r = read_last(s, &last, err);
    if (r < 0)
        return r;
    x.seq = last.seq + 1;
    read_time(s, &last, &x);
    x.action = slice_str(action);
    x.thing = slice_str(thing);
    x.row = row;
    x.version = version;
    x.purpose = a->purpose.n > 1000 ? slice_head(a->purpose, 1000) : a->purpose;
    read_identity(s, a, &x);
    if (!text_is_clean(x.purpose))
        return err_fail(err, CE_ENCODING, ERR_STATE_PURPOSE_NOT_CLEAN_UTF_8);
    audit_hash_content(content, x.content_hash);
    audit_hash_entry(&x, last.hash, x.hash);
    r = state_stmt(s, SQL_AUDIT_ADD, &st, err);
    if (r < 0)
        return r;
    db_bind_int(st, 1, x.seq);
    db_bind_int(st, 2, x.at);
    db_bind_int(st, 3, x.received);
    db_bind_int(st, 4, x.clock);
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
    bind_identity(st, &x);
    r = db_run(st, err);
    db_done(&st);
    return r;
}

int state_audit_add(struct state *s, const struct state_actor *a, const char *action,
                    const char *thing, struct state_id row, struct slice content, struct err *err)
{
    int r;

    if (a->role <= STATE_ROLE_NONE || a->role >= STATE_ROLE_MAX)
        return err_fail(err, CE_DENIED, ERR_STATE_NO_ROLE);
    if (!text_is_clean(content) || content.n > CONTENT_MAX)
        return err_fail(err, CE_ENCODING, ERR_STATE_CONTENT_NOT_CLEAN_UTF_8);
    r = write_begin(s, err);
    if (r < 0)
        return r;
    r = audit_append(s, a, action, thing, row, a->unit, 0, content, err);
    return write_end(s, r, err);
}

int audit_last(struct state *s, struct state_audit_head *ret, int64_t *ret_received,
               struct err *err)
{
    struct last last;
    int r = read_last(s, &last, err);

    if (r < 0)
        return r;
    ret->seq = last.seq;
    *ret_received = last.received;
    memcpy(ret->hash, last.hash, STATE_HASH);
    return 0;
}

int state_audit_head(struct state *s, struct state_audit_head *ret, struct err *err)
{
    int64_t received;

    return audit_last(s, ret, &received, err);
}

bool state_clock_back(struct state *s)
{
    struct last last;

    return read_last(s, &last, NULL) == 0 && state_now(s) < last.received;
}

struct slice state_hand(const struct state *s, const struct state_actor *a)
{
    const struct slice user = slice_str(s->identity.sudo[0] ? s->identity.sudo : s->identity.login);

    return a->account.n ? a->account : user.n ? user : SLICE("?");
}

int audit_one_hand(struct state *s, const struct state_actor *a, const char *thing,
                   struct state_id row, struct state_id person, bool *ret, struct err *err)
{
    const struct identity_texts now = {.uid = s->identity.uid,
                                       .login = slice_str(s->identity.login),
                                       .sudo = slice_str(s->identity.sudo),
                                       .account = a->account};
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_AUDIT_HANDS, &st, err);

    *ret = false;
    if (r < 0)
        return r;
    db_bind_id(st, 1, &row);
    db_bind_text(st, 2, slice_str(thing));
    db_bind_id(st, 3, &person);
    while ((r = db_step(st, err)) > 0) {
        const struct identity_texts then = {.uid = db_int(st, 0),
                                            .login = db_text(st, 1),
                                            .sudo = db_text(st, 2),
                                            .account = db_text(st, 3)};

        *ret = *ret || identity_same(&now, &then);
    }
    db_done(&st);
    return r;
}

/* Whether the cells hold what audit_append binds: one value is written in one way. */
static bool entry_is_exact(struct db_stmt *st)
{
    static const uint8_t ids[] = {4, 5, 9}, texts[] = {11, 12, 16, 17, 18, 19};

    for (size_t i = 0; i < CANH_LEN(ids); i++)
        if (db_type(st, ids[i]) == 'b' && id_is_none(db_id(st, ids[i])))
            return false;
    for (size_t i = 0; i < CANH_LEN(texts); i++)
        if (db_type(st, texts[i]) == 't' && db_text(st, texts[i]).n == 0)
            return false;
    return db_int(st, 6) >= 0 && db_int(st, 6) < STATE_ROLE_MAX;
}

bool audit_read_entry(struct db_stmt *st, struct state_audit_entry *x)
{
    *x = (struct state_audit_entry){
        .seq = db_int(st, 0),
        .at = db_int(st, 1),
        .received = db_int(st, 2),
        .clock = db_int(st, 3),
        .person = db_id(st, 4),
        .unit = db_id(st, 5),
        .role = (enum state_role)db_int(st, 6),
        .action = db_text(st, 7),
        .thing = db_text(st, 8),
        .row = db_id(st, 9),
        .version = db_int(st, 10),
        .purpose = db_text(st, 11),
        .content = db_text(st, 12),
        .uid = db_int(st, 15),
        .login = db_text(st, 16),
        .sudo = db_text(st, 17),
        .host = db_text(st, 18),
        .account = db_text(st, 19),
    };
    if (slice_is(x->purpose, "-"))
        x->purpose = SLICE_NULL;
    if (x->uid < -1 || (x->uid < 0 && (x->login.n || x->sudo.n || x->host.n || x->account.n)))
        return false; /* nothing outside the hash is believed */
    return entry_is_exact(st) && audit_read_hash(db_blob(st, 13), x->content_hash) &&
           audit_read_hash(db_blob(st, 14), x->hash);
}

/* What was said of its time later: a warning that was settled is none any more. */
static void read_mark(struct state *s, struct state_audit_entry *x)
{
    enum state_clock_mark mark = state_clock_mark_of(s, x->at);

    if (mark == STATE_CLOCK_SAID_WRONG)
        x->clock |= STATE_CLOCK_WRONG;
    if (mark == STATE_CLOCK_SAID_MENDED)
        x->clock &= ~(int64_t)(STATE_CLOCK_RAN_BACK | STATE_CLOCK_DOUBTFUL);
}

int state_audit_each(struct state *s, const struct state_actor *a, int64_t from,
                     int (*fn)(void *u, const struct state_audit_entry *x), void *u,
                     struct err *err)
{
    struct db_stmt *st = NULL;
    struct scope_view v;
    int r;

    if (a->role >= STATE_ROLE_MAX || !(R_HEAD & 1u << a->role))
        return err_fail(err, CE_DENIED, ERR_STATE_ROLE_MAY_NOT_READ_AUDIT,
                        state_role_to_str(a->role));
    r = state_stmt(s, SQL_AUDIT_FROM, &st, err);
    if (r < 0)
        return r;
    db_bind_int(st, 1, from);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        struct state_audit_entry x;

        if (!audit_read_entry(st, &x)) {
            r = err_fail(err, CE_CORRUPT, ERR_STATE_AUDIT_ENTRY_DAMAGED, x.seq);
            break;
        }
        read_mark(s, &x);
        r = scope_view(s, a, &v, err);
        if (r == 0 && (v.all || (!id_is_none(x.unit) && scope_sees(&v, x.unit))))
            r = fn(u, &x);
    }
    db_done(&st);
    return r;
}

/* Erases, and says in *out what. */
static int audit_erase(struct state *s, int64_t before, int64_t *ret_count, struct buf *out,
                       struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_AUDIT_ERASE_RANGE, &st, err);

    if (r < 0)
        return r;
    db_bind_int(st, 1, before);
    r = db_step(st, err);
    *ret_count = r > 0 ? db_int(st, 0) : 0;
    if (r > 0)
        buf_printf(out, "{\"before\":%lld,\"from\":%lld,\"until\":%lld,\"count\":%lld}",
                   (long long)before, (long long)db_int(st, 1), (long long)db_int(st, 2),
                   (long long)*ret_count);
    db_done(&st);
    if (r > 0)
        r = state_stmt(s, SQL_AUDIT_ERASE, &st, err);
    if (r < 0)
        return r;
    db_bind_int(st, 1, before);
    r = db_run(st, err);
    db_done(&st);
    return r;
}

int state_audit_erase(struct state *s, const struct state_actor *a, int64_t before,
                      int64_t *ret_count, struct err *err)
{
    struct buf range = BUF_INIT(256);
    int r;

    if (a->role != STATE_ADMIN && a->role != STATE_SYSTEM)
        return err_fail(err, CE_DENIED, ERR_STATE_ROLE_MAY_NOT_ERASE_AUDIT,
                        state_role_to_str(a->role));
    if (!id_is_none(a->unit))
        return err_fail(err, CE_DENIED, ERR_STATE_RETENTION_AUDIT_FOR_WHOLE_STORE);
    r = write_begin(s, err);
    if (r < 0)
        return r;
    r = audit_erase(s, before, ret_count, &range, err);
    if (r == 0)
        r = audit_append(s, a, "erase", "audit", STATE_ID_NONE, STATE_ID_NONE, 0, buf_slice(&range),
                         err);
    buf_done(&range);
    return write_end(s, r, err);
}
