/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/handover.h"

#include <string.h>

#include "base/json_write.h"
#include "lang/err_duty.h"
#include "lang/msg_duty.h"
#include "roster/gaps.h"
#include "state/checks.h"
#include "state/requests.h"
#include "state/reviews.h"
#include "yaml/yaml.h"

static const char *const kinds[DUTY_ITEM_MAX] = {
    [DUTY_ITEM_REQUEST] = "request", [DUTY_ITEM_ORDER] = "order",
    [DUTY_ITEM_FINDING] = "finding", [DUTY_ITEM_OUTAGE] = "outage",
    [DUTY_ITEM_PLANNED] = "planned", [DUTY_ITEM_OVERDUE] = "overdue",
    [DUTY_ITEM_GAP] = "gap",         [DUTY_ITEM_SHIFT] = "shift",
    [DUTY_ITEM_NOTE] = "note",       [DUTY_ITEM_WEATHER] = "weather",
    [DUTY_ITEM_POWER] = "power",
};

const char *duty_item_kind_to_str(enum duty_item_kind k)
{
    return k < DUTY_ITEM_MAX ? kinds[k] : "";
}

enum duty_item_kind duty_item_kind_from_str(struct slice s)
{
    for (size_t i = 0; i < DUTY_ITEM_MAX; i++) {
        if (slice_is(s, kinds[i]))
            return (enum duty_item_kind)i;
    }
    return DUTY_ITEM_MAX;
}

/* -- the list -------------------------------------------------------------------------------- */

int duty_items_add(struct duty_items *to, const struct duty_item *x, struct err *err)
{
    struct duty_item *item;

    if (to->count == DUTY_ITEMS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_DUTY_MORE_THAN_OPEN_ITEMS, DUTY_ITEMS_MAX);
    if (to->count == to->cap) {
        size_t cap = to->cap ? 2 * to->cap : 32;
        struct duty_item *more = arena_array(to->arena, cap, sizeof(*more));

        if (!more)
            return err_nomem(err);
        if (to->count)
            memcpy(more, to->items, to->count * sizeof(*more));
        to->items = more;
        to->cap = cap;
    }
    item = &to->items[to->count];
    *item = *x;
    item->code = arena_dup(to->arena, x->code);
    item->title = arena_dup(to->arena, x->title);
    if (!item->code.p || !item->title.p)
        return err_nomem(err);
    to->count++;
    return 0;
}

void duty_items_put(struct buf *out, const struct duty_items *x)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '[');
    for (size_t i = 0; i < x->count; i++) {
        const struct duty_item *item = &x->items[i];

        json_open(&w, '{');
        json_key(&w, "kind");
        json_text(&w, slice_str(kinds[item->kind]));
        json_key(&w, "code");
        json_text(&w, item->code);
        json_key(&w, "title");
        json_text(&w, item->title);
        if (item->since) {
            json_key(&w, "since");
            json_i64(&w, item->since);
        }
        if (item->due) {
            json_key(&w, "due");
            json_i64(&w, item->due);
        }
        json_close(&w, '}');
    }
    json_close(&w, ']');
}

static int read_item(const struct yaml_node *node, struct duty_items *to, struct err *err)
{
    struct duty_item x = {.kind = duty_item_kind_from_str(yaml_get_text(node, "kind")),
                          .code = yaml_get_text(node, "code"),
                          .title = yaml_get_text(node, "title")};
    const struct yaml_node *since = yaml_get(node, "since"), *due = yaml_get(node, "due");

    if (node->kind != YAML_MAP || x.kind == DUTY_ITEM_MAX ||
        (since && !yaml_int(since, &x.since)) || (due && !yaml_int(due, &x.due)))
        return err_fail_at(err, CE_SYNTAX, node->line, node->col, ERR_DUTY_NOT_ITEM_HANDOVER);
    return duty_items_add(to, &x, err);
}

/* JSON is YAML. */
int duty_items_read(struct slice json, struct duty_items *to, struct err *err)
{
    struct arena arena = ARENA_INIT(64u << 20);
    struct yaml_limits limits = yaml_default_limits;
    struct yaml_docs docs = {.count = 0};
    int r;

    limits.max_bytes = 4u << 20;
    limits.max_docs = 1;
    r = json.n == 0 ? 0 : yaml_parse(&arena, json, &limits, &docs, err);
    if (r == 0 && docs.count == 1 && docs.roots[0]->kind != YAML_SEQ)
        r = err_fail(err, CE_SYNTAX, ERR_DUTY_NOT_ITEMS_HANDOVER);
    for (uint32_t i = 0; r == 0 && docs.count == 1 && i < docs.roots[0]->count; i++)
        r = read_item(docs.roots[0]->kids[i], to, err);
    arena_done(&arena);
    return r;
}

