/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_UTF_H
#define CANH_BASE_UTF_H
/*
 * UTF-8 (RFC 3629) and UTF-16: decoding one character at a time, validation, conversion.
 * Invalid input never stops anything: a bad byte or lone surrogate counts as one character.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

#define UTF_REPLACEMENT 0xFFFDu
/* Set in a decoded value when the byte was not valid UTF-8: 0x110000 + the byte. */
#define UTF_INVALID 0x110000u

/*
 * Decodes the character at s (n > 0) and stores its length in bytes. An invalid byte gives
 * UTF_INVALID + byte and length 1.
 */
uint32_t utf8_decode(const uint8_t *s, size_t n, unsigned *ret_len);
/* Writes 1–4 bytes; c must be a Unicode scalar value or UTF_INVALID + byte. */
unsigned utf8_encode(uint32_t c, uint8_t to[4]);
bool utf8_valid(struct slice s);
/* Number of characters, invalid bytes counting one each. */
size_t utf8_count(struct slice s);
/* True when no byte has its high bit set. */
bool is_ascii(struct slice s);
/*
 * The character that the UTF-16 unit c begins; next: the unit behind it, 0 where there is none.
 * *pair tells whether both are one character. A lone surrogate becomes U+FFFD.
 */
CANH_INLINE uint32_t utf16_join(uint32_t c, uint32_t next, bool *pair)
{
    *pair = c < 0xDC00 && (c & 0xF800) == 0xD800 && (next & 0xFC00) == 0xDC00;
    if (*pair)
        return 0x10000 + ((c & 0x3FF) << 10 | (next & 0x3FF));
    return (c & 0xF800) == 0xD800 ? UTF_REPLACEMENT : c;
}
/*
 * What a text is written in, by its beginning: a byte order mark (*ret_mark: its bytes), or,
 * without one, letters of ASCII in UTF-16. UTF_8: neither.
 */
enum utf_kind { UTF_8, UTF_16LE, UTF_16BE };
enum utf_kind utf_kind_of(struct slice s, size_t *ret_mark);
/* Appends UTF-16 of either kind as UTF-8; UTF-8 stays as it is. */
void utf_to_utf8(enum utf_kind kind, struct slice s, struct buf *out);
/* Appends UTF-16 as UTF-8; a lone surrogate becomes U+FFFD. An odd last byte is ignored. */
void utf16le_to_utf8(struct slice s, struct buf *out);
void utf16be_to_utf8(struct slice s, struct buf *out);

#endif
