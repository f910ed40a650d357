/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/zone_text.h"

#include "base/num.h"
#include "calendar/zone.h"

bool zone_text_read(const char *text, int *ret)
{
    struct slice s = slice_str(text), hours, minutes = SLICE("0");
    int64_t h, m;
    int sign;

    *ret = 0;
    if (text == NULL || slice_eq_nocase(s, SLICE("utc")) || slice_eq_nocase(s, SLICE("z")) ||
        zone_offset(s, ret))
        return true;
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
