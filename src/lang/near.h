/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_LANG_NEAR_H
#define CANH_LANG_NEAR_H
/*
 * "Did you mean …?": which of the known names a mistyped one is nearest to.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

/*
 * Edits (insert, delete, replace, swap two neighbours) that turn a into b, bytewise without ASCII
 * case. Texts over 64 bytes, and distances over `max`, give max + 1.
 */
unsigned near_distance(struct slice a, struct slice b, unsigned max);

/*
 * Index of the nearest of count names, names[i] at (const char *)base + i × stride as a struct
 * slice; SIZE_MAX when none is near enough to be meant (a third of its length, at most 3 edits).
 */
size_t near_find(struct slice name, const void *base, size_t count, size_t stride);

#endif
