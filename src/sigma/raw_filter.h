/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_RAW_FILTER_H
#define CANH_SIGMA_RAW_FILTER_H
/*
 * A look at a whole JSON record: can any of its values contain one of some folded texts? Saves
 * reading and folding every value where the answer is no, which it nearly always is. Only for
 * records in which no ASCII character is written as \u or \/ escape.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"
#include "sigma/background.h"
#include "sigma/bytes.h"

struct raw_filter;

/*
 * *ret is NULL when some text gives such a look nothing to go by: too short, or made of characters
 * that JSON writes in several ways. The texts are borrowed. 0 or -CE_NOMEM.
 */
CANH_MUST_USE int raw_filter_new(struct arena *arena, const struct slice *texts, uint32_t count,
                                 const struct background *b, struct raw_filter **ret);

/* False: surely not. raw has BYTES_SLACK readable bytes behind it. */
bool raw_filter_hits(const struct raw_filter *f, const struct bytes *bytes, struct slice raw);

#endif
