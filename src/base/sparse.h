/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_SPARSE_H
#define CANH_BASE_SPARSE_H
/*
 * Large tables of which most is never used: memory in a mapping of its own, zeroed, of which only
 * the small pages are taken that somebody touches.
 */
#include <stddef.h>

#include "base/attr.h"

/* n bytes, not 0, aligned to a page; NULL without memory. */
CANH_MUST_USE void *sparse_new(size_t n);
/* The same n; p may be NULL. */
void sparse_free(void *p, size_t n);

#endif
