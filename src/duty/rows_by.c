/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/rows_by.h"

#include <stdlib.h>
#include <string.h>

struct place {
    struct state_id id;
    size_t at;
};

static int place_order(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int c = id_cmp(x->id, y->id);

    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static struct state_id id_at(const struct rows_by *b, const uint8_t *rows, size_t i)
{
    struct state_id id;

    memcpy(&id, rows + i * b->size + b->key, sizeof(id));
    return id;
}

int rows_by_sort(struct rows_by *ret, const void *rows, size_t count, size_t size, size_t key,
                 struct arena *arena)
{
    struct place *places = malloc((count + 1) * sizeof(*places));

    *ret = (struct rows_by){.rows = arena_array(arena, count + 1, size),
                            .count = count,
                            .size = size,
                            .key = key};
    if (places == NULL || ret->rows == NULL) {
        free(places);
        return -CE_NOMEM;
    }
    for (size_t i = 0; i < count; i++)
        places[i] = (struct place){id_at(ret, rows, i), i};
    qsort(places, count, sizeof(*places), place_order);
    for (size_t i = 0; i < count; i++)
        memcpy(ret->rows + i * size, (const uint8_t *)rows + places[i].at * size, size);
    free(places);
    return 0;
}

void *rows_by_find(const struct rows_by *b, struct state_id id, size_t *ret_n)
{
    size_t lo = 0, hi = b->count, until;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (id_cmp(id_at(b, b->rows, mid), id) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (until = lo; until < b->count && id_eq(id_at(b, b->rows, until), id); until++)
        ;
    *ret_n = until - lo;
    return until > lo ? b->rows + lo * b->size : NULL;
}
