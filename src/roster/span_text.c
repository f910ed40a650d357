/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/span_text.h"

#include "base/time.h"
#include "lang/value.h"

void duty_time_write(struct buf *out, int64_t t, int offset_s)
{
    struct civil c;

    time_to_civil(t, offset_s, &c);
    buf_printf(out, "%02u/%02u/%04d %02u:%02u", c.day, c.month, c.year, c.hour, c.minute);
}

void duty_span_write(struct buf *out, int64_t from, int64_t until, int offset_s)
{
    struct civil a, b;

    time_to_civil(from, offset_s, &a);
    time_to_civil(until - 1, offset_s, &b); /* the day that it ends on, which has a 24:00 */
    buf_printf(out, "%02u/%02u/%04d %02u:%02u–", a.day, a.month, a.year, a.hour, a.minute);
    clock_write(out, (int)((until + offset_s * TIME_SECOND - 1) / TIME_MINUTE % 1440 + 1));
    if (a.year != b.year)
        buf_printf(out, " %02u/%02u/%04d", b.day, b.month, b.year);
    else if (a.day != b.day || a.month != b.month)
        buf_printf(out, " %02u/%02u", b.day, b.month);
}

void duty_end_write(struct buf *out, int64_t t, int offset_s)
{
    struct civil c;

    time_to_civil(t - 1, offset_s, &c);
    buf_printf(out, "%02u/%02u/%04d ", c.day, c.month, c.year);
    clock_write(out, (int)((t + offset_s * TIME_SECOND - 1) / TIME_MINUTE % 1440 + 1));
}
