/* SPDX-License-Identifier: Apache-2.0 */
/* The chain from its beginning. */
#include <string.h>

#include "lang/err_state.h"
#include "state/audit_internal.h"

const struct state_audit_gap state_audit_gaps[] = {
    {"account_step", STATE_GAP_SIGN_IN}, {"alert", STATE_GAP_JOURNAL},
    {"attempt", STATE_GAP_SIGN_IN},      {"call", STATE_GAP_JOURNAL},
    {"consumed", STATE_GAP_JOURNAL},     {"heard", STATE_GAP_HEARD},
    {"invitation", STATE_GAP_SIGN_IN},   {"message", STATE_GAP_JOURNAL},
    {"session", STATE_GAP_SIGN_IN},      {"status", STATE_GAP_CACHE},
};
const size_t state_audit_gap_count = CANH_LEN(state_audit_gaps);

/*
 * What entries say was erased: contents of entries received before `before`, up to `until`. Of
 * entries that hold no more than another one nothing is kept.
 */
enum { ERASED_MAX = 64 };
struct erased {
    struct {
        int64_t until, before;
    } v[ERASED_MAX];
    size_t n;
};

static void add_erased(struct erased *e, int64_t until, int64_t before)
{
    while (e->n > 0 && e->v[e->n - 1].until <= until && e->v[e->n - 1].before <= before)
        e->n--;
    if (e->n < ERASED_MAX) {
        e->v[e->n].until = until;
        e->v[e->n++].before = before;
    }
}

static int read_erased(struct state *s, struct erased *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_AUDIT_ERASED, &st, err);

    while (r == 0 && (r = db_step(st, err)) > 0) {
        struct slice content = db_text(st, 1);

        r = 0;
        if (content.n) /* entries of older programs do not say what they erased */
            add_erased(ret, audit_number(content, "until"), audit_number(content, "before"));
        else
            add_erased(ret, db_int(st, 0) - 1, INT64_MAX);
    }
    db_done(&st);
    return r;
}

static bool is_named(const struct erased *e, const struct state_audit_entry *x)
{
    if (slice_is(x->action, "erase") || slice_is(x->action, "mend"))
        return false; /* never erased */
    for (size_t i = 0; i < e->n; i++)
        if (x->seq <= e->v[i].until && x->received < e->v[i].before)
            return true;
    return false;
}

/* Content was there once and is not any more. */
static bool is_erased(const struct state_audit_entry *x)
{
    uint8_t empty[STATE_HASH];

    audit_hash_content(SLICE_NULL, empty);
    return x->content.n == 0 && memcmp(empty, x->content_hash, STATE_HASH) != 0;
}

static bool content_is_reported(const struct state_audit_entry *x)
{
    uint8_t content[STATE_HASH];

    if (x->content.n == 0)
        return true;
    audit_hash_content(x->content, content);
    return memcmp(content, x->content_hash, STATE_HASH) == 0;
}

/* Receipt goes back only where an entry says that the clock was wrong before. */
static bool goes_back(const struct state_audit_entry *x, int64_t received)
{
    bool mends = slice_is(x->thing, "clock") && slice_is(x->action, "mend");

    return x->received < received && !mends;
}

static int check_entry(struct state *s, const struct state_audit_entry *x, int64_t received,
                       const struct erased *erased, struct state_audit_report *rep, struct err *err)
{
    uint8_t hash[STATE_HASH];
    int r;

    audit_hash_entry(x, rep->head.hash, hash);
    if (!content_is_reported(x) || x->seq != rep->head.seq + 1 ||
        memcmp(hash, x->hash, STATE_HASH) != 0 || goes_back(x, received)) {
        rep->broken_at = x->seq;
        return err_fail(err, CE_CORRUPT, ERR_STATE_AUDIT_BREAKS_AT_ENTRY, x->seq);
    }
    if (is_erased(x) && !is_named(erased, x)) {
        rep->broken_at = x->seq;
        return err_fail(err, CE_CORRUPT, ERR_STATE_AUDIT_CONTENT_MISSING, x->seq);
    }
    rep->entries++;
    rep->nameless += x->uid < 0;
    rep->erased += is_erased(x);
    rep->head.seq = x->seq;
    memcpy(rep->head.hash, x->hash, STATE_HASH);
    r = audit_check_present(s, x, rep, err);
    return r < 0 ? r : audit_check_seal(s, x, rep, err);
}

static int walk_chain(struct state *s, struct state_audit_report *rep, struct err *err)
{
    struct erased erased = {.n = 0};
    struct db_stmt *st = NULL;
    int64_t received = INT64_MIN;
    int r = read_erased(s, &erased, err);

    if (r == 0)
        r = state_stmt(s, SQL_AUDIT_FROM, &st, err);
    if (r < 0)
        return r;
    db_bind_int(st, 1, 0);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        struct state_audit_entry x;

        if (!audit_read_entry(st, &x)) {
            rep->broken_at = x.seq;
            r = err_fail(err, CE_CORRUPT, ERR_STATE_AUDIT_BREAKS_AT_ENTRY, x.seq);
            break;
        }
        r = check_entry(s, &x, received, &erased, rep, err);
        received = x.received;
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
    if (r == 0 || (r > 0 && (!audit_read_hash(db_blob(st, 0), hash) ||
                             memcmp(hash, expect->hash, STATE_HASH) != 0)))
        r = err_fail(err, CE_CORRUPT, ERR_STATE_ENTRY_NOT_ONE_KEPT_ELSEWHERE, expect->seq);
    db_done(&st);
    return r < 0 ? r : 0;
}

static int state_verify(struct state *s, const struct state_audit_head *expect,
                        struct state_audit_report *ret, struct err *err)
{
    int r = walk_chain(s, ret, err);

    if (r == 0)
        r = audit_compare_rows(s, ret, err);
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
    r = state_verify(s, expect, ret, err);
    if (own)
        db_rollback(s->db);
    return r;
}
