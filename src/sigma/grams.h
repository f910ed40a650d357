/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_GRAMS_H
#define CANH_SIGMA_GRAMS_H
/*
 * Finds which of many texts a value contains: every s-th four-byte gram of the value is looked up
 * in a bitmap. A text contributes s neighbouring grams, chosen where ordinary text is rare, so that
 * one of them is met; s is as large as the shortest text allows. Texts with bytes beyond ASCII have
 * tables of their own that ASCII values never touch, looked up at every position.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"
#include "sigma/background.h"

/* The shortest text of ASCII only; of others, two bytes. */
enum { GRAM_TEXT_MIN = 5 };

struct gram_text {
    struct slice text; /* folded */
    uint32_t id;
    bool ascii; /* text is */
};

/* Called with the id of a text that was found, perhaps several times. */
typedef void text_hit(void *ctx, uint32_t id);

struct grams;

/* texts is borrowed for the lifetime of *ret, which is in the arena. 0 or -CE_NOMEM. */
CANH_MUST_USE int grams_new(struct arena *arena, const struct gram_text *texts, uint32_t count,
                            const struct background *b, struct grams **ret);

/* The value must have VALUE_SLACK readable bytes behind it (value.h). */
void grams_find(const struct grams *g, struct slice value, bool ascii, text_hit *hit, void *ctx);

#endif
