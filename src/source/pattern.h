/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SOURCE_PATTERN_H
#define CANH_SOURCE_PATTERN_H
/* Paths of files whose parts may be patterns of * and ?. Pure. */
#include <stdbool.h>

#include "base/slice.h"

/* Whether some file can be meant by both. A pattern means no name that begins with a dot. */
bool source_paths_meet(struct slice a, struct slice b);

#endif
