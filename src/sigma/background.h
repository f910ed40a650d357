/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_BACKGROUND_H
#define CANH_SIGMA_BACKGROUND_H
/*
 * What ordinary values look like, to tell rare text from common text when triggers are chosen. It
 * influences speed only, never a verdict. The sample is written from general knowledge of
 * operating systems, not taken from any log.
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

enum text_place { TEXT_EXACT, TEXT_PREFIX, TEXT_SUFFIX, TEXT_CONTAINS };

struct background;

CANH_MUST_USE struct background *background_new(void);
struct background *background_free(struct background *b); /* returns NULL */

/* How rare a folded text is at a place of ordinary values: a number to be kept, never 0. */
uint8_t background_rarity(const struct background *b, enum text_place place, struct slice text);
/* An estimate of how often a value has a text of that rarity at that place, 0..1. */
double background_frequency(const struct background *b, enum text_place place, uint8_t rarity);

/* How common the four-byte grams at p, p + 1, … p + count - 1 are in ordinary text: counts from 0.
 */
void background_grams(const struct background *b, const uint8_t *p, size_t count, unsigned *ret);

/* In how many places of ordinary values a folded text stands. */
unsigned background_places(const struct background *b, struct slice text);

#endif
