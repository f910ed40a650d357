/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_LUNAR_H
#define CANH_CALENDAR_LUNAR_H
/*
 * The Vietnamese lunisolar calendar, computed: a month begins on the local day of a new moon, the
 * month that holds the winter solstice is the 11th, and in a year of thirteen months the first
 * one without a major solar term is the leap month. New moons after J. Meeus, Astronomical
 * Algorithms (2nd ed.), chapter 49; the sun's longitude after chapter 25 (low accuracy, 0.01°).
 *
 * Vietnam reckons at UTC+7 since 1968, which is why Tết sometimes differs from China's new year;
 * the offset is a parameter. Years 1900 to 2199; good to some minutes, so a new moon or a solar
 * term that near midnight may fall on the wrong day.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

enum { LUNAR_YEAR_MIN = 1900, LUNAR_YEAR_MAX = 2199 };

struct lunar_date {
    int year;            /* the year in which the lunar year begins */
    unsigned month, day; /* 1..12, 1..30 */
    bool leap;           /* the second month of that number */
};

/* Days since 1970-01-01 (local) → lunar date. 0 or -CE_RANGE. */
CANH_MUST_USE int lunar_from_days(int64_t days, int offset_s, struct lunar_date *ret);
/* The reverse. -CE_RANGE, or -CE_NOT_FOUND when that year has no such leap month or no day 30. */
CANH_MUST_USE int lunar_to_days(const struct lunar_date *date, int offset_s, int64_t *ret_days);

#endif
