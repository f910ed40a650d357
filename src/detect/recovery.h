/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_RECOVERY_H
#define CANH_DETECT_RECOVERY_H
/*
 * Which records of a file have been counted, so that a copy in unused space is not counted again.
 * First the numbers of all records of the log are added, then leftovers are taken, each once.
 * Bounded: what finds no room is left out, and counted.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

enum { RECOVERY_RANGES_MAX = 512 * 1024, RECOVERY_TAKEN_MAX = 512 * 1024 };

/* Record numbers, both included. */
struct id_range {
    uint64_t first, last;
};

struct recovery;

/* NULL without memory. */
CANH_MUST_USE struct recovery *recovery_new(void);
struct recovery *recovery_free(struct recovery *r); /* returns NULL */

void recovery_add(struct recovery *r, struct id_range range);

/* True for a number that was neither added nor taken before; it counts as taken then. */
CANH_MUST_USE bool recovery_claim(struct recovery *r, uint64_t id);

/* True for a number that was added or taken. */
CANH_MUST_USE bool recovery_has(struct recovery *r, uint64_t id);

/* How often recovery_claim() had to say no because there was no room. */
uint64_t recovery_left_out(const struct recovery *r);

#endif
