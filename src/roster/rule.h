/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ROSTER_RULE_H
#define CANH_ROSTER_RULE_H
/*
 * A recurrence (calendar/recur.h) and the people who take turns in it.
 *
 * Each occurrence goes to the next turn in order that is a member when it begins. Who joins is
 * asked when the order next comes to them, who leaves is passed over; nobody else is skipped or
 * doubled. An occurrence lasts `length`, but ends when the next one begins or its person's
 * membership ends. A turn without a person is empty: nobody stands in it, a lower layer may.
 *
 * Occurrences keep the wall clock of the zone; `length` is time that passes, so that over a change
 * of the clock the hand-off moves by it unless the next occurrence comes first.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "calendar/recur.h"
#include "calendar/zone.h"

#define DUTY_NOBODY UINT32_MAX

enum { DUTY_TURNS_MAX = 200, DUTY_CELLS_MAX = 20000 };

struct duty_turn {
    uint32_t person; /* or DUTY_NOBODY */
    int64_t from, until;
};

/* One person, one span: of a table, or an occurrence of a rule. */
struct duty_cell {
    int64_t from, until;
    uint32_t person;
    int32_t position; /* 1 first, 2 deputy … */
    struct slice shift;
    int64_t reach; /* filled by duty_prepare: the latest end up to this cell */
};

struct duty_rule {
    struct recur recur;
    struct zone zone;
    int64_t start, length;         /* the first occurrence may begin at start (an instant) */
    const struct duty_turn *turns; /* in order; borrowed */
    size_t turn_count;
};

/*
 * The occurrences that overlap [from, until), sorted. Work is bounded by the days since the start
 * (at most 215,000 of them) times the turns passed over. -CE_TOO_BIG over DUTY_CELLS_MAX.
 */
CANH_MUST_USE int duty_rule_expand(const struct duty_rule *r, int64_t from, int64_t until,
                                   struct arena *arena, struct duty_cell **ret, size_t *ret_n,
                                   struct err *err);

#endif
