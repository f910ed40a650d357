/* SPDX-License-Identifier: Apache-2.0 */
/* Failures of signing in: a count for each account and address, and what the audit says of them. */
#include "account/failed.h"

#include "account/sign_in.h"
#include "base/err.h"
#include "state/audit.h"

#define PREFIX "failed "

enum { ADDRESS_MAX = 128, ARENA_MAX = 1 << 20 };

/* "failed an 10.0.0.1"; of names that are no account's "failed  10.0.0.1". */
int failed_add(struct state *s, struct slice login, struct slice from, struct err *err)
{
    struct buf name = BUF_INIT(512);
    int64_t count, last;
    int r;

    buf_printf(&name, PREFIX SLICE_FMT " " SLICE_FMT, SLICE_ARG(login),
               SLICE_ARG(slice_head(from, ADDRESS_MAX)));
    r = state_attempt_get(s, buf_slice(&name), &count, &last, err);
    if (r == 0)
        r = state_attempt_set(s, buf_slice(&name), count + 1, state_now(s), err);
    buf_done(&name);
    return r;
}

/* Failures of one login. */
struct failed {
    struct slice login, from; /* the address that most came from */
    int64_t count, most, addresses;
};

struct failures {
    struct arena *arena;
    struct failed *items; /* STATE_ATTEMPTS_MAX */
    struct slice *names;  /* all of them, to be forgotten */
    size_t count, name_count;
};

static int collect_failed(void *u, struct slice name, int64_t count)
{
    struct failures *f = u;
    struct slice kept = arena_dup(f->arena, name), rest = slice_from(kept, strlen(PREFIX));
    size_t end = slice_find_byte(rest, ' ');
    struct failed *x = f->count ? &f->items[f->count - 1] : NULL;
    struct slice login = slice_head(rest, CANH_MIN(end, rest.n));

    if (kept.p == NULL)
        return -CE_NOMEM;
    f->names[f->name_count++] = kept;
    if (x == NULL || !slice_eq(x->login, login)) {
        x = &f->items[f->count++];
        *x = (struct failed){.login = login};
    }
    x->count += count;
    x->addresses++;
    if (count > x->most && end != SIZE_MAX) {
        x->most = count;
        x->from = slice_from(rest, end + 1);
    }
    return 0;
}

/* Under the account's unit, so that its head reads it: an 5 × 10.0.0.1 (+2). */
static int tell_failed(struct state *s, const struct failed *x, struct arena *arena,
                       struct err *err)
{
    struct state_actor a = state_actor_system();
    struct state_account account = {0};
    struct buf text = BUF_INIT(1000);
    bool known = x->login.n > 0 &&
                 state_account_find(s, &a, STATE_ID_NONE, x->login, arena, &account, NULL) == 0;
    int r;

    if (known)
        buf_printf(&text, SLICE_FMT " ", SLICE_ARG(x->login));
    buf_printf(&text, "%lld × " SLICE_FMT, (long long)x->count, SLICE_ARG(x->from));
    if (x->addresses > 1)
        buf_printf(&text, " (+%lld)", (long long)x->addresses - 1);
    a.purpose = buf_slice(&text);
    a.unit = account.unit;
    r = state_audit_add(s, &a, known ? "sign-in-failed" : "sign-in-unknown", "account", account.id,
                        SLICE_NULL, err);
    buf_done(&text);
    return r;
}

static int tell_all(struct state *s, const struct failures *f, struct err *err)
{
    int r = state_begin(s, err);

    for (size_t i = 0; r == 0 && i < f->count; i++)
        r = tell_failed(s, &f->items[i], f->arena, err);
    for (size_t i = 0; r == 0 && i < f->name_count; i++)
        r = state_attempt_set(s, f->names[i], 0, 0, err);
    if (r == 0)
        r = state_commit(s, err);
    state_rollback(s);
    return r;
}

int sign_in_tell(struct state *s, struct err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX);
    struct failures f = {
        .arena = &arena,
        .items = arena_new_array(&arena, STATE_ATTEMPTS_MAX, struct failed),
        .names = arena_new_array(&arena, STATE_ATTEMPTS_MAX, struct slice),
    };
    int r = f.items && f.names ? state_attempt_each(s, PREFIX, collect_failed, &f, err) : -CE_NOMEM;

    if (r == -CE_NOMEM)
        r = err_nomem(err);
    if (r == 0 && f.count > 0)
        r = tell_all(s, &f, err);
    arena_done(&arena);
    return r;
}
