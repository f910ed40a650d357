/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_CONDITION_H
#define CANH_SIGMA_CONDITION_H
/*
 * The condition of a rule over its selections:
 *
 *     or    = and { "or" and }
 *     and   = not { "and" not }
 *     not   = { "not" } one
 *     one   = "(" or ")" | ( "1" | "any" | "all" ) "of" ( "them" | pattern ) | selection
 *
 * Words are separated by blanks and parentheses only, so names with dots or pipes are names. `*`
 * in a pattern is any run of characters. `them`, and patterns that do not begin with an
 * underscore, leave out selections that do. What names no selection is an error.
 */
#include <stdint.h>

#include "base/attr.h"
#include "sigma/build.h"

struct selection {
    struct slice name;
    struct expr *expr;
    uint32_t weight; /* a bound for the nodes in it */
};

enum {
    CONDITION_TEXT_MAX = 16 * 1024,
    CONDITION_WORDS_MAX = 2000,
    CONDITION_DEPTH_MAX = 50, /* of parentheses and nots */
};

/* Pushes the expression of a condition: a text, or a list of texts of which one must hold. */
CANH_MUST_USE int condition_build(struct build *b, const struct yaml_node *node,
                                  const struct selection *selections, uint32_t count);

#endif
