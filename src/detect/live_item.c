/* SPDX-License-Identifier: Apache-2.0 */
/* What a match is to a correlation, as a line of JSON, and read again. */
#include <stdio.h>
#include <string.h>

#include "base/json_flat.h"
#include "base/json_write.h"
#include "base/num.h"
#include "detect/live_internal.h"

enum {
    SKEW_MAX = 5, /* minutes that an event may be ahead of its reception */
    NAMES_MAX = 200000,
    NAME_BYTES_MAX = 8 * 1024,
    NAMES_BYTES_MAX = 64 * 1024 * 1024,
};

/* The rule's id, else its file and line: a file may hold several. */
static struct slice name_of(const struct sigma_rule *rule, struct buf *scratch)
{
    if (rule->id.n)
        return rule->id;
    buf_clear(scratch);
    buf_printf(scratch, SLICE_FMT ":%u", SLICE_ARG(rule->path), rule->line);
    return buf_slice(scratch);
}

static void write_name(struct json_write *w, const char *key, const struct sigma_rule *rule)
{
    struct buf scratch = BUF_INIT(NAME_BYTES_MAX);

    json_key(w, key);
    json_text(w, name_of(rule, &scratch));
    buf_done(&scratch);
}

/* group0, group1 …: an object without nesting is read with little. */
static void write_values(struct json_write *w, const char *prefix, struct slice values)
{
    struct slice value;
    char key[16];

    for (unsigned i = 0; correlate_next_value(&values, &value); i++) {
        (void)snprintf(key, sizeof(key), "%s%u", prefix, i);
        json_key(w, key);
        json_text(w, value);
    }
}

static void write_number(struct json_write *w, double number)
{
    char text[40];

    (void)snprintf(text, sizeof(text), "%.17g", number);
    json_key(w, "number");
    json_text(w, slice_str(text));
}

static int64_t time_of(const struct correlate_item *item, const struct live_event *e)
{
    return item->time == TIME_NONE || item->time > e->received + SKEW_MAX * TIME_MINUTE
               ? e->received
               : item->time;
}

bool live_next_item(const struct generation *g, struct slice *matches, const struct live_event *e,
                    struct buf *json)
{
    const struct correlation_plan *plan = ruleset_plan(g->rules);
    struct json_write w = JSON_WRITE_INIT(json);
    const struct plan_leg *leg;
    struct correlate_item item;
    struct slice group, value;

    buf_clear(json);
    json->err = 0;
    if (matches->n < sizeof(item))
        return false;
    memcpy(&item, matches->p, sizeof(item));
    *matches = slice_from(*matches, sizeof(item));
    group = slice_head(*matches, item.group_n);
    *matches = slice_from(*matches, item.group_n);
    value = slice_head(*matches, item.value_n);
    *matches = slice_from(*matches, item.value_n);
    leg = &plan->legs[item.part];
    json_open(&w, '{');
    write_name(&w, "correlation", &ruleset_correlation(g->rules, leg->correlation)->rule);
    write_name(&w, "rule", ruleset_rule(g->rules, leg->rule));
    json_key(&w, "unit");
    json_text(&w, e->unit);
    json_key(&w, "event");
    json_text(&w, e->event);
    json_key(&w, "time");
    json_i64(&w, time_of(&item, e));
    write_values(&w, "group", group);
    write_values(&w, "value", value);
    if (correlate_numeric(ruleset_correlation(g->rules, leg->correlation)->type))
        write_number(&w, item.number);
    if (e->history) {
        json_key(&w, "source");
        json_text(&w, e->source);
        json_key(&w, "history");
        json_bool(&w, true);
    }
    json_close(&w, '}');
    return true;
}

static int live_names_add(struct live_names *n, struct map *to, const struct sigma_rule *rule,
                          uint32_t index)
{
    struct buf scratch = BUF_INIT(NAME_BYTES_MAX);
    struct slice name = name_of(rule, &scratch);
    int r;

    if (rule->id.n == 0)
        name = arena_dup(&n->arena, name);
    r = name.p && scratch.err == 0 ? map_put(to, name, index) : -CE_NOMEM;

    buf_done(&scratch);
    return r;
}

