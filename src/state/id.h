/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_ID_H
#define CANH_STATE_ID_H
/*
 * Identities: 128 random bits, never reused, never names. All zero means none.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

struct state_id {
    uint8_t b[16];
};

#define STATE_ID_NONE ((struct state_id){{0}})
/* Length of the text form: lower-case hexadecimal. */
#define STATE_ID_TEXT 32

CANH_INLINE bool id_eq(struct state_id a, struct state_id b)
{
    return memcmp(a.b, b.b, sizeof(a.b)) == 0;
}

CANH_INLINE bool id_is_none(struct state_id a)
{
    return id_eq(a, STATE_ID_NONE);
}

CANH_INLINE struct slice id_slice(const struct state_id *a)
{
    return slice_of(a->b, sizeof(a->b));
}

CANH_INLINE int id_cmp(struct state_id a, struct state_id b)
{
    return memcmp(a.b, b.b, sizeof(a.b));
}

/* A new random identity (libsodium). */
struct state_id id_new(void);
/*
 * The identity that belongs to a name inside another one (BLAKE2b of both): the same wherever it
 * is computed, so that records sent twice are the same record.
 */
struct state_id id_derive(struct state_id inside, struct slice name);
void id_write(struct buf *out, struct state_id id);
/* Whether its text begins so: how people name one thing of a list. */
bool id_begins(struct state_id id, struct slice prefix);
/* 0 or -CE_SYNTAX. */
CANH_MUST_USE int id_parse(struct slice s, struct state_id *ret);

#endif
