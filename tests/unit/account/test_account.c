/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Invitations, passwords, sessions, failures, the second factor: with a clock that the test moves.
 */
#include "account/account.h"
#include "account/grant.h"
#include "account/sign_in.h"
#include "account/totp.h"
#include "state/audit.h"

#include "../state/world.h"
#include "err_words.h"

static struct world w;
static struct err err;

static const char right[] = "ngựa đúng pin kẹp";

static int enter(const char *login, const char *password, const char *code,
                 struct session_secret *ret, int64_t *wait)
{
    struct sign_in q = {.login = slice_str(login),
                        .password = slice_str(password),
                        .code = slice_str(code),
                        .from = SLICE("192.0.2.7")};

    err = ERR_INIT;
    return sign_in(w.s, &q, ret, wait, &err);
}

static int who(const struct session_secret *t, struct visitor *v)
{
    err = ERR_INIT;
    return visitor_of(w.s, slice_str(t->token), VISITOR_RENEW, &w.arena, v, &err);
}

static void first_account(void)
{
    struct account_first_request q = {.unit = w.commune_a,
                                      .login = SLICE("dau"),
                                      .name = SLICE("Người Đầu Tiên")};
    struct state_actor head = {.person = w.person_a2, .unit = w.commune_a, .role = STATE_HEAD};
    struct buf secret = BUF_INIT(100), again = BUF_INIT(100);
    struct session_secret t;
    struct visitor v;
    int64_t wait = 0;

    is_int(account_first(w.s, &head, &q, &secret, &err), -CE_DENIED, "no head makes the first");
    buf_clear(&secret);
    is_int(account_first(w.s, &w.local, &q, &secret, &err), 0, "the first: %s", err_words(&err));
    is_int(account_first(w.s, &w.local, &q, &again, &err), 0, "a new link: %s", err_words(&err));
    is_int(account_accept(w.s, buf_slice(&secret), slice_str(right), &err), -CE_DENIED,
           "ends the old one");
    is_int(account_accept(w.s, buf_slice(&again), slice_str(right), &err), 0, "which works");
    is_int(account_first(w.s, &w.local, &q, &secret, &err), -CE_EXISTS, "there is one first");
    is_int(enter("dau", right, "", &t, &wait), 0, "signs in");
    is_int(who(&t, &v), 0, "is somebody: %s", err_words(&err));
    is_int(v.actor.role, STATE_ADMIN, "who may do everything");
    buf_done(&secret);
    buf_done(&again);
}

static void add_account(void)
{
    struct account_request q = {.unit = w.commune_a, .person = w.person_a, .login = SLICE("an")};
    struct buf secret = BUF_INIT(100), other = BUF_INIT(100);
    struct state_actor head = {.person = w.person_a2, .unit = w.commune_a, .role = STATE_HEAD};
    struct state_actor duty = {.person = w.person_a2, .unit = w.commune_a, .role = STATE_DUTY};
    struct state_actor away = {.person = w.person_b, .unit = w.commune_b, .role = STATE_HEAD};
    struct slice login = SLICE_NULL;

    is_int(account_add(w.s, &duty, &q, &secret, &err), -CE_DENIED, "a duty officer adds nobody");
    is_int(account_add(w.s, &away, &q, &secret, &err), -CE_DENIED, "nor another unit's head");
    is_int(account_add(w.s, &head, &q, &secret, &err), 0, "the head does: %s", err_words(&err));
    is_int(account_add(w.s, &head, &q, &other, &err), -CE_EXISTS, "once");
    is_int(account_invited(w.s, buf_slice(&secret), &w.arena, &login, &err), 0, "invited");
    is_slice(login, SLICE("an"), "by name");
    is_int(account_accept(w.s, SLICE("x"), SLICE("whatever it is"), &err), -CE_DENIED,
           "no invitation");
    is_int(account_accept(w.s, buf_slice(&secret), SLICE("ngắn"), &err), -CE_RANGE, "too short");
    is_int(account_accept(w.s, buf_slice(&secret), SLICE("1234567890"), &err), -CE_RANGE,
           "too plain");
    is_int(account_accept(w.s, buf_slice(&secret), slice_str(right), &err), 0, "a good one");
    is_int(account_accept(w.s, buf_slice(&secret), slice_str(right), &err), -CE_DENIED,
           "an invitation is used once");
    buf_clear(&secret);
    is_int(account_reset(w.s, &away, SLICE("an"), &secret, &err), -CE_DENIED,
           "another unit's head resets nobody");
    is_int(account_reset(w.s, &head, SLICE("an"), &secret, &err), 0, "the head does: %s",
           err_words(&err));
    w.now += ACCOUNT_INVITED;
    is_int(account_accept(w.s, buf_slice(&secret), slice_str(right), &err), -CE_DENIED,
           "after half an hour it is over");
    buf_clear(&secret);
    is_int(account_reset(w.s, &head, SLICE("dau"), &secret, &err), -CE_DENIED,
           "who administers is not a head's to reset");
    is_int((long long)secret.len, 0, "and no link is made");
    is_int(account_lock(w.s, &head, SLICE("dau"), false, &err), -CE_DENIED, "nor to lock");
    is_int(account_lock(w.s, &head, SLICE("an"), false, &err), 0, "locked meanwhile");
    is_int(account_reset(w.s, &head, SLICE("an"), &secret, &err), 0, "again, which unlocks");
    is_int(account_accept(w.s, buf_slice(&secret), slice_str(right), &err), 0, "in time");
    buf_done(&secret);
    buf_done(&other);
}

