/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_HEX_H
#define CANH_BASE_HEX_H
/* Bytes as lower-case hexadecimal digits, two a byte. Reading them: num_hex(). */
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Writes 2 n digits, no zero behind them. */
void hex_put(char *to, const uint8_t *bytes, size_t n);

/* Appends them. */
void buf_put_hex(struct buf *out, const uint8_t *bytes, size_t n);

#endif
