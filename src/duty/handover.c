/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/handover.h"

#include "duty/act_internal.h"
#include "lang/err_duty.h"
#include "state/clock.h"

/* What a shift says of itself. */
static int add_shift(struct state *s, const struct duty_fact *fact, struct duty_items *items,
                     struct err *err)
{
    const struct duty_item x = {.kind = DUTY_ITEM_SHIFT,
                                .fault = DUTY_ITEM_CLOCK_BACK,
                                .since = fact->row.in_at};

    return *state_clock_word(s, fact->row.in_received, fact->row.clock_back)
               ? duty_items_add(items, &x, err)
               : 0;
}

/* What is open, what the caller adds, what the shift says of itself. */
static int handover_collect(const struct duty_act *d, const struct duty_fact *fact,
                            const struct duty_items *more, struct duty_items *items,
                            struct err *err)
{
    int r = duty_items_collect(d->ctx->s, &d->actor, d->l, d->post, act_at(d->ctx), items, err);

    for (size_t i = 0; more && r == 0 && i < more->count; i++)
        r = duty_items_add(items, &more->items[i], err);
    return r == 0 ? add_shift(d->ctx->s, fact, items, err) : r;
}

static int write_handover(const struct duty_act *d, const struct duty_fact *fact,
                          const struct duty_items *items, struct slice note,
                          struct state_handover *x, struct err *err)
{
    struct buf json = BUF_INIT(4u << 20);
    int r;

    duty_items_write(&json, items);
    *x = (struct state_handover){.unit = fact->row.unit,
                                 .post = fact->row.post,
                                 .from_shift = fact->row.id,
                                 .at = d->ctx->claimed,
                                 .items = buf_slice(&json),
                                 .note = note,
                                 .giver = d->person,
                                 .backfilled = d->ctx->paper};
    r = json.err ? err_fail(err, CE_TOO_BIG, ERR_DUTY_OPEN_ITEMS_HANDOVER_TOO_MANY)
                 : state_handover_put(d->ctx->s, &d->actor, x, err);
    if (r == 0)
        r = state_handover_sign(d->ctx->s, &d->actor, x->id, x->version, false, err);
    buf_done(&json);
    x->items = SLICE_NULL;
    return r;
}

static int duty_handover_give(const struct duty_act *d, const struct handover_request *request,
                              struct handover_result *ret, struct err *err)
{
    const struct duty_fact *fact = duty_fact_open(d->f, d->post, d->person);
    int r;

    if (!fact)
        return err_fail(err, CE_NOT_FOUND, ERR_DUTY_NOT_TAKEN, d->l->posts[d->post].code);
    r = handover_collect(d, fact, request->more, &ret->items, err);
    return r == 0 ? write_handover(d, fact, &ret->items, request->note, &ret->handover, err) : r;
}

int handover_waiting(const struct act_ctx *ctx, const struct state_actor *actor,
                     const struct state_post *post, struct state_handover *ret, struct err *err)
{
    struct state_query q = {.ref = post->id};
    const struct state_handover *found = NULL;
    struct state_handover *rows;
    size_t n;
    int r = state_handover_list(ctx->s, actor, &q, ctx->arena, &rows, &n, err);

    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].giver_at && !rows[i].taker_at)
            found = &rows[i];
        else if (rows[i].taker_at)
            found = NULL; /* taken over since: what waited before is settled */
    }
    if (!found)
        return err_fail(err, CE_NOT_FOUND, ERR_DUTY_NO_HANDOVER, post->code);
    *ret = *found;
    return 0;
}

/* The giver's shift ends with the taker's signature, when it was not left before. */
static int end_shift(const struct duty_act *d, struct state_id id, struct err *err)
{
    struct state_shift row;
    int r = state_shift_get(d->ctx->s, &d->actor, id, d->ctx->arena, &row, err);

    if (r < 0)
        return r;
    if (row.out_at == 0)
        row.out_at = CANH_MAX(act_at(d->ctx), row.in_at + 1);
    row.state = STATE_SHIFT_HANDED;
    return state_shift_put(d->ctx->s, &d->actor, &row, err);
}

static int find_waiting(const struct duty_act *d, struct handover_result *ret, struct err *err)
{
    int r = handover_waiting(d->ctx, &d->actor, &d->l->posts[d->post], &ret->handover, err);

    if (r == 0 && id_eq(ret->handover.giver, d->person))
        r = err_fail(err, CE_CONFLICT, ERR_DUTY_SAME_PERSON);
    return r;
}

static int duty_handover_accept(const struct duty_act *d, const struct handover_request *request,
                                struct handover_result *ret, struct err *err)
{
    const struct duty_fact *own = duty_fact_open(d->f, d->post, d->person);
    struct state_handover *x = &ret->handover;
    int r = find_waiting(d, ret, err);

    (void)request;
    ret->on = own != NULL;
    if (r == 0 && own) {
        x->to_shift = own->row.id;
        r = state_handover_put(d->ctx->s, &d->actor, x, err);
    }
    if (r == 0)
        r = state_handover_sign(d->ctx->s, &d->actor, x->id, x->version, true, err);
    if (r == 0)
        r = state_handover_get(d->ctx->s, &d->actor, x->id, d->ctx->arena, x, err);
    return r == 0 ? end_shift(d, x->from_shift, err) : r;
}

static int duty_handover_object(const struct duty_act *d, const struct handover_request *request,
                                struct handover_result *ret, struct err *err)
{
    int r = find_waiting(d, ret, err);

    return r == 0 ? state_handover_object(d->ctx->s, &d->actor, ret->handover.id,
                                          ret->handover.version, request->note, err)
                  : r;
}

/* One act of a handover, read and written in one transaction. */
typedef int handover_inside(const struct duty_act *d, const struct handover_request *request,
                            struct handover_result *ret, struct err *err);

static int run(const struct act_ctx *ctx, const struct state_actor *actor,
               const struct handover_request *request, handover_inside *inside,
               struct handover_result *ret, struct err *err)
{
    struct duty_act d;
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    *ret = (struct handover_result){.items = {.arena = ctx->arena}};
    r = duty_act_read(ctx, actor, &request->shift, &d, err);
    if (r == 0) {
        ret->post = d.post;
        r = inside(&d, request, ret, err);
    }
    return state_act_end(ctx->s, r, err);
}

int handover_give(const struct act_ctx *ctx, const struct state_actor *actor,
                  const struct handover_request *request, struct handover_result *ret,
                  struct err *err)
{
    return run(ctx, actor, request, duty_handover_give, ret, err);
}

int handover_accept(const struct act_ctx *ctx, const struct state_actor *actor,
                    const struct handover_request *request, struct handover_result *ret,
                    struct err *err)
{
    return run(ctx, actor, request, duty_handover_accept, ret, err);
}

int handover_object(const struct act_ctx *ctx, const struct state_actor *actor,
                    const struct handover_request *request, struct handover_result *ret,
                    struct err *err)
{
    return run(ctx, actor, request, duty_handover_object, ret, err);
}
