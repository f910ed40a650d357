/* SPDX-License-Identifier: Apache-2.0 */
#include "record/period.h"

#include "base/time.h"

static int64_t floor_to(int64_t t, int64_t unit)
{
    int64_t rest = t % unit;

    return t - (rest < 0 ? rest + unit : rest);
}

static int64_t day_of(int64_t at, int zone)
{
    return floor_to(at + zone * TIME_SECOND, TIME_DAY) / TIME_DAY;
}

static int64_t month_after(int64_t first)
{
    int year;
    unsigned month, day;

    date_from_days(first, &year, &month, &day);
    return month == 12 ? days_from_date(year + 1, 1, 1) : days_from_date(year, month + 1, 1);
}

static struct record_period of_days(int64_t first, int64_t after, int zone)
{
    return (struct record_period){.start = first * TIME_DAY - zone * TIME_SECOND,
                                  .stop = after * TIME_DAY - zone * TIME_SECOND,
                                  .day = first};
}

struct record_period record_period_at(enum form_every every, int64_t at, int zone)
{
    int64_t day = day_of(at, zone), first;
    int year;
    unsigned month, d;

    switch (every) {
    case EVERY_DAY:
        return of_days(day, day + 1, zone);
    case EVERY_WEEK:
        first = day - (weekday_of_days(day) - 1);
        return of_days(first, first + 7, zone);
    case EVERY_MONTH:
        date_from_days(day, &year, &month, &d);
        first = days_from_date(year, month, 1);
        return of_days(first, month_after(first), zone);
    case EVERY_ONCE:
        return (struct record_period){.start = 1, .stop = INT64_MAX, .day = day};
    case EVERY_SHIFT:
    case EVERY_EVENT:
    case FORM_EVERY_MAX:
        break;
    }
    first = floor_to(at, TIME_MINUTE);
    return (struct record_period){.start = first, .stop = first + TIME_MINUTE, .day = day};
}

bool record_period_repeats(enum form_every every)
{
    return every == EVERY_DAY || every == EVERY_WEEK || every == EVERY_MONTH;
}

struct record_period record_period_before(enum form_every every, const struct record_period *p,
                                          int zone)
{
    return record_period_repeats(every) ? record_period_at(every, p->start - 1, zone) : *p;
}
