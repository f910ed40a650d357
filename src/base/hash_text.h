/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_HASH_TEXT_H
#define CANH_BASE_HASH_TEXT_H
/* hash_slice() of a text as UTF-8, whatever form it has, without writing it out. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/*
 * hash_slice() of UTF-16LE as UTF-8. False where not all units are ASCII, and on machines without
 * SSE2: the caller writes it out and hashes that.
 */
CANH_MUST_USE bool hash_utf16le(const uint8_t *p, size_t units, uint64_t seed, uint64_t *ret);

#endif
