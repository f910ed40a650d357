/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_ROWS_BY_H
#define CANH_DUTY_ROWS_BY_H
/*
 * Rows of the state that were read at once, found by one of their ids: one statement where there
 * would be one for each post of a province. Rows of one id keep their order.
 */
#include "base/arena.h"
#include "base/err.h"
#include "state/state.h"

struct rows_by {
    uint8_t *rows; /* sorted by the id; in the arena */
    size_t count, size, key;
};

/* key: where the id stands in a row. -CE_NOMEM. */
CANH_MUST_USE int rows_by_sort(struct rows_by *ret, const void *rows, size_t count, size_t size,
                               size_t key, struct arena *arena);
/* The first one of that id, and how many; NULL: none. */
void *rows_by_find(const struct rows_by *b, struct state_id id, size_t *ret_n);

#endif
