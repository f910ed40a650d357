/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_TEXT_INDEX_H
#define CANH_SIGMA_TEXT_INDEX_H
/*
 * Finds which of many texts a value equals, begins with, ends with or contains, in time that
 * hardly depends on how many there are. One index serves all fields of a program; texts are kept
 * apart by field slot. Texts and values are folded. Immutable once sealed.
 *
 * Equality: one hash of the whole value, when some text has its length. Beginnings and ends: one
 * probe for each key length in use. Containment: a few texts, and short ones, by a prefilter over
 * every place of the value (prefilter.h), many by rare grams (grams.h).
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"
#include "sigma/background.h"
#include "sigma/bytes.h"
#include "sigma/grams.h"
#include "sigma/raw_filter.h"

struct text_index;

CANH_MUST_USE struct text_index *text_index_new(struct arena *arena, uint32_t slots);
/* Frees what is not in the arena. Returns NULL. */
struct text_index *text_index_free(struct text_index *x);

/* Adds a text (borrowed) under the number `id`, given back by finds. 0 or -CE_NOMEM. */
CANH_MUST_USE int text_index_add(struct text_index *x, uint32_t slot, enum text_place place,
                                 struct slice text, uint32_t id);
/* raw_slot: the slot that text_index_may_contain() tells of. */
CANH_MUST_USE int text_index_seal(struct text_index *x, const struct background *b,
                                  uint32_t raw_slot);

/* True when the slot has any text, so that its values must be looked up. */
bool text_index_has(const struct text_index *x, uint32_t slot);

/* True when the slot has no texts but such that a value must equal. */
bool text_index_is_exact(const struct text_index *x, uint32_t slot);

/* A bit for each text that values of the slot must equal: text_mark() of it. */
uint64_t text_index_marks(const struct text_index *x, uint32_t slot);

/* By how long a text is that has any bytes, and by its last two. */
CANH_INLINE uint64_t text_mark(struct slice s)
{
    uint32_t last = s.p[s.n - 1], before = s.p[s.n > 1 ? s.n - 2 : 0];

    return UINT64_C(1) << ((last | before << 8 | (uint32_t)s.n << 16) * 0x9E3779B1u >> 26);
}

/* False when surely no text of the slot equals the folded value. */
bool text_index_may_equal(const struct text_index *x, uint32_t slot, struct slice value);

/*
 * Calls hit(ctx, id) for every text of the slot that the folded value has at its place; a text
 * contained several times may be given several times. The value must have VALUE_SLACK readable
 * bytes behind it (value.h).
 */
void text_index_find(const struct text_index *x, const struct bytes *bytes, uint32_t slot,
                     struct slice value, bool ascii, text_hit *hit, void *ctx);

/*
 * False when no value that stands in raw can contain a text of the raw slot, by a look at the
 * record as a whole (raw_filter.h).
 */
bool text_index_may_contain(const struct text_index *x, const struct bytes *bytes,
                            enum raw_kind kind, struct slice raw);

#endif
