/* SPDX-License-Identifier: Apache-2.0 */
/* "Chờ duyệt": what the head of a unit decides, one by one or several at once: rosters, leave,
 * swaps, standing in for another unit. And the plan: taking it on, confirming it. */
#include <stdlib.h>

#include "base/time.h"
#include "duty/change.h"
#include "duty/decide.h"
#include "duty/layer.h"
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "lang/msg_plan.h"
#include "lang/said.h"
#include "plan/catalogue.h"
#include "proof/plan_store.h"
#include "proof/proof.h"
#include "register/statement.h"
#include "state/duty.h"
#include "state/evidence.h"
#include "state/plans.h"
#include "state/rights.h"
#include "web/api.h"

enum { PICKS_MAX = 200 };

/* Kinds of things that wait; `key` stands in forms and in the API's path. */
static const struct {
    const char *key;
    msg_id word;
} kinds[DUTY_WAITING_MAX] = {{"layers", MSG_CONSOLE_APPROVE_ROSTER},
                             {"leaves", MSG_CONSOLE_APPROVE_LEAVE},
                             {"swaps", MSG_CONSOLE_APPROVE_SWAP},
                             {"coverages", MSG_CONSOLE_APPROVE_COVERAGE}};

/* One thing that waits. */
struct ask {
    enum duty_waiting kind;
    struct state_id id, unit;
    struct slice title, about;
    int64_t from, until, since;
    bool ready; /* else somebody else answers first */
};

struct ask_list {
    struct visit *v;
    struct view_ctx view;
    void (*each)(struct ask_list *l, const struct ask *a);
    void *u;
};

static struct slice post_name(struct ask_list *l, struct state_id id)
{
    const struct state_actor all = state_actor_system();
    struct state_post post;

    return state_post_get(l->v->s, &all, id, l->v->arena, &post, NULL) < 0 ? SLICE("") : post.name;
}

static struct slice approvals_joined(struct ask_list *l, struct slice a, const char *between,
                                     struct slice b)
{
    struct buf text = BUF_INIT(8192);
    struct slice kept;

    buf_append_slice(&text, a);
    if (a.n && b.n)
        buf_puts(&text, between);
    buf_append_slice(&text, b);
    kept = arena_dup(l->v->arena, buf_slice(&text));
    buf_done(&text);
    return kept;
}

static int on_layer(void *u, const struct state_layer *x)
{
    struct ask_list *l = u;
    struct ask a = {.kind = DUTY_WAITING_LAYER,
                    .id = x->id,
                    .unit = x->unit,
                    .title = post_name(l, x->post),
                    .about = approvals_joined(l, x->name.n ? x->name : x->code, " · ", x->source),
                    .from = x->valid_from,
                    .until = x->valid_to,
                    .since = x->created,
                    .ready = true};

    if (x->approved_at == 0 && x->valid_to > l->view.at)
        l->each(l, &a);
    return 0;
}

static int on_leave(void *u, const struct state_leave *x)
{
    struct ask_list *l = u;
    struct ask a = {.kind = DUTY_WAITING_LEAVE,
                    .id = x->id,
                    .unit = x->unit,
                    .title = view_person_name(&l->view, x->person),
                    .from = x->start,
                    .until = x->stop,
                    .since = x->created,
                    .ready = true};

    if (x->approved_at == 0 && x->stop > l->view.at)
        l->each(l, &a);
    return 0;
}

static int on_swap(void *u, const struct state_swap *x)
{
    struct ask_list *l = u;
    struct ask a = {.kind = DUTY_WAITING_SWAP,
                    .id = x->id,
                    .unit = x->unit,
                    .title = approvals_joined(l, view_person_name(&l->view, x->person), " → ",
                                              view_person_name(&l->view, x->other)),
                    .about = approvals_joined(l, post_name(l, x->post), " · ", x->reason),
                    .from = x->start,
                    .until = x->stop,
                    .since = x->created,
                    .ready = x->state == STATE_SWAP_AGREED};

    if ((x->state == STATE_SWAP_AGREED || x->state == STATE_SWAP_ASKED) && x->stop > l->view.at)
        l->each(l, &a);
    return 0;
}

