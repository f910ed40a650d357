/* SPDX-License-Identifier: Apache-2.0 */
#include "overview/todo.h"

#include <stdlib.h>

#include "duty/handover.h"
#include "duty/picture.h"
#include "lang/zone.h"
#include "proof/overdue.h"
#include "record/forms.h"
#include "record/period.h"
#include "record/send.h"
#include "record/standing.h"
#include "state/notices.h"
#include "state/people.h"
#include "state/units.h"

/* How far back shifts are looked at, and ahead for gaps. */
#define BACK  TIME_DAY
#define AHEAD (2 * TIME_DAY)

struct todo {
    const struct act_ctx *ctx;
    const struct state_actor *actor;
    const struct todo_request *request;
    int64_t now;
    struct duty_items *to;
    struct err *err;
};

static int todo_add(struct todo *t, enum duty_item_kind kind, struct slice code, struct slice title,
                    int64_t since, int64_t due)
{
    const struct duty_item x = {
        .kind = kind, .code = code, .title = title, .since = since, .due = due};

    return duty_items_add(t->to, &x, t->err);
}

/* What the actor may not see at all is left out. */
static int todo_soft(int r)
{
    return r == -CE_DENIED ? 0 : r;
}

/* Shifts, handovers, gaps. */

static int collect_shift(struct todo *t, const struct duty_picture *p,
                         const struct duty_shift *shift)
{
    struct duty_stand stand = duty_standing(&p->load, &p->facts, shift, t->now, NULL);
    struct slice name =
        shift->who.person == DUTY_NOBODY ? SLICE("") : p->load.names[shift->who.person];

    enum duty_item_fault fault = stand.standing == DUTY_LATE      ? DUTY_ITEM_NOT_TAKEN
                                 : stand.standing == DUTY_SILENT  ? DUTY_ITEM_SILENT
                                 : stand.standing == DUTY_OVERDUE ? DUTY_ITEM_NOT_LEFT
                                                                  : DUTY_ITEM_SAID;
    const struct duty_item x = {.kind = DUTY_ITEM_SHIFT,
                                .code = p->load.posts[shift->post].code,
                                .title = name,
                                .since = shift->from,
                                .due = fault == DUTY_ITEM_NOT_LEFT ? shift->until : shift->from,
                                .fault = fault};

    return fault == DUTY_ITEM_SAID ? 0 : duty_items_add(t->to, &x, t->err);
}

static int collect_post(struct todo *t, const struct duty_picture *p, uint32_t post)
{
    const struct state_post *row = &p->load.posts[post];
    struct state_handover waiting;
    struct duty_shift *shifts;
    size_t n;
    int r = duty_shift_list(&p->load.plan, post, t->now - BACK, t->now + 1, t->ctx->arena, &shifts,
                            &n, t->err);

    for (size_t i = 0; r == 0 && i < n; i++)
        r = collect_shift(t, p, &shifts[i]);
    if (r == 0 && handover_waiting(t->ctx, t->actor, row, &waiting, NULL) == 0)
        r = todo_add(t, DUTY_ITEM_HANDOVER, row->code, row->name, waiting.giver_at, 0);
    return r == 0 ? duty_items_gaps(&p->load, post, t->now, t->to, t->err) : r;
}

static int collect_duty(struct todo *t)
{
    const struct duty_window window = {.unit = t->request->unit,
                                       .alone = true,
                                       .from = t->now - 31 * TIME_DAY,
                                       .until = t->now + AHEAD,
                                       .terms = t->request->terms};
    struct duty_picture p;
    int r = duty_picture_read(t->ctx, t->actor, &window, &p, t->err);

    for (uint32_t i = 0; r == 0 && i < p.load.asked; i++)
        r = collect_post(t, &p, i);
    return r;
}

/* What waits for the unit's head. */

static struct slice name_of(struct todo *t, struct state_id person)
{
    struct state_person p;

    return state_person_get(t->ctx->s, t->actor, person, t->ctx->arena, &p, NULL) < 0 ? SLICE("")
                                                                                      : p.name;
}

static int on_leave(void *u, const struct state_leave *x)
{
    struct todo *t = u;

    return x->approved_at == 0 && x->stop > t->now
               ? todo_add(t, DUTY_ITEM_APPROVAL, SLICE("leave"), name_of(t, x->person), x->created,
                          x->start)
               : 0;
}

static int on_swap(void *u, const struct state_swap *x)
{
    struct todo *t = u;

    return x->state == STATE_SWAP_AGREED && x->stop > t->now
               ? todo_add(t, DUTY_ITEM_APPROVAL, SLICE("swap"), name_of(t, x->person), x->created,
                          x->start)
               : 0;
}

static int on_layer(void *u, const struct state_layer *x)
{
    struct todo *t = u;

    return x->approved_at == 0 && x->valid_to > t->now
               ? todo_add(t, DUTY_ITEM_APPROVAL, SLICE("roster"), x->name.n ? x->name : x->code,
                          x->created, x->valid_from)
               : 0;
}

