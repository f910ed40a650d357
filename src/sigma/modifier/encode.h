/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_MODIFIER_ENCODE_H
#define CANH_SIGMA_MODIFIER_ENCODE_H
/*
 * What the encoding modifiers make of a value.
 */
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

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

#endif