static int on_coverage(void *u, const struct state_coverage *x)
{
    struct ask_list *l = u;
    struct ask a = {.kind = DUTY_WAITING_COVERAGE,
                    .id = x->id,
                    .unit = x->other,
                    .title = view_unit_name(&l->view, x->unit),
                    .about = approvals_joined(l, post_name(l, x->post), " · ", x->note),
                    .from = x->start,
                    .until = x->stop,
                    .since = x->asked_at,
                    .ready = true};

    if (x->state == STATE_PROPOSED && x->stop > l->view.at && id_eq(x->other, l->v->who.actor.unit))
        l->each(l, &a);
    return 0;
}

static int approvals_walk(struct visit *v, void (*each)(struct ask_list *l, const struct ask *a),
                          void *u, struct err *err)
{
    struct ask_list l = {.v = v, .view = visit_view(v), .each = each, .u = u};
    const struct state_query q = {.unit = v->who.actor.unit, .below = true}, any = {.limit = 0};
    const struct state_actor *a = &v->who.actor;
    int r = state_layer_each(v->s, a, &q, on_layer, &l, err);

    if (r == 0)
        r = state_leave_each(v->s, a, &q, on_leave, &l, err);
    if (r == 0)
        r = state_swap_each(v->s, a, &q, on_swap, &l, err);
    if (r == 0)
        r = state_coverage_each(v->s, a, &any, on_coverage, &l, err);
    return r;
}

/* The page. */

/* What waits, kept until all is known: the page tells it in the order of days. */
struct kept_asks {
    struct ask items[TABLE_LINES];
    size_t count;
    bool cut;
};

static void keep_ask(struct ask_list *l, const struct ask *a)
{
    struct kept_asks *kept = l->u;

    if (kept->count < TABLE_LINES)
        kept->items[kept->count++] = *a;
    else
        kept->cut = true;
}

static int ask_compare(const void *a, const void *b)
{
    const struct ask *x = a, *y = b;

    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return (x->from > y->from) - (x->from < y->from);
}

static void write_ask(struct ask_list *l, const struct ask *a)
{
    struct page_scope *row = page_add(l->v->page, "asks");
    struct buf pick = BUF_INIT(80);

    buf_printf(&pick, "%s.", kinds[a->kind].key);
    id_write(&pick, a->id);
    page_set_buf(row, "pick", &pick);
    page_set_text(row, "ask_kind", lang_text(l->v->lang, kinds[a->kind].word));
    page_set(row, "ask_title", a->title);
    page_set(row, "ask_about", a->about);
    page_set(row, "ask_unit",
             id_eq(a->unit, l->v->who.actor.unit) ? SLICE_NULL : view_unit_name(&l->view, a->unit));
    page_set_when(row, "ask_from", a->from, 0);
    if (a->until != STATE_FOREVER)
        page_set_end(row, "ask_until", a->until, 0);
    page_set_flag(row, "ask_ready", a->ready);
}

static int on_confirmation(void *u, const struct state_evidence *x)
{
    int64_t *last = u;

    if (evidence_is_confirmation(x))
        *last = CANH_MAX(*last, x->collected);
    return 0;
}

/* When the head last confirmed; 0: not within the last months. */
static int64_t last_confirmed(struct visit *v)
{
    int64_t now = state_now(v->s), last = 0;
    const struct state_query q = {.unit = v->who.actor.unit,
                                  .from = now - 90 * TIME_DAY,
                                  .to = now + TIME_MINUTE};

    return state_evidence_each(v->s, &v->who.actor, &q, on_confirmation, &last, NULL) < 0 ? 0
                                                                                          : last;
}

/* A plan that was given to the unit: whether it was taken on, and when it was confirmed last. */
static int write_plan(void *u, const struct state_assignment *x)
{
    const struct state_actor all = state_actor_system();
    struct visit *v = u;
    struct view_ctx view = visit_view(v);
    int64_t confirmed = last_confirmed(v);
    struct state_plan plan;
    struct page_scope *row;
    struct buf id = BUF_INIT(64);

    if (!id_eq(x->unit, v->who.actor.unit) ||
        state_plan_get(v->s, &all, x->plan, v->arena, &plan, NULL) < 0 ||
        plan.state != STATE_PLAN_ACTIVE)
        return 0;
    row = page_add(v->page, "plans");
    id_write(&id, x->plan);
    page_set_buf(row, "plan_id", &id);
    page_set(row, "plan_title", plan_store_title(v->arena, &plan, v->lang));
    page_set(row, "plan_number", plan.number);
    page_set_recorded(v, row, "plan_given", x->given_at, false);
    page_set_flag(row, "plan_accepted", x->accepted_at != 0);
    page_set_recorded(v, row, "plan_accepted_at", x->accepted_at, false);
    page_set(row, "plan_accepted_by", view_person_name(&view, x->accepted_by));
    page_set_flag(row, "plan_confirmed", confirmed != 0);
    page_set_recorded(v, row, "plan_confirmed_at", confirmed, false);
    page_set_flag(row, "plan_confirm_late", confirmed && confirmed + 7 * TIME_DAY < view.at);
    return 0;
}

