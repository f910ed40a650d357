/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_HEX_H
#define CANH_BASE_HEX_H
/* Bytes as lower-case hexadecimal digits, two a byte. A number written so: num_hex(). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Writes 2 n digits, no zero behind them. */
void hex_put(char *to, const uint8_t *bytes, size_t n);

/* Reads them, in either case; false unless s is exactly 2 n digits. */
bool hex_get(struct slice s, uint8_t *bytes, size_t n);

/* Appends them. */
void buf_put_hex(struct buf *out, const uint8_t *bytes, size_t n);

#endif
