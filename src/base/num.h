/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_NUM_H
#define CANH_BASE_NUM_H
/*
 * Numbers from text, checked: the whole slice must be the number, nothing is skipped, overflow is
 * an error. All return 0, -CE_SYNTAX or -CE_RANGE and leave *ret untouched on failure.
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

CANH_MUST_USE int num_u64(struct slice s, uint64_t *ret);
CANH_MUST_USE int num_i64(struct slice s, int64_t *ret);
/* A decimal number in the range min..max. */
CANH_MUST_USE int num_range(struct slice s, int64_t min, int64_t max, int64_t *ret);
/* Hexadecimal digits, with or without 0x. */
CANH_MUST_USE int num_hex(struct slice s, uint64_t *ret);
/* JSON's number grammar; finite results only. */
CANH_MUST_USE int num_double(struct slice s, double *ret);

#endif
