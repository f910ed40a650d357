/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_WINDOW_DIFFER_H
#define CANH_TESTS_WINDOW_DIFFER_H
/*
 * Bytes become a correlation and a stream of events; sigma/window.h must give the verdict at every
 * event that a naive oracle gives, which looks at all events before it again each time.
 */
#include <stdint.h>

#include "base/slice.h"

struct window_differ_counts {
    uint64_t events, begins, goes_on, differences;
    uint64_t types[16]; /* by correlation type: alerts that began */
};

void window_differ_run(struct slice bytes, struct window_differ_counts *counts);

#endif
