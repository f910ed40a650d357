/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_UNITS_INTERNAL_H
#define CANH_STATE_UNITS_INTERNAL_H
/*
 * Between units.c (facts, and what changes them), units_tree.c (the listing) and units_kept.c (the
 * last ones).
 */
#include "state/internal.h"
#include "state/units.h"

/* The name and the parent that hold at the instant, into x. */
CANH_MUST_USE int unit_facts(struct state *s, int64_t at, struct arena *arena, struct state_unit *x,
                             struct err *err);

/* The listing that holds at the instant and was read under this mark; NULL: it is to be read. */
const struct units_kept *units_kept_find(struct state *s, const struct units_mark *mark,
                                         int64_t at);
/* In the place of the oldest; nothing where it is too much, or may be rolled back yet. */
void units_kept_add(struct state *s, const struct units_mark *mark, int64_t at,
                    const struct state_unit *rows, size_t n);
/* Rows and their texts into the arena; false: no room. */
CANH_MUST_USE bool units_copy(const struct state_unit *rows, size_t n, struct arena *arena,
                              struct state_unit **ret);

#endif
