/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_PLACEHOLDER_H
#define CANH_SIGMA_PLACEHOLDER_H
/*
 * Placeholders of the expand modifier: %name% (letters, digits, _ . -) in a value stands for each
 * of the texts that the caller's options give under that name; \% is a plain percent sign, and so
 * is one that begins no placeholder. Several in one value give every combination. The texts are
 * put in as they are, so wildcards in them work as if the rule had them.
 */
#include "base/attr.h"
#include "sigma/build.h"

enum {
    PLACEHOLDERS_MAX = 4, /* in one value */
    EXPANSIONS_MAX = 10000,
};

typedef int (*placeholder_fn)(void *ctx, struct slice text);

/*
 * Calls fn with each expansion of text until it returns an error. A placeholder without values
 * refuses the rule.
 */
CANH_MUST_USE int placeholder_expand(struct build *b, const struct yaml_node *at, struct slice text,
                                     placeholder_fn fn, void *ctx);

#endif
