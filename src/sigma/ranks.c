/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/ranks.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/err.h"

/* The first block whose last number is not below v, or the last one. */
static uint32_t find_block(const struct ranks *r, double v)
{
    uint32_t low = 0, high = r->count - 1;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct ranks_block *b = r->blocks[middle];

        if (b->values[b->count - 1] < v)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first number in the block that is not below v. */
static uint32_t find_value(const struct ranks_block *b, double v)
{
    uint32_t low = 0, high = b->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (b->values[middle] < v)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A new, empty block before the one at `at`. */
static struct ranks_block *insert_block(struct ranks *r, uint32_t at)
{
    struct ranks_block *b = malloc(sizeof(*b));

    if (b == NULL || !array_room(r->blocks, r->count, r->cap, SIZE_MAX)) {
        free(b);
        return NULL;
    }
    memmove(&r->blocks[at + 1], &r->blocks[at], (r->count - at) * sizeof(struct ranks_block *));
    r->blocks[at] = b;
    r->count++;
    b->count = 0;
    return b;
}

static int ranks_split(struct ranks *r, uint32_t at)
{
    struct ranks_block *full = r->blocks[at], *b = insert_block(r, at + 1);

    if (b == NULL)
        return -CE_NOMEM;
    b->count = full->count / 2;
    full->count -= b->count;
    memcpy(b->values, full->values + full->count, b->count * sizeof(double));
    return 0;
}

int ranks_add(struct ranks *r, double v)
{
    uint32_t at, i;
    struct ranks_block *b;

    if (r->count == 0 && insert_block(r, 0) == NULL)
        return -CE_NOMEM;
    at = r->size ? find_block(r, v) : 0;
    if (r->blocks[at]->count == RANKS_BLOCK) {
        if (ranks_split(r, at) < 0)
            return -CE_NOMEM;
        at = find_block(r, v);
    }
    b = r->blocks[at];
    i = find_value(b, v);
    memmove(&b->values[i + 1], &b->values[i], (b->count - i) * sizeof(double));
    b->values[i] = v;
    b->count++;
    r->size++;
    return 0;
}

void ranks_remove(struct ranks *r, double v)
{
    uint32_t at = find_block(r, v), i;
    struct ranks_block *b = r->blocks[at];

    i = find_value(b, v);
    b->count--;
    r->size--;
    memmove(&b->values[i], &b->values[i + 1], (b->count - i) * sizeof(double));
    if (b->count)
        return;
    free(b);
    r->count--;
    memmove(&r->blocks[at], &r->blocks[at + 1], (r->count - at) * sizeof(struct ranks_block *));
}

double ranks_get(const struct ranks *r, uint64_t k)
{
    uint32_t at = 0;

    while (k >= r->blocks[at]->count)
        k -= r->blocks[at++]->count;
    return r->blocks[at]->values[k];
}

void ranks_clear(struct ranks *r)
{
    for (uint32_t i = 0; i < r->count; i++)
        free(r->blocks[i]);
    r->count = 0;
    r->size = 0;
}

void ranks_done(struct ranks *r)
{
    ranks_clear(r);
    free(r->blocks);
    *r = (struct ranks){0};
}