int live_names_make(struct live_names *n, const struct generation *g)
{
    int r = 0;

    n->arena = ARENA_INIT(NAMES_BYTES_MAX);
    map_init(&n->correlations, NAMES_MAX);
    map_init(&n->rules, NAMES_MAX);
    for (uint32_t i = 0; i < ruleset_correlation_count(g->rules) && r == 0; i++)
        r = live_names_add(n, &n->correlations, &ruleset_correlation(g->rules, i)->rule, i);
    for (uint32_t i = 0; i < ruleset_count(g->rules) && r == 0; i++)
        r = live_names_add(n, &n->rules, ruleset_rule(g->rules, i), i);
    return r;
}

void live_names_done(struct live_names *n)
{
    map_done(&n->correlations);
    map_done(&n->rules);
    arena_done(&n->arena);
}

struct item_reader {
    struct live_item *item;
    struct slice correlation, rule;
    struct buf group, value;
    bool timed;
};

static void live_item_read_value(struct buf *to, struct slice value)
{
    uint32_t n = (uint32_t)value.n;

    buf_append(to, &n, sizeof(n));
    buf_append_slice(to, value);
}

static int read_member(void *u, struct slice key, const struct json_value *v)
{
    struct item_reader *r = u;
    struct live_item *x = r->item;

    if (slice_is(key, "correlation"))
        r->correlation = v->text;
    else if (slice_is(key, "rule"))
        r->rule = v->text;
    else if (slice_is(key, "unit"))
        x->unit = v->text;
    else if (slice_is(key, "event"))
        x->event = v->text;
    else if (slice_is(key, "source"))
        x->source = v->text;
    else if (slice_starts(key, SLICE("group")))
        live_item_read_value(&r->group, v->text);
    else if (slice_starts(key, SLICE("value")))
        live_item_read_value(&r->value, v->text);
    else if (slice_is(key, "history"))
        x->history = slice_is(v->text, "true");
    else if (slice_is(key, "number"))
        return num_double(v->text, &x->number);
    else if (slice_is(key, "time")) {
        r->timed = true;
        return num_i64(v->text, &x->time);
    }
    return 0;
}

/* The leg by which the rule stands in the correlation, and the reference. */
static bool find_leg(const struct generation *g, uint32_t rule, struct live_item *x)
{
    const struct correlation_plan *plan = ruleset_plan(g->rules);

    for (uint32_t i = plan->leg_from[rule]; i < plan->leg_from[rule + 1]; i++)
        if (plan->legs[i].correlation == x->correlation) {
            x->ref = plan->legs[i].ref;
            x->part = i;
            return true;
        }
    return false;
}

int live_item_read(const struct generation *g, const struct live_names *n, struct slice json,
                   struct arena *arena, struct live_item *ret)
{
    struct item_reader r = {.item = ret,
                            .group = BUF_INIT(LIVE_ITEM_MAX),
                            .value = BUF_INIT(LIVE_ITEM_MAX)};
    uint32_t rule;
    int code;

    *ret = (struct live_item){.time = 0};
    code = json.n > LIVE_ITEM_MAX ? -CE_TOO_BIG : json_flat_read(json, arena, read_member, &r);
    ret->group = arena_dup(arena, buf_slice(&r.group));
    ret->value = arena_dup(arena, buf_slice(&r.value));
    if (code == 0 && (!r.timed || ret->event.n == 0 || r.group.err || r.value.err))
        code = -CE_SYNTAX;
    if (code == 0 && (ret->group.p == NULL || ret->value.p == NULL))
        code = -CE_NOMEM;
    if (code == 0 && (!map_get(&n->correlations, r.correlation, &ret->correlation) ||
                      !map_get(&n->rules, r.rule, &rule) || !find_leg(g, rule, ret)))
        code = -CE_NOT_FOUND;
    buf_done(&r.group);
    buf_done(&r.value);
    return code < 0 ? code : 0;
}