/* -- what is open ---------------------------------------------------------------------------- */

struct gatherer {
    struct duty_items *to;
    struct state_id unit;
    int64_t now;
    struct err *err;
};

static int add(struct gatherer *g, enum duty_item_kind kind, struct slice code, struct slice title,
               int64_t since, int64_t due)
{
    const struct duty_item x = {.kind = kind,
                                .code = code,
                                .title = title,
                                .since = since,
                                .due = due == STATE_FOREVER ? 0 : due};

    return duty_items_add(g->to, &x, g->err);
}

static int see_request(void *u, const struct state_request *x)
{
    struct gatherer *g = u;

    if ((!id_eq(x->unit, g->unit) && !id_eq(x->other, g->unit)) ||
        x->state == STATE_REQUEST_CLOSED || x->state == STATE_REQUEST_WITHDRAWN)
        return 0;
    return add(g, DUTY_ITEM_REQUEST, x->number, x->title, x->opened, x->due);
}

static int see_order(void *u, const struct state_order *x)
{
    struct gatherer *g = u;

    return x->outcome == 0
               ? add(g, DUTY_ITEM_ORDER, x->number, x->authority, x->received, x->deadline)
               : 0;
}

static int see_finding(void *u, const struct state_finding *x)
{
    struct gatherer *g = u;

    return x->state == STATE_FINDING_OPEN
               ? add(g, DUTY_ITEM_FINDING, x->code, x->title, x->first_seen, x->due)
               : 0;
}

static int see_outage(void *u, const struct state_outage *x)
{
    struct gatherer *g = u;
    struct slice what = x->cause.n ? x->cause : x->note;

    if (x->planned && x->stop > g->now)
        return add(g, DUTY_ITEM_PLANNED, SLICE(""), what, x->start, x->stop);
    if (x->planned || x->start > g->now || x->stop != STATE_FOREVER)
        return 0;
    return add(g, DUTY_ITEM_OUTAGE, SLICE(""), what, x->start, 0);
}

/* What the actor may not see at all is left out. */
static int soft(int r)
{
    return r == -CE_DENIED ? 0 : r;
}

static int gather_roster(struct gatherer *g, const struct duty_load *l, uint32_t post,
                         enum lang lang)
{
    struct duty_problem *list;
    size_t n;
    int r = duty_problems(&l->plan, post, CANH_MAX(g->now, l->plan.from),
                          CANH_MIN(g->now + DUTY_AHEAD, l->plan.until), g->to->arena, &list, &n,
                          g->err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        struct buf text = BUF_INIT(4096);

        duty_problem_say(&text, lang, &list[i],
                         list[i].person == DUTY_NOBODY ? SLICE_NULL : l->names[list[i].person]);
        r = add(g, DUTY_ITEM_GAP, l->posts[post].code, buf_slice(&text), list[i].from,
                list[i].until);
        buf_done(&text);
    }
    return r;
}

int duty_items_gather(struct state *s, const struct state_actor *a, const struct duty_load *l,
                      uint32_t post, enum lang lang, int64_t now, struct duty_items *to,
                      struct err *err)
{
    struct gatherer g = {.to = to, .unit = l->posts[post].unit, .now = now, .err = err};
    struct state_query q = {.unit = g.unit}, any = {.limit = 0};
    int r = soft(state_request_each(s, a, &any, see_request, &g, err));

    if (r == 0)
        r = soft(state_order_each(s, a, &q, see_order, &g, err));
    if (r == 0)
        r = soft(state_finding_each(s, a, &q, see_finding, &g, err));
    if (r == 0)
        r = soft(state_outage_each(s, a, &q, see_outage, &g, err));
    return r == 0 ? gather_roster(&g, l, post, lang) : r;
}

/* -- signing --------------------------------------------------------------------------------- */

/* What a shift says of itself, beside the items that were given. */
static int tell_shift(const struct duty_act *d, const struct duty_fact *fact,
                      struct duty_items *items, struct err *err)
{
    const struct duty_item x = {
        .kind = DUTY_ITEM_SHIFT,
        .title = slice_str(lang_text(d->lang, MSG_DUTY_CLOCK_BACK)),
        .since = fact->row.in_at,
    };

