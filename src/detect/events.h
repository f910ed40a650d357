/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_EVENTS_H
#define CANH_DETECT_EVENTS_H
/*
 * All events of one log held in memory, one after the other, for verbs that look at a few of them.
 * A scan has its own way, for logs of any size.
 */
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "decode/decoder.h"
#include "event/event.h"
#include "event/keys.h"

enum { EVENTS_BYTES_MAX = 256 * 1024 * 1024 };

/* Reads a log, "-" is standard input. 0 or negative. */
CANH_MUST_USE int events_read(const char *path, struct buf *ret, struct err *err);

/*
 * Calls use() for every event until it returns false, and bad() for what could not be decoded. 0,
 * or -CE_UNKNOWN when the text is no log, -CE_NOMEM. text must come from events_read().
 */
CANH_MUST_USE int events_each(const struct buf *text, const struct keys *keys,
                              bool (*use)(void *ctx, const struct event *e),
                              void (*bad)(void *ctx, const struct decode_fault *fault), void *ctx,
                              struct err *err);

#endif
