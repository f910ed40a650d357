/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PROOF_PACK_H
#define CANH_PROOF_PACK_H
/*
 * Cells of one part at one unit as bytes, for the state's status cache: a version byte, then 32
 * bytes a cell, little-endian: from, until, due (signed 64 bits), state, reason, strength, zero,
 * share (16 bits), zero (16 bits). Readers accept this version only and recompute otherwise.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "plan/status.h"

enum { PACK_VERSION = 1, PACK_CELL = 32 };

/* Appends a cell; the first one appends the version before it. */
void pack_write(struct buf *out, const struct status_cell *c);
/* Number of cells, or -CE_UNKNOWN, -CE_CORRUPT. */
CANH_MUST_USE int64_t pack_count(struct slice packed);
/* Cell i (below the count), without unit, part, proof and provider. */
struct status_cell pack_get(struct slice packed, int64_t i);
/* From the first cell's beginning to the last one's end; 0, 0 of nothing. */
void pack_span(struct slice packed, int64_t *ret_start, int64_t *ret_stop);

#endif
