/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_BUILD_H
#define CANH_SIGMA_BUILD_H
/*
 * Building one rule's expression. Parts are pushed on a stack, and the upper end of the stack is
 * joined to one AND or OR; budgets bound what a rule can expand to.
 */
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "sigma/expr.h"
#include "sigma/rule.h"
#include "yaml/yaml.h"

enum {
    RULE_ATOMS_MAX = 200000,          /* of one rule, after all expansion */
    RULE_TEXT_MAX = 16 * 1024 * 1024, /* bytes of their texts */
    RULE_WEIGHT_MAX = 1000000,        /* nodes of the condition, shared selections counted anew */
    VALUE_TEXT_MAX = 64 * 1024,       /* bytes of one value */
    SELECTIONS_MAX = 1000,            /* of one rule */
};

struct build {
    struct arena *arena;
    const struct rule_options *options;
    struct slice source; /* the file's text, for exact places inside scalars */
    struct err *err;
    struct expr **stack;
    uint32_t count, cap;
    uint32_t atoms_left;
    size_t text_left;
};

void build_init(struct build *b, struct arena *arena, const struct rule_options *options,
                struct slice source, struct err *err);
/* Ready for the next rule: empty stack, full budgets. */
void build_clear(struct build *b);
void build_done(struct build *b);

/* Like err_fail_at(): refuses the rule at a node; worth -code. */
#define build_fail(b, at, code, id, ...)                                                           \
    err_fail_at((b)->err, code, (at)->line, (at)->col, id, ##__VA_ARGS__)
/* The same at byte `offset` of a scalar's text, exact where the scalar is written on one line. */
#define build_fail_inside(b, at, offset, code, id, ...)                                            \
    err_fail_at((b)->err, code, (at)->line, build_col(b, at, offset), id, ##__VA_ARGS__)
unsigned build_col(const struct build *b, const struct yaml_node *at, size_t offset);
int build_no_memory(struct build *b);
/* Takes n bytes of the rule's text budget. */
CANH_MUST_USE int build_spend(struct build *b, const struct yaml_node *at, size_t n);

/* Pushes an expression that exists; others may hold it too. */
CANH_MUST_USE int build_push(struct build *b, struct expr *e);
/* Copies the atom, sets its place, and pushes it. */
CANH_MUST_USE int build_atom(struct build *b, const struct yaml_node *at, const struct atom *atom);
/*
 * Replaces everything from index `from` on, at least one, by one expression: the only one as it
 * is, several joined by op (EXPR_AND or EXPR_OR).
 */
CANH_MUST_USE int build_join(struct build *b, uint32_t from, enum expr_op op,
                             const struct yaml_node *at);
/* Marks the topmost expression as a detection item. */
void build_mark_item(struct build *b);
/* Replaces the topmost expression by its negation. */
CANH_MUST_USE int build_not(struct build *b, const struct yaml_node *at);

#endif
