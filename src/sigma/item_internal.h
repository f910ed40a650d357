/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_ITEM_INTERNAL_H
#define CANH_SIGMA_ITEM_INTERNAL_H
/*
 * Between item.c and the modifiers (modifier/), which make atoms of single values. What is pushed
 * for one value means "or" together.
 */
#include "sigma/build.h"
#include "sigma/modifier/modifier.h"

struct item {
    struct build *b;
    struct slice field; /* in the arena; empty: keyword */
    uint32_t mods;
    const struct modifier *kind; /* of MODS_KIND, or NULL: text, or what YAML says the value is */
    const struct yaml_node *at;  /* the value's place */
};

/* Pushes an atom over the item's field. */
CANH_MUST_USE int item_push(struct item *item, struct atom atom);

/* Pushes text with what the modifiers make of it. */
CANH_MUST_USE int item_push_text(struct item *item, struct slice text);
/* Goes on with a pattern that the modifier of `behind` has made. */
CANH_MUST_USE int item_rewrite(struct item *item, uint32_t behind, const struct pattern *p);
/* Pushes text in which nothing is special, as the last that a modifier makes of a value. */
CANH_MUST_USE int item_push_literal(struct item *item, struct slice text);

/* A number without a modifier (modifier/number.c); null (modifier/exists.c). */
CANH_MUST_USE int item_push_number(struct item *item);
CANH_MUST_USE int item_push_null(struct item *item);

#endif
