/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_CELLTEXT_H
#define CANH_OFFICE_CELLTEXT_H
/* Text of a workbook that is written, whatever bytes it came as. */
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * s cut at `chars` characters, zero-terminated, in scratch until that is used again; U+FFFD stands
 * for what XML 1.0 cannot hold, or no program opens the workbook. Nothing where there is no memory.
 */
char *celltext_make(struct buf *scratch, struct slice s, size_t chars);

#endif
