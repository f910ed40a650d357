/* SPDX-License-Identifier: Apache-2.0 */
#include "state/checks.h"

#include <sodium.h>

#include "base/hex.h"
#include "lang/err_state.h"
#include "state/audit_internal.h"
#include "state/entity_internal.h"

#define CHECK(X, T)                                                                                \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, asset, COL_OWN, E_ASSET)                                                                  \
    X(T, code, COL_NEED, 0)                                                                        \
    X(T, name, 0, 0)                                                                               \
    X(T, kind, COL_NEED, 0)                                                                        \
    X(T, target, COL_NEED, 0)                                                                      \
    X(T, params, COL_MEMO, 0)                                                                      \
    X(T, every, COL_NEED, 0)                                                                       \
    X(T, timeout, COL_NEED, 0)                                                                     \
    X(T, valid_from, COL_NOW, 0)                                                                   \
    X(T, valid_to, COL_FOREVER, 0)                                                                 \
    X(T, enabled, 0, 0)                                                                            \
    X(T, invented, COL_FIXED, 0)                                                                   \
    X(T, drill, COL_FIXED, 0)
ENTITY_COLUMNS(check, CHECK)
const struct entity check_entity = {
    ENTITY_COMMON(check, E_CHECK),
    .unit = check_unit,
    .other = COLUMN_NONE,
    .readers = R_WORK,
    .writers = W_TECH,
    .sql = {ENTITY_SQL(check, CHECK, WHEN_VALID, ORDER_CODE),
            ENTITY_REF(check, CHECK, "asset", WHEN_VALID, ORDER_CODE),
            ENTITY_FIND(check, CHECK, "code = ?1 AND unit = ?2")},
};
STATE_DEFINE(check)

#define RESULT(X, T)                                                                               \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, check, COL_NEED | COL_FIXED | COL_OWN, E_CHECK)                                           \
    X(T, at, COL_NOW, 0)                                                                           \
    X(T, outcome, COL_NEED, 0)                                                                     \
    X(T, value, 0, 0)                                                                              \
    X(T, text, COL_MEMO, 0)                                                                        \
    X(T, raw_hash, COL_BYTES, 0)                                                                   \
    X(T, seen_from, 0, 0)                                                                          \
    X(T, took, 0, 0)                                                                               \
    X(T, doubtful, 0, 0)

static int result_check_row(struct state *s, const struct state_actor *a, void *row,
                            const void *old, struct err *err)
{
    struct state_result *x = row;

    (void)a, (void)old, (void)err;
    x->doubtful = s->clock_doubtful;
    return 0;
}

ENTITY_COLUMNS(result, RESULT)
const struct entity result_entity = {
    ENTITY_COMMON(result, E_RESULT),
    .unit = result_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND | ENT_SILENT,
    .readers = R_WORK,
    .writers = W_SYSTEM,
    .check = result_check_row,
    .sql = {ENTITY_SQL(result, RESULT, WHEN_AT("at"), "at, id"),
            ENTITY_REF(result, RESULT, "check", WHEN_AT("at"), "at, id"),
            [OP_WALK] = SQL_LIST(result, RESULT, "sealed = ?1", "id")},
};
STATE_DEFINE(result)

static void seal_row(crypto_generichash_state *h, const void *row, struct buf *scratch)
{
    const struct row_head *head = row;

    buf_clear(scratch);
    id_write(scratch, head->id);
    buf_printf(scratch, " %lld ", (long long)head->version);
    entity_canonical(&result_entity, row, scratch);
    buf_putc(scratch, '\n');
    crypto_generichash_update(h, scratch->p, scratch->len);
}

int seal_canonical(struct state *s, int64_t seq, struct buf *out, int64_t *ret_rows,
                   struct err *err)
{
    _Alignas(16) uint8_t row[ROW_MAX];
    struct buf scratch = BUF_INIT(CONTENT_MAX);
    crypto_generichash_state h;
    uint8_t hash[STATE_HASH];
    struct db_stmt *st = NULL;
    int r = entity_stmt(s, &result_entity, OP_WALK, &st, err);

