/* SPDX-License-Identifier: Apache-2.0 */
/* Gathers matches, sorts them, and runs each group through its window. */
#include "detect/correlate.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/num.h"
#include "base/time.h"
#include "detect/correlate_internal.h"
#include "detect/sorter.h"
#include "sigma/window.h"

enum {
    FILES_MAX = 1 << CORRELATION_FILE_BITS,
    TEXTS_IN_MEMORY = 8 * 1024 * 1024,
    KNOWN_TEXTS = 128 * 1024, /* remembered, so that most texts are kept once */
    TEXT_MAX = 4 * 1024 * 1024,
};

/* A text that was put lately. */
struct known_text {
    uint64_t hash, at;
};

/* What the part of a record means. */
struct ref_meta {
    uint32_t correlation, ref;
    struct slice title; /* of the rule or correlation that matched */
};

struct correlate {
    const struct generation *generation;
    bool all;
    const struct correlation_plan *plan;
    struct spill_budget budget;
    struct spill texts;
    struct known_text *known;
    struct ref_meta *parts;                          /* legs of the plan, then its chains */
    struct sorter levels[CORRELATION_DEPTH_MAX + 1]; /* by depth of the correlation they go to */
    struct sorter alerts;
    bool *incomplete, *asked; /* by correlation */
    char **paths;
    uint32_t path_count, path_cap;
    struct map file_of;
    struct buf text, other, fold_a, fold_b;
    struct correlate_counts counts;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* Byte by byte. */
static int compare_texts(struct correlate *c, uint64_t a, uint64_t b)
{
    if (a == b)
        return 0;
    if (!spill_get_text(&c->texts, a, &c->text) || !spill_get_text(&c->texts, b, &c->other))
        return compare_numbers(a, b);
    return slice_cmp(buf_slice(&c->text), buf_slice(&c->other));
}

/* As values: case does not count. */
static int compare_values(struct correlate *c, uint64_t a, uint64_t b)
{
    if (a == b)
        return 0;
    if (!spill_get_text(&c->texts, a, &c->text) || !spill_get_text(&c->texts, b, &c->other))
        return compare_numbers(a, b);
    return correlate_compare(buf_slice(&c->text), buf_slice(&c->other), &c->fold_a, &c->fold_b);
}

static bool same_value(void *ctx, uint64_t a, uint64_t b)
{
    return compare_values(ctx, a, b) == 0;
}

static int compare_groups(struct correlate *c, const struct correlation_record *x,
                          const struct correlation_record *y)
{
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return compare_values(c, x->group_text, y->group_text);
}

static int compare_places(const struct correlate *c, const struct correlation_record *x,
                          const struct correlation_record *y)
{
    int order;

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    order = x->file == y->file ? 0 : strcmp(c->paths[x->file], c->paths[y->file]);
    return order ? order : compare_numbers(x->offset, y->offset);
}

static int record_order(const void *a, const void *b, void *ctx)
{
    struct correlate *c = ctx;
    const struct correlation_record *x = a, *y = b;
    uint32_t p = c->parts[x->part].correlation, q = c->parts[y->part].correlation;
    int order;

    if (p != q)
        return p < q ? -1 : 1;
    order = compare_groups(c, x, y);
    if (order == 0)
        order = compare_places(c, x, y);
    return order ? order : compare_numbers(x->part, y->part);
}

/* Alerts: part is the correlation. */
static int alert_order(const void *a, const void *b, void *ctx)
{
    struct correlate *c = ctx;
    const struct correlation_record *x = a, *y = b;
    int order = compare_places(c, x, y);

    if (order == 0)
        order = compare_numbers(x->part, y->part);
    return order ? order : compare_texts(c, x->group_text, y->group_text);
}

static bool make_parts(struct correlate *c)
{
    const struct correlation_plan *p = c->plan;
    const struct ruleset *rules = c->generation->rules;

    c->parts = calloc((size_t)p->leg_count + p->chain_count + 1, sizeof(*c->parts));
    for (uint32_t i = 0; c->parts && i < p->leg_count; i++)
        c->parts[i] = (struct ref_meta){p->legs[i].correlation, p->legs[i].ref,
                                        ruleset_rule(rules, p->legs[i].rule)->title};
    for (uint32_t i = 0; c->parts && i < p->chain_count; i++)
        c->parts[p->leg_count + i] =
            (struct ref_meta){p->chains[i].above, p->chains[i].ref,
                              ruleset_correlation(rules, p->chains[i].below)->rule.title};
    return c->parts && p->leg_count + p->chain_count < 1U << CORRELATION_PART_BITS;
}

struct correlate *correlate_new(const struct generation *g, uint64_t spill_max, bool all)
{
    struct correlate *c = calloc(1, sizeof(*c));
    size_t count = ruleset_correlation_count(g->rules);

