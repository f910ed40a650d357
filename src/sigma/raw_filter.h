/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_RAW_FILTER_H
#define CANH_SIGMA_RAW_FILTER_H
/*
 * A look at a whole record: can any of its values contain one of some folded texts? Saves reading
 * and folding every value where the answer is no, which it nearly always is.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"
#include "sigma/background.h"
#include "sigma/bytes.h"

struct raw_filter;

/* How the record writes its values. */
enum raw_kind {
    RAW_JSON,  /* in JSON, no ASCII character as \u or \/ escape */
    RAW_PLAIN, /* as they are */
    RAW_KINDS,
};

/*
 * *ret is NULL when some text gives such a look nothing to go by: too short, beyond ASCII, or made
 * of characters that JSON writes in several ways. The texts are borrowed. 0 or -CE_NOMEM.
 */
CANH_MUST_USE int raw_filter_new(struct arena *arena, const struct slice *texts, uint32_t count,
                                 enum raw_kind kind, const struct background *b,
                                 struct raw_filter **ret);

/* False: surely not. raw has BYTES_SLACK + PREFILTER_WIDTH readable bytes behind it. */
bool raw_filter_hits(const struct raw_filter *f, const struct bytes *bytes, struct slice raw);

#endif
