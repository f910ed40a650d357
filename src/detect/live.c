/* SPDX-License-Identifier: Apache-2.0 */
/* A window for each group, as items come. */
#include "detect/live.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/fold.h"
#include "base/hash.h"
#include "base/num.h"
#include "detect/live_internal.h"

enum {
    ITEM_ARENA = 1 << 20,
    LATE_ENTRIES_MAX = 4096, /* of a window that is put in order again */
    TEXT_MAX = 1000,
};

static int64_t longest_span(const struct live *l)
{
    const struct correlation_plan *plan = ruleset_plan(l->generation->rules);
    int64_t longest = 0;

    for (uint32_t i = 0; i < plan->leg_count; i++)
        longest = CANH_MAX(longest, live_span_of(live_correlation(l, plan->legs[i].correlation)));
    for (uint32_t i = 0; i < plan->chain_count; i++)
        longest = CANH_MAX(longest, live_span_of(live_correlation(l, plan->chains[i].above)));
    return longest;
}

struct live *live_new(struct generation *g)
{
    struct live *l = calloc(1, sizeof(*l));

    if (l == NULL)
        return NULL;
    l->generation = generation_ref(g);
    l->arena = l->above = ARENA_INIT(ITEM_ARENA);
    l->key = BUF_INIT(LIVE_KEY_MAX);
    l->fold_a = BUF_INIT(LIVE_KEY_MAX);
    map_init(&l->places, LIVE_GROUPS_MAX);
    l->span = longest_span(l);
    return live_names_make(&l->names, g) == 0 ? l : live_free(l);
}

struct live *live_free(struct live *l)
{
    if (l == NULL)
        return NULL;
    live_groups_done(l);
    live_names_done(&l->names);
    arena_done(&l->arena);
    arena_done(&l->above);
    buf_done(&l->key);
    buf_done(&l->fold_a);
    l->generation = generation_unref(l->generation);
    free(l);
    return NULL;
}

int64_t live_span(const struct live *l)
{
    return l->span ? CANH_MAX(l->span, LIVE_HISTORY_IDLE) : 0;
}

struct live_counts live_counts(const struct live *l)
{
    struct live_counts n = l->counts;

    n.groups = l->group_count;
    return n;
}

static struct window_entry entry_of(const struct live *l, const struct live_item *x)
{
    struct window_entry e = {.time = x->time, .part = x->part, .ref = (uint16_t)x->ref};
    struct buf fold = BUF_INIT(LIVE_KEY_MAX);

    memcpy(&e.offset, l->event, sizeof(e.offset));
    memcpy(&e.file, l->event + sizeof(e.offset), sizeof(e.file));
    if (correlate_numeric(live_correlation(l, x->correlation)->type)) {
        e.number = x->number;
    } else {
        e.value.hash = correlate_hash(x->value, &fold);
        e.value.text = e.value.hash; /* 64 bits of a seeded hash stand for the value */
    }
    buf_done(&fold);
    return e;
}

/* An event older than the newest one of its group takes its place. */
static int write_in_order(struct live *l, struct live_group *g, const struct window_entry *late)
{
    uint32_t n = g->window.count, at = 0;
    struct window_entry *all = n <= LATE_ENTRIES_MAX ? calloc((size_t)n + 1, sizeof(*all)) : NULL;
    int r = 0;

    if (all == NULL) {
        l->counts.late++;
        return n <= LATE_ENTRIES_MAX ? -CE_NOMEM : 0;
    }
    for (uint32_t i = 0; i < n; i++)
        all[i] = *window_entry(&g->window, i);
    while (at < n && all[at].time <= late->time)
        at++;
    memmove(all + at + 1, all + at, (n - at) * sizeof(*all));
    all[at] = *late;
    window_clear(&g->window);
    for (uint32_t i = 0; i <= n && r == 0; i++) {
        r = window_write(&g->window, &all[i]);
        if (i < n && !window_same_event(&all[i], &all[i + 1]))
            (void)window_decide(&g->window);
    }
    free(all);
    return r;
}

