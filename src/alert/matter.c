/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/matter_internal.h"

#include <stdlib.h>

#include "alert/call_internal.h"
#include "base/array.h"
#include "base/blake2b.h"
#include "lang/err_alert.h"
#include "state/audit.h"
#include "state/checks.h"
#include "state/requests.h"

enum { OPEN_MAX = 1000000 }; /* more of one kind than a nation has posts */

const char *matter_word(int32_t matter)
{
    static const char *const words[STATE_MATTER_MAX] = {"",      "alert",   "shift",    "outage",
                                                        "clock", "request", "fault",    "life",
                                                        "ready", "change",  "handover", "test"};

    return matter > 0 && matter < STATE_MATTER_MAX ? words[matter] : "";
}

struct state_id matter_id(enum state_matter kind, struct slice name)
{
    const uint8_t first = (uint8_t)kind;
    uint8_t hash[BLAKE2B_BYTES];
    struct blake2b b;
    struct state_id id;

    blake2b_init(&b);
    blake2b_update(&b, (struct slice){&first, 1});
    blake2b_update(&b, name);
    blake2b_final(&b, hash);
    memcpy(id.b, hash, sizeof(id.b));
    return id;
}

struct state_id matter_shift_id(struct state_id post, int64_t from)
{
    uint8_t name[sizeof(post.b) + sizeof(from)];

    memcpy(name, post.b, sizeof(post.b));
    memcpy(name + sizeof(post.b), &from, sizeof(from));
    return matter_id(STATE_MATTER_SHIFT, (struct slice){name, sizeof(name)});
}

/* What there is beside what was known. */

static int open_one(struct state *s, const struct ladder *l, enum state_matter kind,
                    const struct call_matter *m, bool *ret_new, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(1 << 18);
    struct state_call call = {.unit = m->unit,
                              .matter = kind,
                              .thing = m->thing,
                              .level = l->matters[kind].level,
                              .title = m->title,
                              .answerer = m->person,
                              .drill = m->drill,
                              .state = STATE_CALL_CLIMBING,
                              .began = m->since,
                              .due = state_now(s)};
    struct state_call was;
    struct err none = ERR_INIT;
    int r = call_of(s, &sys, m->thing, &arena, &was, &none);

    *ret_new = r == -CE_NOT_FOUND ||
               (r == 0 && was.state == STATE_CALL_OVER && id_is_none(m->person)); /* told once */
    if (r == 0 && *ret_new) {
        call_begin_anew(&was, m->since, state_now(s));
        r = state_call_put(s, &sys, &was, err);
    } else if (*ret_new) {
        r = state_call_put(s, &sys, &call, err);
    } else if (r < 0) {
        *err = none;
    }
    arena_done(&arena);
    return r;
}

/* The rows of a kind that are open and no longer among the items. */
static int end_others(struct state *s, enum state_matter kind, const struct call_matter *items,
                      size_t n, size_t *changed, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct state_id *ids = arena_alloc(&arena, OPEN_MAX * sizeof(*ids)); /* touched where used */
    struct map there;
    size_t count = 0;
    int r = ids ? state_call_open(s, kind, OPEN_MAX, ids, &count, err) : err_nomem(err);

    map_init(&there, n);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = map_put(&there, id_slice(&items[i].thing), 0) < 0 ? err_nomem(err) : 0;
    for (size_t i = 0; r == 0 && i < count; i++) {
        struct arena inner = ARENA_INIT(1 << 18);
        struct state_call call;

        r = state_call_get(s, &sys, ids[i], &inner, &call, err);
        if (r == 0 && !map_get(&there, id_slice(&call.thing), NULL)) {
            call.state = STATE_CALL_OVER;
            r = state_call_put(s, &sys, &call, err);
            ++*changed;
        }
        arena_done(&inner);
    }
    map_done(&there);
    arena_done(&arena);
    return r;
}

int call_matters(struct state *s, const struct ladder *l, enum state_matter kind,
                 const struct call_matter *items, size_t count, size_t *ret_changed,
                 struct err *err)
{
    size_t changed = 0;
    int r = state_act_begin(s, err);

    if (r < 0)
        return r;
    for (size_t i = 0; r == 0 && i < count && l->matters[kind].level; i++) {
        bool is_new = false;

        r = open_one(s, l, kind, &items[i], &is_new, err);
        changed += is_new;
    }
    if (r == 0)
        r = end_others(s, kind, items, l->matters[kind].level ? count : 0, &changed, err);
    *ret_changed = changed;
    return state_act_end(s, r, err);
}

/* What the state tells. */

bool matter_is_there(const struct matter_list_ctx *g, struct state_id thing)
{
    return map_get(&g->things, id_slice(&thing), NULL);
}

int matter_add(struct matter_list_ctx *g, const struct call_matter *m)
{
    struct slice key = arena_dup(g->arena, id_slice(&m->thing));

    if (matter_is_there(g, m->thing))
        return 0;
    if (key.p == NULL || !array_room(g->items, g->count, g->cap, SIZE_MAX) ||
        map_put(&g->things, key, (uint32_t)g->count) < 0)
        return -CE_NOMEM;
    g->items[g->count] = *m;
    g->items[g->count++].title = arena_dup(g->arena, m->title);
    return 0;
}

static int add_outage(void *u, const struct state_outage *x)
{
    const struct state_actor sys = state_actor_system();
    struct matter_list_ctx *g = u;
    struct state_check check = {.name = SLICE_NULL};
    struct call_matter m = {.thing = x->id, .unit = x->unit, .since = state_now(g->s)};

    if (x->planned || (x->stop != 0 && x->stop <= m.since))
        return 0;
    if (state_check_get(g->s, &sys, x->check, g->arena, &check, NULL) == 0)
        m.title = check.name.n ? check.name : check.code;
    m.drill = check.drill; /* which does not wait to see whether it lasts */
    if (!m.drill && x->start + g->l->matters[STATE_MATTER_OUTAGE].wait > m.since)
        return 0;
    return matter_add(g, &m);
}