    if (c == NULL)
        return NULL;
    c->generation = g;
    c->all = all;
    c->plan = ruleset_plan(g->rules);
    c->budget = (struct spill_budget){.left = spill_max, .err = ERR_INIT};
    spill_init(&c->texts, &c->budget, TEXTS_IN_MEMORY);
    for (unsigned i = 0; i <= CORRELATION_DEPTH_MAX; i++)
        sorter_init(&c->levels[i], record_order, c, &c->budget);
    sorter_init(&c->alerts, alert_order, c, &c->budget);
    map_init(&c->file_of, FILES_MAX);
    c->text = c->other = BUF_INIT(TEXT_MAX);
    c->fold_a = c->fold_b = BUF_INIT(2 * TEXT_MAX);
    c->known = calloc(KNOWN_TEXTS, sizeof(*c->known));
    c->incomplete = calloc(count + 1, sizeof(*c->incomplete));
    c->asked = calloc(count + 1, sizeof(*c->asked));
    return c->known && c->incomplete && c->asked && make_parts(c) ? c : correlate_free(c);
}

struct correlate *correlate_free(struct correlate *c)
{
    if (c == NULL)
        return NULL;
    for (unsigned i = 0; i <= CORRELATION_DEPTH_MAX; i++)
        sorter_done(&c->levels[i]);
    sorter_done(&c->alerts);
    spill_done(&c->texts);
    map_done(&c->file_of);
    for (uint32_t i = 0; i < c->path_count; i++)
        free(c->paths[i]);
    buf_done(&c->text);
    buf_done(&c->other);
    buf_done(&c->fold_a);
    buf_done(&c->fold_b);
    free(c->known);
    free(c->parts);
    free(c->incomplete);
    free(c->asked);
    free(c->paths);
    free(c);
    return NULL;
}

/* Where a text is kept; UINT64_MAX when it cannot be. */
static uint64_t keep_text(struct correlate *c, struct slice text)
{
    uint64_t hash = hash_slice(text, hash_seed());
    struct known_text *known = &c->known[hash & (KNOWN_TEXTS - 1)];
    uint64_t at;

    if (known->hash == hash && known->at && spill_get_text(&c->texts, known->at - 1, &c->text) &&
        slice_eq(buf_slice(&c->text), text))
        return known->at - 1;
    at = spill_add_text(&c->texts, text);
    if (at >> CORRELATION_TEXT_BITS)
        return UINT64_MAX;
    *known = (struct known_text){hash, at + 1};
    return at;
}

static int add_record(struct correlate *c, struct correlation_record *r, struct slice group,
                      struct slice value)
{
    uint32_t to = c->parts[r->part].correlation;
    uint64_t group_text = keep_text(c, group);
    uint64_t value_text = value.n ? keep_text(c, value) : 0;
    bool kept = group_text != UINT64_MAX && value_text != UINT64_MAX;
    int e = 0;

