/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_NEED_H
#define CANH_SIGMA_NEED_H
/*
 * What must be in an event for a test to hold, and how rare that is: of this triggers are chosen
 * (trigger.c).
 */
#include <stdbool.h>

#include "base/slice.h"
#include "sigma/program_build.h"
#include "sigma/text_index.h"

struct need {
    bool possible; /* false: holds without anything being there */
    bool presence; /* any value of the slot will do */
    bool decides;  /* finding it decides the test */
    enum text_place place;
    struct slice text;
    double frequency; /* of values that have it, 0..1 */
};

/* Any value of the field. */
struct need need_value(void);
/* A folded text at a place of the value of t's slot; any value, where the text is too common to be
 * sought. */
struct need need_text(const struct program_build *b, const struct test *t, enum text_place place,
                      struct slice text);
/* The one that fewer values have. */
struct need need_rarer(struct need a, struct need b);

#endif
