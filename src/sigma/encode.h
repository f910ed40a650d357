/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_ENCODE_H
#define CANH_SIGMA_ENCODE_H
/*
 * What the encoding modifiers make of a value, and the dashes that windash makes of one.
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "sigma/expr.h"

/* Appends UTF-8 text as UTF-16; mods: MOD_UTF16LE, MOD_UTF16BE or MOD_UTF16 (FF FE, then LE). */
void encode_utf16(struct slice text, uint32_t mods, struct buf *out);

/* Appends RFC 4648 base64 with padding. */
void encode_base64(struct slice bytes, struct buf *out);

/*
 * Appends what of the base64 of any text is sure to be there when `bytes` stand in it at an offset
 * that is `shift` (0..2) modulo 3: characters that depend on the neighbours are left out. May be
 * nothing.
 */
void encode_base64_offset(struct slice bytes, unsigned shift, struct buf *out);

/* windash: dashes of one pattern at most; five variants each. */
enum { DASHES_MAX = 4, DASH_KINDS = 5 };

struct dash {
    uint32_t part;  /* of the pattern */
    uint32_t at, n; /* bytes in its text */
};

/*
 * The places in a pattern where windash works: - / – — ― before a word and not behind one
 * (\B[-/–—―]\b). Returns how many there are; only DASHES_MAX of them are stored.
 */
uint32_t windash_find(const struct pattern *p, struct dash ret[DASHES_MAX]);
/* The kind-th dash (0..DASH_KINDS-1) as UTF-8. */
struct slice windash_text(unsigned kind);

#endif