static int add_request(void *u, const struct state_request *x)
{
    struct matter_list_ctx *g = u;
    /* help with a time to accept it calls at once */
    int64_t wait = x->kind == STATE_HELP && x->due ? 0 : g->l->matters[STATE_MATTER_REQUEST].wait;
    struct call_matter m = {.thing = x->id,
                            .unit = x->other,
                            .title = x->number,
                            .since = state_now(g->s)};

    if (x->state == STATE_REQUEST_NEW && !id_is_none(x->other) && x->opened + wait <= m.since)
        return matter_add(g, &m);
    return 0;
}

/* Kinds that the state tells, and the list of each. */
static const enum state_matter told[] = {STATE_MATTER_SHIFT,   STATE_MATTER_LIFE,
                                         STATE_MATTER_READY,   STATE_MATTER_OUTAGE,
                                         STATE_MATTER_REQUEST, STATE_MATTER_CHANGE,
                                         STATE_MATTER_HANDOVER};

static int collect_all(struct matter_list_ctx *of, struct slice terms, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct state *s = of[STATE_MATTER_SHIFT].s;
    int64_t now = state_now(s);
    const struct state_query outages = {.from = now, .to = STATE_FOREVER}, all = {.limit = 0};
    const struct matter_duty_lists duty = {
        .shift = &of[STATE_MATTER_SHIFT],
        .life = &of[STATE_MATTER_LIFE],
        .ready = &of[STATE_MATTER_READY],
        .handover = &of[STATE_MATTER_HANDOVER],
    };
    int r = duty_collect(&duty, terms, err);

    if (r == 0)
        r = changes_collect(&of[STATE_MATTER_CHANGE], err);
    if (r == 0)
        r = state_outage_each(s, &sys, &outages, add_outage, &of[STATE_MATTER_OUTAGE], err);
    if (r == 0)
        r = state_request_each(s, &sys, &all, add_request, &of[STATE_MATTER_REQUEST], err);
    return r == -CE_NOMEM && err->code == 0 ? err_nomem(err) : r;
}

int matters_look(struct state *s, const struct ladder *l, struct slice terms, size_t *ret_changed,
                 struct err *err)
{
    struct arena arena = ARENA_INIT((size_t)256 << 20);
    struct matter_list_ctx of[STATE_MATTER_MAX];
    struct err here = ERR_INIT;
    int r = state_look_begin(s, err);

    *ret_changed = 0;
    for (size_t i = 0; i < STATE_MATTER_MAX; i++) {
        of[i] = (struct matter_list_ctx){.s = s, .l = l, .arena = &arena};
        map_init(&of[i].things, UINT32_MAX);
    }
    if (r == 0)
        r = collect_all(of, terms, err ? err : &here);
    state_look_end(s);
    for (size_t i = 0; r == 0 && i < CANH_LEN(told); i++) {
        size_t changed = 0;

        r = call_matters(s, l, told[i], of[told[i]].items, of[told[i]].count, &changed, err);
        *ret_changed += changed;
    }
    for (size_t i = 0; i < STATE_MATTER_MAX; i++) {
        map_done(&of[i].things);
        free(of[i].items);
    }
    arena_done(&arena);
    return r;
}

/* People. */

int matter_list(const struct act_ctx *ctx, const struct state_actor *actor, size_t most,
                struct matter_rows *ret, struct err *err)
{
    struct state_id *ids = arena_new_array(ctx->arena, MATTERS_MAX, struct state_id);
    size_t n = 0;
    int r = 0;

    *ret = (struct matter_rows){.rows = arena_new_array(ctx->arena, most + 1, struct state_call)};
    if (ids == NULL || ret->rows == NULL)
        return err_nomem(err);
    for (int32_t kind = STATE_MATTER_SHIFT; r == 0 && kind < STATE_MATTER_MAX; kind++) {
        if (kind == STATE_MATTER_TEST) /* nobody else's matter */
            continue;
        r = state_call_open_seen(ctx->s, actor, kind, MATTERS_MAX - ret->total, ids, &n, err);
        for (size_t i = 0; r == 0 && i < n && ret->count < most; i++)
            ret->count += state_call_get(ctx->s, actor, ids[i], ctx->arena, &ret->rows[ret->count],
                                         NULL) == 0;
        ret->total += r == 0 ? n : 0;
    }
    return r;
}

int matter_accept(const struct act_ctx *ctx, const struct state_actor *actor, struct state_id id,
                  struct state_call *ret, struct err *err)
{
    struct state_actor sys = state_actor_system();
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    r = state_call_get(ctx->s, actor, id, ctx->arena, ret, err);
    if (r == 0 && !state_may_write(ctx->s, actor, ret->unit))
        r = err_fail(err, CE_DENIED, ERR_ALERT_NOT_OF_YOUR_UNIT);
    if (r == 0 && (ret->matter == STATE_MATTER_ALERT || ret->matter == STATE_MATTER_TEST ||
                   ret->state == STATE_CALL_OVER))
        r = err_fail(err, CE_CONFLICT, ERR_ALERT_NOBODY_IS_CALLED);
    if (r == 0) {
        ret->answerer = actor->person;
        ret->answered_at = ret->due = state_now(ctx->s);
        ret->state = STATE_CALL_ANSWERED;
        r = state_call_put(ctx->s, &sys, ret, err);
    }
    if (r == 0)
        r = state_audit_add(ctx->s, actor, "take", "call", id, SLICE_NULL, err);
    return state_act_end(ctx->s, r, err);
}
