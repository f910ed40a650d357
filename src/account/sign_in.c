/* SPDX-License-Identifier: Apache-2.0 */
#include "account/sign_in.h"

#include <sodium.h>

#include "account/account.h"
#include "account/failed.h"
#include "account/secret.h"
#include "account/totp.h"
#include "base/ascii.h"
#include "lang/err_account.h"
#include "state/audit.h"
#include "state/people.h"
#include "state/units.h"

enum { ARENA_MAX = 64 << 10 };

/* How many failures go unpunished, and how the wait grows. */
enum { FREE_OF_LOGIN = 4, FREE_OF_ADDRESS = 20 };
#define WAIT_FIRST (15 * TIME_SECOND)
#define WAIT_MOST  (15 * TIME_MINUTE)
/* Failures this old are forgotten. */
#define FORGOTTEN (24 * TIME_HOUR)
/* A token that was replaced stays good so long. */
#define GRACE TIME_MINUTE
/* seen is written at most so often. */
#define SEEN_EVERY TIME_MINUTE

struct guard {
    struct buf name;
    int64_t count, free;
};

static int64_t wait_after(int64_t count, int64_t unpunished)
{
    int64_t over = count - unpunished;

    return over <= 0 ? 0 : over > 10 ? WAIT_MOST : CANH_MIN(WAIT_FIRST << (over - 1), WAIT_MOST);
}

static int guard_begin(struct state *s, struct guard *g, const char *kind, struct slice what,
                       int64_t unpunished, int64_t *ret_wait, struct err *err)
{
    int64_t last = 0, now = state_now(s), until;
    int r;

    g->name = BUF_INIT(512);
    g->free = unpunished;
    buf_puts(&g->name, kind);
    buf_append_slice(&g->name, slice_head(what, 128));
    r = state_attempt_get(s, buf_slice(&g->name), &g->count, &last, err);
    if (r < 0)
        return r;
    if (last > now || now - last > FORGOTTEN)
        g->count = 0;
    until = last + wait_after(g->count, unpunished);
    *ret_wait = CANH_MAX(*ret_wait, g->count > 0 ? until - now : 0);
    return 0;
}

/* One failure more, or none any more. */
static int guard_end(struct state *s, struct guard *g, bool failed, struct err *err)
{
    return state_attempt_set(s, buf_slice(&g->name), failed ? g->count + 1 : 0, state_now(s), err);
}

/* Lower case, so that a phone's capital at the beginning does not matter. */
static bool login_fold(struct slice in, char to[65], struct slice *ret)
{
    if (in.n == 0 || in.n > 64)
        return false;
    for (size_t i = 0; i < in.n; i++)
        to[i] = (char)ascii_to_lower(in.p[i]);
    to[in.n] = '\0';
    *ret = slice_of(to, in.n);
    return true;
}

/* Instead of what was typed, which may be a password. */
static struct slice login_mark(struct slice login, char to[17])
{
    uint8_t hash[crypto_generichash_BYTES_MIN];

    (void)crypto_generichash(hash, sizeof(hash), login.p, login.n, NULL, 0);
    (void)sodium_bin2hex(to, 17, hash, 8);
    return slice_str(to);
}

static int check_second(struct state *s, const struct state_account *x, struct slice secret,
                        struct slice code, struct err *err)
{
    bool fresh = false;
    int64_t step;
    int r;

    if (secret.n != TOTP_SECRET)
        return 0;
    if (code.n == 0)
        return err_fail(err, CE_MISSING, ERR_ACCOUNT_CODE_SECOND_FACTOR_WANTED);
    step = totp_check(secret.p, code, state_now(s));
    r = step < 0 ? -CE_DENIED : state_account_step(s, x->id, step, &fresh, err);
    return r == 0 && !fresh ? -CE_DENIED : r; /* a code that was seen and used again */
}

