/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include "base/err.h"
#include "lang/error.h"
#include "tap.h"

static void parses(const char *text, const char *want)
{
    struct buf out = BUF_INIT(100);
    int64_t t;
    int r = time_parse(slice_str(text), 7 * 3600, &t, NULL);

    if (r == 0)
        time_format(&out, t, 3);
    else
        buf_puts(&out, error_kind(LANG_EN, r));
    is_slice(buf_slice(&out), slice_str(want), "%s", text);
    buf_done(&out);
}

static void test_days(void)
{
    bool same = true;

    for (int64_t d = -100000; d < 100000; d += 17) {
        int y;
        unsigned m, day;

        date_from_days(d, &y, &m, &day);
        same = same && date_valid(y, m, day) && days_from_date(y, m, day) == d;
    }
    ok(same, "days and dates agree both ways");
    is_int(weekday_of_days(days_from_date(2026, 11, 22)), 7, "22/11/2026 is a Sunday");
    is_int(week_of_days(days_from_date(2021, 1, 3)), 53, "3/1/2021 is in week 53");
    is_int(week_of_days(days_from_date(2018, 12, 31)), 1, "31/12/2018 is in week 1");
    ok(!date_valid(2026, 2, 29) && date_valid(2024, 2, 29) && !date_valid(1900, 2, 29),
       "leap years");
}

static void test_civil(void)
{
    struct civil c;

    is_int(time_parse_civil(SLICE("2020-10-05T23:11:53+07:00"), &c), 0, "a time as written");
    ok(c.day == 5 && c.hour == 23 && c.minute == 11, "its zone is not applied");
    is_int(time_parse_civil(SLICE("2020-13-05"), &c), -CE_RANGE, "month 13");
}

/* Done at the deadline is in time; not done by then is late from that instant on. */
static void test_late(void)
{
    const int64_t due = 1000 * TIME_DAY;

    ok(!time_is_late(due, 0, due - 1), "open, an instant before");
    ok(time_is_late(due, 0, due), "open, at it");
    ok(!time_is_late(due, due, due + TIME_DAY), "done at it");
    ok(time_is_late(due, due + 1, due + TIME_DAY), "done an instant after it");
    ok(!time_is_late(0, 0, INT64_MAX) && !time_is_late(0, due, due), "no deadline");
}

int main(void)
{
    test_late();
    test_civil();
    parses("2020-10-05T15:11:53+0700", "2020-10-05T08:11:53.000Z");
    parses("2020-10-05 15:11:53.1234567", "2020-10-05T08:11:53.123Z");
    parses("2020-10-05", "2020-10-04T17:00:00.000Z");
    parses("2019-04-27T15:57:25.868863200Z", "2019-04-27T15:57:25.868Z");
    parses("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z");
    parses("2020-10-05T08:11:53.1234567890123Z", "2020-10-05T08:11:53.123Z");
    parses("2020-10-05 08:11:53.000 UTC", "2020-10-05T08:11:53.000Z");
    parses("2020-10-05 08:11:53 GMT", "2020-10-05T08:11:53.000Z");
    parses("2020-10-05 08:11:53 UTC+1", "syntax error");
    parses("2020-02-30T00:00:00Z", "out of range");
    parses("2020-10-05T24:00:00Z", "out of range");
    parses("2020-10-05T15:11:53+07:00x", "syntax error");
    parses("2020-10-05T", "syntax error");
    parses("05/10/2020", "syntax error");
    test_days();
    return tap_done();
}
