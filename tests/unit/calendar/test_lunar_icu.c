/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lunar calendar against ICU's, which reckons for Beijing: the same rule at +08:00. Every day
 * of seventy years has the same month, leap month and day, but of five months whose new moon comes
 * within minutes of midnight. There ICU is wrong (the new years of 2027 and 2030 are published).
 */
#include <unicode/ucal.h>

#include "base/time.h"
#include "calendar/lunar.h"
#include "tap.h"

enum { BEIJING = 8 * 3600 };

/* In a month that begins at one of these, or on the day before. */
static bool is_close(int64_t day)
{
    static const struct {
        int year;
        unsigned month, day;
    } close[] = {{1999, 1, 17}, {2012, 8, 17}, {2018, 11, 7}, {2027, 2, 6}, {2030, 2, 2}};

    for (size_t i = 0; i < CANH_LEN(close); i++) {
        int64_t first = days_from_date(close[i].year, close[i].month, close[i].day);

        if (day >= first && day <= first + 30)
            return true;
    }
    return false;
}

int main(void)
{
    static const UChar zone[] = {'A', 's', 'i', 'a', '/', 'S', 'h',
                                 'a', 'n', 'g', 'h', 'a', 'i', 0};
    UErrorCode e = U_ZERO_ERROR;
    UCalendar *c = ucal_open(zone, -1, "zh@calendar=chinese", UCAL_DEFAULT, &e);
    unsigned wrong = 0;
    int64_t until = days_from_date(2060, 1, 1);

    if (!ok(U_SUCCESS(e), "ICU has it: %s", u_errorName(e)))
        return tap_done();
    for (int64_t day = days_from_date(1990, 1, 1); day < until; day++) {
        struct lunar_date d;
        int32_t month, leap, dom;

        ucal_setMillis(c, (double)(day * 86400 + 4 * 3600) * 1000.0, &e);
        month = ucal_get(c, UCAL_MONTH, &e) + 1;
        leap = ucal_get(c, UCAL_IS_LEAP_MONTH, &e);
        dom = ucal_get(c, UCAL_DATE, &e);
        if (is_close(day))
            continue;
        if (lunar_from_days(day, BEIJING, &d) < 0 || (int32_t)d.month != month ||
            (int32_t)d.day != dom || d.leap != (leap != 0)) {
            int year;
            unsigned m, dd;

            date_from_days(day, &year, &m, &dd);
            if (wrong++ < 20)
                tap_note("%04d-%02u-%02u: %u%s/%u, ICU %d%s/%d", year, m, dd, d.month,
                         d.leap ? "+" : "", d.day, month, leap ? "+" : "", dom);
        }
    }
    is_int(wrong, 0, "every day from 1990 until 2060");
    ucal_close(c);
    return tap_done();
}
