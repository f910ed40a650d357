/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_SHAPE_PATH_H
#define CANH_DECODE_SHAPE_PATH_H
/*
 * Patterns of paths: names with '/' between; % takes one name (or what stands between the text
 * around it), * passes one, anything else is that name.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

enum { MATCHED_PARTS_MAX = 4 };

/* What the % took, in order. */
struct matched_parts {
    struct slice part[MATCHED_PARTS_MAX];
    size_t count;
};

/* One name against one part of a pattern; adds to what ret has. */
bool shape_part_fits(struct slice part, struct slice name, struct matched_parts *ret);
/* All n names of a path against a pattern. */
bool shape_path_fits(const char *pattern, const struct slice *path, size_t n,
                     struct matched_parts *ret);

#endif
