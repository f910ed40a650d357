/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/ordered.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/err.h"

enum {
    KEEP = 2 * 1024 * 1024,
    BLOCK_RECORDS = 85, /* some 4 KiB */
    BLOCKS = 64,
    MARKS_MAX = 4096, /* then every second one goes */
};

/* Records of the array that were read together. */
struct ordered_block {
    uint64_t number; /* from 1; 0: empty */
    struct correlation_record records[BLOCK_RECORDS];
};

int ordered_compare(const void *a, const void *b, void *ctx)
{
    const struct correlation_record *x = a, *y = b;

    (void)ctx;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

void ordered_init(struct ordered *o, struct spill_budget *budget)
{
    *o = (struct ordered){.count = 0};
    sorter_init(&o->sorter, ordered_compare, NULL, budget);
    spill_init(&o->array, budget, KEEP);
    o->stride = BLOCK_RECORDS;
}

void ordered_done(struct ordered *o)
{
    sorter_done(&o->sorter);
    spill_done(&o->array);
    free(o->marks);
    free(o->blocks);
    o->marks = NULL;
    o->blocks = NULL;
}

int ordered_add(struct ordered *o, const struct correlation_record *r)
{
    bool kept;
    int e = sorter_add(&o->sorter, r, &kept);

    o->dropped += !kept;
    return e;
}

/* Record `count` is about to be added. */
static int note_mark(struct ordered *o, const struct correlation_record *r)
{
    if (o->count % o->stride != 0)
        return 0;
    if (o->mark_count == MARKS_MAX) {
        for (size_t i = 0; i < MARKS_MAX / 2; i++)
            o->marks[i] = o->marks[2 * i];
        o->mark_count = MARKS_MAX / 2;
        o->stride *= 2;
    }
    if (!array_room(o->marks, o->mark_count, o->mark_cap, MARKS_MAX))
        return -CE_NOMEM;
    o->marks[o->mark_count++] = (struct ordered_mark){r->group, r->time};
    return 0;
}

int ordered_end(struct ordered *o)
{
    struct correlation_record r;
    int e = sorter_end(&o->sorter);

    while (e == 0 && sorter_next(&o->sorter, &r)) {
        if (spill_add(&o->array, slice_of((const uint8_t *)&r, sizeof(r))) == UINT64_MAX) {
            o->dropped++;
            continue;
        }
        e = note_mark(o, &r);
        o->count++;
    }
    o->blocks = calloc(BLOCKS, sizeof(*o->blocks));
    return e == 0 && o->blocks == NULL ? -CE_NOMEM : e;
}

/* The block with that number, from the disk unless it was read lately; NULL: the disk refused. */
static const struct ordered_block *read_part(struct ordered *o, uint64_t number)
{
    struct ordered_block *b = &o->blocks[number % BLOCKS];
    uint64_t at = number * BLOCK_RECORDS;
    size_t n = (size_t)CANH_MIN(o->count - at, (uint64_t)BLOCK_RECORDS);

    if (b->number == number + 1)
        return b;
    b->number = 0;
    if (!spill_get(&o->array, at * sizeof(*b->records), b->records, n * sizeof(*b->records)))
        return NULL;
    b->number = number + 1;
    return b;
}

bool ordered_get(struct ordered *o, uint64_t i, struct correlation_record *ret)
{
    const struct ordered_block *b =
        i < o->count && o->blocks ? read_part(o, i / BLOCK_RECORDS) : NULL;

    o->failed |= i < o->count && b == NULL;
    if (b == NULL)
        return false;
    *ret = b->records[i % BLOCK_RECORDS];
    return true;
}

/* How many marks stand before the place. */
static size_t marks_before(const struct ordered *o, uint64_t group, int64_t time)
{
    size_t low = 0, high = o->mark_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct ordered_mark *m = &o->marks[middle];

        if (m->group < group || (m->group == group && m->time < time))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint64_t ordered_find(struct ordered *o, uint64_t group, int64_t time)
{
    size_t marks = marks_before(o, group, time);
    uint64_t low = marks ? (marks - 1) * o->stride : 0;
    uint64_t high = CANH_MIN(o->count, marks * o->stride);

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        struct correlation_record r;

        if (!ordered_get(o, middle, &r))
            return o->count;
        if (r.group < group || (r.group == group && r.time < time))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
