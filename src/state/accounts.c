/* SPDX-License-Identifier: Apache-2.0 */
#include "state/accounts.h"

#include "lang/err_state.h"
#include "state/internal.h"
#include "state/people.h"

#define ACCOUNT(X, T)                                                                              \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, person, COL_NEED | COL_FIXED | COL_OWN, E_PERSON)                                         \
    X(T, login, COL_NEED, 0)                                                                       \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, password, COL_BYTES | COL_SECRET, 0)                                                      \
    X(T, second, COL_BYTES | COL_SECRET, 0)                                                        \
    X(T, password_at, 0, 0)

struct holder_check {
    struct state *s;
    const struct state_actor *a;
    struct err *err;
};

/* Whoever resets an account can come in as its person: not with more than they have themselves. */
static int refuse_stronger(void *u, const struct state_grant *x)
{
    const struct holder_check *c = u;
    bool leads = x->role == STATE_COORDINATOR || x->role == STATE_ADMIN;

    if ((leads && c->a->role == STATE_HEAD) || !state_may_write(c->s, c->a, x->unit))
        return err_fail(c->err, CE_DENIED, ERR_STATE_ACCOUNT_OF_STRONGER);
    return 0;
}

static int check_holder(struct state *s, const struct state_actor *a, struct state_id person,
                        struct err *err)
{
    const struct state_actor all = state_actor_system();
    const struct state_query now = {.ref = person, .from = state_now(s), .to = state_now(s) + 1};
    struct holder_check c = {.s = s, .a = a, .err = err};

    return a->role == STATE_SYSTEM ? 0 : state_grant_each(s, &all, &now, refuse_stronger, &c, err);
}

static int account_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                         struct err *err)
{
    const struct state_account *x = row, *was = old;
    struct slice password = was ? was->password : SLICE_NULL;
    struct slice second = was ? was->second : SLICE_NULL;

    if (!((1u << a->role) & W_ADMIN) &&
        (!slice_eq(x->password, password) || !slice_eq(x->second, second)))
        return err_fail(err, CE_DENIED, ERR_STATE_ACCOUNT_NOBODY_SETS_ANOTHERS_PASSWORD);
    if (x->login.n > 64)
        return err_fail(err, CE_TOO_BIG, ERR_STATE_ACCOUNT_LOGIN_AT_MOST_64);
    for (size_t i = 0; i < x->login.n; i++) {
        uint8_t c = x->login.p[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_')
            return err_fail(err, CE_SYNTAX, ERR_STATE_ACCOUNT_LOGIN_Z_0_9);
    }
    return check_holder(s, a, x->person, err);
}

ENTITY_COLUMNS(account, ACCOUNT)
const struct entity account_entity = {
    ENTITY_COMMON(account, E_ACCOUNT),
    .unit = account_unit,
    .other = COLUMN_NONE,
    .readers = R_HEAD,
    .writers = W_HEAD,
    .check = account_check,
    .sql = {ENTITY_SQL(account, ACCOUNT, WHEN_ANY, "login, id"),
            ENTITY_FIND(account, ACCOUNT, "login = ?1")},
};
STATE_DEFINE_READ(account)

int state_account_put(struct state *s, const struct state_actor *a, struct state_account *x,
                      struct err *err)
{
    struct arena arena = ARENA_INIT(64 << 10);
    struct state_account row = *x, old = {0};
    int r = write_begin(s, err);

    if (r < 0)
        return r;
    if (x->version != 0)
        r = entity_load(s, &account_entity, x->id, &arena, &old, err);
    if (row.password.p == NULL)
        row.password = old.password;
    if (row.second.p == NULL)
        row.second = old.second;
    if (r == 0)
        r = entity_write(s, a, &account_entity, &row, err);
    if (r == 0) {
        x->id = row.id;
        x->version = row.version;
        x->created = row.created;
        x->changed = row.changed;
        x->password = x->second = SLICE_NULL;
    }
    arena_done(&arena);
    return write_end(s, r, err);
}

int state_account_seal(struct state *s, struct state_id account, struct slice plain,
                       struct buf *out, struct err *err)
{
    return key_seal(s, account, plain, out, err);
}

int state_account_secrets(struct state *s, struct state_id account, struct buf *password,
                          struct buf *second, struct err *err)
{
    struct arena arena = ARENA_INIT(64 << 10);
    struct state_account x = {0};
    int r = entity_load(s, &account_entity, account, &arena, &x, err);

    if (r == 0)
        buf_append_slice(password, x.password);
    if (r == 0 && x.second.n > 0)
        r = key_open(s, account, x.second, second, err);
    arena_done(&arena);
    return r;
}

/* Runs a statement that gives no rows, as a write of its own or inside the caller's. */
static int write_one(struct state *s, struct db_stmt **st, struct err *err)
{
    int r = write_begin(s, err);

    if (r == 0)
        r = write_end(s, db_run(*st, err), err);
    db_done(st);
    return r;
}

static struct slice token_slice(const uint8_t token[STATE_TOKEN])
{
    return slice_of(token, STATE_TOKEN);
}

int state_session_add(struct state *s, const struct state_session *x, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_SESSION_ADD, &st, err);

    if (r < 0)
        return r;
    db_bind_blob(st, 1, token_slice(x->token));
    db_bind_id(st, 2, &x->account);
    db_bind_blob(st, 3, token_slice(x->form));
    db_bind_int(st, 4, x->began);
    db_bind_int(st, 5, x->made);
    db_bind_int(st, 6, x->seen);
    db_bind_int(st, 7, x->ends);
    return write_one(s, &st, err);
}

