/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_UNITS_INTERNAL_H
#define CANH_STATE_UNITS_INTERNAL_H
/*
 * Between units.c (facts, and what changes them) and units_tree.c (the listing).
 */
#include "state/internal.h"
#include "state/units.h"

/* The name and the parent that hold at the instant, into x. */
CANH_MUST_USE int unit_facts(struct state *s, int64_t at, struct arena *arena, struct state_unit *x,
                             struct err *err);

#endif
