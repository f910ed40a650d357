/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/items.h"

#include <string.h>

#include "base/json_write.h"
#include "lang/err_duty.h"
#include "roster/gaps.h"
#include "state/assets.h"
#include "state/checks.h"
#include "state/requests.h"
#include "state/reviews.h"
#include "yaml/yaml.h"

static const char *const kinds[DUTY_ITEM_MAX] = {
    [DUTY_ITEM_REQUEST] = "request",   [DUTY_ITEM_ORDER] = "order",
    [DUTY_ITEM_FINDING] = "finding",   [DUTY_ITEM_OUTAGE] = "outage",
    [DUTY_ITEM_PLANNED] = "planned",   [DUTY_ITEM_OVERDUE] = "overdue",
    [DUTY_ITEM_GAP] = "gap",           [DUTY_ITEM_SHIFT] = "shift",
    [DUTY_ITEM_NOTE] = "note",         [DUTY_ITEM_WEATHER] = "weather",
    [DUTY_ITEM_POWER] = "power",       [DUTY_ITEM_HANDOVER] = "handover",
    [DUTY_ITEM_APPROVAL] = "approval", [DUTY_ITEM_NOTICE] = "notice",
    [DUTY_ITEM_FORM] = "form",
};

static const char *const faults[DUTY_ITEM_FAULT_MAX] = {
    [DUTY_ITEM_SAID] = "said",
    [DUTY_ITEM_SHORT] = "short",
    [DUTY_ITEM_AWAY] = "away",
    [DUTY_ITEM_RECALLED] = "recalled",
    [DUTY_ITEM_CLOCK_BACK] = "clock-back",
    [DUTY_ITEM_NOT_TAKEN] = "not-taken",
    [DUTY_ITEM_SILENT] = "silent",
    [DUTY_ITEM_NOT_LEFT] = "not-left",
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
    item->english = arena_dup(to->arena, x->english);
    if (!item->code.p || !item->title.p || !item->english.p)
        return err_nomem(err);
    to->count++;
    return 0;
}

static void write_number(struct json_write *w, const char *key, int64_t v)
{
    if (v == 0)
        return;
    json_key(w, key);
    json_i64(w, v);
}

static void write_item(struct json_write *w, const struct duty_item *x)
{
    json_open(w, '{');
    json_key(w, "kind");
    json_text(w, slice_str(kinds[x->kind]));
    json_key(w, "code");
    json_text(w, x->code);
    json_key(w, "title");
    json_text(w, x->title);
    if (x->fault != DUTY_ITEM_SAID) {
        json_key(w, "fault");
        json_text(w, slice_str(faults[x->fault]));
    }
    write_number(w, "need", x->need);
    write_number(w, "have", x->have);
    write_number(w, "since", x->since);
    write_number(w, "due", x->due);
    json_close(w, '}');
}

void duty_items_write(struct buf *out, const struct duty_items *x)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '[');
    for (size_t i = 0; i < x->count; i++)
        write_item(&w, &x->items[i]);
    json_close(&w, ']');
}

/* Missing: it stays as it is. */
static bool read_number(const struct yaml_node *node, const char *key, int64_t *ret)
{
    const struct yaml_node *at = yaml_get(node, key);

    return at == NULL || yaml_int(at, ret);
}

static enum duty_item_fault fault_from_str(struct slice s)
{
    size_t i = 0;

    while (i < DUTY_ITEM_FAULT_MAX && !slice_is(s, faults[i]))
        i++;
    return s.n == 0 ? DUTY_ITEM_SAID : (enum duty_item_fault)i;
}

