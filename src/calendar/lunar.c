/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/lunar.h"

#include <math.h>

#include "base/err.h"
#include "base/time.h"

/* Julian day of 1970-01-01T00:00Z, of the epoch J2000.0, and of the new moon number 0. */
#define JD_1970  2440587.5
#define JD_2000  2451545.0
#define JD_MOON0 2451550.09766
#define SYNODIC  29.530588861
#define RADIAN   (3.14159265358979323846 / 180.0)

static double lunar_sine(double degrees)
{
    return sin(fmod(degrees, 360.0) * RADIAN);
}

/* Periodic terms of the new moon: coefficient in days, multiples of M, M' and F, power of E. */
struct moon_term {
    double days;
    int8_t sun, moon, node, eccentricity;
};

static const struct moon_term moon_terms[] = {
    {-0.40720, 0, 1, 0, 0},   {0.17241, 1, 0, 0, 1},   {0.01608, 0, 2, 0, 0},
    {0.01039, 0, 0, 2, 0},    {0.00739, -1, 1, 0, 1},  {-0.00514, 1, 1, 0, 1},
    {0.00208, 2, 0, 0, 2},    {-0.00111, 0, 1, -2, 0}, {-0.00057, 0, 1, 2, 0},
    {0.00056, 1, 2, 0, 1},    {-0.00042, 0, 3, 0, 0},  {0.00042, 1, 0, 2, 1},
    {0.00038, 1, 0, -2, 1},   {-0.00024, -1, 2, 0, 1}, {-0.00007, 2, 1, 0, 0},
    {0.00004, 0, 2, -2, 0},   {0.00004, 3, 0, 0, 0},   {0.00003, 1, 1, -2, 0},
    {0.00003, 0, 2, 2, 0},    {-0.00003, 1, 1, 2, 0},  {0.00003, -1, 1, 2, 0},
    {-0.00002, -1, 1, -2, 0}, {-0.00002, 1, 3, 0, 0},  {0.00002, 0, 4, 0, 0},
};

/* Planetary terms: coefficient in days, angle at k = 0, angle per lunation. */
static const double planet_terms[][3] = {
    {0.000325, 299.77, 0.107408},  {0.000165, 251.88, 0.016321}, {0.000164, 251.83, 26.651886},
    {0.000126, 349.42, 36.412478}, {0.000110, 84.66, 18.206239}, {0.000062, 141.74, 53.303771},
    {0.000060, 207.14, 2.453732},  {0.000056, 154.84, 7.306860}, {0.000047, 34.52, 27.261239},
    {0.000042, 207.19, 0.121824},  {0.000040, 291.34, 1.844379}, {0.000037, 161.72, 24.198154},
    {0.000035, 239.56, 25.513099}, {0.000023, 331.55, 3.592518},
};

/* Terrestrial minus universal time in days, near enough from 1900 to 2200 (Espenak and Meeus). */
static double delta_t(double jd)
{
    double t = (jd - JD_2000) / 365.25;
    double seconds = t < -50   ? 29.07 + 0.407 * (t + 50)
                     : t < -14 ? 45.45 + 1.067 * (t + 25) - (t + 25) * (t + 25) / 260
                     : t < 5   ? 63.86 + 0.3345 * t
                               : 62.92 + 0.32217 * t + 0.005589 * t * t;

    return seconds / 86400.0;
}

/* Universal Julian day of the k-th new moon since January 2000. */
static double new_moon(int k)
{
    double t = k / 1236.85, t2 = t * t;
    double e = 1 - 0.002516 * t - 0.0000074 * t2;
    double sun = 2.5534 + 29.10535670 * k - 0.0000014 * t2;
    double moon = 201.5643 + 385.81693528 * k + 0.0107582 * t2;
    double node = 160.7108 + 390.67050284 * k - 0.0016118 * t2;
    double jd = JD_MOON0 + SYNODIC * k + 0.00015437 * t2;
    double powers[] = {1, e, e * e};

    for (size_t i = 0; i < CANH_LEN(moon_terms); i++) {
        const struct moon_term *m = &moon_terms[i];

        jd += m->days * powers[m->eccentricity] *
              lunar_sine(m->sun * sun + m->moon * moon + m->node * node);
    }
    jd -= 0.00017 * lunar_sine(124.7746 - 1.56375588 * k + 0.0020672 * t2);
    for (size_t i = 0; i < CANH_LEN(planet_terms); i++)
        jd += planet_terms[i][0] * lunar_sine(planet_terms[i][1] + planet_terms[i][2] * k);
    return jd - delta_t(jd);
}

