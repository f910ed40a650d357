/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_DOCTEXT_WIRE_H
#define CANH_OFFICE_DOCTEXT_WIRE_H
/*
 * A document's text as bytes, from the process that read what a stranger sent to the one that works
 * with it; whoever takes it takes nothing for granted. Little endian: u32 'CND1', u8 format, u32
 * paragraphs; of each: u8 kind, u32 level, number, table, row, column, text, label. A text is u32
 * length, then bytes of UTF-8.
 */
#include "base/buf.h"
#include "office/doctext.h"

/* Appends it; out's own limit says when it is too large. */
void doctext_encode(struct buf *out, const struct doctext *d);
/* Everything in the arena but texts, which borrow from the bytes. -CE_PEER, -CE_NOMEM. */
CANH_MUST_USE int doctext_decode(struct slice bytes, const struct doctext_limits *limits,
                                 struct arena *arena, struct doctext **ret);

#endif
