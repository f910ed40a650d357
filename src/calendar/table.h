/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_TABLE_H
#define CANH_CALENDAR_TABLE_H
/*
 * The inside of a calendar: one cell a day. Only for files of this room.
 */
#include "calendar/calendar.h"

enum { CALENDAR_HOLIDAYS_MAX = 100, CALENDAR_YEARS_MAX = 100, NO_HOLIDAY = 255 };

struct cell {
    uint8_t kind;    /* enum day_kind */
    uint8_t holiday; /* index or NO_HOLIDAY */
};

struct calendar {
    int offset_s;
    int first_year, last_year; /* last < first: no years */
    int64_t first_day;         /* of cells[0] */
    size_t cell_count;
    struct cell *cells;
    const struct holiday *holidays;
    uint8_t rest; /* bit 1..7: a weekly rest day */
};

#endif