/* The sun's apparent longitude in degrees, 0..360. */
static double sun_longitude(double jd)
{
    double t = (jd + delta_t(jd) - JD_2000) / 36525.0;
    double mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t;
    double m = 357.52911 + 35999.05029 * t - 0.0001537 * t * t;
    double centre = (1.914602 - 0.004817 * t) * lunar_sine(m) +
                    (0.019993 - 0.000101 * t) * lunar_sine(2 * m) + 0.000289 * lunar_sine(3 * m);
    double l = mean + centre - 0.00569 - 0.00478 * lunar_sine(125.04 - 1934.136 * t);

    l = fmod(l, 360.0);
    return l < 0 ? l + 360.0 : l;
}

/* The local day (since 1970) on which the k-th new moon falls. */
static int64_t moon_day(int k, int offset_s)
{
    return (int64_t)floor(new_moon(k) - JD_1970 + offset_s / 86400.0);
}

/* Twelfth of the ecliptic in which the sun stands at local midnight that begins a day, 0..11. */
static int sun_sector(int64_t day, int offset_s)
{
    int sector = (int)(sun_longitude(JD_1970 + (double)day - offset_s / 86400.0) / 30.0);

    return CANH_MIN(sector, 11);
}

/* Number of the last new moon whose local day is not after `day`. */
static int moon_before(int64_t day, int offset_s)
{
    int k = (int)floor((JD_1970 + (double)day - JD_MOON0) / SYNODIC) + 1;

    while (moon_day(k, offset_s) > day)
        k--;
    return k;
}

/* The new moon that begins the 11th month of the lunar year that begins in `year`: the month
 * that holds the winter solstice (270°), which falls on 20–23 December. */
static int eleventh_moon(int year, int offset_s)
{
    int k = moon_before(days_from_date(year, 12, 31), offset_s);

    return sun_sector(moon_day(k, offset_s), offset_s) >= 9 ? k - 1 : k;
}

/* Index (1..12) of the leap month counted from the 11th, or 0 when there is none. */
static int leap_index(int eleven, int next_eleven, int offset_s)
{
    if (next_eleven - eleven < 13)
        return 0;
    for (int i = 1; i < 13; i++) {
        int here = sun_sector(moon_day(eleven + i, offset_s), offset_s);

        if (here == sun_sector(moon_day(eleven + i + 1, offset_s), offset_s))
            return i;
    }
    return 0;
}

int lunar_from_days(int64_t days, int offset_s, struct lunar_date *ret)
{
    int k, eleven, next, leap, index, year;
    unsigned month, day;

    if (days < days_from_date(LUNAR_YEAR_MIN, 2, 1) ||
        days > days_from_date(LUNAR_YEAR_MAX, 12, 31))
        return -CE_RANGE;
    date_from_days(days, &year, &month, &day);
    k = moon_before(days, offset_s);
    eleven = eleventh_moon(year, offset_s);
    if (eleven > k) {
        next = eleven;
        eleven = eleventh_moon(--year, offset_s);
    } else {
        next = eleventh_moon(year + 1, offset_s);
    }
    leap = leap_index(eleven, next, offset_s);
    index = k - eleven;
    ret->leap = leap != 0 && index == leap;
    if (leap != 0 && index >= leap)
        index--;
    ret->month = (unsigned)(index + 10) % 12 + 1;
    ret->day = (unsigned)(days - moon_day(k, offset_s)) + 1;
    ret->year = index < 2 ? year : year + 1;
    return 0;
}

int lunar_to_days(const struct lunar_date *date, int offset_s, int64_t *ret_days)
{
    int eleven, leap, index, from;
    int64_t start;

    if (date->year < LUNAR_YEAR_MIN || date->year > LUNAR_YEAR_MAX || date->month < 1 ||
        date->month > 12 || date->day < 1 || date->day > 30)
        return -CE_RANGE;
    /* months 11 and 12 belong to the solstice of their own year, the others to the one before */
    from = date->month >= 11 ? date->year : date->year - 1;
    eleven = eleventh_moon(from, offset_s);
    leap = leap_index(eleven, eleventh_moon(from + 1, offset_s), offset_s);
    index = (int)(date->month + 1) % 12;
    if (date->leap) {
        if (leap == 0 || leap != index + 1)
            return -CE_NOT_FOUND;
        index++;
    } else if (leap != 0 && index >= leap) {
        index++;
    }
    start = moon_day(eleven + index, offset_s);
    if (date->day > (unsigned)(moon_day(eleven + index + 1, offset_s) - start))
        return -CE_NOT_FOUND;
    *ret_days = start + date->day - 1;
    return 0;
}
