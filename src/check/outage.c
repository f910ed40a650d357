/* SPDX-License-Identifier: Apache-2.0 */
#include "check/outage.h"

static bool is_up(enum check_outcome o)
{
    return o == CHECK_OK || o == CHECK_WARNING;
}

size_t outage_find(const struct outage_sample *samples, size_t count,
                   const struct outage_rules *rules, struct outage *ret, size_t max)
{
    size_t found = 0;
    unsigned row = 0;  /* criticals in a row */
    int64_t first = 0; /* when the row began */
    bool out = false;

    for (size_t i = 0; i < count; i++) {
        const struct outage_sample *s = &samples[i];

        if (is_up(s->outcome)) {
            if (out && found <= max)
                ret[found - 1].stop = s->at;
            out = false;
            row = 0;
        } else if (s->outcome == CHECK_CRITICAL) {
            first = row == 0 ? s->at : first;
            row++;
            if (!out && row >= rules->confirm) {
                out = true;
                if (found < max)
                    ret[found] = (struct outage){first, INT64_MAX};
                found++;
            }
        }
    }
    return found;
}

static int64_t outage_clip(int64_t t, int64_t from, int64_t to)
{
    return t < from ? from : t > to ? to : t;
}

struct outage_share outage_divide(const struct outage_sample *samples, size_t count,
                                  const struct outage_rules *rules, int64_t from, int64_t to)
{
    struct outage_share share = {0};

    for (size_t i = 0; i < count; i++) {
        int64_t next = i + 1 < count ? samples[i + 1].at : INT64_MAX, end;

        if (__builtin_add_overflow(samples[i].at, rules->hold, &end) || end > next)
            end = next;
        end = outage_clip(end, from, to) - outage_clip(samples[i].at, from, to);
        if (is_up(samples[i].outcome))
            share.up += end;
        else if (samples[i].outcome == CHECK_CRITICAL)
            share.down += end;
    }
    share.unknown = to - from - share.up - share.down;
    return share;
}
