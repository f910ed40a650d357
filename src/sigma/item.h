/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_ITEM_H
#define CANH_SIGMA_ITEM_H
/*
 * One line of a selection, `field|modifiers: value or list of values`, as an expression.
 */
#include "base/attr.h"
#include "sigma/build.h"

/* Pushes one expression. */
CANH_MUST_USE int item_build(struct build *b, const struct yaml_node *key,
                             const struct yaml_node *value);
/* The same for a keyword: a scalar without a field, found anywhere in any value. */
CANH_MUST_USE int item_build_keyword(struct build *b, const struct yaml_node *value);

#endif