static void test_sessions(void)
{
    struct state_grant grant = {.unit = w.commune_a, .person = w.person_a, .role = STATE_DUTY};
    struct session_secret t, next;
    struct visitor v;
    int64_t wait = 0;

    is_int(enter("an", right, "", &t, &wait), 0, "signed in: %s", err_words(&err));
    is_int(who(&t, &v), -CE_DENIED, "without a role nobody");
    is_int(state_grant_put(w.s, &w.local, &grant, &err), 0, "a role is granted");
    is_int(who(&t, &v), 0, "now it is somebody: %s", err_words(&err));
    is_int(v.actor.role, STATE_DUTY, "on duty");
    ok(id_eq(v.actor.person, w.person_a) && id_eq(v.actor.unit, w.commune_a), "of the unit");
    ok(visitor_csrf_is(&v, slice_str(v.csrf)), "what comes back from a form is known");
    ok(!visitor_csrf_is(&v, SLICE("")) && !visitor_csrf_is(&v, slice_str(t.token)),
       "and nothing else");

    w.now += SESSION_TOKEN;
    is_int(who(&t, &v), 0, "after an hour");
    ok(v.renewed, "there is a new token");
    next = v.secret;
    w.now += 30 * TIME_SECOND;
    is_int(who(&t, &v), 0, "the old one is good for requests under way");
    ok(!v.renewed, "once");
    w.now += 2 * TIME_MINUTE;
    is_int(who(&t, &v), -CE_DENIED, "then no more");
    is_int(who(&next, &v), 0, "the new one is");
    w.now += SESSION_IDLE + TIME_SECOND;
    is_int(who(&next, &v), -CE_DENIED, "until nobody was there for a long time");

    is_int(enter("AN", right, "", &t, &wait), 0, "a capital at the beginning does not matter");
    is_int(sign_out(w.s, slice_str(t.token), &err), 0, "signed out");
    is_int(who(&t, &v), -CE_DENIED, "is out");
    is_int(enter("an", right, "", &t, &wait), 0, "in again");
    is_int(account_lock(w.s, &w.local, SLICE("an"), false, &err), 0, "locked");
    is_int(who(&t, &v), -CE_DENIED, "is out at once");
    is_int(enter("an", right, "", &t, &wait), -CE_DENIED, "and stays out");
    is_int(account_lock(w.s, &w.local, SLICE("an"), true, &err), 0, "unlocked");
    is_int(enter("an", right, "", &t, &wait), 0, "in again");
}

static void test_failures(void)
{
    struct session_secret t;
    int64_t wait = 0;
    int tries = 0, r;

    w.now += 2 * TIME_DAY;
    do
        r = enter("an", "wrong password", "", &t, &wait);
    while (r == -CE_DENIED && tries++ < 20);
    is_int(r, -CE_BUSY, "after some failures there is a wait");
    ok(wait > 0 && wait <= 15 * TIME_MINUTE, "of which is told");
    is_int(tries, 5, "after five");
    is_int(enter("an", right, "", &t, &wait), -CE_BUSY, "for the right password, too");
    w.now += wait;
    is_int(enter("an", right, "", &t, &wait), 0, "then it is in: %s", err_words(&err));
    is_int(enter("an", "wrong password", "", &t, &wait), -CE_DENIED, "and the count begins anew");
    r = 0;
    for (int i = 0; i < 40 && r != -CE_BUSY; i++) {
        char name[32];

        (void)snprintf(name, sizeof(name), "nobody%d", i);
        r = enter(name, "wrong password", "", &t, &wait);
    }
    is_int(r, -CE_BUSY, "many logins from one address are one guesser");
    w.now += 2 * TIME_DAY;
    is_int(enter("an", right, "", &t, &wait), 0, "in two days all is forgotten");
}

