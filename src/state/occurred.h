/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_OCCURRED_H
#define CANH_STATE_OCCURRED_H
/*
 * What a submission reports to have happened, by the names of the plans' catalogue. The column
 * `events` is a struct state_occurrences, a type of its own; only occurred.c knows how it is
 * written down:
 *
 *     struct state_occurrences rest = submission.events;
 *     struct state_occurrence x;
 *
 *     while (state_occurrence_next(&rest, &x))
 *         …
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"

struct state_occurrence {
    struct slice event; /* "cable-cut" */
    int64_t at;
};

/* All of them together, to be read one by one; {0}: nothing happened. */
struct state_occurrences {
    struct slice packed; /* borrows; of occurred.c alone */
};

enum { STATE_OCCURRENCES_MAX = 60000 }; /* bytes packed */

/* Packs n of them into the arena. -CE_TOO_BIG, -CE_NOMEM. */
CANH_MUST_USE int state_occurrences_make(struct arena *arena, const struct state_occurrence *v,
                                         size_t n, struct state_occurrences *ret);
/* The arena's own copy; false when it is full. */
CANH_MUST_USE bool state_occurrences_keep(struct arena *arena, struct state_occurrences *x);
bool state_occurrences_eq(struct state_occurrences a, struct state_occurrences b);
/* Cuts the next one off *rest; false at the end. What is none (of a newer canh) is passed over. */
bool state_occurrence_next(struct state_occurrences *rest, struct state_occurrence *ret);
/* Whether all of it is such; the store keeps nothing else. */
bool state_occurrences_are_valid(struct state_occurrences x);

#endif
