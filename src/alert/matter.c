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

/* Calls of a kind that were not over when they were read. */
struct open_calls {
    bool read;
    struct state_open_call *rows; /* on the heap */
    size_t count, cap;
    struct map things;
};

static int keep_open(void *u, const struct state_open_call *x)
{
    struct open_calls *o = u;

    if (!array_room(o->rows, o->count, o->cap, UINT32_MAX))
        return -CE_NOMEM;
    o->rows[o->count++] = *x;
    return 0;
}

static int open_calls_read(struct state *s, enum state_matter kind, struct open_calls *o,
                           struct err *err)
{
    int r = state_call_open(s, kind, keep_open, o, err);

    o->read = true;
    map_init(&o->things, o->count);
    for (size_t i = 0; r == 0 && i < o->count; i++)
        r = map_put(&o->things, id_slice(&o->rows[i].thing), 0);
    return r == -CE_NOMEM ? err_nomem(err) : r;
}

static void open_calls_done(struct open_calls *o)
{
    if (o->read)
        map_done(&o->things);
    free(o->rows);
}

/* Calls for the items from *at on that nobody is called for, at most so many. */
static int open_some(struct state *s, const struct ladder *l, enum state_matter kind,
                     const struct open_calls *open, const struct call_matter *items, size_t n,
                     size_t *at, size_t *most, size_t *changed, struct err *err)
{
    int r = 0;

    for (; r == 0 && *at<n && * most> 0; ++*at) {
        bool is_new = false;

        if (map_get(&open->things, id_slice(&items[*at].thing), NULL))
            continue;
        r = open_one(s, l, kind, &items[*at], &is_new, err);
        *changed += is_new;
        --*most;
    }
    return r;
}

static int end_one(struct state *s, struct state_id id, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(1 << 18);
    struct state_call call;
    int r = state_call_get(s, &sys, id, &arena, &call, err);

    if (r == 0) {
        call.state = STATE_CALL_OVER;
        r = state_call_put(s, &sys, &call, err);
    }
    arena_done(&arena);
    return r;
}

/* The open ones from *at on that are not among those found, at most so many. */
static int end_some(struct state *s, const struct open_calls *open, const struct map *found,
                    size_t *at, size_t *most, size_t *changed, struct err *err)
{
    int r = 0;

    for (; r == 0 && *at<open->count && * most> 0; ++*at) {
        if (found && map_get(found, id_slice(&open->rows[*at].thing), NULL))
            continue;
        r = end_one(s, open->rows[*at].id, err);
        ++*changed;
        --*most;
    }
    return r;
}

static int note_things(struct map *found, const struct call_matter *items, size_t n,
                       struct err *err)
{
    int r = 0;

    map_init(found, n);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = map_put(found, id_slice(&items[i].thing), 0) < 0 ? err_nomem(err) : 0;
    return r;
}

int call_matters(struct state *s, const struct ladder *l, enum state_matter kind,
                 const struct call_matter *items, size_t count, size_t *ret_changed,
                 struct err *err)
{
    const size_t n = l->matters[kind].level ? count : 0;
    struct open_calls open = {.read = false};
    size_t began = 0, ended = 0, most = SIZE_MAX;
    struct map found;
    int r = state_act_begin(s, err);

    *ret_changed = 0;
    if (r < 0)
        return r;
    r = note_things(&found, items, n, err);
    if (r == 0)
        r = open_calls_read(s, kind, &open, err);
    if (r == 0)
        r = open_some(s, l, kind, &open, items, n, &began, &most, ret_changed, err);
    if (r == 0)
        r = end_some(s, &open, &found, &ended, &most, ret_changed, err);
    map_done(&found);
    open_calls_done(&open);
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

enum { WRITES_AT_ONCE = 200 };

struct matters {
    struct state *s;
    const struct ladder *l;
    struct slice terms;
    struct arena arena;
    struct matter_posts posts;
    bool rest; /* what is not told by posts was read */
    struct matter_kind {
        struct matter_list_ctx list;
        struct open_calls open;
        size_t began, ended; /* of list and open: so far */
    } of[STATE_MATTER_MAX];
};

int matters_begin(struct matters **ret, struct state *s, const struct ladder *l, struct slice terms,
                  struct err *err)
{
    struct matters *m = calloc(1, sizeof(*m));
    int r;

