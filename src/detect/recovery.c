/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/recovery.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/hash.h"

struct recovery {
    struct id_range *ranges; /* as they came until the first one is taken, then sorted */
    uint32_t count, cap;
    bool sorted, full;
    uint64_t *taken; /* open addressing; 0 is no number of a record */
    uint32_t taken_count, taken_cap;
    uint64_t seed, left_out;
};

struct recovery *recovery_new(void)
{
    struct recovery *r = calloc(1, sizeof(*r));

    if (r != NULL)
        r->seed = hash_seed();
    return r;
}

struct recovery *recovery_free(struct recovery *r)
{
    if (r != NULL) {
        free(r->ranges);
        free(r->taken);
        free(r);
    }
    return NULL;
}

static int by_first(const void *a, const void *b)
{
    const struct id_range *x = a, *y = b;

    return x->first < y->first ? -1 : x->first > y->first;
}

/* Sorted, with those joined that touch. */
static void recovery_settle(struct recovery *r)
{
    uint32_t kept = 0;

    if (r->count)
        qsort(r->ranges, r->count, sizeof(*r->ranges), by_first);
    for (uint32_t i = 0; i < r->count; i++) {
        struct id_range *before = kept ? &r->ranges[kept - 1] : NULL;

        if (before && (before->last == UINT64_MAX || r->ranges[i].first <= before->last + 1))
            before->last = CANH_MAX(before->last, r->ranges[i].last);
        else
            r->ranges[kept++] = r->ranges[i];
    }
    r->count = kept;
}

static bool make_room(struct recovery *r)
{
    if (r->count == r->cap && r->cap == RECOVERY_RANGES_MAX) {
        recovery_settle(r);
        return r->count < r->cap / 2; /* or it would be sorted again and again */
    }
    return array_room(r->ranges, r->count, r->cap, RECOVERY_RANGES_MAX);
}

void recovery_add(struct recovery *r, struct id_range range)
{
    struct id_range *last = r->count ? &r->ranges[r->count - 1] : NULL;

    if (last && last->last != UINT64_MAX && last->last + 1 == range.first)
        last->last = range.last;
    else if (!r->full && make_room(r) && r->ranges != NULL)
        r->ranges[r->count++] = range;
    else
        r->full = true;
}

static bool in_ranges(const struct recovery *r, uint64_t id)
{
    uint32_t low = 0, high = r->ranges ? r->count : 0;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (id < r->ranges[middle].first)
            high = middle;
        else if (id > r->ranges[middle].last)
            low = middle + 1;
        else
            return true;
    }
    return false;
}

static uint64_t *place_in(uint64_t *taken, uint32_t cap, uint64_t seed, uint64_t id)
{
    uint32_t mask = cap - 1, at = (uint32_t)hash_mix(id ^ seed, HASH_K1) & mask;

    while (taken[at] != 0 && taken[at] != id)
        at = (at + 1) & mask;
    return &taken[at];
}

static uint64_t *place_of(const struct recovery *r, uint64_t id)
{
    return place_in(r->taken, r->taken_cap, r->seed, id);
}

/* At most half full. */
static bool make_places(struct recovery *r)
{
    uint32_t cap = r->taken_cap ? r->taken_cap * 2 : 256;
    uint64_t *wider;

    if (r->taken_count * 2 < r->taken_cap)
        return true;
    if (r->taken_count >= RECOVERY_TAKEN_MAX)
        return false;
    wider = calloc(cap, sizeof(*wider));
    if (wider == NULL)
        return false;
    for (uint32_t i = 0; i < r->taken_cap; i++) {
        if (r->taken[i] != 0)
            *place_in(wider, cap, r->seed, r->taken[i]) = r->taken[i];
    }
    free(r->taken);
    r->taken = wider;
    r->taken_cap = cap;
    return true;
}

bool recovery_has(struct recovery *r, uint64_t id)
{
    if (!r->sorted)
        recovery_settle(r);
    r->sorted = true;
    return in_ranges(r, id) || (id != 0 && r->taken_count > 0 && *place_of(r, id) == id);
}

bool recovery_claim(struct recovery *r, uint64_t id)
{
    if (recovery_has(r, id))
        return false;
    if (id == 0 || r->full || !make_places(r)) {
        r->left_out++;
        return false;
    }
    *place_of(r, id) = id;
    r->taken_count++;
    return true;
}

uint64_t recovery_left_out(const struct recovery *r)
{
    return r->left_out;
}