static int on_coverage(void *u, const struct state_coverage *x)
{
    struct todo *t = u;

    return x->state == STATE_PROPOSED && id_eq(x->other, t->request->unit) && x->stop > t->now
               ? todo_add(t, DUTY_ITEM_APPROVAL, SLICE("cover"), x->note, x->asked_at, x->start)
               : 0;
}

static int collect_approvals(struct todo *t)
{
    struct state_query q = {.unit = t->request->unit}, any = {.limit = 0};
    struct state *s = t->ctx->s;
    int r = todo_soft(state_leave_each(s, t->actor, &q, on_leave, t, t->err));

    if (r == 0)
        r = todo_soft(state_swap_each(s, t->actor, &q, on_swap, t, t->err));
    if (r == 0)
        r = todo_soft(state_layer_each(s, t->actor, &q, on_layer, t, t->err));
    if (r == 0)
        r = todo_soft(state_coverage_each(s, t->actor, &any, on_coverage, t, t->err));
    return r;
}

/* Notices that nobody of the unit has read. */

static int collect_notices(struct todo *t)
{
    struct state_query q = {.unit = t->request->unit};
    struct state_delivery *rows;
    size_t n;
    int r =
        todo_soft(state_delivery_list(t->ctx->s, t->actor, &q, t->ctx->arena, &rows, &n, t->err));

    for (size_t i = 0; r == 0 && i < n; i++) {
        struct state_query acks = {.ref = rows[i].id};
        struct state_notice notice;
        struct state_ack *read;
        size_t readers = 0;

        r = todo_soft(
            state_ack_list(t->ctx->s, t->actor, &acks, t->ctx->arena, &read, &readers, t->err));
        if (r < 0 || readers > 0)
            continue;
        r = state_notice_get(t->ctx->s, t->actor, rows[i].notice, t->ctx->arena, &notice, t->err);
        if (r == 0)
            r = todo_add(t, DUTY_ITEM_NOTICE, notice.code, notice.title, rows[i].sent_at, 0);
    }
    return r;
}

/* Forms: the period that runs, and the one before it. */

static int collect_period(struct todo *t, const struct record *c, const struct form *f,
                          const struct record_period *p)
{
    struct state_submission x = {.version = 0};
    struct duty_item item = {.kind = DUTY_ITEM_FORM,
                             .code = f->id,
                             .english = f->title.en,
                             .since = p->start,
                             .due = p->stop};
    int r = record_standing(c, f->id, t->request->unit, p, &x, t->err);

    if (r < 0 || (x.version != 0 && x.state != STATE_SUBMISSION_RETURNED))
        return r;
    item.title = f->title.vi.n ? f->title.vi : f->title.en;
    return duty_items_add(t->to, &item, t->err);
}

static int collect_form(struct todo *t, const struct record *c, const struct form *f,
                        const struct state_unit *unit)
{
    struct record_period p = record_period_at(f->every, t->now, ZONE_OWN), before;
    int r;

    if (!record_form_asks(f, unit->kind) || !record_period_repeats(f->every))
        return 0;
    before = record_period_before(f->every, &p, ZONE_OWN);
    r = before.start >= unit->created ? collect_period(t, c, f, &before) : 0;
    return r == 0 ? collect_period(t, c, f, &p) : r;
}

static int collect_forms(struct todo *t)
{
    const struct record c = {.s = t->ctx->s,
                             .actor = *t->actor,
                             .arena = t->ctx->arena,
                             .zone = ZONE_OWN,
                             .lang = LANG_VI};
    struct record_form *forms;
    struct state_unit unit;
    size_t n;
    int r = state_unit_get(t->ctx->s, t->actor, t->request->unit, t->ctx->arena, &unit, t->err);

    if (r == 0)
        r = record_form_list(&c, &forms, &n, t->err);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = collect_form(t, &c, forms[i].form, &unit);
    return r;
}

static int by_due(const void *a, const void *b)
{
    const struct duty_item *x = a, *y = b;
    int64_t left = x->due ? x->due : INT64_MAX, right = y->due ? y->due : INT64_MAX;

    if (left != right)
        return left < right ? -1 : 1;
    return x->since < y->since ? -1 : x->since > y->since;
}

int todo_read(const struct act_ctx *ctx, const struct state_actor *actor,
              const struct todo_request *request, struct duty_items *ret, struct err *err)
{
    struct todo t = {ctx, actor, request, act_at(ctx), ret, err};
    int r;

    *ret = (struct duty_items){.arena = ctx->arena};
    r = collect_duty(&t);
    if (r == 0)
        r = collect_approvals(&t);
    if (r == 0)
        r = collect_notices(&t);
    if (r == 0)
        r = collect_forms(&t);
    if (r == 0)
        r = duty_items_work(ctx->s, actor, request->unit, t.now, ret, err);
    if (r == 0)
        r = proof_overdue(ctx, actor, request->unit, ret, err);
    for (size_t i = 0; i < ret->count; i++) {
        if (ret->items[i].kind == DUTY_ITEM_GAP) /* to be filled before it begins */
            ret->items[i].due = ret->items[i].since;
    }
    if (r == 0 && ret->count > 1)
        qsort(ret->items, ret->count, sizeof(*ret->items), by_due);
    return r;
}
