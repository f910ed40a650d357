/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_RANKS_H
#define CANH_SIGMA_RANKS_H
/*
 * Numbers in order, of which any may go again and the k-th smallest is asked for: sorted blocks in
 * a sorted list, so that a step costs about the square root of how many there are.
 */
#include <stdint.h>

#include "base/attr.h"

enum { RANKS_BLOCK = 512 };

struct ranks_block {
    uint32_t count;
    double values[RANKS_BLOCK];
};

struct ranks {
    struct ranks_block **blocks; /* none empty */
    uint32_t count, cap;
    uint64_t size; /* numbers */
};

CANH_MUST_USE int ranks_add(struct ranks *r, double v); /* 0 or -CE_NOMEM */
/* v must be there. */
void ranks_remove(struct ranks *r, double v);
/* The k-th smallest, from 0; k must be below size. */
double ranks_get(const struct ranks *r, uint64_t k);
void ranks_clear(struct ranks *r);
void ranks_done(struct ranks *r);

#endif
