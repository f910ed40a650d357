/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_EVENTS_H
#define CANH_CLI_EVENTS_H
/*
 * All events of one log held in memory, one after the other, for verbs that look at a few of them.
 * canh scan has its own way, for logs of any size.
 */
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "event/event.h"
#include "event/keys.h"

enum { EVENTS_BYTES_MAX = 256 * 1024 * 1024 };

/* A log is what begins like one; blanks, a byte order mark and evtx_dump's `Record 1` aside. */
enum log_kind { LOG_NONE, LOG_JSON, LOG_EVTX };
enum log_kind log_recognise(struct slice beginning);

/* Reads a log, "-" is standard input. 0 or negative. */
CANH_MUST_USE int events_read(const char *path, struct buf *ret, struct err *err);

/*
 * Calls use() for every event until it returns false, and bad() for what could not be decoded. 0,
 * or -CE_UNKNOWN when the text is no log, -CE_NOMEM. text must come from events_read().
 */
CANH_MUST_USE int events_each(const struct buf *text, const struct keys *keys,
                              bool (*use)(void *ctx, const struct event *e),
                              void (*bad)(void *ctx, const struct err *err), void *ctx,
                              struct err *err);

#endif
