/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/matter_internal.h"

#include <stdlib.h>

#include "alert/call_internal.h"
#include "alert/ready.h"
#include "base/blake2b.h"
#include "duty/picture.h"
#include "lang/err_alert.h"
#include "lang/lang.h"
#include "lang/msg_call.h"
#include "lang/zone.h"
#include "state/audit.h"
#include "state/checks.h"
#include "state/requests.h"

enum { OPEN_MAX = 5000 };

const char *matter_word(int32_t matter)
{
    static const char *const words[STATE_MATTER_MAX] = {"",      "alert",   "shift",   "outage",
                                                        "clock", "request", "fault",   "life",
                                                        "ready", "change",  "handover"};

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

static bool is_among(const struct call_matter *items, size_t n, struct state_id thing)
{
    for (size_t i = 0; i < n; i++)
        if (id_eq(items[i].thing, thing))
            return true;
    return false;
}

static int end_others(struct state *s, enum state_matter kind, const struct call_matter *items,
                      size_t n, size_t *changed, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(8 << 20);
    struct state_id *ids = arena_new_array(&arena, OPEN_MAX, struct state_id);
    size_t count = 0;
    int r = ids ? state_call_open(s, kind, OPEN_MAX, ids, &count, err) : err_nomem(err);

    for (size_t i = 0; r == 0 && i < count; i++) {
        struct arena inner = ARENA_INIT(1 << 18);
        struct state_call call;

        r = state_call_get(s, &sys, ids[i], &inner, &call, err);
        if (r == 0 && !is_among(items, n, call.thing)) {
            call.state = STATE_CALL_OVER;
            r = state_call_put(s, &sys, &call, err);
            ++*changed;
        }
        arena_done(&inner);
    }
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

void matter_add(struct matter_list_ctx *g, const struct call_matter *m)
{
    if (g->count < MATTERS_MAX) {
        g->items[g->count] = *m;
        g->items[g->count++].title = arena_dup(g->arena, m->title);
    }
}

/* life: those that were taken and are silent at night, else those that nobody took. */
static void add_shift(struct matter_list_ctx *g, const struct duty_picture *p,
                      const struct duty_shift *shift, int64_t now, bool life)
{
    const struct state_post *post = &p->load.posts[shift->post];
    struct duty_stand stand = duty_standing(&p->load, &p->facts, shift, now, NULL);
    struct call_matter m = {.unit = post->unit,
                            .title = post->name,
                            .since = shift->from,
                            .drill = post->drill};

    if (stand.standing != (life ? DUTY_SILENT : DUTY_LATE))
        return;
    if (life)
        m.since = now;
    m.thing = life ? matter_id(STATE_MATTER_LIFE, id_slice(&post->id))
                   : matter_shift_id(post->id, shift->from);
    if (!is_among(g->items, g->count, m.thing)) /* two who stand at once are one matter */
        matter_add(g, &m);
}

static int collect_shifts(struct matter_list_ctx *g, struct slice terms, bool life, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct act_ctx ctx = {.s = g->s, .arena = g->arena};
    int64_t now = state_now(g->s);
    struct duty_window window = {.from = now - 2 * TIME_DAY,
                                 .until = now + TIME_DAY,
                                 .terms = terms};
    struct duty_picture p = {.facts = {.count = 0}};
    int r = duty_picture_read(&ctx, &sys, &window, &p, err);

    for (uint32_t post = 0; r == 0 && post < p.load.asked; post++) {
        struct duty_shift *list = NULL;
        size_t n = 0;

        r = duty_shift_list(&p.load.plan, post, now, now + 1, g->arena, &list, &n, err);
        for (size_t i = 0; r == 0 && i < n; i++)
            add_shift(g, &p, &list[i], now, life);
    }
    return r;
}

/* A shift is ready when one of its people is; a gap is told by the roster. */
static bool anybody_ready(const struct ready_row *rows, size_t n, const struct ready_row *of)
{
    for (size_t i = 0; i < n; i++)
        if (id_eq(rows[i].post, of->post) && rows[i].from == of->from && rows[i].ready)
            return true;
    return false;
}

static void add_unready(struct matter_list_ctx *g, const struct ready_row *row)
{
    uint8_t name[sizeof(row->post.b) + sizeof(row->from)];
    struct buf title = BUF_INIT(2000);
    struct call_matter m = {.unit = row->unit, .since = state_now(g->s), .drill = row->drill};
    struct civil c;

    memcpy(name, row->post.b, sizeof(row->post.b));
    memcpy(name + sizeof(row->post.b), &row->from, sizeof(row->from));
    m.thing = matter_id(STATE_MATTER_READY, (struct slice){name, sizeof(name)});
    if (is_among(g->items, g->count, m.thing))
        return;
    time_to_civil(row->from, ZONE_OWN, &c);
    buf_append_slice(&title, row->post_name);
    m.title = arena_dup(g->arena, buf_slice(&title));
    buf_clear(&title);
    lang_write(&title, LANG_VI, MSG_CALL_READY_TITLE, m.title.p ? (const char *)m.title.p : "",
               (unsigned)c.hour, (unsigned)c.minute, (unsigned)c.day, (unsigned)c.month);
    m.title = buf_slice(&title);
    matter_add(g, &m);
    buf_done(&title);
}

static int collect_unready(struct matter_list_ctx *g, struct slice terms, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct act_ctx ctx = {.s = g->s, .arena = g->arena};
    int64_t ahead = g->l->matters[STATE_MATTER_READY].wait;
    struct ready_row *rows = NULL;
    size_t n = 0;
    int r = ahead ? ready_list(&ctx, &sys, terms, ahead, &rows, &n, err) : 0;

    for (size_t i = 0; r == 0 && i < n; i++)
        if (!rows[i].gap && !rows[i].drill && !anybody_ready(rows, n, &rows[i]))
            add_unready(g, &rows[i]);
    return r;
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
    matter_add(g, &m);
    return 0;
}

static int add_request(void *u, const struct state_request *x)
{
    struct matter_list_ctx *g = u;
    struct call_matter m = {.thing = x->id,
                            .unit = x->other,
                            .title = x->number,
                            .since = state_now(g->s)};

    if (x->state == STATE_REQUEST_NEW && !id_is_none(x->other) &&
        x->opened + g->l->matters[STATE_MATTER_REQUEST].wait <= m.since)
        matter_add(g, &m);
    return 0;
}

static int matter_collect(struct matter_list_ctx *g, enum state_matter kind, struct slice terms,
                          struct err *err)
{
    const struct state_actor sys = state_actor_system();
    int64_t now = state_now(g->s);
    struct state_query outages = {.from = now, .to = STATE_FOREVER}, all = {.limit = 0};

    g->count = 0;
    if (kind == STATE_MATTER_SHIFT || kind == STATE_MATTER_LIFE)
        return collect_shifts(g, terms, kind == STATE_MATTER_LIFE, err);
    if (kind == STATE_MATTER_READY)
        return collect_unready(g, terms, err);
    if (kind == STATE_MATTER_CHANGE)
        return changes_collect(g, err);
    if (kind == STATE_MATTER_HANDOVER)
        return handovers_collect(g, terms, err);
    if (kind == STATE_MATTER_OUTAGE)
        return state_outage_each(g->s, &sys, &outages, add_outage, g, err);
    return state_request_each(g->s, &sys, &all, add_request, g, err);
}

int matters_look(struct state *s, const struct ladder *l, struct slice terms, size_t *ret_changed,
                 struct err *err)
{
    static const enum state_matter kinds[] = {STATE_MATTER_SHIFT,   STATE_MATTER_LIFE,
                                              STATE_MATTER_READY,   STATE_MATTER_OUTAGE,
                                              STATE_MATTER_REQUEST, STATE_MATTER_CHANGE,
                                              STATE_MATTER_HANDOVER};
    struct matter_list_ctx *g = calloc(1, sizeof(*g));
    int r = g ? 0 : err_nomem(err);

    *ret_changed = 0;
    for (size_t i = 0; r == 0 && i < CANH_LEN(kinds); i++) {
        struct arena arena = ARENA_INIT((size_t)256 << 20);
        size_t changed = 0;

        *g = (struct matter_list_ctx){.s = s, .l = l, .arena = &arena};
        r = state_look_begin(s, err);
        if (r == 0)
            r = matter_collect(g, kinds[i], terms, err);
        state_look_end(s);
        if (r == 0)
            r = call_matters(s, l, kinds[i], g->items, g->count, &changed, err);
        *ret_changed += changed;
        arena_done(&arena);
    }
    free(g);
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
    if (r == 0 && (ret->matter == STATE_MATTER_ALERT || ret->state == STATE_CALL_OVER))
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
