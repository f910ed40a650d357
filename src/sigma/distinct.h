/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_DISTINCT_H
#define CANH_SIGMA_DISTINCT_H
/*
 * How many different values are in a window: each with how often it is there. Values are told apart
 * by a hash and, where two hashes are equal, by asking the caller.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

/* text: the caller's name for the value; equal names are equal values. */
struct distinct_value {
    uint64_t hash, text;
};

typedef bool distinct_same(void *ctx, uint64_t text, uint64_t other);

struct distinct_slot {
    struct distinct_value value;
    uint32_t count; /* 0: empty */
};

struct distinct {
    struct distinct_slot *slots; /* power of two, at most half full */
    uint32_t cap, size;          /* size: different values */
    distinct_same *same;
    void *ctx;
};

CANH_MUST_USE int distinct_add(struct distinct *d, struct distinct_value v); /* 0 or -CE_NOMEM */
/* v must be there. */
void distinct_remove(struct distinct *d, struct distinct_value v);
void distinct_clear(struct distinct *d);
void distinct_done(struct distinct *d);

#endif