    crypto_generichash_init(&h, NULL, 0, STATE_HASH);
    if (r == 0)
        db_bind_int(st, 1, seq);
    for (*ret_rows = 0; r == 0 && (r = db_step(st, err)) > 0; ++*ret_rows, r = 0) {
        entity_read(&result_entity, st, 0, row);
        seal_row(&h, row, &scratch);
    }
    db_done(&st);
    buf_done(&scratch);
    crypto_generichash_final(&h, hash, STATE_HASH);
    buf_printf(out, "{\"rows\":%lld,\"hash\":\"", (long long)*ret_rows);
    buf_append_hex(out, hash, STATE_HASH);
    buf_puts(out, "\"}");
    return r;
}

/* The rows name the entry, whose number is known before it is written. */
static int checks_seal(struct state *s, int64_t *ret_rows, struct err *err)
{
    const struct state_actor system = state_actor_system();
    struct state_audit_head last = {.seq = 0};
    struct db_stmt *st = NULL;
    int r = meta_append(s, &system, err); /* an entry that would come between */

    buf_clear(&s->content);
    if (r == 0)
        r = seal_canonical(s, 0, &s->content, ret_rows, err);
    if (r < 0 || *ret_rows == 0)
        return r;
    r = state_audit_head(s, &last, err);
    if (r == 0)
        r = state_stmt(s, SQL_RESULT_SEAL, &st, err);
    if (r < 0)
        return r;
    db_bind_int(st, 1, last.seq + 1);
    r = db_run(st, err);
    db_done(&st);
    return r < 0 ? r
                 : audit_append(s, &system, "seal", "result", STATE_ID_NONE, STATE_ID_NONE, 0,
                                buf_slice(&s->content), err);
}

int state_result_seal(struct state *s, int64_t *ret_rows, struct err *err)
{
    int r = write_begin(s, err);

    *ret_rows = 0;
    return r < 0 ? r : write_end(s, checks_seal(s, ret_rows, err), err);
}

#define OUTAGE(X, T)                                                                               \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, check, COL_FIXED | COL_OWN, E_CHECK)                                                      \
    X(T, asset, COL_OWN, E_ASSET)                                                                  \
    X(T, start, COL_NOW, 0)                                                                        \
    X(T, stop, COL_FOREVER, 0)                                                                     \
    X(T, seen_from, 0, 0)                                                                          \
    X(T, cause, 0, 0)                                                                              \
    X(T, note, COL_MEMO, 0)                                                                        \
    X(T, planned, 0, 0)                                                                            \
    X(T, person, COL_SELF, E_PERSON)

/* Of an outage that a check measured, people explain the cause; its times are the machine's. */
static int outage_check_row(struct state *s, const struct state_actor *a, void *row,
                            const void *old, struct err *err)
{
    const struct state_outage *x = row, *was = old;

    (void)s;
    if (was == NULL || id_is_none(was->check) || a->role == STATE_SYSTEM)
        return 0;
    if (x->start != was->start || x->stop != was->stop)
        return err_fail(err, CE_DENIED, ERR_STATE_OUTAGE_TIMES_MEASURED_ONE_NOT);
    return 0;
}

ENTITY_COLUMNS(outage, OUTAGE)
const struct entity outage_entity = {
    ENTITY_COMMON(outage, E_OUTAGE),
    .unit = outage_unit,
    .other = COLUMN_NONE,
    .readers = R_WORK,
    .writers = W_DUTY,
    .check = outage_check_row,
    .sql = {ENTITY_SQL(outage, OUTAGE, WHEN_SPAN, "start, id"),
            ENTITY_REF(outage, OUTAGE, "check", WHEN_SPAN, "start, id")},
};
STATE_DEFINE(outage)

