/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SEARCH_MASK_H
#define CANH_SEARCH_MASK_H
/*
 * What a person sees of a record who looks without a case: accounts, addresses and mailboxes are
 * names without meaning, the same one for the same value within one mask:
 *
 *     Failed password for [user 3fa92c] from [address 91ab00] port 22 ssh2
 *
 * Addresses and mailboxes are found in the text itself, accounts by the event's fields (user_fields
 * in mask.c) and then wherever their name stands as a word. What the record says besides is not
 * looked at: a name in a sentence that no decoder knows stays. Pure.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "event/event.h"
#include "event/keys.h"

struct mask;

/* Adds the fields that it asks for to keys, so before decoders are made. seed: random, so that
 * nobody finds out a value by trying. NULL without memory. */
CANH_MUST_USE struct mask *mask_new(struct keys *keys, uint64_t seed);
struct mask *mask_free(struct mask *m); /* returns NULL */

/* The record's text, masked; e: its event, NULL when it has none. Valid until the next call. Empty
 * without memory. */
struct slice mask_text(struct mask *m, struct slice raw, const struct event *e);
/* Whether a field's values are accounts. */
bool mask_is_user(const struct mask *m, uint32_t key);
/* A value of such a field, or of any other. Valid until the next call. */
struct slice mask_value(struct mask *m, struct slice value, bool user);

#endif
