/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_RULE_NAME_H
#define CANH_DETECT_RULE_NAME_H
/*
 * Whether alerts of a generation can be called so, and what may be meant: a name is a rule's or a
 * correlation's id, its path where it has none, or that of an alert which no rule raises.
 */
#include "detect/generation.h"

enum rule_name {
    RULE_NAME_KNOWN,
    RULE_NAME_NEAR, /* none is called so; the title of one is, or a name or title is like it */
    RULE_NAME_UNKNOWN,
};

/* Of RULE_NAME_NEAR the one that may be meant; borrowed from the generation. */
struct rule_named {
    struct slice name, title;
};

/* -CE_NOMEM. */
CANH_MUST_USE int rule_name_look(const struct generation *g, struct slice name,
                                 struct rule_named *ret_near, enum rule_name *ret);

#endif
