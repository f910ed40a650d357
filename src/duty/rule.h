/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_RULE_H
#define CANH_DUTY_RULE_H
/*
 * A recurrence and the people who take turns in it.
 *
 * The rule is a subset of RFC 5545 RRULE: FREQ=DAILY or WEEKLY, INTERVAL, BYDAY (without numbers),
 * COUNT or UNTIL, WKST=MO. Everything else is refused by name. Occurrences are on dates that match,
 * from the start on; with a fixed offset a local day is 24 hours.
 *
 * Each occurrence goes to the next turn in order that is a member when it begins. Who joins is
 * asked when the order next comes to them, who leaves is passed over; nobody else is skipped or
 * doubled. An occurrence lasts `length`, but ends when the next one begins or its person's
 * membership ends. A turn without a person is empty: nobody stands in it, a lower layer may.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

#define DUTY_NOBODY UINT32_MAX

enum { DUTY_TURNS_MAX = 200, DUTY_CELLS_MAX = 20000 };

enum duty_freq { DUTY_DAILY, DUTY_WEEKLY };

struct duty_rule {
    enum duty_freq freq;
    uint32_t interval; /* 1..1000 */
    uint8_t days;      /* bit 0 Monday … 6 Sunday; 0: any (daily), the start's (weekly) */
    uint32_t count;    /* 0: no end */
    int64_t until;     /* last allowed beginning; INT64_MAX: no end */
};

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

/* UNTIL without Z is local. err.col is the place in s. -CE_SYNTAX, -CE_UNKNOWN, -CE_RANGE. */
CANH_MUST_USE int duty_rule_parse(struct slice s, int offset_s, struct duty_rule *ret,
                                  struct err *err);

/*
 * The occurrences that overlap [from, until), sorted. Work is bounded by the days since the start
 * (at most 215,000 of them) times the turns passed over. -CE_TOO_BIG over DUTY_CELLS_MAX.
 */
CANH_MUST_USE int duty_rule_expand(const struct duty_rule *r, int offset_s, int64_t start,
                                   int64_t length, const struct duty_turn *turns, size_t turn_count,
                                   int64_t from, int64_t until, struct arena *arena,
                                   struct duty_cell **ret, size_t *ret_n, struct err *err);

#endif
