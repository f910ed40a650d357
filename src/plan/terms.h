/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_TERMS_H
#define CANH_PLAN_TERMS_H
/*
 * Looking for key terms in Vietnamese text. A key is the text in lower case, words apart by one
 * blank with one at both ends, each word's tone moved to its end, so that hòa and hoà are the same
 * and cấp and cáp are not. A plain key has no marks at all, for letters typed without them.
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"

/* p NULL when the arena is full. */
struct slice terms_key(struct arena *arena, struct slice s, bool plain);
/* True when the key `term` occurs in the key `text` at word boundaries. */
bool terms_found(struct slice text, struct slice term);
/* Of the text's letters, fewer than one in a hundred carries a mark: typed without them. */
bool terms_unmarked(struct slice s);

#endif
