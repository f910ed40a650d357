/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ROSTER_SHIFT_H
#define CANH_ROSTER_SHIFT_H
/*
 * The plan as shifts: one person, one post, from when to when. A shift is the longest time that
 * duty_at() gives the person in the same way and by the same cell of the roster: two cells of one
 * person that touch are two shifts, two that overlap in a layer are one. It is what a person checks
 * in for, what is missed, what is handed over. Where nobody stands though the post needs somebody,
 * a shift of DUTY_NOBODY stands for the gap.
 */
#include "roster/roster.h"

struct duty_shift {
    uint32_t post;
    int64_t from, until; /* whole, also beyond the time asked about, within the prepared window */
    struct duty_who who; /* who.person may be DUTY_NOBODY: a gap, who is then empty */
    struct slice name;   /* of the cell: "S", "Ca 1"; may be empty */
    int32_t position;    /* of the cell: 1 first, 2 deputy …; 0: put there by hand */
};

/* The shift of a person at a post at t; false when they do not stand there then. */
bool duty_shift_at(const struct duty_plan *plan, uint32_t post, int64_t t, uint32_t person,
                   struct duty_shift *ret);

/*
 * Calls fn for every shift and gap that overlaps [from, until), by the time they are met, then by
 * the order they stand in. A shift that is interrupted is several. Ends early with what fn returns.
 */
int duty_shifts(const struct duty_plan *plan, uint32_t post, int64_t from, int64_t until,
                int (*fn)(void *u, const struct duty_shift *shift), void *u);

/* The same into the arena. -CE_TOO_BIG over DUTY_SHIFTS_MAX, -CE_NOMEM. */
enum { DUTY_SHIFTS_MAX = 100000 };
CANH_MUST_USE int duty_shift_list(const struct duty_plan *plan, uint32_t post, int64_t from,
                                  int64_t until, struct arena *arena, struct duty_shift **ret,
                                  size_t *ret_n, struct err *err);

#endif
