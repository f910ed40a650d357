/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_FIND_H
#define CANH_SIGMA_FIND_H
/*
 * Searching one text in one value.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/slice.h"
#include "sigma/expr.h"

/* True when needle stands somewhere in s. s must have 16 readable bytes behind it. */
bool find_text(struct slice s, struct slice needle);

/*
 * A pattern with wildcards against a whole value. Time is at most the product of both lengths.
 * Characters are UTF-8; an invalid byte is one character.
 */
bool glob_match(const struct pattern *p, struct slice s);

#endif
