/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_TEXT_INDEX_H
#define CANH_SIGMA_TEXT_INDEX_H
/*
 * Finds which of many texts a value equals, begins with, ends with or contains, in time that
 * hardly depends on how many there are. One index serves all fields of a program; texts are kept
 * apart by field slot. Texts and values are folded. Immutable once sealed.
 *
 * Equality: one hash of the whole value. Beginnings and ends: one probe each for texts of eight
 * and more bytes, of four to seven, and of each shorter length in use. Containment: every second
 * four-byte gram of the value is looked up in a bitmap; a text contributes two neighbouring grams,
 * chosen where ordinary text is rare, so that one of them falls on an even position. Texts of
 * four bytes use three-byte grams in the same way; texts with bytes beyond ASCII have an index of
 * their own that ASCII values never touch.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"
#include "sigma/background.h"

/* The shortest text that containment can be asked for. */
enum { INDEX_CONTAINS_MIN = 4 };

struct text_index;

CANH_MUST_USE struct text_index *text_index_new(struct arena *arena, uint32_t slots);
/* Frees what is not in the arena. Returns NULL. */
struct text_index *text_index_free(struct text_index *x);

/* Adds a text (borrowed) under the number `id`, given back by finds. 0 or -CE_NOMEM. */
CANH_MUST_USE int text_index_add(struct text_index *x, uint32_t slot, enum text_place place,
                                 struct slice text, uint32_t id);
CANH_MUST_USE int text_index_seal(struct text_index *x, const struct background *b);

/* True when the slot has any text, so that its values must be looked up. */
bool text_index_has(const struct text_index *x, uint32_t slot);

/*
 * Calls hit(ctx, id) for every text of the slot that the folded value has at its place; a text
 * contained several times may be given several times. The value must have 16 readable bytes
 * behind it.
 */
typedef void text_index_hit(void *ctx, uint32_t id);
void text_index_find(const struct text_index *x, uint32_t slot, struct slice value, bool ascii,
                     text_index_hit *hit, void *ctx);

#endif
