/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_PREDICATE_H
#define CANH_JOURNAL_PREDICATE_H
/*
 * What somebody who looks for records wants of a block before it is opened: that it may hold these
 * words and addresses. A term in postfix, so that it can be sent to who has the blocks:
 *
 *     'y'                        true
 *     'w' u8 length, bytes       the word (filter.h)
 *     'i' u8 v6, 16 bytes        the address
 *     '&' u16 n, '|' u16 n       all, any of the n before
 *
 * Exactly one value is left. Pure.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/ip.h"
#include "base/slice.h"

enum { WANT_MAX = 48 * 1024, WANT_DEPTH_MAX = 4096 };

void predicate_add_true(struct buf *out);
/* Words that a filter cannot know are true. */
void predicate_add_word(struct buf *out, struct slice word);
void predicate_add_ip(struct buf *out, const struct ip *ip);
void predicate_add_all(struct buf *out, unsigned n);
void predicate_add_any(struct buf *out, unsigned n);

struct predicate_ctx {
    bool (*word)(void *u, struct slice word);
    bool (*ip)(void *u, const struct ip *ip);
    void *u;
};
/* What the term says of a block. -CE_PEER: it is none; else 0 or 1. */
CANH_MUST_USE int predicate_holds(struct slice term, const struct predicate_ctx *h);

#endif
