/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_NATURAL_H
#define CANH_BASE_NATURAL_H
/* The order of names with numbers in them. Pure. */
#include "base/slice.h"

/* Byte order (slice_cmp()), but that runs of digits are numbers: S2 before S10. 0: equal bytes. */
int slice_cmp_natural(struct slice a, struct slice b);

#endif
