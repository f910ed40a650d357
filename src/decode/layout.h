/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_LAYOUT_H
#define CANH_DECODE_LAYOUT_H
/*
 * Layouts of JSON records; those besides Windows events each have names that only they have. JSON
 * is read whatever the record says; by these names canh tells a record that it knows from one of
 * which no rule can make sense. A Windows event is known by its channel or its event id (decode.h).
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct layout {
    const char *name;
    const char *marks;  /* paths with '/' between names, blanks between paths; any of them */
    const char *fields; /* what is read besides the record's own names */
};

/* A name of NULL ends. Those of Windows events, all others. */
extern const struct layout windows_layouts[], layouts[];

/* Whether the path is a mark of some layout. */
bool layout_has_mark(const struct slice *path, size_t n);

#endif
