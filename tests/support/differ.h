/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_DIFFER_H
#define CANH_TESTS_DIFFER_H
/*
 * The compiled engine and explain.h against the oracle: expressions and events made of bytes
 * (generate.h), all compiled together, every verdict compared; events given as fields and again as
 * JSON text.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct differ_counts {
    uint64_t verdicts, matches, differences;
};

/* Adds to *counts; says on stdout what differed. */
void differ_run(struct slice bytes, struct differ_counts *counts);

#endif