int page_approvals(struct visit *v, struct err *err)
{
    const struct state_query q = {.unit = v->who.actor.unit};
    int64_t now = state_now(v->s);
    struct ask_list l = {.v = v, .view = visit_view(v)};
    struct kept_asks *kept = arena_new(v->arena, struct kept_asks);
    struct state_actor head;
    size_t n = 0;
    int r = kept ? approvals_walk(v, keep_ask, kept, err) : err_nomem(err);

    if (r < 0)
        return r;
    qsort(kept->items, kept->count, sizeof(kept->items[0]), ask_compare);
    for (size_t i = 0; i < kept->count; i++) {
        write_ask(&l, &kept->items[i]);
        n += kept->items[i].ready;
    }
    r = state_assignment_each(v->s, &v->who.actor, &q, write_plan, v, err);
    if (r < 0)
        return r;
    page_set_i64(v->page, "ask_count", (int64_t)n);
    page_set_flag(v->page, "ask_any", n > 0);
    page_set_flag(v->page, "ask_cut", kept->cut);
    page_set_flag(v->page, "may_decide", WHO_HEAD & 1u << v->who.actor.role);
    page_set_flag(v->page, "may_accept",
                  state_right_of(v->s, &v->who.actor, STATE_ID_NONE, v->who.actor.unit,
                                 STATE_MAY_ACCEPT, &head, NULL) == 0);
    page_set_flag(v->page, "done", visit_query(v, "done").n > 0);
    page_set_when(v->page, "now", now, now);
    return visit_page(v, "approvals", err);
}

static void json_ask(struct ask_list *l, const struct ask *a)
{
    api_write_waiting(l->u, &(struct api_waiting){.id = a->id,
                                                  .kind = kinds[a->kind].key,
                                                  .title = a->title,
                                                  .from = a->from,
                                                  .until = a->until,
                                                  .since = a->since,
                                                  .ready = a->ready});
}

int api_approvals(struct visit *v, struct err *err)
{
    struct json_write w;
    int r;

    api_items_begin(v, &w);
    r = approvals_walk(v, json_ask, &w, err);
    api_items_end(&w);
    return r;
}

/* Deciding. */

struct picks {
    struct state_id ids[DUTY_WAITING_MAX][PICKS_MAX];
    size_t count[DUTY_WAITING_MAX];
};

static enum duty_waiting kind_of(struct slice key)
{
    enum duty_waiting k = 0;

    while (k < DUTY_WAITING_MAX && !slice_is(key, kinds[k].key))
        k++;
    return k;
}

static int approvals_pick(struct picks *p, enum duty_waiting kind, struct slice id, struct err *err)
{
    if (kind < DUTY_WAITING_MAX && p->count[kind] == PICKS_MAX)
        return err_fail(err, CE_RANGE, ERR_WEB_TOO_MANY_TICKED, PICKS_MAX);
    if (kind == DUTY_WAITING_MAX || id_parse(id, &p->ids[kind][p->count[kind]]) < 0)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    p->count[kind]++;
    return 0;
}

/* Everything that was ticked: "layers.<id>". */
static int read_picks(const struct visit *v, struct picks *p, struct err *err)
{
    size_t n = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < v->given.count; i++) {
        struct slice value = v->given.items[i].value;
        size_t dot = slice_find_byte(value, '.');

        if (!slice_is(v->given.items[i].name, "pick"))
            continue;
        n++;
        r = dot == SIZE_MAX ? err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING)
                            : approvals_pick(p, kind_of(slice_head(value, dot)),
                                             slice_from(value, dot + 1), err);
    }
    return r == 0 && n == 0 ? err_fail(err, CE_MISSING, ERR_WEB_NOTHING_WAS_TICKED) : r;
}