static int read_item(const struct yaml_node *node, struct duty_items *to, struct err *err)
{
    struct duty_item x = {.kind = duty_item_kind_from_str(yaml_get_text(node, "kind")),
                          .code = yaml_get_text(node, "code"),
                          .title = yaml_get_text(node, "title"),
                          .fault = fault_from_str(yaml_get_text(node, "fault"))};

    if (node->kind != YAML_MAP || x.kind == DUTY_ITEM_MAX || x.fault == DUTY_ITEM_FAULT_MAX ||
        !read_number(node, "since", &x.since) || !read_number(node, "due", &x.due) ||
        !read_number(node, "need", &x.need) || !read_number(node, "have", &x.have))
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

enum { TITLE_MAX = 64 * 1024 };

struct collector {
    struct state *s;
    const struct state_actor *a;
    struct duty_items *to;
    struct state_id unit;
    int64_t now;
    struct err *err;
};

static int items_add(struct collector *g, enum duty_item_kind kind, struct slice code,
                     struct slice title, int64_t since, int64_t due)
{
    const struct duty_item x = {.kind = kind,
                                .code = code,
                                .title = title,
                                .since = since,
                                .due = due == STATE_FOREVER ? 0 : due};

    return duty_items_add(g->to, &x, g->err);
}

static int on_request_row(void *u, const struct state_request *x)
{
    struct collector *g = u;

    if ((!id_eq(x->unit, g->unit) && !id_eq(x->other, g->unit)) ||
        x->state == STATE_REQUEST_CLOSED || x->state == STATE_REQUEST_WITHDRAWN)
        return 0;
    return items_add(g, DUTY_ITEM_REQUEST, x->number, x->title, x->opened, x->due);
}

static int on_order(void *u, const struct state_order *x)
{
    struct collector *g = u;

    return x->outcome == 0
               ? items_add(g, DUTY_ITEM_ORDER, x->number, x->authority, x->received, x->deadline)
               : 0;
}

static int on_finding(void *u, const struct state_finding *x)
{
    struct collector *g = u;

    return x->state == STATE_FINDING_OPEN
               ? items_add(g, DUTY_ITEM_FINDING, x->code, x->title, x->first_seen, x->due)
               : 0;
}

/* Of what it is an outage: the probe, else the asset. */
static void outage_of(struct collector *g, const struct state_outage *x, struct slice *code,
                      struct slice *name)
{
    struct state_check check;
    struct state_asset asset;

    *code = *name = SLICE("");
    if (!id_is_none(x->check) &&
        state_check_get(g->s, g->a, x->check, g->to->arena, &check, NULL) == 0) {
        *code = check.code;
        *name = check.name;
    }
    if (name->n == 0 && !id_is_none(x->asset) &&
        state_asset_get(g->s, g->a, x->asset, g->to->arena, &asset, NULL) == 0) {
        *code = code->n ? *code : asset.code;
        *name = asset.name;
    }
}

/* “P1: Cổng thư – mất điện”: what is out, then why as far as somebody said it. */
static int add_outage(struct collector *g, enum duty_item_kind kind, const struct state_outage *x)
{
    struct slice code, name, why = x->cause.n ? x->cause : x->note;
    struct buf title = BUF_INIT(TITLE_MAX);
    int r;

    outage_of(g, x, &code, &name);
    buf_append_slice(&title, name);
    if (name.n && why.n)
        buf_puts(&title, " – ");
    buf_append_slice(&title, why);
    r = items_add(g, kind, code, buf_slice(&title), x->start,
                  kind == DUTY_ITEM_PLANNED ? x->stop : 0);
    buf_done(&title);
    return r;
}

static int on_outage(void *u, const struct state_outage *x)
{
    struct collector *g = u;

    if (x->planned && x->stop > g->now)
        return add_outage(g, DUTY_ITEM_PLANNED, x);
    if (x->planned || x->start > g->now || x->stop != STATE_FOREVER)
        return 0;
    return add_outage(g, DUTY_ITEM_OUTAGE, x);
}

/* What the actor may not see at all is left out. */
static int items_soft(int r)
{
    return r == -CE_DENIED ? 0 : r;
}

static int add_problem(struct collector *g, const struct duty_load *l, uint32_t post,
                       const struct duty_problem *p)
{
    static const enum duty_item_fault fault_of[] = {
        [DUTY_GAP] = DUTY_ITEM_SHORT,
        [DUTY_AWAY] = DUTY_ITEM_AWAY,
        [DUTY_RECALLED] = DUTY_ITEM_RECALLED,
    };
    const struct duty_item x = {
        .kind = DUTY_ITEM_GAP,
        .code = l->posts[post].code,
        .title = p->person == DUTY_NOBODY ? SLICE("") : l->names[p->person],
        .since = p->from,
        .due = p->until,
        .fault = fault_of[p->fault],
        .need = p->need,
        .have = p->have,
    };

    return duty_items_add(g->to, &x, g->err);
}

int duty_items_gaps(const struct duty_load *l, uint32_t post, int64_t now, struct duty_items *to,
                    struct err *err)
{
    struct collector g = {.to = to, .now = now, .err = err};
    struct duty_problem *list;
    size_t n;
    int r = duty_problems(&l->plan, post, CANH_MAX(now, l->plan.from),
                          CANH_MIN(now + DUTY_AHEAD, l->plan.until), to->arena, &list, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++)
        r = add_problem(&g, l, post, &list[i]);
    return r;
}

int duty_items_work(struct state *s, const struct state_actor *a, struct state_id unit, int64_t now,
                    struct duty_items *to, struct err *err)
{
    struct collector g = {.s = s, .a = a, .to = to, .unit = unit, .now = now, .err = err};
    struct state_query q = {.unit = unit}, any = {.limit = 0};
    int r = items_soft(state_request_each(s, a, &any, on_request_row, &g, err));

    if (r == 0)
        r = items_soft(state_order_each(s, a, &q, on_order, &g, err));
    if (r == 0)
        r = items_soft(state_finding_each(s, a, &q, on_finding, &g, err));
    return r == 0 ? items_soft(state_outage_each(s, a, &q, on_outage, &g, err)) : r;
}

int duty_items_collect(struct state *s, const struct state_actor *a, const struct duty_load *l,
                       uint32_t post, int64_t now, struct duty_items *to, struct err *err)
{
    int r = duty_items_work(s, a, l->posts[post].unit, now, to, err);

    return r == 0 ? duty_items_gaps(l, post, now, to, err) : r;
}
