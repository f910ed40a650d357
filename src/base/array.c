/* SPDX-License-Identifier: Apache-2.0 */
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>

enum { FIRST = 16 };

void *array_grow(void *items, size_t size, size_t *cap, size_t max)
{
    size_t more = *cap == 0 ? FIRST : *cap > SIZE_MAX / 2 ? SIZE_MAX : *cap * 2;
    void *grown;

    if (more > max)
        more = max;
    if (more <= *cap || more > SIZE_MAX / size)
        return NULL;
    grown = realloc(items, more * size);
    if (grown != NULL)
        *cap = more;
    return grown;
}

void *array_fit(void *items, size_t size, size_t count)
{
    void *fit;

    if (count == 0) {
        free(items);
        return NULL;
    }
    fit = realloc(items, count * size);
    return fit != NULL ? fit : items;
}
