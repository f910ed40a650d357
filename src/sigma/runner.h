/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_RUNNER_H
#define CANH_SIGMA_RUNNER_H
/*
 * Runs programs on events: one thread's memory for it, used for any number of programs in turn.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "event/event.h"
#include "sigma/memo.h"
#include "sigma/outcomes.h"
#include "sigma/program.h"
#include "sigma/value.h"

/* Of what a decoder has written anew of a record, looked through as one. */
enum { APART_MAX = 4096 };

struct slot_state {
    uint32_t turn;  /* of the event it is valid for */
    uint32_t late;  /* turn in which the late index has seen its values */
    uint32_t first; /* value, or 0 */
};

struct runner {
    const struct program *program; /* of the present turn */
    const struct event *event;
    struct value *values; /* from 1: fields that have a slot, then, when asked for, the rest */
    uint32_t value_count;
    struct slot_state *slots; /* by slot */
    /* While values are made: fields that have a slot; values to be looked up at once. */
    uint16_t linked[EVENT_FIELDS_MAX], indexed[EVENT_FIELDS_MAX];
    struct memo_place places[EVENT_FIELDS_MAX]; /* of those, in memo */
    uint64_t *known, *holds;                    /* by test, a bit each: it is decided; and holds */
    uint32_t *decided;                          /* tests with a bit in either */
    uint32_t decided_count;
    uint32_t *entries; /* by entry: the turn in which it became a candidate */
    uint32_t *candidate;
    uint32_t candidate_count;
    uint32_t *matched; /* ids */
    uint32_t matched_count;
    uint32_t turn, rest_turn; /* rest_turn: the last one in which all values were made ready */
    uint32_t slot_cap, test_cap, entry_cap;
    uint8_t apart[APART_MAX + VALUE_SLACK];
    struct scratch scratch;
    struct memo memo;
    struct outcomes outcomes;
    struct memo_entry *remembering; /* what is being looked up, or NULL */
    struct regex_context *regex;
    uint64_t regex_limits, candidates, no_memory;
};

CANH_MUST_USE int runner_init(struct runner *r);
void runner_done(struct runner *r);

/* Makes room for a program; must have succeeded before runner_run() on it. */
CANH_MUST_USE int runner_fit(struct runner *r, const struct program *p);

/* Evaluates; afterwards r->matched holds the ids of the expressions that are true, unordered. */
void runner_run(struct runner *r, const struct program *p, const struct event *e);

/* Makes values of all fields of the event, for keyword searches. */
void runner_link_rest(struct runner *r);

/* Whether some value of the event may have one of the program's keywords (keywords.c). */
bool runner_may_contain(struct runner *r);

/* Whether a test of the current program holds for the current event (test.c). */
bool test_holds(struct runner *r, const struct test *t);

/* Whether one value satisfies a test that is about values: not "exists" or "is null". */
bool test_holds_of(struct runner *r, const struct test *t, struct value *v);

/* The values of a slot: for (v = runner_first(…); v != NULL; v = runner_next(…)). */
CANH_INLINE struct value *runner_first(struct runner *r, uint32_t slot)
{
    const struct slot_state *s = &r->slots[slot];

    return s->turn == r->turn && s->first ? &r->values[s->first] : NULL;
}

CANH_INLINE struct value *runner_next(struct runner *r, const struct value *v)
{
    return v->next ? &r->values[v->next] : NULL;
}

#endif
