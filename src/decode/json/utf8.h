/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_JSON_UTF8_H
#define CANH_DECODE_JSON_UTF8_H
/*
 * The one door to simdjson: its UTF-8 validation, which chooses the best code for the processor.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool json_utf8_valid(const uint8_t *p, size_t n);

#endif
