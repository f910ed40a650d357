/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_PROGRAM_BUILD_H
#define CANH_SIGMA_PROGRAM_BUILD_H
/*
 * What building a program needs besides the program itself; gone when it is built. Only for
 * program*.c, trigger.c and the comparisons (modifier/).
 */
#include "base/buf.h"
#include "base/map.h"
#include "sigma/program.h"

/* Of any list of a program. */
enum { TESTS_MAX = 8 * 1024 * 1024 };

/* Fields asked for lately: the atoms of an item have theirs in common, rules have the same few. */
enum { FIELDS_REMEMBERED = 64 };

struct known_field {
    struct slice name;
    uint32_t key;
};

/* An expression with its tests known and constants folded away. */
struct tree {
    uint8_t op;
    uint32_t count;
    struct tree **kids;
    uint32_t test;
    unsigned cost;
    double frequency; /* trigger.c's */
};

struct program_build {
    struct program *program;
    const struct keys *keys;
    const struct background *background;
    bool jit;
    bool failed;
    struct err *err;
    struct arena scratch;
    struct buf identity;
    struct map operands;   /* identity → number, of atoms that come without one */
    uint64_t *questions;   /* by test: what its atom compares with, and slots */
    uint32_t *by_question; /* test + 1, or 0; a power of two of places, some are empty */
    uint32_t question_mask;
    struct known_field fields[FIELDS_REMEMBERED];
    struct tree **trees; /* one an entry */
    uint32_t list_cap, test_cap, step_cap, regex_cap;
};

/* The text as tests compare it: folded unless cased; borrowed where it reads the same already. */
struct slice program_text(struct program_build *b, struct slice s, bool cased);

/* Room for so many tests at once; what is made grows beyond it. 0 or -CE_NOMEM. */
CANH_MUST_USE int program_tests_reserve(struct program_build *b, size_t count);

/* The test for an atom, shared with equal ones; TEST_NONE when its field is in no event. */
uint32_t program_test(struct program_build *b, const struct atom *a);

/* Chooses the triggers of all entries, marks indexed tests, fills the index. */
CANH_MUST_USE int program_triggers(struct program_build *b);

/* Makes the steps of all entries. */
CANH_MUST_USE int program_steps(struct program_build *b);

/* A build of a program that is zeroed but for its arena; frees all of it but the program. */
void program_build_init(struct program_build *b, struct program *p, const struct keys *keys,
                        struct err *err);
void program_build_done(struct program_build *b);

#endif
