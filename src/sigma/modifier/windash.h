/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_MODIFIER_WINDASH_H
#define CANH_SIGMA_MODIFIER_WINDASH_H
/*
 * Where windash works in a pattern.
 */
#include <stdint.h>

#include "sigma/expr.h"

enum { DASHES_MAX = 4 }; /* of one pattern */

struct dash {
    uint32_t part;  /* of the pattern */
    uint32_t at, n; /* bytes in its text */
};

/*
 * The places in a pattern where windash works: - / – — ― before a word and not behind one
 * (\B[-/–—―]\b). Returns how many there are; only DASHES_MAX of them are stored.
 */
uint32_t windash_find(const struct pattern *p, struct dash ret[DASHES_MAX]);

#endif
