/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/outcomes.h"

#include <stdlib.h>

#include "base/err.h"

_Static_assert(sizeof(struct outcome) == 32, "two entries fill a cache line");

int outcomes_init(struct outcomes *v)
{
    *v = (struct outcomes){aligned_alloc(64, OUTCOMES * sizeof(*v->entries)), nh_key()};
    if (v->entries == NULL)
        return -CE_NOMEM;
    memset(v->entries, 0, OUTCOMES * sizeof(*v->entries));
    return 0;
}

void outcomes_done(struct outcomes *v)
{
    free(v->entries);
    *v = (struct outcomes){0};
}

void outcome_keep(const struct outcome_place *place, uint32_t candidates, const uint32_t *ids,
                  uint32_t count)
{
    struct outcome *e = place->entry;

    if (count > OUTCOME_IDS_MAX || candidates > UINT16_MAX)
        return;
    *e = (struct outcome){.sum = place->sum,
                          .candidates = (uint16_t)candidates,
                          .count = (uint16_t)count};
    for (uint32_t i = 0; i < count; i++)
        e->ids[i] = ids[i];
}
