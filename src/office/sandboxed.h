/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_SANDBOXED_H
#define CANH_OFFICE_SANDBOXED_H
/*
 * Readers and drawers, each in a process of its own that may open nothing (a drawer: fonts), for a
 * face that holds the state and its keys: whoever takes over the reader of a hostile file has a
 * sandbox, no file, no network and a minute of processor time. What it made comes back as bytes, is
 * read as a stranger's (doctext_wire.h, workbook_wire.h) and, where it failed, as the error it had.
 *
 * Only for a caller of one thread (os/child.h). -CE_UNKNOWN: this system has no sandbox, and
 * `degrade` is off.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "office/doctext.h"
#include "office/workbook.h"

/* Seconds of processor time, and of waiting for it on a machine that has much else to do. */
enum { SANDBOXED_SECONDS = 60, SANDBOXED_WAIT_SECONDS = 300, SANDBOXED_MEMORY_MIB = 4096 };

/* What is done there: appends to out, or fails with err. */
typedef int sandboxed_work(void *user, struct buf *out, struct err *err);

CANH_MUST_USE int sandboxed_run(sandboxed_work *work, void *user, bool degrade, struct buf *out,
                                struct err *err);

/* workbook_read() and doctext_read(), apart. limits are needed. */
CANH_MUST_USE int sandboxed_workbook(struct arena *arena, struct slice bytes,
                                     const struct workbook_limits *limits, bool degrade,
                                     struct workbook **ret, struct err *err);
CANH_MUST_USE int sandboxed_doctext(struct arena *arena, struct slice bytes,
                                    const struct doctext_limits *limits, bool degrade,
                                    struct doctext **ret, struct err *err);

#endif
