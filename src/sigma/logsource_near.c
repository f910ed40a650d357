/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/logsource_near.h"

#include <limits.h>

#include "lang/near.h"

/* One part of the log source among those that mappings name. */
struct part_near {
    struct slice has, best;
    unsigned distance;
    bool known;
};

enum { CATEGORY, PRODUCT, SERVICE, PARTS };

static void look_at(struct part_near *p, struct slice name)
{
    unsigned distance;

    if (name.n == 0 || p->has.n == 0)
        return;
    if (slice_eq(name, p->has))
        p->known = true;
    if (near_find(p->has, &name, 1, sizeof(name)) == SIZE_MAX)
        return;
    distance = near_distance(p->has, name, 3);
    if (distance < p->distance) {
        p->distance = distance;
        p->best = name;
    }
}

static void logsource_near_visit(void *ctx, const struct logsource *source)
{
    struct part_near *parts = ctx;

    look_at(&parts[CATEGORY], source->category);
    look_at(&parts[PRODUCT], source->product);
    look_at(&parts[SERVICE], source->service);
}

static bool logsource_near_choose(const struct part_near *p, struct slice *ret)
{
    bool other = !p->known && p->best.n > 0;

    *ret = other ? p->best : p->has;
    return other;
}

bool logsource_near(struct pipeline *const *pipelines, uint32_t count, const struct logsource *has,
                    struct logsource *ret)
{
    struct part_near parts[PARTS] = {
        [CATEGORY] = {.has = has->category, .distance = UINT_MAX},
        [PRODUCT] = {.has = has->product, .distance = UINT_MAX},
        [SERVICE] = {.has = has->service, .distance = UINT_MAX},
    };
    bool other;

    for (uint32_t i = 0; i < count; i++)
        pipeline_each_logsource(pipelines[i], logsource_near_visit, parts);
    other = logsource_near_choose(&parts[CATEGORY], &ret->category);
    other = logsource_near_choose(&parts[PRODUCT], &ret->product) || other;
    return logsource_near_choose(&parts[SERVICE], &ret->service) || other;
}
