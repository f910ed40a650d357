/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PROBE_MANY_H
#define CANH_PROBE_MANY_H
/*
 * Many checks, each in a short-lived process of its own: what a check does to its memory, its
 * descriptors or the time it takes harms nobody else. A process that is not done a while after its
 * check's timeout is killed; one that ends without a result is CHECK_NO_ANSWER.
 */
#include <stddef.h>

#include "check/check.h"

/* The result of check i, good until the function returns; in the order in which they end. Non-zero
 * stops: what still runs is killed. */
typedef int probe_many_fn(void *u, size_t i, const struct check_result *result);

enum { PROBE_PARALLEL_MAX = 64 };

/* At most `parallel` (1 .. PROBE_PARALLEL_MAX) at a time. What fn returned, or -CE_*. The caller's
 * process must have one thread. */
CANH_MUST_USE int probe_many(const struct check_spec *specs, size_t count, unsigned parallel,
                             probe_many_fn *fn, void *u, struct err *err);

#endif
