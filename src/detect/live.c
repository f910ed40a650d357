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
    KEY_MAX = 2 * LIVE_ITEM_MAX,
    LATE_ENTRIES_MAX = 4096, /* of a window that is put in order again */
    TEXT_MAX = 1000,
};

#define HISTORY_IDLE (10 * TIME_MINUTE) /* a window of history without another event goes */

struct live_group {
    struct window window;
    uint8_t *key;        /* unit, source of history, correlation, folded values */
    struct slice values; /* as first written; behind the key */
    struct slice unit;   /* hexadecimal; behind the values */
    struct slice source; /* of history; behind the unit */
    size_t key_n;
    uint32_t correlation;
    bool history, used;
    bool on;       /* its alert goes on */
    int64_t from;  /* of that alert, or of the last one */
    int64_t until; /* the time of the last event of it */
    int64_t last;  /* event */
    int64_t fed;   /* history: the first sweep behind its last event; 0: none was yet */
};

struct live {
    struct generation *generation;
    struct live_names names;
    struct live_group *groups;
    uint32_t group_count, group_cap;
    struct map places;         /* key → group */
    uint64_t entries;          /* about, of all windows */
    struct arena arena, above; /* of the present item; of what correlations above get */
    struct buf key, fold_a;
    int64_t span;
    /* The event whose items come. */
    uint8_t event[32];
    uint32_t touched[64]; /* groups that got something of it */
    uint32_t touched_count;
    int64_t time;
    struct live_alert told;
    struct live_counts counts;
};

static bool never_same(void *ctx, uint64_t a, uint64_t b)
{
    (void)ctx;
    return a == b;
}

static const struct sigma_correlation *correlation_of(const struct live *l, uint32_t index)
{
    return ruleset_correlation(l->generation->rules, index);
}

/* Of a correlation, its lateness included. */
static int64_t span_of(const struct sigma_correlation *c)
{
    return CANH_MIN(c->seconds * TIME_SECOND, LIVE_SPAN_MAX) + LIVE_LATE;
}

static int64_t longest_span(const struct live *l)
{
    const struct correlation_plan *plan = ruleset_plan(l->generation->rules);
    int64_t longest = 0;

    for (uint32_t i = 0; i < plan->leg_count; i++)
        longest = CANH_MAX(longest, span_of(correlation_of(l, plan->legs[i].correlation)));
    for (uint32_t i = 0; i < plan->chain_count; i++)
        longest = CANH_MAX(longest, span_of(correlation_of(l, plan->chains[i].above)));
    return longest;
}

struct live *live_new(struct generation *g)
{
    struct live *l = calloc(1, sizeof(*l));

    if (l == NULL)
        return NULL;
    l->generation = generation_ref(g);
    l->arena = l->above = ARENA_INIT(ITEM_ARENA);
    l->key = BUF_INIT(KEY_MAX);
    l->fold_a = BUF_INIT(KEY_MAX);
    map_init(&l->places, LIVE_GROUPS_MAX);
    l->span = longest_span(l);
    return live_names_make(&l->names, g) == 0 ? l : live_free(l);
}

static void group_done(struct live_group *g)
{
    if (g->used) {
        window_done(&g->window);
        free(g->key);
    }
    *g = (struct live_group){.used = false};
}

struct live *live_free(struct live *l)
{
    if (l == NULL)
        return NULL;
    for (uint32_t i = 0; i < l->group_count; i++)
        group_done(&l->groups[i]);
    free(l->groups);
    map_done(&l->places);
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
    return l->span ? CANH_MAX(l->span, HISTORY_IDLE) : 0;
}

struct live_counts live_counts(const struct live *l)
{
    struct live_counts n = l->counts;

    n.groups = l->group_count;
    return n;
}

/* Keeps the groups for which keep() holds; their places change. */
static void keep_groups(struct live *l,
                        bool (*keep)(const struct live_group *g, int64_t t, const struct live *l),
                        int64_t t)
{
    uint32_t to = 0;

    map_clear(&l->places);
    l->entries = 0;
    for (uint32_t i = 0; i < l->group_count; i++) {
        struct live_group g = l->groups[i];

        if (!keep(&g, t, l) || map_put(&l->places, slice_of(g.key, g.key_n), to) < 0) {
            group_done(&l->groups[i]);
            continue;
        }
        l->entries += g.window.count;
        l->groups[to++] = g;
    }
    l->group_count = to;
}

/* Events of history are old whenever they come: their windows wait for the next one as it is read.
 */
static bool is_awake(const struct live_group *g, int64_t now, const struct live *l)
{
    return g->history ? g->fed == 0 || now - g->fed <= HISTORY_IDLE
                      : now - g->last <= span_of(correlation_of(l, g->correlation));
}

static bool is_newer(const struct live_group *g, int64_t t, const struct live *l)
{
    (void)l;
    return g->last > t;
}