#define FINDING(X, T)                                                                              \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, asset, COL_OWN, E_ASSET)                                                                  \
    X(T, code, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, kind, COL_NEED, 0)                                                                        \
    X(T, title, COL_NEED, 0)                                                                       \
    X(T, detail, COL_MEMO, 0)                                                                      \
    X(T, severity, COL_NEED, 0)                                                                    \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, first_seen, COL_NOW, 0)                                                                   \
    X(T, last_seen, COL_NOW, 0)                                                                    \
    X(T, due, 0, 0)                                                                                \
    X(T, count, 0, 0)                                                                              \
    X(T, source, 0, 0)                                                                             \
    X(T, proof, COL_OWN, E_EVIDENCE)                                                               \
    X(T, fixed_at, 0, 0)

/* A person who says "fixed" shows it; a machine that no longer sees it is proof itself. */
static int finding_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                         struct err *err)
{
    struct state_finding *x = row;
    const struct state_finding *was = old;
    bool fixed_now = x->state == STATE_FINDING_FIXED && (!was || was->state != x->state);

    if (fixed_now && a->role != STATE_SYSTEM && id_is_none(x->proof))
        return err_fail(err, CE_MISSING, ERR_STATE_FINDING_FIXED_NEEDS_EVIDENCE);
    if (fixed_now && x->fixed_at == 0)
        x->fixed_at = state_now(s);
    if (x->state == STATE_FINDING_OPEN)
        x->fixed_at = 0;
    return 0;
}

ENTITY_COLUMNS(finding, FINDING)
const struct entity finding_entity = {
    ENTITY_COMMON(finding, E_FINDING),
    .unit = finding_unit,
    .other = COLUMN_NONE,
    .readers = R_WORK,
    .writers = W_TECH,
    .check = finding_check,
    .sql = {ENTITY_SQL(finding, FINDING, "first_seen < ?2 AND last_seen >= ?1", "first_seen, id"),
            ENTITY_REF(finding, FINDING, "asset", "first_seen < ?2 AND last_seen >= ?1",
                       "first_seen, id"),
            ENTITY_FIND(finding, FINDING, "code = ?1 AND unit = ?2")},
};
STATE_DEFINE(finding)

#define EXCEPTION(X, T)                                                                            \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, finding, COL_NEED | COL_FIXED | COL_OWN, E_FINDING)                                       \
    X(T, reason, COL_NEED | COL_MEMO, 0)                                                           \
    X(T, start, COL_NOW, 0)                                                                        \
    X(T, stop, COL_NEED, 0)                                                                        \
    X(T, asked_by, COL_SELF | COL_FIXED, E_PERSON)                                                 \
    X(T, approved_by, COL_SELF | COL_HEAD, E_PERSON)                                               \
    X(T, approved_at, COL_HEAD | COL_SEAL, 0)                                                      \
    X(T, approved_recorded, COL_STEP, 0)

static int exception_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                           struct err *err)
{
    struct state_exception *x = row;

    if (old == NULL && id_is_none(x->asked_by))
        x->asked_by = a->person;
    approval_settle(a, &exception_entity, row, old);
    return right_own(s, x->approved_by, x->asked_by, x->unit, STATE_MAY_REPLACE, err);
}

ENTITY_COLUMNS(exception, EXCEPTION)
const struct entity exception_entity = {
    ENTITY_COMMON(exception, E_EXCEPTION),
    .unit = exception_unit,
    .other = COLUMN_NONE,
    .flags = ENT_LED,
    .readers = R_WORK,
    .writers = W_TECH,
    .check = exception_check,
    .sql = {ENTITY_SQL(exception, EXCEPTION, WHEN_SPAN, "start, id"),
            ENTITY_REF(exception, EXCEPTION, "finding", WHEN_SPAN, "start, id")},
};
STATE_DEFINE(exception)