static bool live_touch(struct live *l, uint32_t group)
{
    for (uint32_t i = 0; i < l->touched_count; i++)
        if (l->touched[i] == group)
            return true;
    if (l->touched_count == CANH_LEN(l->touched))
        return false;
    l->touched[l->touched_count++] = group;
    return true;
}

static int write_item(struct live *l, const struct live_item *x)
{
    struct live_group *g;
    struct window_entry e;
    uint32_t at;
    bool full;
    int r = live_find_group(l, x, &at);

    if (r < 0)
        return r;
    g = &l->groups[at];
    g->fed = 0;
    g->item = l->counts.items;
    if (g->last != INT64_MIN && x->time < g->last - LIVE_LATE) {
        l->counts.late++;
        return 0;
    }
    if (!live_touch(l, at)) {
        l->counts.crowded++;
        return 0;
    }
    e = entry_of(l, x);
    l->entries++;
    if (x->time < g->last)
        return write_in_order(l, g, &e);
    g->last = x->time;
    full = g->window.overflow;
    r = window_write(&g->window, &e);
    l->counts.crowded += g->window.overflow && !full;
    return r;
}

/* Names of accounts, addresses and hosts among the values. */
static void name_values(const struct sigma_correlation *c, const struct slice *values,
                        struct alert_record *a)
{
    static const struct {
        const char *part;
        size_t at;
    } parts[] = {{"user", offsetof(struct alert_record, user)},
                 {"ip", offsetof(struct alert_record, address)},
                 {"address", offsetof(struct alert_record, address)},
                 {"host", offsetof(struct alert_record, host)},
                 {"computer", offsetof(struct alert_record, host)}};
    uint8_t folded[64];

    for (uint32_t i = 0; i < c->group_count; i++) {
        struct slice name = slice_head(c->group_by[i], CANH_MIN(c->group_by[i].n, sizeof(folded)));

        for (size_t k = 0; k < name.n; k++)
            folded[k] = (uint8_t)(name.p[k] | (ascii_is_upper(name.p[k]) ? 0x20 : 0));
        for (size_t k = 0; k < CANH_LEN(parts); k++) {
            struct slice *to = (struct slice *)((char *)a + parts[k].at);

            if (to->n == 0 &&
                slice_find(slice_of(folded, name.n), slice_str(parts[k].part)) != SIZE_MAX)
                *to = values[i];
        }
    }
}

const struct live_alert *live_current(const struct live *l)
{
    return &l->told;
}

static void live_report(struct live *l, struct live_group *g, bool begins, live_found *found,
                        void *ctx)
{
    const struct sigma_correlation *c = live_correlation(l, g->correlation);
    struct slice rest = g->values, values[CORRELATION_FIELDS_MAX] = {{0}};
    struct alert_entity entity = {.count = 0};
    struct buf about = BUF_INIT(TEXT_MAX + 1);
    struct alert_record a = {.rule = c->rule.id.n ? c->rule.id : c->rule.path,
                             .title = c->rule.title,
                             .title_vi = c->rule.title_vi,
                             .advice = rule_advice(&c->rule, false),
                             .advice_vi = rule_advice(&c->rule, true),
                             .level = (int32_t)c->rule.level + 1,
                             .start = g->from,
                             .time = l->time,
                             .event = slice_of(l->event, sizeof(l->event)),
                             .history = g->history};

    for (uint32_t i = 0; i < c->group_count && correlate_next_value(&rest, &values[i]); i++) {
        if (i < ALERT_ENTITY_PARTS)
            entity.parts[entity.count++] = values[i];
        if (i > 0)
            buf_putc(&about, ' ');
        buf_append_slice(&about, slice_head(values[i], CANH_MIN(values[i].n, (size_t)200)));
    }
    name_values(c, values, &a);
    a.about = buf_slice(&about);
    alert_id(&(struct alert_key){a.rule, c->rule.content_hash, &entity, g->from}, a.id);
    l->told = (struct live_alert){g->correlation, begins, g->from, &g->window, g->values};
    if (c->alone)
        found(ctx, &a);
    buf_done(&about);
}

