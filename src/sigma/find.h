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

/*
 * Which pairs of neighbouring bytes a value has, as a small filter: most texts that a value does
 * not contain are told by two looks.
 */
enum { PAIRS_WORDS = 16, PAIRS_CHECKED = 3, PAIRS_VALUE_MAX = 2048 };

struct pairs {
    uint64_t bits[PAIRS_WORDS];
};

CANH_INLINE uint32_t pair_bit(uint8_t a, uint8_t b)
{
    return (uint32_t)(a | b << 8) * 0x9E3779B1u >> 22;
}

/* The pairs of a value; its length is at most PAIRS_VALUE_MAX to be of use. */
void pairs_of(struct slice value, struct pairs *ret);
/* The places of a text's (n ≥ 2) first, middle and last pair. */
void pairs_of_text(struct slice text, uint16_t ret[PAIRS_CHECKED]);

CANH_INLINE bool pairs_may_have(const struct pairs *p, const uint16_t text[PAIRS_CHECKED])
{
    uint64_t all = p->bits[text[0] / 64] >> text[0] % 64 & p->bits[text[1] / 64] >> text[1] % 64 &
                   p->bits[text[2] / 64] >> text[2] % 64;

    return all & 1;
}

/*
 * A pattern with wildcards against a whole value. Time is at most the product of both lengths.
 * Characters are UTF-8; an invalid byte is one character.
 */
bool glob_match(const struct pattern *p, struct slice s);

#endif
