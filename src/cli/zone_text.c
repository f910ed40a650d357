/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/zone_text.h"

#include "base/num.h"
#include "import/zone_file.h"

static bool read_offset(struct slice s, int *ret)
{
    struct slice hours, minutes = SLICE("0");
    int64_t h, m;
    int sign;

    if (s.n < 2 || (s.p[0] != '+' && s.p[0] != '-'))
        return false;
    sign = s.p[0] == '-' ? -1 : 1;
    s = slice_from(s, 1);
    hours = slice_head(s, 2);
    if (slice_find_byte(hours, ':') != SIZE_MAX)
        hours = slice_head(s, slice_find_byte(s, ':'));
    s = slice_from(s, hours.n);
    if (s.n > 0 && s.p[0] == ':')
        s = slice_from(s, 1);
    if (s.n > 0)
        minutes = s;
    if (num_range(hours, 0, 14, &h) < 0 || num_range(minutes, 0, 59, &m) < 0)
        return false;
    *ret = sign * (int)(h * 3600 + m * 60);
    return true;
}

bool zone_text_read(const char *text, struct arena *arena, struct zone *ret)
{
    struct slice s = slice_str(text ? text : "UTC");

    *ret = (struct zone){.offset_s = 0};
    return slice_eq_nocase(s, SLICE("utc")) || slice_eq_nocase(s, SLICE("z")) ||
           read_offset(s, &ret->offset_s) || zone_file_read(arena, s, ret) == 0;
}
