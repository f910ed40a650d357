/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/lunar.h"

#include "base/err.h"
#include "base/time.h"
#include "tap.h"

enum { HANOI = 7 * 3600, BEIJING = 8 * 3600 };

static void tet(int year, unsigned month, unsigned day, int offset_s)
{
    struct lunar_date d = {.year = year, .month = 1, .day = 1};
    int64_t days = 0;

    is_int(lunar_to_days(&d, offset_s, &days), 0, "new year %d at +%d", year, offset_s / 3600);
    is_int(days, days_from_date(year, month, day), "is %u/%u/%d", day, month, year);
}

static void gio_to(int year, unsigned month, unsigned day)
{
    struct lunar_date d = {.year = year, .month = 3, .day = 10};
    int64_t days = 0;

    ok(lunar_to_days(&d, HANOI, &days) == 0 && days == days_from_date(year, month, day),
       "10th of the 3rd month of %d is %u/%u", year, day, month);
}

static void test_known_dates(void)
{
    static const uint8_t dates[][3] = {{20, 1, 25}, {21, 2, 12}, {22, 2, 1},  {23, 1, 22},
                                       {24, 2, 10}, {25, 1, 29}, {26, 2, 17}, {27, 2, 6},
                                       {28, 1, 26}, {29, 2, 13}, {30, 2, 2},  {31, 1, 23},
                                       {32, 2, 11}, {33, 1, 31}, {34, 2, 19}, {35, 2, 8},
                                       {36, 1, 28}, {37, 2, 15}, {38, 2, 4},  {39, 1, 24},
                                       {40, 2, 12}, {41, 2, 1},  {42, 1, 22}, {43, 2, 10},
                                       {44, 1, 30}, {45, 2, 17}, {46, 2, 6},  {47, 1, 26},
                                       {48, 2, 14}, {49, 2, 2},  {50, 1, 23}, {53, 2, 18}};

    for (size_t i = 0; i < CANH_LEN(dates); i++)
        tet(2000 + dates[i][0], dates[i][1], dates[i][2], HANOI);
    tet(2030, 2, 3, BEIJING);
    tet(2053, 2, 19, BEIJING);
    tet(2007, 2, 17, HANOI);
    tet(2007, 2, 18, BEIJING);
    tet(1985, 1, 21, HANOI);
    tet(1968, 1, 29, HANOI);
    gio_to(2020, 4, 2);
    gio_to(2023, 4, 29);
    gio_to(2024, 4, 18);
    gio_to(2025, 4, 7);
    gio_to(2026, 4, 26);
    gio_to(2027, 4, 16);
}

/* Years and their leap months. */
static void test_leap_months(void)
{
    static const uint8_t leaps[][2] = {{20, 4}, {23, 2}, {25, 6}, {28, 5}, {31, 3}, {33, 11}};
    struct lunar_date d = {.year = 2024, .month = 4, .day = 1, .leap = true};
    int64_t days;

    for (size_t i = 0; i < CANH_LEN(leaps); i++) {
        d = (struct lunar_date){.year = 2000 + leaps[i][0], .day = 1, .leap = true};
        for (d.month = 1; d.month <= 12; d.month++) {
            if ((lunar_to_days(&d, HANOI, &days) == 0) != (d.month == leaps[i][1]))
                break;
        }
        is_int(d.month, 13, "%d has the leap month %u only", d.year, leaps[i][1]);
    }
}

/* Every day has one lunar date, which leads back to it; dates follow one another. */
static void test_every_day(void)
{
    struct lunar_date before = {0}, d;
    int64_t first = days_from_date(1990, 1, 1), back = 0;
    bool same = true, follows = true;

    for (int64_t day = first; day < first + 366 * 60; day++) {
        bool found = lunar_from_days(day, HANOI, &d) == 0 && lunar_to_days(&d, HANOI, &back) == 0;

        same = same && found && back == day;
        if (day > first)
            follows = follows && (d.day == before.day + 1 || (d.day == 1 && before.day >= 29));
        before = d;
    }
    ok(same, "60 years of days lead to lunar dates and back");
    ok(follows, "days of a month follow one another, 29 or 30 of them");
}

static void test_range(void)
{
    struct lunar_date d = {.year = 2020, .month = 13, .day = 1};
    int64_t days;

    is_int(lunar_to_days(&d, HANOI, &days), -CE_RANGE, "there is no month 13");
    d = (struct lunar_date){.year = 2500, .month = 1, .day = 1};
    is_int(lunar_to_days(&d, HANOI, &days), -CE_RANGE, "2500 is too far");
    d = (struct lunar_date){.year = 2025, .month = 12, .day = 30};
    is_int(lunar_to_days(&d, HANOI, &days), -CE_NOT_FOUND, "the last month of 2025 had 29 days");
    is_int(lunar_from_days(INT64_MAX / 2, HANOI, &d), -CE_RANGE, "a day out of range");
    for (int year = LUNAR_YEAR_MIN - 1; year <= LUNAR_YEAR_MAX + 1; year++) {
        bool inside = year >= LUNAR_YEAR_MIN && year <= LUNAR_YEAR_MAX;

        d = (struct lunar_date){.year = year, .month = 6, .day = 1};
        if (year <= LUNAR_YEAR_MIN || year >= LUNAR_YEAR_MAX)
            is_int(lunar_to_days(&d, HANOI, &days), inside ? 0 : -CE_RANGE, "the year %d", year);
    }
    days = days_from_date(LUNAR_YEAR_MIN, 2, 1);
    is_int(lunar_from_days(days, HANOI, &d), 0, "the first day that is known");
    is_int(lunar_from_days(days - 1, HANOI, &d), -CE_RANGE, "the day before it");
    days = days_from_date(LUNAR_YEAR_MAX, 12, 31);
    is_int(lunar_from_days(days, HANOI, &d), 0, "the last day");
    is_int(lunar_from_days(days + 1, HANOI, &d), -CE_RANGE, "the day behind it");
}

int main(void)
{
    test_known_dates();
    test_leap_months();
    test_every_day();
    test_range();
    return tap_done();
}