    r->group_text = group_text & (((uint64_t)1 << CORRELATION_TEXT_BITS) - 1);
    r->value_text = value_text & (((uint64_t)1 << CORRELATION_TEXT_BITS) - 1);
    if (kept)
        e = sorter_add(&c->levels[ruleset_correlation(c->generation->rules, to)->depth], r, &kept);
    c->asked[to] = true;
    c->counts.matches += kept;
    return e;
}

/* A file's number. 0 or -CE_NOMEM. */
static int find_file(struct correlate *c, const char *path, uint32_t *ret)
{
    struct slice name = slice_str(path);

    if (map_get(&c->file_of, name, ret))
        return 0;
    if (!array_room(c->paths, c->path_count, c->path_cap, FILES_MAX))
        return -CE_NOMEM;
    c->paths[c->path_count] = strdup(path);
    if (c->paths[c->path_count] == NULL)
        return -CE_NOMEM;
    name = slice_str(c->paths[c->path_count]);
    *ret = c->path_count++;
    return map_put(&c->file_of, name, *ret);
}

int correlate_feed(struct correlate *c, const char *path, struct slice matches)
{
    struct correlate_item item;
    uint32_t file;
    int r = matches.n ? find_file(c, path, &file) : 0;

    while (r == 0 && matches.n) {
        struct correlation_record record;
        struct slice group, value;

        memcpy(&item, matches.p, sizeof(item));
        matches = slice_from(matches, sizeof(item));
        group = slice_head(matches, item.group_n);
        matches = slice_from(matches, item.group_n);
        value = slice_head(matches, item.value_n);
        matches = slice_from(matches, item.value_n);
        record = (struct correlation_record){.time = item.time,
                                             .offset = item.offset,
                                             .group = item.group,
                                             .value = item.value,
                                             .part = item.part,
                                             .file = file,
                                             .local = item.local};
        r = add_record(c, &record, group, value);
    }
    return r;
}

/* One group of one correlation, while its records go by. */
struct group_run {
    struct correlate *c;
    const struct sigma_correlation *rule;
    uint32_t index;
    struct window window;
    struct correlation_record first, last; /* of the group */
    struct group_alert {
        bool on, local; /* on: it is being gathered */
        uint32_t index, event_count;
        uint64_t count;
        int64_t from, to;
        struct correlation_record began; /* its event at which the condition began to hold */
        struct correlation_record events[CORRELATION_EVENTS_TOLD];
    } alert;
};

/* The group that an alert is about becomes an event of a correlation above. */
static int write_above(struct group_run *g, uint32_t chain, struct slice all, struct buf *to)
{
    struct correlate *c = g->c;
    const struct plan_chain *link = &c->plan->chains[chain];
    const struct sigma_correlation *above = ruleset_correlation(c->generation->rules, link->above);
    struct correlation_record r = g->last;
    struct slice values;
    size_t group_n;

    r.part = c->plan->leg_count + chain;
    if (!correlate_pick_values(g->rule, all, link->group, above->group_count, to)) {
        c->counts.fieldless++;
        return 0;
    }
    group_n = to->len;
    if (!correlate_pick_values(g->rule, all, link->values, above->field_count, to)) {
        c->counts.fieldless++;
        return 0;
    }
    values = slice_from(buf_slice(to), group_n);
    r.group = correlate_hash(slice_head(buf_slice(to), group_n), &c->fold_a);
    r.value = correlate_hash(values, &c->fold_a);
    if (correlate_numeric(above->type)) {
        struct slice number;

        if (!correlate_next_value(&values, &number) ||
            num_double(slice_trim(number), &r.number) < 0) {
            c->counts.fieldless++;
            return 0;
        }
        values.n = 0;
    }
    return add_record(c, &r, slice_head(buf_slice(to), group_n), values);
}

/* What correlations above this one get of an alert that begins. */
static int report_above(struct group_run *g)
{
    struct correlate *c = g->c;
    struct buf all = BUF_INIT(TEXT_MAX), picked = BUF_INIT(TEXT_MAX);
    uint32_t from = c->plan->chain_from[g->index], to = c->plan->chain_from[g->index + 1];
    int r = 0;

    if (from < to && !spill_get_text(&c->texts, g->first.group_text, &all))
        from = to; /* the disk failed: the budget says so */
    for (uint32_t i = from; i < to && r == 0; i++) {
        buf_clear(&picked);
        r = write_above(g, i, buf_slice(&all), &picked);
    }
    buf_done(&all);
    buf_done(&picked);
    return r;
}

static struct correlation_record record_of(const struct window_entry *e, uint32_t part, bool local)
{
    return (struct correlation_record){
        .time = e->time, .offset = e->offset, .file = e->file, .part = part, .local = local};
}

static bool same_event(const struct correlation_record *a, const struct correlation_record *b)
{
    return a->time == b->time && a->offset == b->offset && a->file == b->file;
}

static void report_event(struct group_alert *a, const struct correlation_record *r)
{
    a->to = r->time;
    a->local |= r->local;
    a->count++;
    if (a->event_count < CORRELATION_EVENTS_TOLD)
        a->events[a->event_count++] = *r;
}

/* A new alert: all events of the window are its events. */
static int begin_alert(struct group_run *g)
{
    struct group_alert *a = &g->alert;
    const struct window *w = &g->window;

    a->on = true;
    a->local = false;
    a->index = g->index;
    a->count = a->event_count = 0;
    a->began = g->last;
    a->from = window_entry(w, 0)->time;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct window_entry *e = window_entry(w, i);
        struct correlation_record r = record_of(e, e->part, e->local);

        if (i == 0 || !window_same_event(window_entry(w, i - 1), e))
            report_event(a, &r);
    }
    return report_above(g);
}

