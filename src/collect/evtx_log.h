/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_EVTX_LOG_H
#define CANH_COLLECT_EVTX_LOG_H
/*
 * One EVTX file in a folder: dropped there once, copied over from time to time with more in it, or
 * growing. What is new is told by record numbers, wherever in the file it stands: a log that has
 * reached its size goes on at its beginning.
 *
 * A file is read once it has not changed for two seconds (a copy that is half there has its oldest
 * records last); one that was read before and changes all the time, once a minute. A cleared log
 * begins anew, which is seen when its last record's number is smaller or stands at another time.
 *
 * A record is JSON in evtx_dump's shape: a chunk's binary form means nothing outside the chunk. Its
 * position is its log's channel and computer and its number.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum { EVTX_LOG_CURSOR_MAX = 100, EVTX_LOG_PATH = 1024, EVTX_LOG_BASE_MAX = 600 };

struct evtx_log_cursor {
    uint64_t last;  /* number of the last record read; 0: none yet */
    int64_t time;   /* when that one says it happened */
    bool caught_up; /* the file was read to its end once: what comes now is live */
};

struct evtx_pass;

struct evtx_log {
    char path[EVTX_LOG_PATH];
    uint32_t record_max;
    struct evtx_log_cursor cursor;
    struct stat seen, read; /* as it was at the last look; as it was when it was read last */
    int64_t changed, first; /* when `seen` was first so; when it first differed from `read` */
    struct evtx_pass *pass; /* while it is being read */
    uint64_t lost; /* numbers that are missing between records read; the caller zeroes it */
};

struct evtx_log_record {
    struct slice text, base; /* until the next call */
    uint64_t number;
};

CANH_MUST_USE int evtx_log_init(struct evtx_log *l, const char *path, struct slice cursor,
                                uint32_t record_max, struct err *err);
void evtx_log_done(struct evtx_log *l);

/* 1: there may be records; 0: nothing to read now. Negative: it cannot be read as it is. now: ns.
 */
CANH_MUST_USE int evtx_log_poll(struct evtx_log *l, int64_t now, struct err *err);
/* The cursor moves behind it. False: no more. */
bool evtx_log_next(struct evtx_log *l, struct evtx_log_record *ret);

void evtx_log_cursor_write(const struct evtx_log *l, struct buf *out);
/* -CE_SYNTAX. Pure. */
CANH_MUST_USE int evtx_log_cursor_read(struct slice s, struct evtx_log_cursor *ret);

#endif
