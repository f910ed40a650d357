/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_PROGRAM_H
#define CANH_SIGMA_PROGRAM_H
/*
 * A set of expressions compiled to be tried together on one event after another.
 *
 * Equal atoms are shared and decided at most once per event. For each expression a trigger is
 * chosen: a set of texts of which one must be present for the expression to be true. Only
 * expressions whose trigger fired are evaluated, lazily; those without a trigger always are.
 * Immutable once built and shared between threads; each thread has its own runner (runner.h).
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "event/keys.h"
#include "sigma/background.h"
#include "sigma/expr.h"
#include "sigma/find.h"
#include "sigma/regex.h"
#include "sigma/text_index.h"

/* Slot 0 stands for keywords: every value of the event. Others are fields, numbered from 1. */
enum { SLOT_KEYWORD = 0, PROGRAM_SLOTS_MAX = 65535 };

/* Where a text must stand in the value that satisfies a test; or what else the test is about. */
enum test_kind {
    TEST_EXACT, /* the value is text */
    TEST_PREFIX,
    TEST_SUFFIX,
    TEST_CONTAINS,
    TEST_VALUE, /* something else about a value: only its comparison knows */
    TEST_FIELD, /* whether there is a value */
};

struct runner;
struct test;
struct value;
typedef bool test_holds_fn(struct runner *r, const struct test *t, struct value *v);

/* An atom made ready: fields as slots, text folded where case does not matter. */
struct test {
    uint8_t kind;
    bool cased;
    bool indexed; /* an index decides it: true when it fired, else false */
    bool late;    /* the index that is asked only when an expression needs it */
    bool texts;   /* of a regex: it says no more than its pattern, line by line */
    uint8_t cost; /* to decide it for one value, in rough nanoseconds */
    uint16_t slot, other;
    uint16_t pairs[PAIRS_CHECKED]; /* of text, when it has two bytes or more */
    uint16_t number_slot;          /* of a number: the slot of the field's whole numbers, or 0 */
    uint32_t regex;
    struct slice text;    /* for a number_slot: the number in decimal */
    test_holds_fn *holds; /* of one value that has text (comparison.h) */
    /* With wildcards: folded unless cased. Of a regex: what the folded value must match for a
     * chance. */
    const struct pattern *pattern;
    const struct atom *atom;
};

/*
 * Expressions as steps: a test, and which step is next when it holds and when it does not. The
 * test is one to be made, or a list of those that an index decides, of which one must have fired.
 */
struct step {
    uint32_t test : 30;   /* or the first of the list's parts */
    uint32_t indexed : 1; /* an index decides it */
    uint32_t list : 1;    /* of more than one test */
    uint32_t slot;        /* whose values the late index must have seen; 0: of none */
    uint32_t yes, no;     /* or an end */
};

/* Of a list, the tests whose numbers share a word. */
struct listed {
    uint64_t tests;
    uint32_t word;
    uint32_t more; /* how many parts follow */
};

#define STEP_MATCH UINT32_MAX
#define STEP_FAIL  (UINT32_MAX - 1)

/* What an index hit sets off: a test decided true, and expressions to evaluate. */
struct trigger {
    uint32_t test;                             /* or TEST_NONE */
    uint32_t first_candidate, candidate_count; /* of program.candidates */
};

#define TEST_NONE UINT32_MAX

/* What an event's having a field sets off: expressions to evaluate, a look in the index. */
struct presence {
    uint32_t first_candidate, candidate_count;
    bool indexed;
    bool whole; /* tests of its values ask for whole ones only, and an index decides them all */
    uint64_t marks; /* of these, in both indexes, numbers with them: text_index_marks() */
};

struct entry {
    uint32_t id;   /* the caller's number */
    uint32_t root; /* step */
};

struct program {
    struct arena arena;
    struct test *tests;
    uint32_t test_count;
    struct step *steps;
    uint32_t step_count;
    struct entry *entries;
    uint32_t entry_count;
    uint32_t *always; /* entries without a trigger */
    uint32_t always_count;
    struct trigger *triggers;
    uint32_t trigger_count;
    struct listed *lists;
    uint32_t list_count;
    uint32_t *candidates;      /* entries that triggers and presences set off */
    struct presence *presence; /* by slot */
    struct regex **regexes;
    uint32_t regex_count;
    uint16_t *slot_of; /* by key, keys_count() + 1 of them; 0 = no such slot */
    uint16_t
        *number_slot_of; /* by slot; 0 = none. A number_slot has the whole numbers of its field */
    uint32_t slot_count, key_count;
    /*
     * Triggers, found in every event; and what decides tests of an expression that is a candidate,
     * found when it asks.
     */
    struct text_index *index, *late;
};

struct program_input {
    uint32_t id;
    const struct expr *expr;
};

/*
 * Builds a program; the expressions and the atoms in them are borrowed for its lifetime. Fields
 * that keys does not know are absent from every event.
 */
CANH_MUST_USE int program_new(const struct program_input *inputs, uint32_t count,
                              const struct keys *keys, const struct background *background,
                              bool jit, struct program **ret, struct err *err);
struct program *program_free(struct program *p); /* returns NULL */

#endif