struct told {
    unsigned failed, unknown;
    char purpose[200];
    bool typed; /* what was typed as a login stands somewhere */
    struct state_id row, unit;
};

static int look_told(void *u, const struct state_audit_entry *x)
{
    struct told *t = u;

    t->typed |= slice_find(x->purpose, SLICE("m4t-kh4u")) != SIZE_MAX;
    if (!slice_is(x->action, "sign-in-failed") && !slice_is(x->action, "sign-in-unknown"))
        return 0;
    t->failed += slice_is(x->action, "sign-in-failed");
    t->unknown += slice_is(x->action, "sign-in-unknown");
    t->row = x->row;
    t->unit = x->unit;
    (void)snprintf(t->purpose, sizeof(t->purpose), SLICE_FMT, SLICE_ARG(x->purpose));
    return 0;
}

/* What the audit tells of failures, from an entry on. */
static struct told told_since(int64_t seq)
{
    struct told t = {0};

    is_int(sign_in_tell(w.s, &err), 0, "failures are told: %s", err_words(&err));
    is_int(state_audit_each(w.s, &w.local, seq + 1, look_told, &t, &err), 0, "and read");
    return t;
}

static int64_t audit_end(void)
{
    struct state_audit_head head = {0};

    is_int(state_audit_head(w.s, &head, &err), 0, "the audit's end");
    return head.seq;
}

static int no_attempt(void *u, struct slice name, int64_t count)
{
    (void)count;
    *(bool *)u |= slice_find(name, SLICE("m4t-kh4u")) != SIZE_MAX;
    return 0;
}

static void test_told(void)
{
    struct session_secret t;
    struct state_audit_report report;
    int64_t wait = 0, end;
    bool kept = false;
    struct told told;

    w.now += 2 * TIME_DAY;
    told_since(0);
    end = audit_end();
    for (int i = 0; i < 3; i++)
        is_int(enter("An", "wrong password", "", &t, &wait), -CE_DENIED, "a failure");
    is_int(audit_end(), end, "which is no entry yet");
    told = told_since(end);
    is_int(told.failed, 1, "three failures are one entry");
    is_int(told.unknown, 0, "of an account");
    is_str(told.purpose, "an 3 × 192.0.2.7", "which says whose, how many, from where");
    ok(!id_is_none(told.row) && id_eq(told.unit, w.commune_a), "that its unit's head can read");
    end = audit_end();
    told = told_since(end);
    is_int(told.failed + told.unknown, 0, "and that is told once");

    is_int(enter("m4t-kh4u", "an", "", &t, &wait), -CE_DENIED, "a password typed as a login");
    is_int(enter("M4T-KH4U9", "an", "", &t, &wait), -CE_DENIED, "and another");
    is_int(state_attempt_each(w.s, "", no_attempt, &kept, &err), 0, "what is kept meanwhile");
    ok(!kept, "is not what was typed");
    told = told_since(end);
    is_int(told.unknown, 1, "names that are no account's are one entry");
    is_str(told.purpose, "2 × 192.0.2.7", "without the names");
    ok(!told.typed && id_is_none(told.row), "anywhere");
    is_int(state_audit_verify(w.s, NULL, &report, &err), 0, "the chain holds: %s", err_words(&err));
    w.now += 2 * TIME_DAY;
}

