/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_HEX_H
#define CANH_BASE_HEX_H
/* Bytes as lower-case hexadecimal digits, two a byte. A number written so: num_hex(). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"

/* The value of a digit in either case; -1 for any other byte. */
CANH_INLINE int hex_digit(uint8_t c)
{
    uint8_t low = c | 0x20;

    return c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* The number of the first n (1–8) bytes; false unless all of them are digits. */
bool hex_head(struct slice s, unsigned n, uint32_t *ret);

/* Writes 2 n digits, no zero behind them. */
void hex_write(char *to, const uint8_t *bytes, size_t n);

/* Reads them, in either case; false unless s is exactly 2 n digits. */
bool hex_get(struct slice s, uint8_t *bytes, size_t n);

/* Appends them. */
void buf_append_hex(struct buf *out, const uint8_t *bytes, size_t n);

#endif
