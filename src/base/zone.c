/* SPDX-License-Identifier: Apache-2.0 */
#include "base/zone.h"

#include "base/time.h"

int zone_at(const struct zone *z, int64_t t)
{
    size_t low = 0, high = z->change_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (z->changes[mid].at <= t)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? z->changes[low - 1].offset_s : z->offset_s;
}

static int64_t zone_add(int64_t t, int64_t ns)
{
    int64_t sum;

    return __builtin_add_overflow(t, ns, &sum) ? (ns < 0 ? INT64_MIN : INT64_MAX) : sum;
}

int64_t zone_to_wall(const struct zone *z, int64_t t)
{
    return zone_add(t, zone_at(z, t) * TIME_SECOND);
}

int64_t zone_from_wall(const struct zone *z, int64_t wall)
{
    size_t low = 0, high = z->change_count;
    int before;

    /* the first change that the wall time, reckoned with the offset before it, does not reach */
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        before = mid ? z->changes[mid - 1].offset_s : z->offset_s;
        if (zone_add(wall, -before * TIME_SECOND) >= z->changes[mid].at)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0)
        return zone_add(wall, -z->offset_s * TIME_SECOND);
    before = low > 1 ? z->changes[low - 2].offset_s : z->offset_s;
    if (zone_add(wall, -z->changes[low - 1].offset_s * TIME_SECOND) >= z->changes[low - 1].at)
        before = z->changes[low - 1].offset_s;
    return zone_add(wall, -before * TIME_SECOND); /* else: left out by the change */
}
