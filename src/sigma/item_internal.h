/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_ITEM_INTERNAL_H
#define CANH_SIGMA_ITEM_INTERNAL_H
/* Between item.c and its siblings, which make atoms of single values. */
#include "sigma/build.h"
#include "sigma/modifier.h"

struct item {
    struct build *b;
    struct slice field; /* in the arena; empty: keyword */
    uint32_t mods;
    const struct yaml_node *at; /* the value's place */
};

/* Each pushes the atoms of one value, all of which mean "or". */
CANH_MUST_USE int item_push_text(struct item *item, struct slice text);  /* item_text.c */
CANH_MUST_USE int item_push_regex(struct item *item, struct slice text); /* item_kind.c */
CANH_MUST_USE int item_push_cidr(struct item *item, struct slice text);
CANH_MUST_USE int item_push_fieldref(struct item *item, struct slice text);
CANH_MUST_USE int item_push_compare(struct item *item);
CANH_MUST_USE int item_push_time(struct item *item);
CANH_MUST_USE int item_push_exists(struct item *item);
CANH_MUST_USE int item_push_number(struct item *item);

#endif
