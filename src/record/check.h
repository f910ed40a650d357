/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_CHECK_H
#define CANH_RECORD_CHECK_H
/*
 * Which services are looked at: checks added and taken off by people, and what people write into
 * the outages that were measured.
 */
#include "check/check.h"
#include "record/record.h"
#include "state/checks.h"

struct record_check_draft {
    struct state_id unit, asset; /* asset: or none */
    struct slice code;           /* empty: the first of P1, P2 … that the unit never used */
    struct slice name;
    struct slice kind; /* empty: told by the target (check_kind_guess) */
    struct slice target, params;
    int64_t every, timeout; /* nanoseconds; 0: what is usual for the kind */
    int64_t until;          /* 0: without end */
    bool drill;
};

/*
 * Adds a check, or takes up one that was taken off. -CE_EXISTS: it is in force; -CE_RANGE: from
 * five seconds to 31 days; -CE_UNKNOWN: the kind cannot be told; -CE_SYNTAX: a login in its target,
 * or what check_validate() refuses.
 */
CANH_MUST_USE int record_check_add(const struct record *c, const struct record_check_draft *draft,
                                   struct state_check *ret, struct err *err);
/* Takes one off: results and outages stay on record. -CE_NOT_FOUND: none of this code is in force.
 */
CANH_MUST_USE int record_check_remove(const struct record *c, struct state_id unit,
                                      struct slice code, struct err *err);

/* Turns on one that a restore turned off. -CE_NOT_FOUND: none of this code is off. */
CANH_MUST_USE int record_check_enable(const struct record *c, struct state_id unit,
                                      struct slice code, struct err *err);

/* Texts whose p is NULL stay as they are. */
struct record_outage_note {
    struct state_id outage, person;
    struct slice cause, note;
    bool planned; /* it was; false: as before */
};
CANH_MUST_USE int record_outage_explain(const struct record *c,
                                        const struct record_outage_note *note, struct err *err);

#endif
