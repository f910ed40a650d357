/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/duty_items.h"

#include "lang/msg_duty.h"
#include "proof/proof.h"

/* The state of each part as it is now. */
struct parts {
    struct status_now *now;
    uint32_t count;
};

static void see_cell(void *ctx, const struct status_cell *c)
{
    const struct parts *p = ctx;

    if (c->part < p->count)
        status_now_add(&p->now[c->part], c);
}

static int add_part(struct duty_run *r, const struct proof_world *w, uint32_t part,
                    const struct status_cell *c, struct duty_items *to, struct err *err)
{
    const struct status_part *parts = status_parts(w->status, &(uint32_t){0});
    const struct plan_obligation *o = &w->plan->obligations[parts[part].obligation];
    const struct duty_item x = {
        .kind = DUTY_ITEM_OVERDUE,
        .code = o->id,
        .title = r->app->lang == LANG_VI || o->title.en.n == 0 ? o->title.vi : o->title.en,
        .since = c->period.from,
        .due = c->period.due == TIME_NONE ? 0 : c->period.due,
    };

    return duty_items_add(to, &x, err);
}

static int add_overdue(struct duty_run *r, struct proof_world *w, struct duty_items *to,
                       struct err *err)
{
    uint32_t unit = proof_find_unit(w, r->load.posts[r->post].unit);
    struct parts p = {.count = 0};
    int q;

    (void)status_parts(w->status, &p.count);
    p.now = arena_array(&r->st->arena, p.count + 1, sizeof(*p.now));
    if (!p.now)
        return err_nomem(err);
    for (uint32_t i = 0; i < p.count; i++)
        p.now[i] = (struct status_now){.cell = {.unit = PLAN_NONE}, .now = w->in.now};
    if (unit == PLAN_NONE)
        return 0;
    q = proof_load_unit(w, unit, err);
    if (q == 0)
        status_unit_cells(w->status, &w->in, unit, see_cell, &p);
    for (uint32_t i = 0; q == 0 && i < p.count; i++) {
        const struct status_cell *c = &p.now[i].cell;

        if (c->unit != PLAN_NONE && (c->state == STATUS_OVERDUE || c->state == STATUS_NOT_MET))
            q = add_part(r, w, i, c, to, err);
    }
    return q;
}

int duty_open_items(struct duty_run *r, struct duty_items *to, struct err *err)
{
    struct proof_options opt = {.now = r->from};
    struct proof_world w;
    int q = duty_items_gather(r->st->s, &r->st->actor, &r->load, r->post, r->app->lang, r->from, to,
                              err);

    if (q < 0)
        return q;
    q = proof_open(&r->st->arena, r->st->s, &r->st->actor, &opt, &w, err);
    if (q == -CE_NOT_FOUND || q == -CE_CONFLICT)
        return 0; /* no plan, or nobody can say which */
    if (q < 0)
        return q;
    q = add_overdue(r, &w, to, err);
    proof_close(&w);
    return q;
}

void duty_item_text(struct buf *out, enum lang lang, const struct duty_item *x, int offset_s)
{
    buf_put_slice(out, x->code);
    if (x->code.n && x->title.n)
        buf_puts(out, ": ");
    buf_put_slice(out, x->title);
    if (!x->since && !x->due)
        return;
    buf_puts(out, " (");
    if (x->since) {
        buf_puts(out, lang_text(lang, MSG_DUTY_ITEM_SINCE));
        duty_put_time(out, x->since, offset_s);
    }
    if (x->since && x->due)
        buf_puts(out, ", ");
    if (x->due) {
        buf_puts(out, lang_text(lang, MSG_DUTY_ITEM_DUE));
        duty_put_time(out, x->due, offset_s);
    }
    buf_putc(out, ')');
}

void duty_item_say(struct buf *out, enum lang lang, const struct duty_item *x, int offset_s)
{
    static const msg_id words[DUTY_ITEM_MAX] = {
        [DUTY_ITEM_REQUEST] = MSG_DUTY_ITEM_REQUEST, [DUTY_ITEM_ORDER] = MSG_DUTY_ITEM_ORDER,
        [DUTY_ITEM_FINDING] = MSG_DUTY_ITEM_FINDING, [DUTY_ITEM_OUTAGE] = MSG_DUTY_ITEM_OUTAGE,
        [DUTY_ITEM_PLANNED] = MSG_DUTY_ITEM_PLANNED, [DUTY_ITEM_OVERDUE] = MSG_DUTY_ITEM_OVERDUE,
        [DUTY_ITEM_GAP] = MSG_DUTY_ITEM_GAP,         [DUTY_ITEM_SHIFT] = MSG_DUTY_ITEM_SHIFT,
        [DUTY_ITEM_NOTE] = MSG_DUTY_ITEM_NOTE,       [DUTY_ITEM_WEATHER] = MSG_DUTY_ITEM_WEATHER,
        [DUTY_ITEM_POWER] = MSG_DUTY_ITEM_POWER,
    };

    buf_puts(out, lang_text(lang, words[x->kind]));
    buf_putc(out, ' ');
    duty_item_text(out, lang, x, offset_s);
}