void live_sweep(struct live *l, int64_t now)
{
    keep_groups(l, is_awake, now);
    for (uint32_t i = 0; i < l->group_count; i++)
        if (l->groups[i].fed == 0)
            l->groups[i].fed = now;
}

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* Too many: the quarter that was quiet for longest goes. */
static int make_room(struct live *l)
{
    int64_t *times = calloc((size_t)l->group_count + 1, sizeof(*times));
    uint32_t before = l->group_count;

    if (times == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < l->group_count; i++)
        times[i] = l->groups[i].last;
    qsort(times, l->group_count, sizeof(*times), by_time);
    keep_groups(l, is_newer, times[l->group_count / 4]);
    free(times);
    l->counts.dropped += before - l->group_count;
    return 0;
}

static void write_folded(struct live *l, struct slice text)
{
    uint8_t *to;
    uint32_t n;

    buf_clear(&l->fold_a);
    to = buf_reserve(&l->fold_a, fold_max(text.n));
    n = to ? (uint32_t)fold_text(text, to) : 0;
    buf_append(&l->key, &n, sizeof(n));
    if (to)
        buf_append(&l->key, to, n);
}

/*
 * Who shares a window: unit, history, correlation, and the values but for their case. History is
 * read source by source, each from its own beginning, so that each source has windows of its own.
 */
static bool make_key(struct live *l, const struct live_item *x)
{
    struct slice values = x->group, value;

    buf_clear(&l->key);
    l->key.err = l->fold_a.err = 0;
    write_folded(l, x->unit);
    buf_putc(&l->key, x->history);
    write_folded(l, x->history ? x->source : SLICE_NULL);
    buf_append(&l->key, &x->correlation, sizeof(x->correlation));
    while (correlate_next_value(&values, &value))
        write_folded(l, value);
    return l->key.err == 0 && l->fold_a.err == 0;
}

static struct slice copy_behind(uint8_t **to, struct slice text)
{
    struct slice copy = slice_of(*to, text.n);

    if (text.n)
        memcpy(*to, text.p, text.n);
    *to += text.n;
    return copy;
}

static int group_new(struct live *l, const struct live_item *x, uint32_t *ret)
{
    const struct sigma_correlation *c = correlation_of(l, x->correlation);
    struct live_group g = {.correlation = x->correlation,
                           .history = x->history,
                           .used = true,
                           .last = INT64_MIN,
                           .key_n = l->key.len};
    int r = window_init(&g.window, c, never_same, l);

    g.key = malloc(l->key.len + x->group.n + x->unit.n + x->source.n);
    if (r == 0 && g.key == NULL)
        r = -CE_NOMEM;
    if (r == 0) {
        uint8_t *to = g.key + l->key.len;

        memcpy(g.key, l->key.p, l->key.len);
        g.values = copy_behind(&to, x->group);
        g.unit = copy_behind(&to, x->unit);
        g.source = copy_behind(&to, x->source);
        r = map_put(&l->places, slice_of(g.key, g.key_n), l->group_count);
    }
    if (r < 0) {
        group_done(&g);
        return r;
    }
    l->groups[l->group_count] = g;
    *ret = l->group_count++;
    return 0;
}

static int find_group(struct live *l, const struct live_item *x, uint32_t *ret)
{
    int r = 0;

    if (!make_key(l, x))
        return -CE_TOO_BIG;
    if (map_get(&l->places, buf_slice(&l->key), ret))
        return 0;
    if (l->touched_count == 0 &&
        (l->group_count >= LIVE_GROUPS_MAX * 3 / 4 || l->entries > LIVE_ENTRIES_MAX))
        r = make_room(l);
    if (r == 0 && !array_room(l->groups, l->group_count, l->group_cap, SIZE_MAX))
        return -CE_NOMEM;
    return r < 0 ? r : group_new(l, x, ret);
}

static struct window_entry entry_of(const struct live *l, const struct live_item *x)
{
    struct window_entry e = {.time = x->time, .part = x->part, .ref = (uint16_t)x->ref};
    struct buf fold = BUF_INIT(KEY_MAX);

    memcpy(&e.offset, l->event, sizeof(e.offset));
    memcpy(&e.file, l->event + sizeof(e.offset), sizeof(e.file));
    if (correlate_numeric(correlation_of(l, x->correlation)->type)) {
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
    int r = find_group(l, x, &at);

    if (r < 0)
        return r;
    g = &l->groups[at];
    g->fed = 0;
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
    const struct sigma_correlation *c = correlation_of(l, g->correlation);
    struct slice rest = g->values, values[CORRELATION_FIELDS_MAX] = {{0}};
    struct alert_entity entity = {.count = 0};
    struct buf about = BUF_INIT(TEXT_MAX + 1);
    struct alert_record a = {.rule = c->rule.id.n ? c->rule.id : c->rule.path,
                             .title = c->rule.title,
                             .title_vi = c->rule.title_vi,
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
    const struct sigma_correlation *below = correlation_of(l, correlation);
    int r = 0;

    for (uint32_t i = plan->chain_from[correlation];
         i < plan->chain_from[correlation + 1] && r == 0; i++) {
        const struct plan_chain *link = &plan->chains[i];
        const struct sigma_correlation *above = correlation_of(l, link->above);
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
