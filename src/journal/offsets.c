/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/offsets.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/assert.h"
#include "base/time.h"

struct mark {
    uint64_t hash;
    int64_t received;
};

/* Marks in the order of arrival, a ring; and a table of hash → place in that order, for look-ups.
 */
struct ring {
    struct mark *marks;
    uint32_t cap;
    uint64_t begin, end; /* numbers of marks since the start */
    uint64_t *table;     /* number of the mark + 1, or 0 */
    uint32_t table_size, table_used;
};

struct offsets_source {
    uint8_t id[JOURNAL_ID_SIZE];
    uint8_t *cursor;
    uint32_t cursor_size, cursor_cap;
    struct ring ring;
};

/* Its key is name, a zero byte, stream. */
struct offsets_consumer {
    uint8_t key[2 * JOURNAL_NAME_MAX + 1];
    uint8_t name_size, key_size;
    uint64_t offset;
};

void offsets_init(struct offsets *o)
{
    *o = (struct offsets){.sources = NULL};
    map_init(&o->source_map, OFFSETS_SOURCES_MAX);
    map_init(&o->consumer_map, OFFSETS_CONSUMERS_MAX);
}

void offsets_done(struct offsets *o)
{
    for (uint32_t i = 0; i < o->source_count; i++) {
        free(o->sources[i]->cursor);
        free(o->sources[i]->ring.marks);
        free(o->sources[i]->ring.table);
        free(o->sources[i]);
    }
    for (uint32_t i = 0; i < o->consumer_count; i++)
        free(o->consumers[i]);
    free(o->sources);
    free(o->consumers);
    map_done(&o->source_map);
    map_done(&o->consumer_map);
    offsets_init(o);
}

static struct offsets_source *find_source(const struct offsets *o, const uint8_t *id)
{
    uint32_t at;

    return map_get(&o->source_map, slice_of(id, JOURNAL_ID_SIZE), &at) ? o->sources[at] : NULL;
}

static int need_source(struct offsets *o, const uint8_t *id, struct offsets_source **ret)
{
    int r;

    *ret = find_source(o, id);
    if (*ret)
        return 0;
    if (o->source_count >= OFFSETS_SOURCES_MAX)
        return -CE_RANGE;
    r = array_room(o->sources, o->source_count, o->source_cap, SIZE_MAX) ? 0 : -CE_NOMEM;
    if (r < 0 || (*ret = calloc(1, sizeof(**ret))) == NULL)
        return -CE_NOMEM;
    memcpy((*ret)->id, id, JOURNAL_ID_SIZE);
    r = map_put(&o->source_map, slice_of((*ret)->id, JOURNAL_ID_SIZE), o->source_count);
    if (r < 0) {
        free(*ret);
        *ret = NULL;
        return r;
    }
    o->sources[o->source_count++] = *ret;
    return 0;
}

static struct slice consumer_key(struct slice name, struct slice stream, struct offsets_consumer *c)
{
    canh_assert(name.n + 1 + stream.n <= sizeof(c->key));
    memcpy(c->key, name.p, name.n);
    c->key[name.n] = 0;
    memcpy(c->key + name.n + 1, stream.p, stream.n);
    c->name_size = (uint8_t)name.n;
    c->key_size = (uint8_t)(name.n + 1 + stream.n);
    return slice_of(c->key, c->key_size);
}

static bool consumer_fits(struct slice name, struct slice stream)
{
    return name.n && name.n <= JOURNAL_NAME_MAX && stream.n && stream.n <= JOURNAL_NAME_MAX;
}

static int need_consumer(struct offsets *o, const struct journal_consumer *wanted,
                         struct offsets_consumer **ret)
{
    struct offsets_consumer probe;
    struct slice key;
    uint32_t at;
    int r;

    if (!consumer_fits(wanted->name, wanted->stream))
        return -CE_RANGE;
    key = consumer_key(wanted->name, wanted->stream, &probe);
    if (map_get(&o->consumer_map, key, &at)) {
        *ret = o->consumers[at];
        return 0;
    }
    if (o->consumer_count >= OFFSETS_CONSUMERS_MAX)
        return -CE_RANGE;
    r = array_room(o->consumers, o->consumer_count, o->consumer_cap, SIZE_MAX) ? 0 : -CE_NOMEM;
    if (r < 0 || (*ret = calloc(1, sizeof(**ret))) == NULL)
        return -CE_NOMEM;
    key = consumer_key(wanted->name, wanted->stream, *ret);
    r = map_put(&o->consumer_map, key, o->consumer_count);
    if (r < 0) {
        free(*ret);
        return r;
    }
    o->consumers[o->consumer_count++] = *ret;
    return 0;
}

