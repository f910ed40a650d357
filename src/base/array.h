/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_ARRAY_H
#define CANH_BASE_ARRAY_H
/*
 * Arrays on the heap that grow by doubling: items, how many there are, how many have room. The
 * owner keeps the three, frees the items, and gives the most that there may be.
 *
 *     if (!array_room(l->rows, l->count, l->cap, ROWS_MAX))
 *         return err_nomem(err);
 *     l->rows[l->count++] = row;
 *
 * Where all items go together with other things, an arena (base/arena.h) is simpler.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

/*
 * Room for twice as many items as *cap (for 16 where there was none), for at most max. NULL without
 * memory or where *cap is max; items and *cap are then as they were.
 */
CANH_MUST_USE void *array_grow(void *items, size_t size, size_t *cap, size_t max);

/*
 * Gives back the room behind count items, of an array that grows no more. Where the items are now;
 * NULL, and items freed, for none.
 */
CANH_MUST_USE void *array_fit(void *items, size_t size, size_t count);

/*
 * Makes room for one more item behind count; SIZE_MAX: memory is the only limit. False without
 * memory or at the limit: nothing has changed. All four are evaluated more than once.
 */
#define array_room(items, count, cap, max)                                                         \
    ({                                                                                             \
        bool room_ = (count) < (cap);                                                              \
        if (!room_) {                                                                              \
            size_t cap_ = (cap);                                                                   \
            void *grown_ = array_grow((items), sizeof(*(items)), &cap_, (max));                    \
            if (grown_ != NULL) {                                                                  \
                (items) = grown_;                                                                  \
                (cap) = (__typeof__(cap))cap_;                                                     \
                room_ = true;                                                                      \
            }                                                                                      \
        }                                                                                          \
        room_;                                                                                     \
    })

#endif