/* Keeps the alert until all are known and can be put in order. */
static int end_alert(struct group_run *g)
{
    struct group_alert *a = &g->alert;
    struct correlate *c = g->c;
    size_t n = offsetof(struct group_alert, events) + a->event_count * sizeof(*a->events);
    struct correlation_record r = a->began;
    uint64_t at;
    bool kept;
    int e;

    if (!a->on)
        return 0;
    a->on = false;
    if (!g->rule->alone && !c->all)
        return 0;
    at = spill_add_text(&c->texts, slice_of((const uint8_t *)a, n));
    r.part = g->index;
    r.group_text = g->first.group_text;
    e = sorter_add_text(&c->alerts, &r, at, &kept);
    c->incomplete[g->index] |= !kept;
    return e;
}

/* Behind the last record of an event. */
static int correlate_decide(struct group_run *g)
{
    switch (window_decide(&g->window)) {
    case WINDOW_BEGINS:
        return begin_alert(g);
    case WINDOW_GOES_ON:
        report_event(&g->alert, &g->last);
        return 0;
    case WINDOW_QUIET:
        return end_alert(g);
    }
    return 0;
}

static int end_group(struct group_run *g)
{
    int r = g->window.count ? correlate_decide(g) : 0;

    if (r == 0)
        r = end_alert(g);
    g->c->incomplete[g->index] |= g->window.overflow;
    window_clear(&g->window);
    return r;
}

static int begin_correlation(struct group_run *g, uint32_t index)
{
    window_done(&g->window);
    g->index = index;
    g->rule = ruleset_correlation(g->c->generation->rules, index);
    return window_init(&g->window, g->rule, same_value, g->c);
}

static int write_record(struct group_run *g, const struct correlation_record *r)
{
    struct window_entry e = {.time = r->time,
                             .offset = r->offset,
                             .file = r->file,
                             .local = r->local,
                             .part = r->part,
                             .ref = g->c->parts[r->part].ref};

    if (correlate_numeric(g->rule->type))
        e.number = r->number;
    else
        e.value = (struct distinct_value){r->value, r->value_text};
    return window_write(&g->window, &e);
}

/* The next record of a level: of this group's event, of its next one, or of another group. */
static int run_record(struct group_run *g, const struct correlation_record *r)
{
    uint32_t index = g->c->parts[r->part].correlation;
    bool another = g->rule == NULL || index != g->index || compare_groups(g->c, &g->first, r) != 0;
    int e = 0;

    if (g->rule && another)
        e = end_group(g);
    else if (!another && !same_event(&g->last, r))
        e = correlate_decide(g);
    if (e == 0 && (g->rule == NULL || index != g->index))
        e = begin_correlation(g, index);
    if (another)
        g->first = *r;
    g->last = *r;
    return e < 0 ? e : write_record(g, r);
}