static int sign_in_check(struct state *s, const struct sign_in *q, struct arena *arena,
                         struct state_account *ret, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct buf password = BUF_INIT(PASSWORD_TEXT), second = BUF_INIT(64);
    char folded[65];
    struct slice login = SLICE_NULL;
    bool known = login_fold(q->login, folded, &login) &&
                 state_account_find(s, &all, STATE_ID_NONE, login, arena, ret, NULL) == 0;
    int r = known ? state_account_secrets(s, ret->id, &password, &second, err) : 0;
    bool right = r == 0 && password_is(buf_slice(&password), q->password);

    if (r == 0 && known && right && ret->state == STATE_ACCOUNT_OPEN)
        r = check_second(s, ret, buf_slice(&second), q->code, err);
    else if (r == 0)
        r = -CE_DENIED;
    if (second.p)
        sodium_memzero(second.p, second.len);
    buf_done(&second);
    buf_done(&password);
    return r == -CE_DENIED ? err_fail(err, CE_DENIED, ERR_ACCOUNT_LOGIN_PASSWORD_OR_CODE_WRONG) : r;
}

/* was: the session that gets another token, or NULL. */
static int session_new(struct state *s, struct state_id account, const struct state_session *was,
                       struct session_secret *ret, struct err *err)
{
    int64_t now = state_now(s), began = was ? was->began : now;
    struct state_session x = {
        .account = account,
        .began = began,
        .made = now,
        .seen = now,
        .ends = CANH_MIN(now + SESSION_IDLE, began + SESSION_WHOLE),
    };

    secret_new(ret, x.token);
    randombytes_buf(x.form, sizeof(x.form));
    if (was)
        memcpy(x.form, was->form, sizeof(x.form));
    return state_session_add(s, &x, err);
}

static int sign_in_enter(struct state *s, const struct state_account *x, struct session_secret *ret,
                         struct err *err)
{
    struct state_actor a = state_actor_system();
    int64_t now = state_now(s);
    int r = state_session_sweep(s, now, now - FORGOTTEN, err);

    a.person = x->person;
    if (r == 0)
        r = session_new(s, x->id, NULL, ret, err);
    return r < 0 ? r : state_audit_add(s, &a, "sign-in", "account", x->id, SLICE(""), err);
}

int sign_in(struct state *s, const struct sign_in *q, struct session_secret *ret, int64_t *ret_wait,
            struct err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX);
    struct guard by_login = {0}, by_address = {0};
    struct state_account x = {0};
    char folded[65] = "", mark[17];
    struct slice login = SLICE("-");
    int r = state_begin(s, err), kept = 0;

    *ret_wait = 0;
    if (r < 0)
        return r;
    (void)login_fold(q->login, folded, &login);
    r = guard_begin(s, &by_login, "login ", login_mark(login, mark), FREE_OF_LOGIN, ret_wait, err);
    if (r == 0)
        r = guard_begin(s, &by_address, "from ", q->from, FREE_OF_ADDRESS, ret_wait, err);
    if (r == 0 && *ret_wait > 0) {
        r = err_fail(err, CE_BUSY, ERR_ACCOUNT_TOO_MANY_FAILURES_WAIT);
    } else if (r == 0) {
        r = sign_in_check(s, q, &arena, &x, err);
        if (r == 0 || r == -CE_DENIED)
            kept = guard_end(s, &by_login, r < 0, err);
        if (r == -CE_DENIED && kept == 0)
            kept = guard_end(s, &by_address, true, err);
        if (r == -CE_DENIED && kept == 0)
            kept = failed_add(s, x.login, q->from, err);
        if (r == 0 && kept == 0)
            kept = sign_in_enter(s, &x, ret, err);
    }
    if (kept == 0) /* failures are kept, too */
        kept = state_commit(s, err);
    state_rollback(s);
    buf_done(&by_login.name);
    buf_done(&by_address.name);
    arena_done(&arena);
    return kept < 0 ? kept : r;
}

int sign_out(struct state *s, struct slice token, struct err *err)
{
    uint8_t hash[STATE_TOKEN];

    return secret_hash(token, hash) ? state_session_drop(s, hash, err) : 0;
}

int sign_out_all(struct state *s, struct state_id account, struct err *err)
{
    return state_session_drop_all(s, account, err);
}

/* Who a request comes from. */