static void table_add(struct ring *ring, uint64_t number)
{
    uint64_t hash = ring->marks[number % ring->cap].hash;
    uint32_t at = (uint32_t)(hash >> 32) & (ring->table_size - 1);

    while (ring->table[at])
        at = (at + 1) & (ring->table_size - 1);
    ring->table[at] = number + 1;
    ring->table_used++;
}

/* Both anew, so that what was forgotten leaves the table too. */
static int ring_rebuild(struct ring *ring, uint32_t cap)
{
    struct mark *marks = malloc(cap * sizeof(*marks));
    uint64_t *table = calloc((size_t)cap * 4, sizeof(*table));
    uint64_t count = ring->end - ring->begin;

    if (marks == NULL || table == NULL) {
        free(marks);
        free(table);
        return -CE_NOMEM;
    }
    for (uint64_t i = 0; i < count; i++)
        marks[i] = ring->marks[(ring->begin + i) % ring->cap];
    free(ring->marks);
    free(ring->table);
    *ring = (struct ring){
        .marks = marks, .cap = cap, .end = count, .table = table, .table_size = cap * 4};
    for (uint64_t i = 0; i < count; i++)
        table_add(ring, i);
    return 0;
}

enum { RING_FIRST = 64, RING_LAST = 1 << 17 }; /* powers of two; the last holds the maximum */

_Static_assert((int)RING_LAST > (int)OFFSETS_BATCHES_MAX,
               "a full ring must have room for one more");

static int ring_reserve(struct ring *ring)
{
    uint64_t count = ring->end - ring->begin;

    if (ring->cap == 0)
        return ring_rebuild(ring, RING_FIRST);
    if (count + 1 >= ring->cap)
        return ring_rebuild(ring, ring->cap * 2);
    if (ring->table_used >= ring->table_size / 4 * 3)
        return ring_rebuild(ring, ring->cap);
    return 0;
}

static bool ring_has(const struct ring *ring, uint64_t hash)
{
    uint32_t at;

    if (ring->table_size == 0)
        return false;
    for (at = (uint32_t)(hash >> 32) & (ring->table_size - 1); ring->table[at];
         at = (at + 1) & (ring->table_size - 1)) {
        uint64_t number = ring->table[at] - 1;

        if (number >= ring->begin && ring->marks[number % ring->cap].hash == hash)
            return true;
    }
    return false;
}

/* Batches received before this are forgotten at that time. */
static int64_t forget_before(int64_t now)
{
    return now < INT64_MIN + OFFSETS_BATCH_DAYS * TIME_DAY ? INT64_MIN
                                                           : now - OFFSETS_BATCH_DAYS * TIME_DAY;
}

static int ring_add(struct ring *ring, const struct batch_mark *b)
{
    int r;

    if (ring_has(ring, b->hash))
        return 0;
    r = ring_reserve(ring);
    if (r < 0)
        return r;
    while (ring->end > ring->begin &&
           (ring->end - ring->begin >= OFFSETS_BATCHES_MAX ||
            ring->marks[ring->begin % ring->cap].received < forget_before(b->received)))
        ring->begin++;
    ring->marks[ring->end % ring->cap] = (struct mark){b->hash, b->received};
    table_add(ring, ring->end++);
    return 0;
}

static int cursor_reserve(struct offsets_source *s, size_t n)
{
    if (n > JOURNAL_CURSOR_MAX)
        return -CE_RANGE;
    while (s->cursor_cap < n) {
        if (!array_room(s->cursor, s->cursor_cap, s->cursor_cap, JOURNAL_CURSOR_MAX))
            return -CE_NOMEM;
    }
    return 0;
}

int offsets_reserve(struct offsets *o, const struct entry *e)
{
    struct offsets_consumer *consumer;
    struct offsets_source *source;
    int r;

    switch (e->kind) {
    case ENTRY_INPUT:
        r = need_source(o, e->input.source, &source);
        return r < 0 ? r : cursor_reserve(source, e->input.cursor.n);
    case ENTRY_BATCH:
        r = need_source(o, e->batch.source, &source);
        return r < 0 ? r : ring_reserve(&source->ring);
    case ENTRY_CONSUMER:
        return need_consumer(o, &e->consumer, &consumer);
    case ENTRY_STREAM:
    case ENTRY_RECORD:
    case ENTRY_SEALED:
    case ENTRY_REMOVED:
    case ENTRY_REDACTED:
    case ENTRY_LOST:
        break;
    }
    return 0;
}

