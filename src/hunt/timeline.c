/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/timeline.h"

#include <stdlib.h>

#include "base/time.h"
#include "detect/sorter.h"
#include "hunt/pack.h"

enum { KEEP = 4 * 1024 * 1024, TEXT_MAX = 16 * 1024 * 1024 };

struct timeline {
    struct spill_budget budget;
    struct spill texts;
    struct sorter order;
    struct buf text; /* of the present hit */
    uint64_t count, dropped;
};

static int timeline_compare(const void *a, const void *b, void *ctx)
{
    const struct correlation_record *x = a, *y = b;

    (void)ctx;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

struct timeline *timeline_new(uint64_t spill_max)
{
    struct timeline *t = calloc(1, sizeof(*t));

    if (t == NULL)
        return NULL;
    t->budget.left = spill_max;
    t->text = BUF_INIT(TEXT_MAX);
    spill_init(&t->texts, &t->budget, KEEP);
    sorter_init(&t->order, timeline_compare, NULL, &t->budget);
    return t;
}

struct timeline *timeline_free(struct timeline *t)
{
    if (t == NULL)
        return NULL;
    sorter_done(&t->order);
    spill_done(&t->texts);
    buf_done(&t->text);
    free(t);
    return NULL;
}

static int add_record(struct timeline *t, struct slice record)
{
    struct correlation_record r = {.offset = t->count++};
    uint64_t at = spill_add_text(&t->texts, record);
    struct slice in = record;
    bool kept;
    int e;

    r.time = (int64_t)unpack_u64(&in);
    if (r.time == TIME_NONE)
        r.time = INT64_MAX;
    e = sorter_add_text(&t->order, &r, at, &kept);
    t->dropped += !kept;
    return e;
}

int timeline_add(struct timeline *t, struct slice records)
{
    int r = 0;

    while (records.n && r == 0)
        r = add_record(t, unpack_text(&records));
    return r;
}

int timeline_end(struct timeline *t)
{
    return sorter_end(&t->order);
}

bool timeline_next(struct timeline *t, struct hit *ret)
{
    struct correlation_record r;

    while (sorter_next(&t->order, &r)) {
        buf_clear(&t->text);
        if (!spill_get_text(&t->texts, r.value_text, &t->text)) {
            t->dropped++;
            continue;
        }
        hit_read(buf_slice(&t->text), ret);
        return true;
    }
    return false;
}

uint64_t timeline_dropped(const struct timeline *t)
{
    return t->dropped;
}
