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

enum { GRAM_MARK_BITS = 11, GRAM_ANY_CASE = 0x20202020 };

/*
 * The prefilter lets places pass whose bytes belong to different texts; a bit for each hash of the
 * bytes that belong to one tells nearly all of them: four, two where a text is shorter than that,
 * one where it is no longer.
 */
struct gram_marks {
    uint64_t fours[(1 << GRAM_MARK_BITS) / 64], twos[(1 << GRAM_MARK_BITS) / 64], ones[256 / 64];
};

/* Bucket b holds texts[first[b]] to texts[first[b + 1]] - 1. */
struct prefilter_set {
    struct prefilter prefilter;
    struct prefilter_text *texts;
    uint32_t first[PREFILTER_BUCKETS + 1];
    struct gram_marks marks; /* any_case: of grams with the bits of GRAM_ANY_CASE */
};

CANH_INLINE uint32_t gram_mark(uint32_t gram)
{
    return gram * 0x9E3779B1u >> (32 - GRAM_MARK_BITS);
}

/* False when surely no text has its gram where these four bytes are. */
CANH_INLINE bool gram_is_marked(const struct gram_marks *m, uint32_t gram)
{
    uint32_t four = gram_mark(gram), two = gram_mark(gram & UINT16_MAX), one = gram & UINT8_MAX;

    return ((m->fours[four / 64] >> four % 64 | m->twos[two / 64] >> two % 64 |
             m->ones[one / 64] >> one % 64) &
            1) != 0;
}

/*
 * Makes the prefilter for texts[0..count) (text and id given, the rest is filled in; sorted,
 * borrowed). any_case: what is looked through is not folded; ASCII letters pass in either case. 0
 * or -CE_NOMEM.
 */
CANH_MUST_USE int prefilter_build(struct prefilter_set *set, struct prefilter_text *texts,
                                  uint32_t count, const struct background *b, bool any_case);

#endif