static int run_level(struct correlate *c, struct sorter *level)
{
    struct group_run *g = calloc(1, sizeof(*g));
    struct correlation_record r;
    int e = g ? sorter_end(level) : -CE_NOMEM;

    if (g == NULL)
        return e;
    g->c = c;
    while (e == 0 && sorter_next(level, &r))
        e = run_record(g, &r);
    if (e == 0 && g->rule)
        e = end_group(g);
    window_done(&g->window);
    free(g);
    return e;
}

/* The values of a group as slices into `text`. */
static uint32_t read_group(struct correlate *c, uint64_t at, struct buf *text, struct slice *values)
{
    struct slice all;
    uint32_t n = 0;

    if (!spill_get_text(&c->texts, at, text))
        return 0;
    all = buf_slice(text);
    while (n < CORRELATION_FIELDS_MAX && correlate_next_value(&all, &values[n]))
        n++;
    return n;
}

/* Whether the sink wants more. */
static bool emit_alert(struct correlate *c, const struct correlation_record *r,
                       const struct correlate_sink *sink)
{
    struct slice group[CORRELATION_FIELDS_MAX] = {{0}};
    struct correlation_event events[CORRELATION_EVENTS_TOLD];
    struct group_alert a = {0};
    struct correlation_alert alert = {.generation = c->generation, .group = group};

    if (!spill_get_text(&c->texts, r->value_text, &c->text))
        return true; /* the budget says so */
    memcpy(&a, c->text.p, CANH_MIN(c->text.len, sizeof(a)));
    (void)read_group(c, r->group_text, &c->other, group);
    for (uint32_t i = 0; i < a.event_count; i++)
        events[i] = (struct correlation_event){.path = c->paths[a.events[i].file],
                                               .offset = a.events[i].offset,
                                               .time = a.events[i].time,
                                               .rule = c->parts[a.events[i].part].title};
    alert.index = a.index;
    alert.time = r->time;
    alert.from = a.from;
    alert.to = a.to;
    alert.local = a.local;
    alert.count = a.count;
    alert.path = c->paths[r->file];
    alert.offset = r->offset;
    alert.events = events;
    alert.event_count = a.event_count;
    c->counts.alerts++;
    return sink->alert(sink->ctx, &alert);
}

static int emit_alerts(struct correlate *c, const struct correlate_sink *sink)
{
    struct correlation_record r;
    int e = sorter_end(&c->alerts);
    bool wanted = true;

    while (e == 0 && wanted && sorter_next(&c->alerts, &r))
        wanted = emit_alert(c, &r, sink);
    for (uint32_t i = 0; e == 0 && wanted && i < ruleset_correlation_count(c->generation->rules);
         i++) {
        if (c->incomplete[i] || (c->budget.exceeded && c->asked[i]))
            wanted = sink->alert(sink->ctx, &(struct correlation_alert){.generation = c->generation,
                                                                        .index = i,
                                                                        .incomplete = true,
                                                                        .time = TIME_NONE});
    }
    return e < 0 || wanted ? e : -CE_PEER;
}

int correlate_finish(struct correlate *c, const struct correlate_sink *sink,
                     struct correlate_counts *counts, struct err *err)
{
    int r = 0;

    for (unsigned i = 1; i <= CORRELATION_DEPTH_MAX && r == 0; i++) {
        r = run_level(c, &c->levels[i]);
        sorter_done(&c->levels[i]);
        sorter_init(&c->levels[i], record_order, c, &c->budget);
    }
    if (r == 0)
        r = emit_alerts(c, sink);
    counts->matches += c->counts.matches;
    counts->fieldless += c->counts.fieldless;
    counts->alerts += c->counts.alerts;
    *err = c->budget.err;
    return r;
}
