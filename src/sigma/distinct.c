/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/distinct.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { FIRST_CAP = 64 };

/* The value's slot, or the empty one where it belongs. */
static uint32_t distinct_find(const struct distinct *d, struct distinct_value v)
{
    uint32_t at = (uint32_t)v.hash & (d->cap - 1);

    for (; d->slots[at].count; at = (at + 1) & (d->cap - 1)) {
        const struct distinct_value *other = &d->slots[at].value;

        if (other->hash == v.hash &&
            (other->text == v.text || d->same(d->ctx, other->text, v.text)))
            break;
    }
    return at;
}

static int distinct_grow(struct distinct *d)
{
    struct distinct bigger = *d;

    bigger.cap = d->cap ? 2 * d->cap : FIRST_CAP;
    bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
    if (bigger.slots == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < d->cap; i++) {
        if (d->slots[i].count)
            bigger.slots[distinct_find(&bigger, d->slots[i].value)] = d->slots[i];
    }
    free(d->slots);
    *d = bigger;
    return 0;
}

int distinct_add(struct distinct *d, struct distinct_value v)
{
    struct distinct_slot *slot;

    if (2 * (d->size + 1) > d->cap && distinct_grow(d) < 0)
        return -CE_NOMEM;
    slot = &d->slots[distinct_find(d, v)];
    if (slot->count++ == 0) {
        slot->value = v;
        d->size++;
    }
    return 0;
}

/* Those behind an emptied slot that would no longer be found move up. */
static void close_gap(struct distinct *d, uint32_t gap)
{
    uint32_t mask = d->cap - 1;

    for (uint32_t at = (gap + 1) & mask; d->slots[at].count; at = (at + 1) & mask) {
        uint32_t home = (uint32_t)d->slots[at].value.hash & mask;

        if (((at - home) & mask) < ((at - gap) & mask))
            continue;
        d->slots[gap] = d->slots[at];
        d->slots[at].count = 0;
        gap = at;
    }
}

void distinct_remove(struct distinct *d, struct distinct_value v)
{
    uint32_t at = distinct_find(d, v);

    if (--d->slots[at].count)
        return;
    d->size--;
    close_gap(d, at);
}

void distinct_clear(struct distinct *d)
{
    if (d->size)
        memset(d->slots, 0, d->cap * sizeof(*d->slots));
    d->size = 0;
}

void distinct_done(struct distinct *d)
{
    free(d->slots);
    d->slots = NULL;
    d->cap = d->size = 0;
}
