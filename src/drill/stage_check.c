/* SPDX-License-Identifier: Apache-2.0 */
/* A check of a port of this machine where nobody listens: what is down stays down. */
#include "alert/call.h"
#include "alert/matter.h"
#include "base/time.h"
#include "drill/stage.h"
#include "lang/said.h"
#include "record/check.h"

/* RFC 863; nobody runs it any more. */
#define NOBODY "127.0.0.1:9"

static int stage_check_begin(const struct act_ctx *ctx, const struct state_actor *actor,
                             struct drill *d, struct slice run, struct err *err)
{
    const struct record c = {.s = ctx->s, .actor = *actor, .arena = ctx->arena};
    bool portal = d->kind == DRILL_PORTAL;
    struct buf name = BUF_INIT(200);
    struct record_check_draft draft = {.unit = d->unit,
                                       .code = slice_str(d->code),
                                       .kind = portal ? SLICE("http") : SLICE("tcp"),
                                       .target =
                                           portal ? SLICE("http://" NOBODY "/") : SLICE(NOBODY),
                                       .every = 5 * TIME_SECOND,
                                       .timeout = 3 * TIME_SECOND,
                                       .until = state_now(ctx->s) + DRILL_LASTS,
                                       .drill = true};
    struct state_check x;
    int r;

    (void)run;
    drill_name(&name, d->kind);
    draft.name = buf_slice(&name);
    r = record_check_add(&c, &draft, &x, err);
    buf_done(&name);
    return r;
}

static int keep_outage(void *u, const struct state_outage *x)
{
    *(struct state_outage *)u = *x;
    return 0;
}

static int stage_check_find(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct drill *d, struct state_check *check,
                            struct state_outage *ret, struct err *err)
{
    struct state_query q = {.limit = 1};
    int r = state_check_find(ctx->s, actor, d->unit, slice_str(d->code), ctx->arena, check, err);

    *ret = (struct state_outage){.start = 0};
    if (r == 0) {
        q.ref = check->id;
        r = state_outage_each(ctx->s, actor, &q, keep_outage, ret, err);
    }
    return r;
}

static int stage_check_poll(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct drill *d, struct drill_chain *ret, struct err *err)
{
    struct state_check check;
    struct state_outage x;
    int r = stage_check_find(ctx, actor, d, &check, &x, err);

    if (r < 0 || x.version == 0)
        return r;
    ret->seen = true;
    ret->thing = x.id;
    ret->seen_at = x.created;
    ret->level = 4;
    ret->title = check.name;
    return 0;
}

static int stage_check_answer(const struct act_ctx *ctx, const struct state_actor *actor,
                              const struct drill *d, struct slice terms, struct err *err)
{
    struct drill_chain chain;
    struct state_call call;
    int r = drill_poll(ctx, actor, d, &chain, err);

    (void)terms;
    return r < 0 || !chain.called ? r : matter_accept(ctx, actor, chain.call.id, &call, err);
}

static int stage_check_end(const struct act_ctx *ctx, const struct state_actor *actor,
                           const struct drill *d, struct slice run, struct err *err)
{
    const struct record c = {.s = ctx->s, .actor = *actor, .arena = ctx->arena};
    const struct state_actor sys = state_actor_system();
    struct state_check check;
    struct state_outage x;
    int r = stage_check_find(ctx, actor, d, &check, &x, err);

    (void)run;
    if (r == 0 && check.enabled)
        r = record_check_remove(&c, d->unit, check.code, err);
    if (r == 0)
        r = stage_check_find(ctx, actor, d, &check, &x, err);
    if (r == 0 && x.version && x.stop == STATE_FOREVER) {
        x.stop = CANH_MAX(state_now(ctx->s), x.start + 1);
        x.cause = x.note = SLICE_NULL;
        x.seen_from = SLICE_NULL;
        x.planned = true; /* nobody's services were out */
        x.cause = said_words(SAID_DRILL_OVER);
        r = state_outage_put(ctx->s, &sys, &x, err);
    }
    return r;
}

const struct stage stage_check = {stage_check_begin, stage_check_poll, stage_check_answer,
                                  stage_check_end};
