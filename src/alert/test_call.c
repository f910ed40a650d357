/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/test_call.h"

#include "alert/call_internal.h"
#include "alert/matter.h"
#include "base/ascii.h"
#include "base/time.h"
#include "lang/err_alert.h"
#include "lang/said.h"
#include "state/audit.h"

#define ASKED_FOR  TIME_HOUR /* who has not answered is not asked again before */
#define GOOD_FOR   TIME_DAY  /* a code */
#define HOOK_AGAIN TIME_MINUTE
enum { CODE_MAX = 15, LEVEL = 3 };

const char *test_call_word(enum test_call_outcome outcome)
{
    static const char *const words[TEST_CALL_MAX] = {"", "asked", "waiting", "no-way"};

    return outcome > 0 && outcome < TEST_CALL_MAX ? words[outcome] : "";
}

static bool may_ask(struct state *s, const struct state_actor *a, struct state_id unit)
{
    static const uint32_t roles = 1u << STATE_SYSADMIN | 1u << STATE_HEAD |
                                  1u << STATE_COORDINATOR | 1u << STATE_ADMIN | 1u << STATE_SYSTEM;

    return a->role < STATE_ROLE_MAX && (roles & 1u << a->role) && state_may_write(s, a, unit);
}

static int on_way(void *u, const struct state_contact *x)
{
    bool way = x->kind == STATE_CONTACT_MOBILE || x->kind == STATE_CONTACT_EMAIL;

    *(bool *)u = *(bool *)u || (way && x->hint.n > 0);
    return 0;
}

static struct state_id thing_of(struct state_id person)
{
    return matter_id(STATE_MATTER_TEST, id_slice(&person));
}

int test_call_last(const struct act_ctx *ctx, struct state_id person, struct state_call *ret,
                   struct err *err)
{
    const struct state_actor sys = state_actor_system();
    int r = call_of(ctx->s, &sys, thing_of(person), ctx->arena, ret, err);

    if (r == -CE_NOT_FOUND)
        *ret = (struct state_call){.version = 0};
    return r == -CE_NOT_FOUND ? 0 : r;
}

struct sent_search {
    int64_t since;
    bool found;
};

static int on_message(void *u, const struct state_message *x)
{
    struct sent_search *f = u;

    f->found = x->created >= f->since;
    return f->found;
}

int test_call_sent(const struct act_ctx *ctx, const struct state_call *call, bool *ret,
                   struct err *err)
{
    const struct state_actor sys = state_actor_system();
    const struct state_query q = {.ref = call->id};
    struct sent_search f = {.since = call->began};
    int r = state_message_each(ctx->s, &sys, &q, on_message, &f, err);

    *ret = f.found;
    return CANH_MIN(r, 0);
}

static bool is_waiting(const struct state_call *call, int64_t now)
{
    return call->version && call->state != STATE_CALL_OVER && call->began + ASKED_FOR > now;
}

/* person none: told to the unit's webhook. */
static int test_begin(const struct act_ctx *ctx, struct state_id unit, struct state_id person,
                      struct state_call *was, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    int64_t now = state_now(ctx->s);
    struct state_call call = {.unit = unit,
                              .matter = STATE_MATTER_TEST,
                              .thing = thing_of(id_is_none(person) ? unit : person),
                              .level = LEVEL,
                              .title = said_words(SAID_TEST_CALL),
                              .answerer = person,
                              .state = STATE_CALL_CLIMBING,
                              .began = now,
                              .due = now};

    if (!was->version)
        return state_call_put(ctx->s, &sys, &call, err);
    call_begin_anew(was, now, now);
    was->answerer = person;
    return state_call_put(ctx->s, &sys, was, err);
}

static int ask_inside(const struct act_ctx *ctx, const struct state_actor *a,
                      struct state_id person, enum test_call_outcome *ret, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    const struct state_query q = {.ref = person};
    struct state_person p;
    struct state_call was;
    bool way = false;
    int r = state_person_get(ctx->s, a, person, ctx->arena, &p, err);

    if (r == 0 && !may_ask(ctx->s, a, p.unit))
        r = err_fail(err, CE_DENIED, ERR_ALERT_NOT_OF_YOUR_UNIT);
    if (r == 0)
        r = state_contact_each(ctx->s, &sys, &q, on_way, &way, err);
    if (r == 0)
        r = test_call_last(ctx, person, &was, err);
    if (r < 0)
        return r;
    *ret = !way                                  ? TEST_CALL_NO_WAY
           : is_waiting(&was, state_now(ctx->s)) ? TEST_CALL_WAITING
                                                 : TEST_CALL_ASKED;
    if (*ret != TEST_CALL_ASKED)
        return 0;
    r = test_begin(ctx, p.unit, p.id, &was, err);
    return r < 0 ? r : state_audit_add(ctx->s, a, "test-call", "person", person, SLICE_NULL, err);
}

