/* SPDX-License-Identifier: Apache-2.0 */
/* What posts tell: who did not come, is silent, cannot be reached, does not hand over. */
#include <stdlib.h>

#include "alert/matter_internal.h"
#include "alert/ready.h"
#include "base/array.h"
#include "lang/said.h"

enum { POSTS_AT_ONCE = 40, POSTS_MAX = 1000000 };

/* life: those that were taken and are silent at night, else those that nobody took. */
static int add_shift(struct matter_list_ctx *g, const struct duty_picture *p,
                     const struct duty_shift *shift, int64_t now, bool life)
{
    const struct state_post *post = &p->load.posts[shift->post];
    struct duty_stand stand = duty_standing(&p->load, &p->facts, shift, now, NULL);
    struct call_matter m = {.unit = post->unit,
                            .title = post->name,
                            .since = shift->from,
                            .drill = post->drill};

    if (stand.standing != (life ? DUTY_SILENT : DUTY_LATE))
        return 0;
    if (life)
        m.since = now;
    m.thing = life ? matter_id(STATE_MATTER_LIFE, id_slice(&post->id))
                   : matter_shift_id(post->id, shift->from);
    return matter_add(g, &m); /* two who stand at once are one matter */
}

/* A shift is ready when one of its people is; a gap is told by the roster. */
static bool anybody_ready(const struct ready_row *rows, size_t n, const struct ready_row *of)
{
    for (size_t i = 0; i < n; i++)
        if (id_eq(rows[i].post, of->post) && rows[i].from == of->from && rows[i].ready)
            return true;
    return false;
}

static int add_unready(struct matter_list_ctx *g, const struct ready_row *row)
{
    uint8_t name[sizeof(row->post.b) + sizeof(row->from)];
    struct buf title = BUF_INIT(2000);
    struct call_matter m = {.unit = row->unit, .since = state_now(g->s), .drill = row->drill};
    int r;

    memcpy(name, row->post.b, sizeof(row->post.b));
    memcpy(name + sizeof(row->post.b), &row->from, sizeof(row->from));
    m.thing = matter_id(STATE_MATTER_READY, (struct slice){name, sizeof(name)});
    if (matter_is_there(g, m.thing))
        return 0;
    said_begin(&title, SAID_READY);
    said_text(&title, row->post_name);
    said_moment(&title, row->from);
    said_end(&title);
    m.title = buf_slice(&title);
    r = matter_add(g, &m);
    buf_done(&title);
    return r;
}

static int collect_standing(const struct matter_duty_lists *to, const struct act_ctx *ctx,
                            const struct duty_picture *p, uint32_t post, struct err *err)
{
    int64_t now = state_now(ctx->s);
    struct duty_shift *list = NULL;
    size_t n = 0;
    int r = duty_shift_list(&p->load.plan, post, now, now + 1, ctx->arena, &list, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        r = add_shift(to->shift, p, &list[i], now, false);
        if (r == 0)
            r = add_shift(to->life, p, &list[i], now, true);
    }
    return r;
}

struct ready_work {
    struct ready_people people;
    struct ready_row rows[READY_MAX]; /* of one post */
    int64_t ahead;
};

static int collect_ready(struct matter_list_ctx *to, struct ready_work *w,
                         const struct act_ctx *ctx, const struct duty_picture *p, uint32_t post,
                         struct err *err)
{
    size_t n = 0;
    int r = w->ahead ? ready_post(ctx, &w->people, p, post, w->ahead, w->rows, &n, err) : 0;

    for (size_t i = 0; r == 0 && i < n; i++)
        if (!w->rows[i].gap && !w->rows[i].drill && !anybody_ready(w->rows, n, &w->rows[i]))
            r = add_unready(to, &w->rows[i]);
    return r;
}

static int collect_posts(const struct matter_duty_lists *to, struct ready_work *w,
                         const struct act_ctx *ctx, const struct duty_window *window,
                         struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct duty_picture p = {.facts = {.count = 0}};
    int r = duty_picture_read(ctx, &sys, window, &p, err);

    if (r == 0)
        r = ready_people_read(ctx->s, p.load.people, p.load.person_count, ctx->arena, &w->people,
                              err);
    for (uint32_t post = 0; r == 0 && post < p.load.asked; post++) {
        r = collect_standing(to, ctx, &p, post, err);
        if (r == 0)
            r = collect_ready(to->ready, w, ctx, &p, post, err);
    }
    ready_people_done(&w->people);
    return r == 0 ? handovers_collect(to->handover, &p, err) : r;
}

int duty_collect(const struct matter_duty_lists *to, struct matter_posts *posts, struct slice terms,
                 struct err *err)
{
    struct state *s = to->shift->s;
    struct arena arena = ARENA_INIT((size_t)256 << 20);
    const struct act_ctx ctx = {.s = s, .arena = &arena};
    const int64_t now = state_now(s);
    struct ready_work *w = calloc(1, sizeof(*w));
    struct duty_window window = {.from = now - 2 * TIME_DAY,
                                 .terms = terms,
                                 .among = posts->ids + posts->at,
                                 .among_count =
                                     CANH_MIN(posts->count - posts->at, (size_t)POSTS_AT_ONCE)};
    int r = 0;

    if (w == NULL)
        return err_nomem(err);
    w->ahead = to->ready->l->matters[STATE_MATTER_READY].wait;
    window.until = now + TIME_DAY + w->ahead;
    if (window.among_count > 0)
        r = collect_posts(to, w, &ctx, &window, err);
    posts->at += window.among_count;
    free(w);
    arena_done(&arena);
    return r;
}

static int add_post(void *u, const struct state_post *x)
{
    struct matter_posts *p = u;

    if (!array_room(p->ids, p->count, p->cap, POSTS_MAX))
        return -CE_NOMEM;
    p->ids[p->count++] = x->id;
    return 0;
}

int matter_posts_read(struct state *s, struct matter_posts *ret, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    const struct state_query all = {.limit = 0};
    int r = state_post_each(s, &sys, &all, add_post, ret, err);

    return r == -CE_NOMEM ? err_nomem(err) : r;
}