static void test_second(void)
{
    static const uint8_t rfc[] = "12345678901234567890"; /* RFC 6238, appendix B */
    uint8_t secret[TOTP_SECRET];
    char code[TOTP_DIGITS + 1];
    struct session_secret t;
    struct visitor v;
    struct buf text = BUF_INIT(100);
    int64_t wait = 0;
    bool has = true;

    totp_code(rfc, 59 / 30, code);
    is_str(code, "287082", "the code of the RFC at 59 s");
    totp_code(rfc, 1111111109 / 30, code);
    is_str(code, "081804", "and at 1111111109 s");
    totp_write_secret(&text, rfc);
    is_slice(buf_slice(&text), SLICE("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "as people type it");
    ok(totp_check(rfc, SLICE("081 804"), INT64_C(1111111109) * TIME_SECOND) > 0, "with a blank");
    is_int(totp_check(rfc, SLICE("081805"), INT64_C(1111111109) * TIME_SECOND), -1, "a wrong one");

    is_int(enter("an", right, "", &t, &wait), 0, "without a second factor");
    is_int(who(&t, &v), 0, "somebody");
    account_second_new(secret);
    is_int(account_second_set(w.s, v.account, secret, SLICE("000000"), &err), -CE_DENIED,
           "a code that does not fit keeps nothing");
    totp_code(secret, w.now / TIME_SECOND / TOTP_STEP_S, code);
    is_int(account_second_has(w.s, v.account, &has, &err), 0, "asked: %s", err_words(&err));
    ok(!has, "none yet");
    is_int(account_second_set(w.s, v.account, secret, slice_str(code), &err), 0,
           "one that does: %s", err_words(&err));
    ok(account_second_has(w.s, v.account, &has, &err) == 0 && has, "there is one");
    is_int(enter("an", right, "", &t, &wait), -CE_MISSING, "now a code is wanted");
    is_int(enter("an", right, "123", &t, &wait), -CE_DENIED, "a right one");
    is_int(enter("an", right, code, &t, &wait), -CE_DENIED, "not the one that turned it on");
    totp_code(secret, w.now / TIME_SECOND / TOTP_STEP_S + 1, code);
    is_int(enter("an", right, code, &t, &wait), 0, "the next one lets in: %s", err_words(&err));
    is_int(enter("an", right, code, &t, &wait), -CE_DENIED, "once");
    buf_done(&text);
}

static void test_grants(void)
{
    const struct act_ctx ctx = {.s = w.s, .arena = &w.arena};
    struct state_actor head = {.person = w.person_a2, .unit = w.commune_a, .role = STATE_HEAD};
    struct grant_request q = {.person = w.person_a,
                              .role = STATE_SYSADMIN,
                              .source = SLICE("1/QĐ")};
    const struct state_query of = {.ref = w.person_a}, all = {.limit = 0};
    struct state_grant given, ended, *rows = NULL;
    size_t n = 0, before = 0;

    must(state_grant_list(w.s, &w.local, &of, &w.arena, &rows, &before, &err), &err, "list");
    is_int(grant_add(&ctx, &head, &q, &given, &err), 0, "a role: %s", err_words(&err));
    ok(grant_holds(&given, w.now) && id_eq(given.unit, w.commune_a), "held at the person's unit");
    is_int(grant_add(&ctx, &head, &q, &given, &err), -CE_EXISTS, "not twice");
    q.role = STATE_ADMIN;
    is_int(grant_add(&ctx, &head, &q, &given, &err), -CE_DENIED, "a head does not give all");
    q.role = STATE_SYSTEM;
    is_int(grant_add(&ctx, &w.local, &q, &given, &err), -CE_RANGE, "nobody is the program");
    q.role = STATE_OBSERVER;
    q.until = w.now - 1;
    is_int(grant_add(&ctx, &w.local, &q, &given, &err), -CE_RANGE, "nor for a time that is over");
    must(state_grant_list(w.s, &w.local, &of, &w.arena, &rows, &n, &err), &err, "list");
    is_int((long long)n, (long long)before + 1, "one was written");
    for (size_t i = 0; i < n; i++)
        if (rows[i].role == STATE_SYSADMIN)
            given = rows[i];
    w.now += TIME_HOUR;
    is_int(grant_end(&ctx, &head, given.id, &ended, &err), 0, "ended: %s", err_words(&err));
    ok(!grant_holds(&ended, w.now), "from then on");
    is_int(grant_end(&ctx, &head, given.id, &ended, &err), 0, "again: nothing");
    must(state_grant_list(w.s, &w.local, &all, &w.arena, &rows, &n, &err), &err, "all");
    for (size_t i = 0; i < n; i++)
        if (rows[i].role == STATE_ADMIN)
            given = rows[i];
    is_int(grant_end(&ctx, &w.local, given.id, &ended, &err), -CE_CONFLICT,
           "somebody stays who administers");
}

int main(void)
{
    world_open(&w);
    first_account();
    add_account();
    test_sessions();
    test_failures();
    test_told();
    test_second();
    test_grants();
    world_close(&w);
    return tap_done();
}
