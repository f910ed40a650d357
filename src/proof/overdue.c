/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/overdue.h"

#include "proof/proof.h"

/* The state of each part as it is now. */
struct parts {
    struct status_now *now;
    uint32_t count;
};

static void on_cell(void *ctx, const struct status_cell *c)
{
    const struct parts *p = ctx;

    if (c->part < p->count)
        status_now_add(&p->now[c->part], c);
}

/* The obligation, and which of its parts where it has several. */
static void write_title(struct buf *out, const struct plan_obligation *o,
                        const struct status_part *p, enum lang lang)
{
    struct slice part = title_in(&p->part->title, lang);

    buf_append_slice(out, title_in(&o->title, lang));
    if (p->index > 0 && part.n > 0) {
        buf_puts(out, " – ");
        buf_append_slice(out, part);
    }
}

static int add_part(const struct proof_world *w, uint32_t part, const struct status_cell *c,
                    struct duty_items *to, struct err *err)
{
    const struct status_part *p = &status_parts(w->status, &(uint32_t){0})[part];
    const struct plan_obligation *o = &w->plan->obligations[p->obligation];
    struct buf vi = BUF_INIT(4000), en = BUF_INIT(4000);
    int r;

    write_title(&vi, o, p, LANG_VI);
    write_title(&en, o, p, LANG_EN);
    r = duty_items_add(to,
                       &(struct duty_item){
                           .kind = DUTY_ITEM_OVERDUE,
                           .code = o->id,
                           .title = buf_slice(&vi),
                           .english = buf_slice(&en),
                           .since = c->period.from,
                           .due = c->period.due == TIME_NONE ? 0 : c->period.due,
                       },
                       err);
    buf_done(&vi);
    buf_done(&en);
    return r;
}

static int add_overdue(struct proof_world *w, struct arena *arena, struct state_id id,
                       struct duty_items *to, struct err *err)
{
    uint32_t unit = proof_find_unit(w, id);
    struct parts p = {.count = 0};
    int r;

    (void)status_parts(w->status, &p.count);
    p.now = arena_array(arena, p.count + 1, sizeof(*p.now));
    if (!p.now)
        return err_nomem(err);
    for (uint32_t i = 0; i < p.count; i++)
        p.now[i] = (struct status_now){.cell = {.unit = PLAN_NONE}, .now = w->in.now};
    if (unit == PLAN_NONE)
        return 0;
    r = proof_load_unit(w, unit, err);
    if (r == 0)
        status_unit_cells(w->status, &w->in, unit, on_cell, &p);
    for (uint32_t i = 0; r == 0 && i < p.count; i++) {
        const struct status_cell *c = &p.now[i].cell;

        if (c->unit != PLAN_NONE && (c->state == STATUS_OVERDUE || c->state == STATUS_NOT_MET))
            r = add_part(w, i, c, to, err);
    }
    return r;
}

int proof_overdue(const struct act_ctx *ctx, const struct state_actor *actor, struct state_id unit,
                  struct duty_items *to, struct err *err)
{
    struct proof_options opt = {.now = act_at(ctx)};
    struct proof_world w;
    int r = proof_open(ctx->arena, ctx->s, actor, &opt, &w, err);

    if (r == -CE_NOT_FOUND || r == -CE_CONFLICT)
        return 0;
    if (r < 0)
        return r;
    r = add_overdue(&w, ctx->arena, unit, to, err);
    proof_close(&w);
    return r;
}

int proof_open_items(const struct act_ctx *ctx, const struct state_actor *actor,
                     const struct duty_load *load, uint32_t post, struct duty_items *to,
                     struct err *err)
{
    int r = duty_items_collect(ctx->s, actor, load, post, act_at(ctx), to, err);

    return r < 0 ? r : proof_overdue(ctx, actor, load->posts[post].unit, to, err);
}
