/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_PAPER_WIRE_H
#define CANH_OFFICE_PAPER_WIRE_H
/*
 * A paper as bytes, from the process that has the records to the one that draws it. Little endian:
 * u32 'CNP2', the page, the flow: of each block u8 kind from 1, its parts; u8 0 ends a flow. Of a
 * table its rows, of a row its cells, each behind a u8 1, ended by u8 0; a cell's flow holds no
 * tables. Behind it u8 1 and the next shorter paper, or u8 0. Lengths and sizes are the bits of
 * floats.
 */
#include "office/paper.h"

/* As much as canh-convert reads, and texts of one run. */
enum { PAPER_WIRE_MAX = 16 << 20, PAPER_WIRE_TEXT = 1 << 20 };

struct buf;

/* Appends it; out's own limit says when it is too large. */
void paper_encode(struct buf *out, const struct paper *p);
/* In the arena, but for the words of the page, which are borrowed. -CE_PEER, -CE_TOO_BIG. */
CANH_MUST_USE int paper_decode(struct slice bytes, struct arena *arena, struct paper *ret);

#endif
