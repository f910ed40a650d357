/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_PREFILTER_H
#define CANH_SIGMA_PREFILTER_H
/*
 * Looks for a few dozen texts at once, at every place of a value: a prefilter over two or four
 * bytes of each text (bytes.h) leaves few places, where the texts are compared.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"
#include "sigma/background.h"
#include "sigma/bytes.h"

/* A folded text, not empty, and the bytes by which it is found. */
struct prefilter_text {
    struct slice text;
    uint32_t id;
    uint32_t offset; /* of those bytes in text */
    uint32_t gram, mask;
};

/* Bucket b holds texts[first[b]] to texts[first[b + 1]] - 1. */
struct prefilter_set {
    struct prefilter prefilter;
    struct prefilter_text *texts;
    uint32_t first[PREFILTER_BUCKETS + 1];
};

/*
 * Makes the prefilter for texts[0..count) (text and id given, the rest is filled in; sorted,
 * borrowed). any_case: what is looked through is not folded; ASCII letters pass in either case. 0
 * or -CE_NOMEM.
 */
CANH_MUST_USE int prefilter_build(struct prefilter_set *set, struct prefilter_text *texts,
                                  uint32_t count, const struct background *b, bool any_case);

#endif
