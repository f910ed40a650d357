/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_COMPARISON_H
#define CANH_SIGMA_COMPARISON_H
/*
 * How atoms of one kind compare: a row for each enum atom_op, which holds everything that differs
 * between kinds, from the compiled engine to what people are told. The rows stand beside the
 * modifiers that make such atoms (modifier/). Functions that are NULL do what the comment says.
 */
#include <stdbool.h>

#include "base/buf.h"
#include "sigma/atom_words.h"
#include "sigma/explain_internal.h"
#include "sigma/need.h"
#include "sigma/program_build.h"
#include "sigma/runner.h"

struct comparison {
    enum atom_op op;
    /* Appends bytes that are the same for atoms that mean the same; NULL: they differ in nothing
     * but fields and case. */
    void (*identify)(const struct atom *a, struct buf *out);

    /* Makes the test ready beyond its slots; NULL: there is nothing to be made. */
    void (*prepare)(struct program_build *b, struct test *t);
    /* Rough nanoseconds to decide it for one value; prepare() may say it better. */
    uint8_t cost;
    /* Whether one value that has text satisfies the test. */
    test_holds_fn *holds;
    /* Instead, of what asks only whether there is a value: there: one is; all_null: none is other
     * than JSON's null. */
    bool (*holds_of_field)(bool there, bool all_null);
    /* What an index can look for; NULL: any value of the field. */
    struct need (*need)(struct program_build *b, const struct test *t);
    /* How rare its text is (background.h), or 0; NULL: there is no such text. */
    uint8_t (*rarity)(const struct background *b, const struct atom *a);

    /* The same as holds for the plain walk of explain.h: 0 and the answer, or an error. */
    int (*explain)(struct explainer *x, const struct atom *a, struct slice text, struct verdict *v,
                   bool *ret);
    /* For people and programs: how it compares; with what is appended. */
    struct atom_words (*words)(const struct atom *a, struct buf *want);

    bool two_fields; /* atom.ref.other is a field, too */
};

const struct comparison *comparison_of(const struct atom *a);

/* Whether it holds in an event that does not have the field. */
bool comparison_absent(const struct atom *a);

/* The other field of the atom, or the empty name. */
struct slice comparison_other(const struct atom *a);

#define X(OP, row) extern const struct comparison comparison_##row;
ATOM_OPS(X)
#undef X

#endif
