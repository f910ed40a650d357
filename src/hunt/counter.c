/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/counter.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/time.h"
#include "detect/sorter.h"
#include "hunt/pack.h"

enum {
    VALUES_MAX = 32 * 1024, /* in memory */
    VALUE_BYTES = 6 * 1024 * 1024,
    KEEP = 4 * 1024 * 1024,
    TEXT_MAX = 64 * 1024,
    SEED = 0x636F756E,
};

struct tally_slot {
    struct slice key; /* the list's byte, then the value */
    uint64_t count;
    int64_t first, last;
};

struct counter {
    enum counter_order orders[COUNTER_LISTS];
    struct spill_budget budget;
    struct spill texts, rows;
    struct sorter parts; /* counts that went out, by key */
    struct sorter order; /* rows as they are given */
    struct map map;
    struct arena keys;
    struct tally_slot *slots;
    uint32_t slot_count;
    struct buf key, text, row;
    uint64_t dropped;
};

static int by_key(const void *a, const void *b, void *ctx)
{
    const struct correlation_record *x = a, *y = b;

    (void)ctx;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return x->value_text < y->value_text ? -1 : x->value_text > y->value_text;
}

/* part: list; time: what the list's order asks for; value: the value's beginning. */
static int by_order(const void *a, const void *b, void *ctx)
{
    const struct correlation_record *x = a, *y = b;

    (void)ctx;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->group < y->group ? -1 : x->group > y->group;
}

struct counter *counter_new(const enum counter_order *orders, uint64_t spill_max)
{
    struct counter *c = calloc(1, sizeof(*c));

    if (c == NULL)
        return NULL;
    memcpy(c->orders, orders, sizeof(c->orders));
    c->budget.left = spill_max;
    spill_init(&c->texts, &c->budget, KEEP);
    spill_init(&c->rows, &c->budget, KEEP);
    sorter_init(&c->parts, by_key, NULL, &c->budget);
    sorter_init(&c->order, by_order, NULL, &c->budget);
    map_init(&c->map, VALUES_MAX);
    c->keys = ARENA_INIT(VALUE_BYTES);
    c->slots = calloc(VALUES_MAX, sizeof(*c->slots));
    c->key = c->text = c->row = BUF_INIT(TEXT_MAX);
    return c->slots ? c : counter_free(c);
}

struct counter *counter_free(struct counter *c)
{
    if (c == NULL)
        return NULL;
    sorter_done(&c->parts);
    sorter_done(&c->order);
    spill_done(&c->texts);
    spill_done(&c->rows);
    map_done(&c->map);
    arena_done(&c->keys);
    free(c->slots);
    buf_done(&c->key);
    buf_done(&c->text);
    buf_done(&c->row);
    free(c);
    return NULL;
}

static void pack_slot(const struct tally_slot *s, struct buf *out)
{
    buf_clear(out);
    pack_u64(out, s->count);
    pack_u64(out, (uint64_t)s->first);
    pack_u64(out, (uint64_t)s->last);
    pack_text(out, s->key);
}

static void unpack_slot(struct slice in, struct tally_slot *ret)
{
    ret->count = unpack_u64(&in);
    ret->first = (int64_t)unpack_u64(&in);
    ret->last = (int64_t)unpack_u64(&in);
    ret->key = unpack_text(&in);
}

static int write_record(struct counter *c, struct sorter *to, struct correlation_record *r,
                        uint64_t at)
{
    bool kept;
    int e = sorter_add_text(to, r, at, &kept);

    c->dropped += !kept;
    return e;
}

/* What is counted in memory goes out. */
static int counter_flush(struct counter *c)
{
    int e = 0;

    for (uint32_t i = 0; i < c->slot_count && e == 0; i++) {
        const struct tally_slot *s = &c->slots[i];
        struct correlation_record r = {.group = hash_bytes(s->key.p, s->key.n, SEED)};

        pack_slot(s, &c->row);
        e = write_record(c, &c->parts, &r, spill_add_text(&c->texts, buf_slice(&c->row)));
    }
    c->slot_count = 0;
    map_clear(&c->map);
    arena_done(&c->keys);
    c->keys = ARENA_INIT(VALUE_BYTES);
    return e;
}

static struct tally_slot *new_slot(struct counter *c, struct slice key)
{
    struct tally_slot *s;

