/* SPDX-License-Identifier: Apache-2.0 */
#include "account/account.h"

#include <sodium.h>

#include "account/secret.h"
#include "account/totp.h"
#include "lang/err_account.h"
#include "state/audit.h"
#include "state/people.h"

enum { ARENA_MAX = 64 << 10 };

/* Sessions and passwords are the program's to keep; the audit names the person who acts. */
static struct state_actor program_for(struct state_id person)
{
    struct state_actor a = state_actor_system();

    a.person = person;
    return a;
}

static int account_invite(struct state *s, struct state_id account, struct buf *secret,
                          struct err *err)
{
    struct session_secret token;
    uint8_t hash[STATE_TOKEN];
    int r;

    secret_new(&token, hash);
    r = state_invitation_put(s, hash, account, state_now(s) + ACCOUNT_INVITED, err);
    if (r == 0)
        buf_puts(secret, token.token);
    sodium_memzero(&token, sizeof(token));
    return r;
}

static int end_tx(struct state *s, int r, struct err *err)
{
    if (r == 0)
        r = state_commit(s, err);
    state_rollback(s);
    return r;
}

int account_add(struct state *s, const struct state_actor *a, const struct account_request *q,
                struct buf *secret, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct arena arena = ARENA_INIT(ARENA_MAX);
    struct state_account was,
        x = {.unit = q->unit, .person = q->person, .login = q->login, .state = STATE_ACCOUNT_OPEN};
    int r = state_begin(s, err);

    if (r < 0)
        return r;
    r = state_account_find(s, &all, STATE_ID_NONE, q->login, &arena, &was, err);
    if (r == 0)
        r = err_fail(err, CE_EXISTS, ERR_ACCOUNT_THIS_LOGIN_TAKEN, q->login);
    else if (r == -CE_NOT_FOUND)
        r = state_account_put(s, a, &x, err);
    if (r == 0)
        r = account_invite(s, x.id, secret, err);
    arena_done(&arena);
    return end_tx(s, r, err);
}

static int first_account(struct state *s, const struct state_actor *a,
                         const struct account_first_request *q, struct state_account *ret,
                         struct err *err)
{
    struct state_person person = {.unit = q->unit,
                                  .code = q->login,
                                  .name = q->name,
                                  .valid_from = state_now(s)};
    struct state_grant grant = {.unit = q->unit, .role = STATE_ADMIN, .valid_from = state_now(s)};
    int r = state_person_put(s, a, &person, err);

    grant.person = person.id;
    if (r == 0)
        r = state_grant_put(s, a, &grant, err);
    *ret = (struct state_account){.unit = q->unit,
                                  .person = person.id,
                                  .login = q->login,
                                  .state = STATE_ACCOUNT_OPEN};
    return r < 0 ? r : state_account_put(s, a, ret, err);
}

int account_first(struct state *s, const struct state_actor *a,
                  const struct account_first_request *q, struct buf *secret, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct arena arena = ARENA_INIT(ARENA_MAX);
    struct state_query two = {.limit = 2};
    struct state_account *was = NULL, x;
    size_t n = 0;
    int r = state_begin(s, err);

    if (r < 0)
        return r;
    r = state_account_list(s, &all, &two, &arena, &was, &n, err);
    if (r == 0 && n == 0)
        r = first_account(s, a, q, &x, err);
    else if (r == 0 && n == 1 && was && was[0].password_at == 0 && slice_eq(was[0].login, q->login))
        x = was[0];
    else if (r == 0)
        r = err_fail(err, CE_EXISTS, ERR_ACCOUNT_NOT_FIRST);
    if (r == 0)
        r = state_invitation_drop(s, x.id, err);
    if (r == 0)
        r = account_invite(s, x.id, secret, err);
    arena_done(&arena);
    return end_tx(s, r, err);
}

/* The account of a login, as the actor may change it. */
static int account_find(struct state *s, const struct state_actor *a, struct slice login,
                        struct arena *arena, struct state_account *ret, struct err *err)
{
    int r = state_account_find(s, a, STATE_ID_NONE, login, arena, ret, err);

    return r == -CE_NOT_FOUND ? err_fail(err, CE_NOT_FOUND, ERR_ACCOUNT_NO_SUCH_ACCOUNT, login) : r;
}

int account_lock(struct state *s, const struct state_actor *a, struct slice login, bool unlock,
                 struct err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX);
    struct state_account x;
    int r = state_begin(s, err);

    if (r < 0)
        return r;
    r = account_find(s, a, login, &arena, &x, err);
    if (r == 0) {
        x.state = unlock ? STATE_ACCOUNT_OPEN : STATE_ACCOUNT_LOCKED;
        r = state_account_put(s, a, &x, err);
    }
    if (r == 0 && !unlock)
        r = state_session_drop_all(s, x.id, err);
    if (r == 0 && !unlock)
        r = state_invitation_drop(s, x.id, err);
    arena_done(&arena);
    return end_tx(s, r, err);
}

