/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/ordered.h"

enum { KEEP = 2 * 1024 * 1024 };

static int by_group(const void *a, const void *b, void *ctx)
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
    sorter_init(&o->sorter, by_group, NULL, budget);
    spill_init(&o->array, budget, KEEP);
}

void ordered_done(struct ordered *o)
{
    sorter_done(&o->sorter);
    spill_done(&o->array);
}

int ordered_add(struct ordered *o, const struct correlation_record *r)
{
    bool kept;
    int e = sorter_add(&o->sorter, r, &kept);

    o->dropped += !kept;
    return e;
}

int ordered_end(struct ordered *o)
{
    struct correlation_record r;
    int e = sorter_end(&o->sorter);

    while (e == 0 && sorter_next(&o->sorter, &r)) {
        if (spill_add(&o->array, slice_of((const uint8_t *)&r, sizeof(r))) == UINT64_MAX)
            o->dropped++;
        else
            o->count++;
    }
    return e;
}

bool ordered_get(struct ordered *o, uint64_t i, struct correlation_record *ret)
{
    if (i >= o->count)
        return false;
    if (spill_get(&o->array, i * sizeof(*ret), ret, sizeof(*ret)))
        return true;
    o->failed = true;
    return false;
}

uint64_t ordered_find(struct ordered *o, uint64_t group, int64_t time)
{
    uint64_t low = 0, high = o->count;

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