int offsets_apply(struct offsets *o, const struct entry *e)
{
    struct offsets_consumer *consumer;
    struct offsets_source *source;
    int r = offsets_reserve(o, e);

    if (r < 0)
        return r;
    switch (e->kind) {
    case ENTRY_INPUT:
        source = find_source(o, e->input.source);
        canh_assert(source != NULL && e->input.cursor.n <= source->cursor_cap);
        source->cursor_size = (uint32_t)e->input.cursor.n;
        if (e->input.cursor.n)
            memcpy(source->cursor, e->input.cursor.p, e->input.cursor.n);
        break;
    case ENTRY_BATCH:
        return ring_add(&find_source(o, e->batch.source)->ring, &e->batch);
    case ENTRY_CONSUMER:
        r = need_consumer(o, &e->consumer, &consumer);
        if (r == 0)
            consumer->offset = e->consumer.offset;
        break;
    case ENTRY_STREAM:
    case ENTRY_RECORD:
    case ENTRY_SEALED:
    case ENTRY_REMOVED:
    case ENTRY_REDACTED:
    case ENTRY_LOST:
        break;
    }
    return r;
}

struct slice offsets_input(const struct offsets *o, const uint8_t source[JOURNAL_ID_SIZE])
{
    const struct offsets_source *s = find_source(o, source);

    return s ? slice_of(s->cursor, s->cursor_size) : SLICE_NULL;
}

bool offsets_batch_known(const struct offsets *o, const uint8_t source[JOURNAL_ID_SIZE],
                         uint64_t hash)
{
    const struct offsets_source *s = find_source(o, source);

    return s && ring_has(&s->ring, hash);
}

uint64_t offsets_consumer(const struct offsets *o, struct slice name, struct slice stream)
{
    struct offsets_consumer probe;
    uint32_t at;

    if (!consumer_fits(name, stream) ||
        !map_get(&o->consumer_map, consumer_key(name, stream, &probe), &at))
        return 0;
    return o->consumers[at]->offset;
}

static struct slice stream_of(const struct offsets_consumer *c)
{
    return slice_from(slice_of(c->key, c->key_size), (size_t)c->name_size + 1);
}

uint64_t offsets_needed(const struct offsets *o, struct slice stream)
{
    uint64_t needed = UINT64_MAX;

    for (uint32_t i = 0; i < o->consumer_count; i++)
        if (slice_eq(stream_of(o->consumers[i]), stream))
            needed = CANH_MIN(needed, o->consumers[i]->offset);
    return needed;
}

static void write_source(const struct offsets_source *s, int64_t now, struct buf *out)
{
    struct entry e = {.kind = ENTRY_INPUT, .input.cursor = slice_of(s->cursor, s->cursor_size)};

    memcpy(e.input.source, s->id, JOURNAL_ID_SIZE);
    if (s->cursor_size)
        entry_write(out, &e);
    e = (struct entry){.kind = ENTRY_BATCH};
    memcpy(e.batch.source, s->id, JOURNAL_ID_SIZE);
    for (uint64_t i = s->ring.begin; i < s->ring.end; i++) {
        const struct mark *m = &s->ring.marks[i % s->ring.cap];

        if (m->received < forget_before(now))
            continue;
        e.batch.hash = m->hash;
        e.batch.received = m->received;
        entry_write(out, &e);
    }
}

void offsets_append(const struct offsets *o, int64_t now, struct buf *out)
{
    for (uint32_t i = 0; i < o->source_count; i++)
        write_source(o->sources[i], now, out);
    for (uint32_t i = 0; i < o->consumer_count; i++) {
        const struct offsets_consumer *c = o->consumers[i];
        struct entry e = {.kind = ENTRY_CONSUMER,
                          .consumer = {.name = slice_of(c->key, c->name_size),
                                       .stream = stream_of(c),
                                       .offset = c->offset}};

        entry_write(out, &e);
    }
}

int offsets_read(struct offsets *o, struct slice entries)
{
    struct cur c = cur_of(entries);
    struct entry e;
    int r;

    while ((r = entry_get(&c, &e)) > 0) {
        r = offsets_apply(o, &e);
        if (r < 0)
            return r;
    }
    return r;
}
