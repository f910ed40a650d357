/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_PACKED_H
#define CANH_COLLECT_PACKED_H
/*
 * What a rotation packed with gzip while nobody looked: the rest of a log, as a file again.
 *
 * Bounds: PACKED_MAX bytes are unpacked, of which at most PACKED_REST behind the offset and
 * little more than 1 MiB before it are kept, in memory.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

#define PACKED_MAX  (INT64_C(1) << 30)
#define PACKED_REST (INT64_C(64) << 20)

bool is_packed_name(const char *suffix);

/*
 * A file without a name that holds what is needed of the log packed at path to read it from offset
 * on: its rest, and what says its layout (layout.h); else zeros, which take no memory. begins() is
 * asked about the first `head` bytes (at most 64 KiB) before the rest is unpacked. -1: none, not of
 * gzip, damaged, shorter than offset, over a bound.
 */
CANH_MUST_USE int packed_open(const char *path, uint64_t offset, uint32_t head,
                              bool (*begins)(int fd, const void *ctx), const void *ctx);

#endif