    return fact->row.clock_back ? duty_items_add(items, &x, err) : 0;
}

static int write_handover(const struct duty_act *d, const struct duty_fact *fact,
                          const struct duty_items *items, struct slice note,
                          struct state_handover *x, struct err *err)
{
    struct buf json = BUF_INIT(4u << 20);
    int r;

    duty_items_put(&json, items);
    *x = (struct state_handover){.unit = fact->row.unit,
                                 .post = fact->row.post,
                                 .from_shift = fact->row.id,
                                 .at = d->at,
                                 .items = buf_slice(&json),
                                 .note = note,
                                 .giver = d->person,
                                 .backfilled = d->paper};
    r = json.err ? err_fail(err, CE_TOO_BIG, ERR_DUTY_OPEN_ITEMS_HANDOVER_TOO_MANY)
                 : state_handover_put(d->s, d->actor, x, err);
    if (r == 0)
        r = state_handover_sign(d->s, d->actor, x->id, x->version, false, err);
    buf_done(&json);
    x->items = SLICE_NULL;
    return r;
}

int duty_hand_over(const struct duty_act *d, const struct duty_items *items, struct slice note,
                   struct state_handover *ret, struct err *err)
{
    const struct duty_fact *fact = duty_fact_open(d->f, d->post, d->person);
    struct duty_items all = *items;
    struct state_handover x;
    int r;

    if (!fact)
        return err_fail(err, CE_NOT_FOUND, ERR_DUTY_NOT_TAKEN, d->l->posts[d->post].code);
    r = tell_shift(d, fact, &all, err);
    if (r == 0)
        r = write_handover(d, fact, &all, note, &x, err);
    if (r == 0)
        *ret = x;
    return r;
}

int duty_handover_waiting(const struct duty_act *d, struct arena *arena, struct state_handover *ret,
                          struct err *err)
{
    struct state_query q = {.ref = d->l->posts[d->post].id};
    const struct state_handover *found = NULL;
    struct state_handover *rows;
    size_t n;
    int r = state_handover_list(d->s, d->actor, &q, arena, &rows, &n, err);

    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].giver_at && !rows[i].taker_at)
            found = &rows[i];
        else if (rows[i].taker_at)
            found = NULL; /* taken over since: what waited before is settled */
    }
    if (!found)
        return err_fail(err, CE_NOT_FOUND, ERR_DUTY_NO_HANDOVER, d->l->posts[d->post].code);
    *ret = *found;
    return 0;
}

/* The giver's shift ends with the taker's signature, when it was not left before. */
static int end_shift(const struct duty_act *d, struct state_id id, struct err *err)
{
    struct arena arena = ARENA_INIT(1u << 20);
    struct state_shift row;
    int r = state_shift_get(d->s, d->actor, id, &arena, &row, err);

    if (r == 0 && row.out_at == 0)
        row.out_at = CANH_MAX(d->at ? d->at : state_now(d->s), row.in_at + 1);
    row.state = STATE_SHIFT_HANDED;
    if (r == 0)
        r = state_shift_put(d->s, d->actor, &row, err);
    arena_done(&arena);
    return r;
}

static int take(const struct duty_act *d, struct state_handover *x, struct err *err)
{
    const struct duty_fact *own = duty_fact_open(d->f, d->post, d->person);
    int r = 0;

    if (own) {
        x->to_shift = own->row.id;
        r = state_handover_put(d->s, d->actor, x, err);
    }
    if (r == 0)
        r = state_handover_sign(d->s, d->actor, x->id, x->version, true, err);
    return r == 0 ? end_shift(d, x->from_shift, err) : r;
}

static int check_taker(const struct duty_act *d, const struct state_handover *x, struct err *err)
{
    return id_eq(x->giver, d->person) ? err_fail(err, CE_CONFLICT, ERR_DUTY_SAME_PERSON) : 0;
}

int duty_take_over(const struct duty_act *d, struct state_handover *x, struct err *err)
{
    int r = check_taker(d, x, err);

    return r == 0 ? take(d, x, err) : r;
}

int duty_object(const struct duty_act *d, struct state_handover *x, struct slice why,
                struct err *err)
{
    int r = check_taker(d, x, err);

    return r == 0 ? state_handover_object(d->s, d->actor, x->id, x->version, why, err) : r;
}
