/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_RULES_H
#define CANH_TESTS_RULES_H
/* The rule files of the data folder, for tests over all of them. */
#include "base/slice.h"

/* Calls fn for every *.yml under the data folder's sigma-rules, in order of their paths, mapping
 * files left out; returns how many there were, 0 where the data is absent. */
unsigned rules_each(void (*fn)(void *ctx, struct slice path, struct slice text), void *ctx);

#endif