int test_call_ask(const struct act_ctx *ctx, const struct state_actor *actor,
                  struct state_id person, enum test_call_outcome *ret, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    *ret = TEST_CALL_NO_WAY;
    return r < 0 ? r : state_act_end(ctx->s, ask_inside(ctx, actor, person, ret, err), err);
}

static int hook_inside(const struct act_ctx *ctx, const struct state_actor *a,
                       enum test_call_outcome *ret, struct err *err)
{
    struct state_call was;
    int r = may_ask(ctx->s, a, a->unit) ? 0 : err_fail(err, CE_DENIED, ERR_ALERT_NOT_OF_YOUR_UNIT);

    if (r == 0)
        r = test_call_last(ctx, a->unit, &was, err);
    if (r < 0)
        return r;
    *ret = was.version && was.began + HOOK_AGAIN > state_now(ctx->s) ? TEST_CALL_WAITING
                                                                     : TEST_CALL_ASKED;
    if (*ret != TEST_CALL_ASKED)
        return 0;
    r = test_begin(ctx, a->unit, STATE_ID_NONE, &was, err);
    return r < 0 ? r : state_audit_add(ctx->s, a, "test-call", "unit", a->unit, SLICE_NULL, err);
}

int test_call_hook(const struct act_ctx *ctx, const struct state_actor *actor,
                   enum test_call_outcome *ret, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    *ret = TEST_CALL_NO_WAY;
    return r < 0 ? r : state_act_end(ctx->s, hook_inside(ctx, actor, ret, err), err);
}

int test_call_end(struct state *s, struct state_call *call, struct err *err)
{
    const struct state_actor sys = state_actor_system();

    call->state = STATE_CALL_OVER;
    call->answered_at = state_now(s);
    return state_call_put(s, &sys, call, err);
}

/* As codes are written, whatever somebody typed. */
static struct slice code_typed(struct slice typed, char out[CODE_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < typed.n && n < CODE_MAX; i++)
        if (typed.p[i] != ' ')
            out[n++] = (char)ascii_to_upper(typed.p[i]);
    return slice_of(out, n);
}

static int find_message(const struct act_ctx *ctx, struct state_id person, struct slice code,
                        struct state_message *ret, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct state_id id = STATE_ID_NONE;
    int r =
        code.n == 0 ? 0 : state_message_coded(ctx->s, code, state_now(ctx->s) - GOOD_FOR, &id, err);

    if (r == 0 && !id_is_none(id))
        r = state_message_get(ctx->s, &sys, id, ctx->arena, ret, err);
    if (r < 0)
        return r;
    if (id_is_none(id) || id_is_none(person) || !id_eq(ret->person, person) ||
        id_is_none(ret->contact))
        return err_fail(err, CE_NOT_FOUND, ERR_ALERT_NO_SUCH_CODE);
    return 0;
}

static int answer_inside(const struct act_ctx *ctx, const struct state_actor *a, struct slice code,
                         struct state_contact *ret, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct state_message m;
    struct state_call call;
    int r = find_message(ctx, a->person, code, &m, err);

    if (r == 0)
        r = state_contact_get(ctx->s, &sys, m.contact, ctx->arena, ret, err);
    if (r == 0 && ret->proven_at == 0 && ret->changed > m.created)
        r = err_fail(err, CE_NOT_FOUND, ERR_ALERT_NO_SUCH_CODE); /* it went to another value */
    if (r == 0)
        r = state_contact_prove(ctx->s, &sys, m.contact, state_now(ctx->s), SLICE("code"), err);
    if (r == 0)
        r = state_contact_get(ctx->s, &sys, m.contact, ctx->arena, ret, err);
    if (r == 0)
        r = state_call_get(ctx->s, &sys, m.call, ctx->arena, &call, err);
    if (r == 0 && call.matter == STATE_MATTER_TEST)
        r = test_call_end(ctx->s, &call, err);
    return r < 0 ? r : state_audit_add(ctx->s, a, "prove", "contact", m.contact, SLICE_NULL, err);
}

int test_call_answer(const struct act_ctx *ctx, const struct state_actor *actor, struct slice code,
                     struct state_contact *ret, struct err *err)
{
    char typed[CODE_MAX];
    struct slice as_written = code_typed(code, typed);
    int r = state_act_begin(ctx->s, err);

    return r < 0 ? r : state_act_end(ctx->s, answer_inside(ctx, actor, as_written, ret, err), err);
}
