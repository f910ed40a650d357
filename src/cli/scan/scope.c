/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/scan/scope.h"

#include "base/num.h"
#include "base/time.h"
#include "lang/msg_scan.h"

/* 15m, 12h, 7d, 2w. */
static bool read_span(struct slice s, int64_t *ret)
{
    static const struct {
        char letter;
        int64_t unit;
    } units[] = {
        {'s', TIME_SECOND}, {'m', TIME_MINUTE},  {'h', TIME_HOUR},
        {'d', TIME_DAY},    {'w', 7 * TIME_DAY},
    };
    int64_t n;

    if (s.n < 2 || num_range(slice_head(s, s.n - 1), 1, 100000, &n) < 0)
        return false;
    for (size_t i = 0; i < CANH_LEN(units); i++) {
        if (s.p[s.n - 1] == units[i].letter)
            return !__builtin_mul_overflow(n, units[i].unit, ret);
    }
    return false;
}

static bool read_time(const char *text, const struct zone *zone, int64_t *ret)
{
    bool zoned;

    if (text == NULL)
        return true;
    if (time_parse(slice_str(text), 0, ret, &zoned) < 0)
        return false;
    if (!zoned)
        *ret = zone_from_wall(zone, *ret);
    return true;
}

static struct scope_list list_of(const struct option_list *l)
{
    return (struct scope_list){l->items, l->count};
}

int scope_options_read(struct app *app, const struct scope_options *o, const struct zone *zone,
                       struct scan_scope *ret)
{
    int64_t span;

    *ret = SCAN_SCOPE_ALL;
    ret->hosts = list_of(&o->hosts);
    ret->channels = list_of(&o->channels);
    ret->event_ids = list_of(&o->event_ids);
    if (o->last && !read_span(slice_str(o->last), &span))
        return app_usage(app, MSG_SCAN_BAD_SPAN, o->last);
    if (o->last)
        ret->from = time_now() - span;
    if (!read_time(o->from, zone, &ret->from))
        return app_usage(app, MSG_SCAN_BAD_TIME, "from", o->from);
    if (!read_time(o->to, zone, &ret->until))
        return app_usage(app, MSG_SCAN_BAD_TIME, "to", o->to);
    return 0;
}
