/* SPDX-License-Identifier: Apache-2.0 */
#include "record/period.h"

#include "base/time.h"
#include "tap.h"

enum { VN = 7 * 3600 };

static int64_t at(const char *text)
{
    int64_t t = 0;

    ok(time_parse(slice_str(text), VN, &t, NULL) == 0, "%s is a time", text);
    return t;
}

static void period_is(enum form_every every, const char *when, const char *start, const char *stop)
{
    struct record_period p = record_period_at(every, at(when), VN);

    is_int(p.start, at(start), "%s of %s starts %s", form_every_to_str(every), when, start);
    is_int(p.stop, at(stop), "… and stops %s", stop);
}

static void before_is(enum form_every every, const char *when, const char *start)
{
    struct record_period p = record_period_at(every, at(when), VN);
    struct record_period b = record_period_before(every, &p, VN);

    is_int(b.start, at(start), "before the %s of %s: %s", form_every_to_str(every), when, start);
    ok(!record_period_repeats(every) || b.stop == p.start, "… without a gap");
}

int main(void)
{
    period_is(EVERY_DAY, "2026-10-05 00:00", "2026-10-05", "2026-10-06");
    period_is(EVERY_DAY, "2026-10-05 23:59:59", "2026-10-05", "2026-10-06");
    period_is(EVERY_WEEK, "2026-10-05 00:00", "2026-10-05", "2026-10-12");
    period_is(EVERY_WEEK, "2026-10-11 23:00", "2026-10-05", "2026-10-12");
    period_is(EVERY_MONTH, "2026-12-31 23:00", "2026-12-01", "2027-01-01");
    period_is(EVERY_MONTH, "2024-02-29", "2024-02-01", "2024-03-01");
    period_is(EVERY_EVENT, "2026-10-05 07:30:40", "2026-10-05 07:30", "2026-10-05 07:31");
    before_is(EVERY_DAY, "2027-01-01 08:00", "2026-12-31");
    before_is(EVERY_WEEK, "2027-01-01", "2026-12-21");
    before_is(EVERY_MONTH, "2027-01-15", "2026-12-01");
    before_is(EVERY_EVENT, "2026-10-05 07:30", "2026-10-05 07:30");
    ok(record_period_at(EVERY_ONCE, at("2026-10-05"), VN).start ==
           record_period_at(EVERY_ONCE, at("2027-10-05"), VN).start,
       "once is once");
    is_int(record_period_at(EVERY_DAY, at("1969-12-31 06:00"), VN).day, -1, "before 1970");
    return tap_done();
}
