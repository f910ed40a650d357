/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SEARCH_FIND_TEXT_H
#define CANH_SEARCH_FIND_TEXT_H
/*
 * The first place of a text without regard to ASCII case, 16 bytes at a step: its first and its
 * last byte are compared at once, the rest only where both fit. Pure.
 */
#include <stddef.h>

#include "base/slice.h"

/* needle is folded. SIZE_MAX when it is not there; 0 for an empty one. */
size_t find_text(struct slice text, struct slice needle);

#endif
