/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_ATOM_WORDS_H
#define CANH_SIGMA_ATOM_WORDS_H
/*
 * How an atom compares, for people and for programs.
 */
#include <stdbool.h>

#include "base/buf.h"
#include "sigma/expr.h"

struct atom_words {
    unsigned verb;    /* a text of area explain, as `contains` */
    bool named;       /* that text, as `time_part`, has the name in it */
    const char *name; /* as JSON has it */
};

/* With what it compares is appended to `want`. */
struct atom_words atom_words(const struct atom *a, struct buf *want);

#endif