static int role_of(struct state *s, struct visitor *v, struct state_id person, struct err *err)
{
    /* The strongest first. */
    static const enum state_role ranks[] = {STATE_ADMIN,     STATE_COORDINATOR, STATE_HEAD,
                                            STATE_RESPONDER, STATE_SYSADMIN,    STATE_DUTY,
                                            STATE_OFFICIAL,  STATE_OBSERVER};

    for (size_t i = 0; i < CANH_LEN(ranks); i++) {
        int r = state_actor_of(s, person, STATE_ID_NONE, ranks[i], &v->actor, NULL);

        if (r != -CE_DENIED)
            return r;
    }
    return err_fail(err, CE_DENIED, ERR_ACCOUNT_THIS_PERSON_NO_ROLE_NOW);
}

static int names_of(struct state *s, struct visitor *v, struct arena *arena, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct state_person p;
    struct state_unit u;
    int r = state_person_get(s, &all, v->actor.person, arena, &p, err);

    if (r == 0)
        r = state_unit_get(s, &all, v->actor.unit, arena, &u, err);
    if (r < 0)
        return r;
    v->name = p.name;
    v->unit_name = u.name;
    return p.valid_to > state_now(s) ? 0 : err_fail(err, CE_DENIED, ERR_ACCOUNT_THIS_PERSON_LEFT);
}

static int token_renew(struct state *s, struct state_session *x, struct visitor *v)
{
    int64_t now = state_now(s);
    int r = state_begin(s, NULL);

    if (r < 0)
        return r;
    r = session_new(s, x->account, x, &v->secret, NULL);
    x->seen = now;
    x->ends = CANH_MIN(x->ends, now + GRACE);
    if (r == 0)
        r = state_session_set(s, x, NULL);
    if (r == 0)
        r = state_commit(s, NULL);
    state_rollback(s);
    return r;
}

/* A full disk shuts nobody out: what is not written now is at the next request. */
static void keep_alive(struct state *s, struct state_session *x, enum visitor_trace trace,
                       struct visitor *v)
{
    int64_t now = state_now(s), ends = CANH_MIN(now + SESSION_IDLE, x->began + SESSION_WHOLE);

    v->ends = ends;
    if (trace == VISITOR_NONE || x->ends - now <= GRACE)
        return;
    if (trace == VISITOR_RENEW && now - x->made >= SESSION_TOKEN) {
        v->renewed = token_renew(s, x, v) == 0;
        return;
    }
    if (now - x->seen < SEEN_EVERY)
        return;
    x->seen = now;
    x->ends = ends;
    (void)!state_session_set(s, x, NULL);
}

int visitor_of(struct state *s, struct slice token, enum visitor_trace trace, struct arena *arena,
               struct visitor *ret, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct visitor v = {0};
    struct state_session x;
    struct state_account account;
    uint8_t hash[STATE_TOKEN];
    int r = secret_hash(token, hash) ? state_session_get(s, hash, &x, err) : -CE_NOT_FOUND;

    if (r == 0 && (x.ends <= state_now(s) || x.began > state_now(s) + TIME_MINUTE))
        r = -CE_NOT_FOUND;
    if (r == -CE_NOT_FOUND)
        return err_fail(err, CE_DENIED, ERR_ACCOUNT_NOT_SIGNED);
    if (r == 0)
        r = state_account_get(s, &all, x.account, arena, &account, err);
    if (r == 0 && account.state != STATE_ACCOUNT_OPEN)
        r = err_fail(err, CE_DENIED, ERR_ACCOUNT_NOT_SIGNED);
    if (r == 0)
        r = role_of(s, &v, account.person, err);
    if (r == 0)
        r = names_of(s, &v, arena, err);
    if (r < 0)
        return r;
    keep_alive(s, &x, trace, &v);
    v.account = account.id;
    v.login = account.login;
    v.actor.account = account.login;
    secret_write(x.form, v.csrf);
    *ret = v;
    return 0;
}

bool visitor_csrf_is(const struct visitor *v, struct slice given)
{
    return given.n == SESSION_SECRET && sodium_memcmp(given.p, v->csrf, SESSION_SECRET) == 0;
}