    if (m == NULL)
        return err_nomem(err);
    m->s = s;
    m->l = l;
    m->terms = terms;
    m->arena = ARENA_INIT((size_t)256 << 20);
    for (size_t i = 0; i < STATE_MATTER_MAX; i++) {
        m->of[i].list = (struct matter_list_ctx){.s = s, .l = l, .arena = &m->arena};
        map_init(&m->of[i].list.things, UINT32_MAX);
    }
    r = matter_posts_read(s, &m->posts, err);
    *ret = r < 0 ? matters_end(m) : m;
    return r;
}

struct matters *matters_end(struct matters *m)
{
    for (size_t i = 0; m && i < STATE_MATTER_MAX; i++) {
        open_calls_done(&m->of[i].open);
        map_done(&m->of[i].list.things);
        free(m->of[i].list.items);
    }
    if (m) {
        free(m->posts.ids);
        arena_done(&m->arena);
    }
    free(m);
    return NULL;
}

static int collect_rest(struct matters *m, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    const int64_t now = state_now(m->s);
    const struct state_query outages = {.from = now, .to = STATE_FOREVER}, all = {.limit = 0};
    int r = changes_collect(&m->of[STATE_MATTER_CHANGE].list, err);

    if (r == 0)
        r = state_outage_each(m->s, &sys, &outages, add_outage, &m->of[STATE_MATTER_OUTAGE].list,
                              err);
    if (r == 0)
        r = state_request_each(m->s, &sys, &all, add_request, &m->of[STATE_MATTER_REQUEST].list,
                               err);
    m->rest = true;
    return r;
}

/* The next posts, and behind the last of them the rest. */
static int collect_part(struct matters *m, struct err *err)
{
    const struct matter_duty_lists duty = {
        .shift = &m->of[STATE_MATTER_SHIFT].list,
        .life = &m->of[STATE_MATTER_LIFE].list,
        .ready = &m->of[STATE_MATTER_READY].list,
        .handover = &m->of[STATE_MATTER_HANDOVER].list,
    };
    int r = state_read_begin(m->s, err);

    if (r == 0 && m->posts.at < m->posts.count)
        r = duty_collect(&duty, &m->posts, m->terms, err);
    else if (r == 0)
        r = collect_rest(m, err);
    state_read_end(m->s);
    return r == -CE_NOMEM && err->code == 0 ? err_nomem(err) : r;
}

/* What was found so far and nobody is called for yet; once all was read, what is over, too. */
static int write_part(struct matters *m, size_t *most, size_t *changed, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < CANH_LEN(told); i++) {
        struct matter_kind *k = &m->of[told[i]];
        size_t n = m->l->matters[told[i]].level ? k->list.count : 0;

        if (!k->open.read && (n > 0 || m->rest))
            r = open_calls_read(m->s, told[i], &k->open, err);
        if (r == 0 && n > k->began)
            r = open_some(m->s, m->l, told[i], &k->open, k->list.items, n, &k->began, most, changed,
                          err);
        if (r == 0 && m->rest)
            r = end_some(m->s, &k->open, n > 0 ? &k->list.things : NULL, &k->ended, most, changed,
                         err);
    }
    return r;
}

int matters_go_on(struct matters *m, size_t *ret_changed, struct err *err)
{
    struct err here = ERR_INIT, *e = err ? err : &here;
    size_t most = WRITES_AT_ONCE;
    int r = m->rest ? 0 : collect_part(m, e);

    *ret_changed = 0;
    if (r == 0)
        r = state_act_begin(m->s, e);
    if (r < 0)
        return r;
    r = state_act_end(m->s, write_part(m, &most, ret_changed, e), e);
    return r < 0 ? r : !m->rest || most == 0;
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