int account_reset(struct state *s, const struct state_actor *a, struct slice login,
                  struct buf *secret, struct err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX);
    struct state_account x, probe;
    struct state_actor program = program_for(a->person);
    int r = state_begin(s, err);

    if (r < 0)
        return r;
    r = account_find(s, a, login, &arena, &x, err);
    if (r == 0 && !state_may_write(s, a, x.unit))
        r = err_fail(err, CE_DENIED, ERR_ACCOUNT_ACCOUNT_ANOTHER_UNIT);
    probe = x;
    if (r == 0)
        r = state_account_put(s, a, &probe, err); /* may this actor write it at all */
    if (r == 0) {
        probe.password = probe.second = SLICE("");
        probe.password_at = 0;
        probe.state = STATE_ACCOUNT_OPEN;
        r = state_account_put(s, &program, &probe, err);
    }
    if (r == 0)
        r = state_session_drop_all(s, x.id, err);
    if (r == 0)
        r = account_invite(s, x.id, secret, err);
    arena_done(&arena);
    return end_tx(s, r, err);
}

static int account_is_invited(struct state *s, struct slice secret, struct arena *arena,
                              struct state_account *ret, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct state_id account = STATE_ID_NONE;
    uint8_t hash[STATE_TOKEN];
    int64_t ends = 0;
    int r = secret_hash(secret, hash) ? state_invitation_get(s, hash, &account, &ends, err)
                                      : -CE_NOT_FOUND;

    if (r == 0 && ends <= state_now(s))
        r = -CE_NOT_FOUND;
    if (r == 0)
        r = state_account_get(s, &all, account, arena, ret, err);
    if (r == 0 && ret->state != STATE_ACCOUNT_OPEN)
        r = -CE_NOT_FOUND;
    return r == -CE_NOT_FOUND ? err_fail(err, CE_DENIED, ERR_ACCOUNT_THIS_LINK_WAS_USED_OR) : r;
}

int account_invited(struct state *s, struct slice secret, struct arena *arena,
                    struct slice *ret_login, struct err *err)
{
    struct state_account x;
    int r = account_is_invited(s, secret, arena, &x, err);

    if (r == 0)
        *ret_login = x.login;
    return r;
}

int account_accept(struct state *s, struct slice secret, struct slice password, struct err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX);
    char text[PASSWORD_TEXT];
    struct state_account x;
    struct state_actor program;
    int r = state_begin(s, err);

    if (r < 0)
        return r;
    r = account_is_invited(s, secret, &arena, &x, err);
    if (r == 0)
        r = password_judge(x.login, password, err);
    if (r == 0)
        r = password_hash(password, text, err);
    if (r == 0) {
        program = program_for(x.person);
        x.password = slice_str(text);
        x.password_at = state_now(s);
        r = state_account_put(s, &program, &x, err);
    }
    if (r == 0)
        r = state_invitation_drop(s, x.id, err);
    arena_done(&arena);
    return end_tx(s, r, err);
}

void account_second_new(uint8_t ret[20])
{
    _Static_assert(TOTP_SECRET == 20, "as the header says");
    randombytes_buf(ret, TOTP_SECRET);
}

int account_second_has(struct state *s, struct state_id account, bool *ret, struct err *err)
{
    struct buf password = BUF_INIT(1024), second = BUF_INIT(256);
    int r = state_account_secrets(s, account, &password, &second, err);

    *ret = second.len > 0;
    if (second.p)
        sodium_memzero(second.p, second.cap);
    buf_done(&password);
    buf_done(&second);
    return r;
}

int account_second_set(struct state *s, struct state_id account, const uint8_t secret[20],
                       struct slice code, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct arena arena = ARENA_INIT(ARENA_MAX);
    struct buf sealed = BUF_INIT(256);
    struct state_account x;
    struct state_actor program;
    int64_t step = totp_check(secret, code, state_now(s));
    bool fresh;
    int r = state_begin(s, err);

    if (r < 0)
        return r;
    if (step < 0)
        r = err_fail(err, CE_DENIED, ERR_ACCOUNT_CODE_DOES_NOT_FIT_PHONES);
    if (r == 0)
        r = state_account_get(s, &all, account, &arena, &x, err);
    if (r == 0)
        r = state_account_seal(s, account, slice_of(secret, TOTP_SECRET), &sealed, err);
    if (r == 0) {
        program = program_for(x.person);
        x.second = buf_slice(&sealed);
        r = state_account_put(s, &program, &x, err);
    }
    if (r == 0) /* this code is used: nobody signs in with it */
        r = state_account_step(s, account, step, &fresh, err);
    buf_done(&sealed);
    arena_done(&arena);
    return end_tx(s, r, err);
}

/* One's own: who may not write people may still say this. */
int account_language(struct state *s, const struct state_actor *a, enum lang lang, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct arena arena = ARENA_INIT(ARENA_MAX);
    struct state_person x;
    int r = state_act_begin(s, err);

    if (r < 0)
        return r;
    r = state_person_get(s, &all, a->person, &arena, &x, err);
    if (r == 0) {
        x.lang = state_lang_of(lang);
        r = state_person_put(s, &all, &x, err);
    }
    if (r == 0)
        r = state_audit_add(s, a, "language", "person", a->person, slice_str(lang_to_str(lang)),
                            err);
    arena_done(&arena);
    return state_act_end(s, r, err);
}

int account_language_of(struct state *s, struct state_id person, int32_t *ret, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct arena arena = ARENA_INIT(ARENA_MAX);
    struct state_person x;
    int r = state_person_get(s, &all, person, &arena, &x, err);

    *ret = r == 0 ? x.lang : STATE_LANG_NONE;
    arena_done(&arena);
    return r;
}
