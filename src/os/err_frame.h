/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OS_ERR_FRAME_H
#define CANH_OS_ERR_FRAME_H
/*
 * An error on its way from one process to another, to be worded by the one that has a reader: i32
 * code, i32 errno, u32 line, column, u64 offset, u32 id, u8 arguments, of each u8 kind, u32 at, u32
 * n, u64 value; then the texts' pool. Whoever takes it takes nothing for granted.
 */
#include "base/buf.h"
#include "base/err.h"
#include "os/frame.h"

void frame_put_err(struct buf *out, const struct err *err);
/* Marks the reader bad where it makes no sense; *ret is CE_PEER then. */
void frame_get_err(struct frame_reader *f, struct err *ret);

#endif
