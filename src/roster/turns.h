/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ROSTER_TURNS_H
#define CANH_ROSTER_TURNS_H
/*
 * How turns fall: how many shifts each person has, how many of them at night, on weekly rest days,
 * on public holidays and at Tết. A count to plan by, not a ranking: people come in the order of
 * their numbers, and nothing is summed up about them. A shift belongs to the day on which it
 * begins; a swapped or replaced one to whoever stands in it.
 */
#include "calendar/calendar.h"
#include "roster/shift.h"
#include "roster/terms.h"

struct duty_turns {
    uint32_t person;
    uint32_t shifts, nights, rest_days, holidays, tet; /* holidays: without Tết */
    int64_t time;                                      /* altogether, inside the time asked about */
};

/*
 * Of the shifts at a post that begin in [from, until), added to list, which holds a row for every
 * person of the plan (person_count). Covering posts' people count where they cover. -CE_TOO_BIG.
 */
CANH_MUST_USE int duty_turns_add(const struct duty_plan *plan, uint32_t post, int64_t from,
                                 int64_t until, const struct duty_terms *terms,
                                 const struct calendar *c, struct duty_turns *list,
                                 size_t person_count, struct err *err);

#endif