int state_session_get(struct state *s, const uint8_t token[STATE_TOKEN], struct state_session *ret,
                      struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_SESSION_GET, &st, err);

    if (r < 0)
        return r;
    db_bind_blob(st, 1, token_slice(token));
    r = db_step(st, err);
    if (r > 0) {
        *ret = (struct state_session){.account = db_id(st, 0),
                                      .began = db_int(st, 1),
                                      .made = db_int(st, 2),
                                      .seen = db_int(st, 3),
                                      .ends = db_int(st, 4)};
        memcpy(ret->token, token, STATE_TOKEN);
        if (db_blob(st, 5).n == STATE_TOKEN)
            memcpy(ret->form, db_blob(st, 5).p, STATE_TOKEN);
    }
    db_done(&st);
    return r > 0 ? 0 : r < 0 ? r : err_fail(err, CE_NOT_FOUND, ERR_STATE_NO_SUCH_SESSION);
}

int state_session_set(struct state *s, const struct state_session *x, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_SESSION_SET, &st, err);

    if (r < 0)
        return r;
    db_bind_blob(st, 1, token_slice(x->token));
    db_bind_int(st, 2, x->seen);
    db_bind_int(st, 3, x->ends);
    return write_one(s, &st, err);
}

int state_session_drop(struct state *s, const uint8_t token[STATE_TOKEN], struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_SESSION_DROP, &st, err);

    if (r < 0)
        return r;
    db_bind_blob(st, 1, token_slice(token));
    return write_one(s, &st, err);
}

int state_session_drop_all(struct state *s, struct state_id account, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_SESSION_DROP_ALL, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &account);
    return write_one(s, &st, err);
}

int state_session_sweep(struct state *s, int64_t ended, int64_t old, struct err *err)
{
    static const enum sql_id sweeps[] = {SQL_SESSION_SWEEP, SQL_INVITATION_SWEEP,
                                         SQL_ATTEMPT_SWEEP};
    int r = 0;

    for (size_t i = 0; r == 0 && i < CANH_LEN(sweeps); i++) {
        struct db_stmt *st = NULL;

        r = state_stmt(s, sweeps[i], &st, err);
        if (r < 0)
            break;
        db_bind_int(st, 1, sweeps[i] == SQL_ATTEMPT_SWEEP ? old : ended);
        r = write_one(s, &st, err);
    }
    return r;
}

int state_invitation_put(struct state *s, const uint8_t token[STATE_TOKEN], struct state_id account,
                         int64_t ends, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_invitation_drop(s, account, err);

    if (r == 0)
        r = state_stmt(s, SQL_INVITATION_ADD, &st, err);
    if (r < 0)
        return r;
    db_bind_blob(st, 1, token_slice(token));
    db_bind_id(st, 2, &account);
    db_bind_int(st, 3, ends);
    return write_one(s, &st, err);
}

int state_invitation_get(struct state *s, const uint8_t token[STATE_TOKEN],
                         struct state_id *ret_account, int64_t *ret_ends, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_INVITATION_GET, &st, err);

    if (r < 0)
        return r;
    db_bind_blob(st, 1, token_slice(token));
    r = db_step(st, err);
    if (r > 0) {
        *ret_account = db_id(st, 0);
        *ret_ends = db_int(st, 1);
    }
    db_done(&st);
    return r > 0 ? 0 : r < 0 ? r : err_fail(err, CE_NOT_FOUND, ERR_STATE_NO_SUCH_INVITATION);
}

int state_invitation_drop(struct state *s, struct state_id account, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_INVITATION_DROP, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &account);
    return write_one(s, &st, err);
}

int state_attempt_get(struct state *s, struct slice name, int64_t *ret_count, int64_t *ret_last,
                      struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_ATTEMPT_GET, &st, err);

    *ret_count = *ret_last = 0;
    if (r < 0)
        return r;
    db_bind_text(st, 1, name);
    r = db_step(st, err);
    if (r > 0) {
        *ret_count = db_int(st, 0);
        *ret_last = db_int(st, 1);
    }
    db_done(&st);
    return CANH_MIN(r, 0);
}

int state_attempt_set(struct state *s, struct slice name, int64_t count, int64_t last,
                      struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, count > 0 ? SQL_ATTEMPT_PUT : SQL_ATTEMPT_DROP, &st, err);

    if (r < 0)
        return r;
    db_bind_text(st, 1, name);
    if (count > 0) {
        db_bind_int(st, 2, count);
        db_bind_int(st, 3, last);
    }
    return write_one(s, &st, err);
}

int state_attempt_each(struct state *s, const char *prefix,
                       int (*fn)(void *u, struct slice name, int64_t count), void *u,
                       struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_ATTEMPT_LIST, &st, err);

    if (r < 0)
        return r;
    db_bind_text(st, 1, slice_str(prefix));
    db_bind_int(st, 2, STATE_ATTEMPTS_MAX);
    while ((r = db_step(st, err)) > 0)
        if ((r = fn(u, db_text(st, 0), db_int(st, 1))) != 0)
            break;
    db_done(&st);
    return r;
}

int state_account_step(struct state *s, struct state_id account, int64_t step, bool *ret_fresh,
                       struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_ACCOUNT_STEP, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &account);
    db_bind_int(st, 2, step);
    r = write_one(s, &st, err);
    *ret_fresh = r == 0 && db_changes(s->db) > 0;
    return r;
}
