/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/calendar.h"

#include "base/time.h"
#include "calendar/table.h"
#include "lang/zone.h"

enum { SEARCH_DAYS = 400 };

static const struct calendar plain = {.offset_s = ZONE_OWN,
                                      .first_year = 1,
                                      .last_year = 0,
                                      .rest = 1 << 6 | 1 << 7};

const struct calendar *calendar_plain(void)
{
    return &plain;
}

enum day_kind calendar_day(const struct calendar *c, int64_t day,
                           const struct holiday **ret_holiday)
{
    const struct cell *cell = NULL;

    if (day >= c->first_day && (uint64_t)(day - c->first_day) < c->cell_count)
        cell = &c->cells[day - c->first_day];
    if (ret_holiday)
        *ret_holiday = cell && cell->holiday != NO_HOLIDAY ? &c->holidays[cell->holiday] : NULL;
    if (cell)
        return (enum day_kind)cell->kind;
    return c->rest >> weekday_of_days(day) & 1 ? DAY_REST : DAY_WORK;
}

bool calendar_is_off(const struct calendar *c, int64_t day)
{
    enum day_kind kind = calendar_day(c, day, NULL);

    return kind != DAY_WORK && kind != DAY_MADE_UP;
}

int64_t calendar_add_workdays(const struct calendar *c, int64_t day, unsigned n)
{
    int64_t last = day + SEARCH_DAYS;

    if (n == 0 && !calendar_is_off(c, day))
        return day;
    n += n == 0;
    while (day < last) {
        if (!calendar_is_off(c, ++day) && --n == 0)
            break;
    }
    return day;
}

void calendar_years(const struct calendar *c, int *ret_first, int *ret_last)
{
    *ret_first = c->first_year;
    *ret_last = c->last_year;
}

int calendar_offset(const struct calendar *c)
{
    return c->offset_s;
}

const char *day_kind_to_str(enum day_kind kind)
{
    static const char *const names[DAY_KIND_MAX] = {"work",    "rest",    "holiday",
                                                    "in-lieu", "swapped", "made-up"};

    return names[kind];
}