/* False: the condition is about a number, and there is none. */
static bool number_of(const struct sigma_correlation *c, struct slice values, double *ret)
{
    struct slice value;

    return !correlate_numeric(c->type) ||
           (correlate_next_value(&values, &value) && num_double(slice_trim(value), ret) == 0);
}

/* The alert that begins is an event of the correlations above. */
static int report_above(struct live *l, uint32_t correlation, struct slice values,
                        const struct live_item *of)
{
    const struct correlation_plan *plan = ruleset_plan(l->generation->rules);
    const struct sigma_correlation *below = live_correlation(l, correlation);
    int r = 0;

    for (uint32_t i = plan->chain_from[correlation];
         i < plan->chain_from[correlation + 1] && r == 0; i++) {
        const struct plan_chain *link = &plan->chains[i];
        const struct sigma_correlation *above = live_correlation(l, link->above);
        struct buf group = BUF_INIT(LIVE_ITEM_MAX), value = BUF_INIT(LIVE_ITEM_MAX);
        struct live_item x = {.correlation = link->above,
                              .ref = link->ref,
                              .part = plan->leg_count + i,
                              .unit = of->unit,
                              .source = of->source,
                              .time = l->time,
                              .history = of->history};

        if (correlate_pick_values(below, values, link->group, above->group_count, &group) &&
            correlate_pick_values(below, values, link->values, above->field_count, &value) &&
            number_of(above, buf_slice(&value), &x.number)) {
            x.group = buf_slice(&group);
            x.value = buf_slice(&value);
            r = write_item(l, &x);
        }
        buf_done(&group);
        buf_done(&value);
    }
    return r;
}

/* The group's window after the event. */
static int detect_live_decide(struct live *l, uint32_t at, live_found *found, void *ctx)
{
    struct live_group *g = &l->groups[at];
    bool holds = window_decide(&g->window) != WINDOW_QUIET;
    bool begins = holds && !g->on;
    struct live_item of = {.history = g->history};
    struct slice values;
    int r = 0;

    g->on = holds;
    if (!holds)
        return 0;
    if (begins)
        g->from = window_entry(&g->window, 0)->time;
    live_report(l, g, begins, found, ctx);
    if (!begins)
        return 0;
    /* another group may come, and with it the list move */
    values = arena_dup(&l->above, g->values);
    of.unit = arena_dup(&l->above, g->unit);
    of.source = arena_dup(&l->above, g->source);
    if (values.p && of.unit.p && of.source.p)
        r = report_above(l, g->correlation, values, &of);
    return r;
}

int live_decide(struct live *l, live_found *found, void *ctx)
{
    int r = 0;

    /* groups of correlations above are added behind */
    for (uint32_t i = 0; i < l->touched_count && r == 0; i++)
        r = detect_live_decide(l, l->touched[i], found, ctx);
    l->touched_count = 0;
    arena_clear(&l->above);
    return r;
}

int live_receive(struct live *l, const struct live_item *x, live_found *found, void *ctx)
{
    uint8_t event[sizeof(l->event)] = {0};
    int r = 0;

    memcpy(event, x->event.p, CANH_MIN(x->event.n, sizeof(event)));
    if (memcmp(event, l->event, sizeof(event)) != 0)
        r = live_decide(l, found, ctx);
    memcpy(l->event, event, sizeof(event));
    l->time = x->time;
    l->counts.items++;
    return r < 0 ? r : write_item(l, x);
}

int live_add(struct live *l, struct slice json, live_found *found, void *ctx)
{
    struct live_item x;
    int r;

    arena_clear(&l->arena);
    r = live_item_read(l->generation, &l->names, json, &l->arena, &x);
    if (r == 0)
        return live_receive(l, &x, found, ctx);
    if (r == -CE_NOMEM)
        return r;
    l->counts.unknown++;
    return 0;
}
