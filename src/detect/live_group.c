/* SPDX-License-Identifier: Apache-2.0 */
/* Who shares a window, and for how long it is kept. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/fold.h"
#include "detect/live_internal.h"

static bool never_same(void *ctx, uint64_t a, uint64_t b)
{
    (void)ctx;
    return a == b;
}

static void group_done(struct live_group *g)
{
    if (g->used) {
        window_done(&g->window);
        free(g->key);
    }
    *g = (struct live_group){.used = false};
}

int64_t live_span_of(const struct sigma_correlation *c)
{
    return CANH_MIN(c->seconds * TIME_SECOND, LIVE_SPAN_MAX) + LIVE_LATE;
}

void live_groups_done(struct live *l)
{
    for (uint32_t i = 0; i < l->group_count; i++)
        group_done(&l->groups[i]);
    free(l->groups);
    map_done(&l->places);
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

/* What comes next is told by what came last, not by the time that events claim: that of history is
 * old whenever it comes, and that of a source may lag behind. */
static bool is_awake(const struct live_group *g, int64_t now, const struct live *l)
{
    int64_t wait =
        g->history ? LIVE_HISTORY_IDLE : live_span_of(live_correlation(l, g->correlation));

    return g->fed == 0 || now - g->fed <= wait;
}

static bool is_newer(const struct live_group *g, int64_t item, const struct live *l)
{
    (void)l;
    return g->item > (uint64_t)item;
}

void live_sweep(struct live *l, int64_t now)
{
    keep_groups(l, is_awake, now);
    for (uint32_t i = 0; i < l->group_count; i++)
        if (l->groups[i].fed == 0)
            l->groups[i].fed = now;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* Too many: the quarter that was quiet for longest goes. */
static int make_room(struct live *l)
{
    uint64_t *items = calloc((size_t)l->group_count + 1, sizeof(*items));
    uint32_t before = l->group_count;

    if (items == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < l->group_count; i++)
        items[i] = l->groups[i].item;
    qsort(items, l->group_count, sizeof(*items), by_number);
    keep_groups(l, is_newer, (int64_t)items[l->group_count / 4]);
    free(items);
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
    const struct sigma_correlation *c = live_correlation(l, x->correlation);
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

int live_find_group(struct live *l, const struct live_item *x, uint32_t *ret)
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