    if (c->slot_count == VALUES_MAX)
        return NULL;
    key = arena_dup(&c->keys, key);
    if (key.p == NULL || map_put(&c->map, key, c->slot_count) < 0)
        return NULL;
    s = &c->slots[c->slot_count++];
    *s = (struct tally_slot){.key = key, .first = TIME_NONE, .last = TIME_NONE};
    return s;
}

static void add_up(struct tally_slot *s, int64_t first, int64_t last, uint64_t count)
{
    s->count += count;
    if (first != TIME_NONE)
        s->first = s->first == TIME_NONE ? first : CANH_MIN(s->first, first);
    if (last != TIME_NONE)
        s->last = s->last == TIME_NONE ? last : CANH_MAX(s->last, last);
}

int counter_add(struct counter *c, unsigned list, struct slice value, int64_t time, uint64_t count)
{
    struct tally_slot *s;
    uint32_t number;
    int e;

    buf_clear(&c->key);
    buf_putc(&c->key, (uint8_t)list);
    buf_append_slice(&c->key, slice_head(value, COUNTER_VALUE_MAX));
    if (map_get(&c->map, buf_slice(&c->key), &number)) {
        s = &c->slots[number];
    } else {
        s = new_slot(c, buf_slice(&c->key));
        if (s == NULL) {
            e = counter_flush(c);
            if (e < 0)
                return e;
            s = new_slot(c, buf_slice(&c->key));
        }
        if (s == NULL)
            return -CE_NOMEM;
    }
    add_up(s, time, time, count);
    return 0;
}

static int64_t rank_of(const struct counter *c, const struct tally_slot *s)
{
    switch (c->orders[s->key.p[0] % COUNTER_LISTS]) {
    case COUNTER_RARE_FIRST:
        return (int64_t)s->count;
    case COUNTER_BY_TIME:
        return s->first == TIME_NONE ? INT64_MAX : s->first;
    case COUNTER_MOST_FIRST:
        break;
    }
    return -(int64_t)s->count;
}

/* The first eight bytes of the value as a number that sorts as they do. */
static uint64_t beginning_of(struct slice key)
{
    uint64_t v = 0;

    for (size_t i = 1; i <= sizeof(v); i++)
        v = v << 8 | (i < key.n ? key.p[i] : 0);
    return v;
}

static int end_value(struct counter *c, const struct tally_slot *s, uint64_t group)
{
    struct correlation_record r = {.part = s->key.p[0],
                                   .time = rank_of(c, s),
                                   .value = beginning_of(s->key),
                                   .group = group};

    pack_slot(s, &c->row);
    return write_record(c, &c->order, &r, spill_add_text(&c->rows, buf_slice(&c->row)));
}

/* Adds up the counts of each value. */
static int add_parts(struct counter *c)
{
    struct tally_slot sum = {.count = 0};
    struct correlation_record r;
    uint64_t group = 0;
    bool any = false;
    int e = 0;

    while (e == 0 && sorter_next(&c->parts, &r)) {
        struct tally_slot s;

        if (!spill_get_text(&c->texts, r.value_text, &c->text))
            continue;
        unpack_slot(buf_slice(&c->text), &s);
        if (s.key.n == 0)
            continue;
        if (any && r.group == group && slice_eq(s.key, sum.key)) {
            add_up(&sum, s.first, s.last, s.count);
            continue;
        }
        if (any)
            e = end_value(c, &sum, group);
        buf_clear(&c->key);
        buf_append_slice(&c->key, s.key);
        sum = s;
        sum.key = buf_slice(&c->key);
        group = r.group;
        any = true;
    }
    return e == 0 && any ? end_value(c, &sum, group) : e;
}

int counter_end(struct counter *c)
{
    int e = counter_flush(c);

    if (e == 0)
        e = sorter_end(&c->parts);
    if (e == 0)
        e = add_parts(c);
    return e == 0 ? sorter_end(&c->order) : e;
}

bool counter_next(struct counter *c, struct counter_row *ret)
{
    struct correlation_record r;
    struct tally_slot s;

    do {
        if (!sorter_next(&c->order, &r))
            return false;
    } while (!spill_get_text(&c->rows, r.value_text, &c->row));
    unpack_slot(buf_slice(&c->row), &s);
    *ret = (struct counter_row){.list = (unsigned)r.part,
                                .value = slice_from(s.key, 1),
                                .count = s.count,
                                .first = s.first,
                                .last = s.last};
    return true;
}

uint64_t counter_dropped(const struct counter *c)
{
    return c->dropped;
}
