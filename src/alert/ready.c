/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/ready.h"

#include <stdlib.h>

#include "duty/picture.h"
#include "state/people.h"

static int on_channel(void *u, const struct state_contact *x)
{
    bool way = x->kind == STATE_CONTACT_MOBILE || x->kind == STATE_CONTACT_EMAIL;
    struct ready_reach *to = u;

    if (!way || x->hint.n == 0)
        return 0;
    to->channels++;
    to->proven_at = CANH_MAX(to->proven_at, x->proven_at);
    return 0;
}

int ready_people_read(struct state *s, const struct state_id *people, size_t count,
                      struct arena *arena, struct ready_people *ret, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    int r = 0;

    *ret = (struct ready_people){.reach = arena_new_array(arena, count + 1, struct ready_reach)};
    map_init(&ret->places, count + 1);
    if (ret->reach == NULL)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < count; i++) {
        const struct state_query q = {.ref = people[i]};
        struct ready_reach *to = &ret->reach[ret->count];

        *to = (struct ready_reach){.person = people[i]};
        r = map_put(&ret->places, id_slice(&to->person), (uint32_t)ret->count++) < 0
                ? err_nomem(err)
                : state_contact_each(s, &sys, &q, on_channel, to, err);
    }
    return r;
}

void ready_people_done(struct ready_people *p)
{
    map_done(&p->places);
}

static void add_reach(struct state *s, const struct ready_people *people, struct ready_row *row)
{
    uint32_t at;

    if (!row->gap && map_get(&people->places, id_slice(&row->person), &at)) {
        row->channels = people->reach[at].channels;
        row->proven_at = people->reach[at].proven_at;
    }
    row->ready = row->proven_at != 0 && row->proven_at + READY_PROVEN > state_now(s);
}

static int by_time(const void *a, const void *b)
{
    const struct ready_row *x = a, *y = b;

    return x->from != y->from ? (x->from < y->from ? -1 : 1)
                              : memcmp(x->post.b, y->post.b, sizeof(x->post.b));
}

int ready_post(const struct act_ctx *ctx, const struct ready_people *people,
               const struct duty_picture *p, uint32_t post, int64_t ahead, struct ready_row *rows,
               size_t *n, struct err *err)
{
    const struct state_post *of = &p->load.posts[post];
    int64_t now = state_now(ctx->s);
    struct duty_shift *list = NULL;
    size_t count = 0;
    int r = duty_shift_list(&p->load.plan, post, now, now + ahead, ctx->arena, &list, &count, err);

    for (size_t i = 0; r == 0 && i < count && *n < READY_MAX; i++) {
        uint32_t who = list[i].who.person;

        if (list[i].from <= now) /* they stand there: the ladder sees to it */
            continue;
        rows[*n] = (struct ready_row){.unit = of->unit,
                                      .post = of->id,
                                      .post_name = of->name,
                                      .from = list[i].from,
                                      .until = list[i].until,
                                      .drill = of->drill,
                                      .gap = who == DUTY_NOBODY};
        if (who != DUTY_NOBODY)
            rows[*n].person = p->load.people[who];
        add_reach(ctx->s, people, &rows[(*n)++]);
    }
    return r;
}

int ready_list(const struct act_ctx *ctx, const struct state_actor *actor, struct slice terms,
               int64_t ahead, struct ready_row **ret, size_t *ret_n, struct err *err)
{
    int64_t now = state_now(ctx->s);
    struct duty_window window = {.from = now, .until = now + ahead + TIME_DAY, .terms = terms};
    struct ready_row *rows = arena_new_array(ctx->arena, READY_MAX, struct ready_row);
    struct duty_picture p = {.facts = {.count = 0}};
    struct ready_people people = {.count = 0};
    size_t n = 0;
    int r = rows ? duty_picture_read(ctx, actor, &window, &p, err) : err_nomem(err);

    if (r == 0)
        r = ready_people_read(ctx->s, p.load.people, p.load.person_count, ctx->arena, &people, err);
    for (uint32_t post = 0; r == 0 && post < p.load.asked; post++)
        r = ready_post(ctx, &people, &p, post, ahead, rows, &n, err);
    ready_people_done(&people);
    if (n > 1)
        qsort(rows, n, sizeof(*rows), by_time);
    *ret = rows;
    *ret_n = n;
    return r;
}