static int approvals_decide(struct visit *v, const struct picks *p, bool yes, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct duty_decisions d = {.refuse = !yes};
    int r;

    for (enum duty_waiting k = 0; k < DUTY_WAITING_MAX; k++)
        d.of[k] = (struct duty_decision){.ids = p->ids[k],
                                         .count = p->count[k],
                                         .by = v->who.actor.person};
    r = duty_decide(&ctx, &v->who.actor, &d, err);
    if (r == 0)
        desk_web_changed(v->web, "shift", v->who.actor.unit, STATE_ID_NONE);
    return r;
}

int post_approvals(struct visit *v, struct err *err)
{
    struct picks *p = arena_new(v->arena, struct picks);
    int r = p ? read_picks(v, p, err) : err_nomem(err);

    if (r == 0)
        r = approvals_decide(v, p, !slice_is(visit_given(v, "decision"), "refuse"), err);
    return r < 0 ? r : visit_done(v, SLICE("/approvals?done=1"));
}

/* What the visitor may not see is not there. */
static int hide_denied(int r, struct err *err)
{
    return r == -CE_DENIED ? err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING) : r;
}

static int collect_one(struct visit *v, enum duty_waiting kind, struct state_id id, struct err *err)
{
    const struct state_actor *a = &v->who.actor;
    struct state_layer layer;
    struct state_leave leave;
    struct state_swap swap;

    switch (kind) {
    case DUTY_WAITING_LAYER:
        return hide_denied(state_layer_get(v->s, a, id, v->arena, &layer, err), err);
    case DUTY_WAITING_LEAVE:
        return hide_denied(state_leave_get(v->s, a, id, v->arena, &leave, err), err);
    case DUTY_WAITING_SWAP:
        return hide_denied(state_swap_get(v->s, a, id, v->arena, &swap, err), err);
    default:
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    }
}

/* /api/v1/layers/{}/approve … */
int api_approve(struct visit *v, struct err *err)
{
    struct picks *p = arena_new(v->arena, struct picks);
    enum duty_waiting kind = kind_of(v->x->target.segments[2]);
    int r = p ? approvals_pick(p, kind, v->x->params[0], err) : err_nomem(err);

    if (r == 0)
        r = collect_one(v, kind, p->ids[kind][0], err);
    if (r == 0)
        r = approvals_decide(v, p, true, err);
    return r < 0 ? r : visit_done(v, SLICE_NULL);
}

/* The plan. */

int post_plan_accept(struct visit *v, struct err *err)
{
    struct statement_acceptance q = {.unit = v->who.actor.unit, .person = v->who.actor.person};
    struct act_ctx ctx = visit_ctx(v);
    struct state_assignment x;
    int r = visit_id(v, 0, &q.plan, err);

    if (r == 0)
        r = statement_accept(&ctx, &v->who.actor, &q, &x, err);
    return r < 0 ? r : visit_done(v, SLICE("/approvals?done=1"));
}

static int approvals_confirm(struct visit *v, struct slice plan, struct err *err)
{
    struct statement_confirmation q = {.unit = v->who.actor.unit,
                                       .person = v->who.actor.person,
                                       .title = said_words(SAID_CONFIRMATION)};
    struct proof_options opt = {.plan = plan, .now = state_now(v->s)};
    struct arena work = ARENA_INIT((size_t)512 << 20);
    struct act_ctx ctx = visit_ctx(v);
    struct proof_world w;
    uint32_t kind;
    int r = proof_open(&work, v->s, &v->who.actor, &opt, &w, err);

    if (r < 0) {
        arena_done(&work);
        return r;
    }
    kind = catalogue_find(w.catalogue, WORDS_EVIDENCE, SLICE(EVIDENCE_CONFIRMATION));
    r = proof_rows_taking(&w, kind, PLAN_NONE, &q.obligations, &q.count, err);
    if (r == 0 && q.count > 0)
        r = statement_confirm(&ctx, &v->who.actor, &q, err);
    proof_close(&w);
    arena_done(&work);
    return r;
}

int post_plan_confirm(struct visit *v, struct err *err)
{
    struct state_id id = STATE_ID_NONE;
    struct state_plan plan;
    int r = visit_id(v, 0, &id, err);

    if (r == 0)
        r = state_plan_get(v->s, &v->who.actor, id, v->arena, &plan, err);
    if (r == 0)
        r = approvals_confirm(v, plan.code, err);
    return r < 0 ? r : visit_done(v, SLICE("/approvals?done=1"));
}
