/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_LANG_LEVEL_H
#define CANH_LANG_LEVEL_H
/*
 * The levels of rules, alerts and cases, 1 informational … 5 critical: their names for programs
 * (rules, options, JSON) and their words for people. Sigma's enum rule_level counts from 0.
 */
#include <stdint.h>

#include "base/slice.h"
#include "lang/lang.h"

enum { LEVELS = 5 };

/* Of level 1 first; ends with NULL. */
extern const char *const level_names[LEVELS + 1];
/* The same behind "-", which is none: indexed by level. */
extern const char *const level_choices[LEVELS + 2];
/* Empty when there is no such level. */
const char *level_name(int32_t level);
/* 0: none is called so. */
int32_t level_of(struct slice name);

/* What is no level is worded as the lowest. */
const char *level_text(enum lang lang, int32_t level);
const char *level_capitals(enum lang lang, int32_t level);

#endif
