/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OS_BULK_H
#define CANH_OS_BULK_H
/*
 * Bytes too many for a frame: a memfd, sealed, so that nobody changes or shortens it under a
 * reader.
 */
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

enum { BULK_MAX = 17 * 1024 * 1024 };

/* A sealed memfd with these bytes; the caller's to close. */
CANH_MUST_USE int bulk_make(struct slice s, int *ret_fd, struct err *err);

/* The bytes, read-only; -CE_PEER unless fd is a memfd sealed against writing and shrinking and not
 * larger than max. bulk_unmap() frees. */
CANH_MUST_USE int bulk_map(int fd, size_t max, struct slice *ret, struct err *err);
void bulk_unmap(struct slice s);

#endif
