/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/zone.h"

#include "base/num.h"
#include "lang/err_calendar.h"
#include "yaml/fields.h"

/* Zones without summer time that a plan in this region may name. */
static const struct {
    const char *name;
    int hours;
} zones[] = {
    {"Asia/Ho_Chi_Minh", 7}, {"Asia/Saigon", 7},    {"Asia/Hanoi", 7},
    {"Asia/Bangkok", 7},     {"Asia/Vientiane", 7}, {"Asia/Phnom_Penh", 7},
    {"Asia/Singapore", 8},   {"Asia/Tokyo", 9},     {"UTC", 0},
    {"Etc/UTC", 0},
};

static bool offset_parse(struct slice s, int *ret)
{
    int64_t h, m;

    if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':' ||
        num_range(slice_of(s.p + 1, 2), 0, 14, &h) < 0 ||
        num_range(slice_of(s.p + 4, 2), 0, 59, &m) < 0)
        return false;
    *ret = (int)(h * 3600 + m * 60) * (s.p[0] == '-' ? -1 : 1);
    return true;
}

bool zone_offset(struct slice s, int *ret_offset_s)
{
    for (size_t i = 0; i < CANH_LEN(zones); i++) {
        if (slice_is(s, zones[i].name)) {
            *ret_offset_s = zones[i].hours * 3600;
            return true;
        }
    }
    return offset_parse(s, ret_offset_s);
}

int zone_parse(const struct yaml_node *node, int *ret_offset_s, struct err *err)
{
    if (zone_offset(node->kind == YAML_SCALAR ? node->text : SLICE_NULL, ret_offset_s))
        return 0;
    return yaml_fail(node, err, CE_UNKNOWN, ERR_CALENDAR_ZONE_ASIA_HO_CHI_MINH);
}
