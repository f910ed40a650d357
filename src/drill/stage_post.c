/* SPDX-License-Identifier: Apache-2.0 */
/* A post of the drill's own, whose shift began a while ago and was taken by nobody. */
#include "alert/call.h"
#include "alert/matter.h"
#include "base/time.h"
#include "drill/stage.h"
#include "duty/act.h"
#include "duty/facts.h"
#include "lang/err_drill.h"
#include "lang/zone.h"
#include "state/duty.h"

#define BEGAN_AGO (20 * TIME_MINUTE)

/* Whoever would be called first; whoever heads the unit where nobody is on duty. */
static int find_person(const struct act_ctx *ctx, struct state_id unit, struct state_id *ret,
                       struct err *err)
{
    static const enum duty_tell order[] = {DUTY_TELL_PERSON, DUTY_TELL_DEPUTY, DUTY_TELL_HEAD};
    struct duty_recipients told;
    int r = duty_recipients_at(ctx->s, unit, state_now(ctx->s), ctx->arena, &told, err);

    for (size_t i = 0; r == 0 && i < CANH_LEN(order); i++)
        if (told.count[order[i]] > 0) {
            *ret = told.people[order[i]][0];
            return 0;
        }
    return r < 0 ? r : err_fail(err, CE_MISSING, ERR_DRILL_NOBODY_ON_DUTY);
}

static int write_turn(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct state_post *post, struct state_id person, struct err *err)
{
    struct state_layer layer = {.unit = post->unit,
                                .post = post->id,
                                .code = post->code,
                                .name = post->name,
                                .kind = STATE_LAYER_TABLE,
                                .position = 1,
                                .zone = post->zone,
                                .valid_from = post->valid_from,
                                .valid_to = post->valid_to};
    struct state_roster cell = {.unit = post->unit,
                                .person = person,
                                .start = post->valid_from,
                                .stop = post->valid_to,
                                .shift = SLICE("DT"),
                                .position = 1};
    int r = state_layer_put(ctx->s, actor, &layer, err);

    cell.layer = layer.id;
    return r < 0 ? r : state_roster_put(ctx->s, actor, &cell, err);
}

static int stage_post_begin(const struct act_ctx *ctx, const struct state_actor *actor,
                            struct drill *d, struct slice run, struct err *err)
{
    struct buf name = BUF_INIT(200);
    int64_t now = state_now(ctx->s) / TIME_MINUTE * TIME_MINUTE;
    struct state_post post = {.unit = d->unit,
                              .code = slice_str(d->code),
                              .kind = SLICE("security"),
                              .presence = STATE_ON_SITE,
                              .hours = SLICE("24/7"),
                              .people = 1,
                              .zone = ZONE_OWN_NAME,
                              .valid_from = now - BEGAN_AGO,
                              .valid_to = now + DRILL_LASTS,
                              .drill = true};
    struct state_id person = STATE_ID_NONE;
    int r = find_person(ctx, d->unit, &person, err);

    (void)run;
    drill_name(&name, d->kind);
    post.name = buf_slice(&name);
    if (r == 0)
        r = state_post_put(ctx->s, actor, &post, err);
    if (r == 0)
        r = write_turn(ctx, actor, &post, person, err);
    buf_done(&name);
    return r;
}

static int stage_post_find(const struct act_ctx *ctx, const struct state_actor *actor,
                           const struct drill *d, struct state_post *ret, struct err *err)
{
    return state_post_find(ctx->s, actor, d->unit, slice_str(d->code), ctx->arena, ret, err);
}

static int read_checked_in(void *u, const struct state_shift *x)
{
    struct drill_chain *ret = u;

    if (x->in_at) {
        ret->taken_at = x->in_at;
        ret->taker = x->actual;
    }
    return 0;
}

static int stage_post_poll(const struct act_ctx *ctx, const struct state_actor *actor,
                           const struct drill *d, struct drill_chain *ret, struct err *err)
{
    struct state_post post;
    struct state_query q = {.limit = 10};
    struct state_call call;
    int r = stage_post_find(ctx, actor, d, &post, err);

    if (r < 0)
        return r;
    ret->thing = matter_shift_id(post.id, post.valid_from);
    ret->title = post.name;
    r = call_of(ctx->s, actor, ret->thing, ctx->arena, &call, NULL);
    ret->seen = r == 0;
    ret->seen_at = r == 0 ? call.created : 0;
    ret->level = r == 0 ? call.level : 0;
    q.ref = post.id;
    return state_shift_each(ctx->s, actor, &q, read_checked_in, ret, err);
}

static int keep_person(void *u, const struct state_roster *x)
{
    *(struct state_id *)u = x->person;
    return 1;
}

static int keep_layer(void *u, const struct state_layer *x)
{
    *(struct state_id *)u = x->id;
    return 1;
}

static int stage_post_answer(const struct act_ctx *ctx, const struct state_actor *actor,
                             const struct drill *d, struct slice terms, struct err *err)
{
    struct shift_request req = {.terms = terms, .extra = DUTY_OWN};
    struct state_query q = {.limit = 1};
    struct state_id layer = STATE_ID_NONE;
    struct shift_result done;
    struct state_post post;
    int r = stage_post_find(ctx, actor, d, &post, err);

    q.ref = post.id;
    if (r == 0)
        r = CANH_MIN(state_layer_each(ctx->s, actor, &q, keep_layer, &layer, err), 0);
    q.ref = layer;
    if (r == 0)
        r = CANH_MIN(state_roster_each(ctx->s, actor, &q, keep_person, &req.person, err), 0);
    req.post = post.id;
    return r < 0 ? r : shift_check_in(ctx, actor, &req, &done, err);
}

static int stage_post_end(const struct act_ctx *ctx, const struct state_actor *actor,
                          const struct drill *d, struct slice run, struct err *err)
{
    struct state_post post;
    int r = stage_post_find(ctx, actor, d, &post, err);

    (void)run;
    if (r < 0 || post.valid_to <= state_now(ctx->s))
        return r;
    post.valid_to = state_now(ctx->s);
    return state_post_put(ctx->s, actor, &post, err);
}

const struct stage stage_post = {stage_post_begin, stage_post_poll, stage_post_answer,
                                 stage_post_end};
