/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/ready.h"

#include <stdlib.h>

#include "duty/picture.h"
#include "state/people.h"

struct channel_count {
    int32_t channels;
    int64_t proven_at;
};

static int count_channel(void *u, const struct state_contact *x)
{
    struct channel_count *c = u;
    bool way = x->kind == STATE_CONTACT_MOBILE || x->kind == STATE_CONTACT_EMAIL;

    if (way && x->hint.n > 0) {
        c->channels++;
        c->proven_at = CANH_MAX(c->proven_at, x->proven_at);
    }
    return 0;
}

static int add_person(struct state *s, struct ready_row *row, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct state_query q = {.ref = row->person};
    struct channel_count c = {.channels = 0};
    int r = row->gap ? 0 : state_contact_each(s, &sys, &q, count_channel, &c, err);

    row->channels = c.channels;
    row->proven_at = c.proven_at;
    row->ready = c.proven_at != 0 && c.proven_at + READY_PROVEN > state_now(s);
    return r;
}

static int by_time(const void *a, const void *b)
{
    const struct ready_row *x = a, *y = b;

    return x->from != y->from ? (x->from < y->from ? -1 : 1)
                              : memcmp(x->post.b, y->post.b, sizeof(x->post.b));
}

static int add_post(const struct act_ctx *ctx, const struct duty_picture *p, uint32_t post,
                    int64_t ahead, struct ready_row *rows, size_t *n, struct err *err)
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
        r = add_person(ctx->s, &rows[(*n)++], err);
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
    size_t n = 0;
    int r = rows ? duty_picture_read(ctx, actor, &window, &p, err) : err_nomem(err);

    for (uint32_t post = 0; r == 0 && post < p.load.asked; post++)
        r = add_post(ctx, &p, post, ahead, rows, &n, err);
    if (n > 1)
        qsort(rows, n, sizeof(*rows), by_time);
    *ret = rows;
    *ret_n = n;
    return r;
}
