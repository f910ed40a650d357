/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_PIPELINE_CASE_H
#define CANH_TESTS_PIPELINE_CASE_H
/*
 * Pipelines on small rules. A rule is given by the lines under its `detection:`, without
 * indentation; the file's first line is a comment.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Rules of one item, and of several. */
extern const char pipeline_one[], pipeline_two[];

/* Reads the pipeline and maps the rule: its condition, or "route | condition", or why not. */
void pipeline_run(const char *pipeline, const char *detection, bool route, struct buf *out);

/* The same with the lines of a pipeline's items, of which the first claims the rule where the route
 * is not asked for: whether it is what is wanted. */
void pipeline_check(const char *name, const char *items, const char *detection, bool route,
                    const char *want);

struct pipeline_case {
    const char *name, *items, *detection, *want;
};
void pipeline_cases(const struct pipeline_case *c, size_t count, bool route);

#endif
