/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_BODY_H
#define CANH_COLLECT_BODY_H
/*
 * A request's body as it was before its Content-Encoding: gzip (RFC 1952; several members),
 * deflate in its zlib form, zstd with a window of at most 8 MiB, or none. What comes out is bounded
 * by out's maximum, whatever went in: -CE_TOO_BIG. Pure.
 */
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/* 0, -CE_UNKNOWN: no such coding, -CE_CORRUPT, -CE_TRUNCATED, -CE_TOO_BIG, -CE_NOMEM. */
CANH_MUST_USE int body_decode(struct slice coding, struct slice in, struct buf *out);

#endif
