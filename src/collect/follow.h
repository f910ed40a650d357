/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_FOLLOW_H
#define CANH_COLLECT_FOLLOW_H
/*
 * One log file followed by its path through rotation:
 *
 *     renamed       the old file is read to its end, also when it was renamed while nobody looked
 *                   (it is found again in its folder, also packed: packed.h), then those
 *                   that were rotated away behind it, then the new one, from their beginnings
 *     copytruncate  what was not read yet is read from the copy, where it is found beside the file
 *     truncated     begins anew; inode reused: the same, told by the file's first bytes
 *     unseen        a file that came and was rotated away before it was looked at is read first
 *                   (of two whose last lines came within one second, the later one is not found
 *                   once gzip packed it, which notes whole seconds)
 *
 * Each new content is a new generation, so that no two records share a position. A record is a line
 * without its line end; one that is not ended yet is not read, unless it is over the limit or the
 * file was rotated away. Where the log's format has records of several lines (layout.h), one is
 * those that go on with it, at most FOLLOW_LINES and the limit, and fewer where lines are so long
 * that FOLLOW_LOOK bytes had to be looked at to tell that they belong together; the last waits
 * FOLLOW_WAIT for more. Names of columns (64 KiB at most) are no record: they stand before each
 * that needs them. UTF-16 is read as UTF-8.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "collect/follow_cursor.h"
#include "collect/layout.h"
#include "collect/packed.h"
#include "collect/rotated.h"

enum { FOLLOW_LINES = 1000, FOLLOW_LOOK = 64 << 20 };

#define FOLLOW_WAIT (300 * INT64_C(1000000)) /* nanoseconds */

enum { FOLLOW_BASE_MAX = 80, FOLLOW_PATH = 1024 };

struct follow_line {
    struct slice text;
    uint64_t at; /* offset of its first byte */
    bool
        truncated; /* it goes on, and the rest is passed over; or its names were too long to keep */
};

struct follow {
    char path[FOLLOW_PATH], folder[FOLLOW_PATH];
    int fd; /* -1: none open */
    struct follow_cursor cursor;
    bool found_end;        /* has reached the end once: what comes now is live */
    bool recovering;       /* fd is a rotated file or a copy: the followed path comes after it */
    struct packed *packed; /* which fd is unpacked from, as it is read; NULL: from none */
    bool skipping;         /* the rest of a line over the limit */
    unsigned quiet;        /* polls without growth after the path led to another file */
    int64_t scanned;       /* when the folder was last looked through for files that came unseen */
    struct rotated_sized sized;
    uint32_t record_max;
    struct buf have;      /* read, not yet given, as UTF-8 */
    size_t have_at;       /* given bytes of it */
    uint64_t have_bytes;  /* of the file, that the rest was made of */
    struct layout layout; /* of what is read */
    int64_t grown;        /* when something was read last */
    bool ended;           /* nothing goes on with the last record */
    struct buf bytes;     /* read, in UTF-16 */
    struct buf record;    /* behind names of columns */
    uint64_t lost; /* files that could not be found or read; the caller tells and zeroes it */
};

/* cursor: as follow_cursor_write() made it; empty: first sight, from the end (from the beginning
 * when `all`). The file need not exist. since: files that came into being later were read by
 * nobody; for a first sight only. */
CANH_MUST_USE int follow_init(struct follow *f, const char *path, struct slice cursor, bool all,
                              int64_t since, uint32_t record_max, struct err *err);
void follow_done(struct follow *f);

/* Looks at the file; reads what fits. 1: there may be lines, 0: nothing new. Negative: it cannot be
 * read now (it is tried again next time). */
CANH_MUST_USE int follow_poll(struct follow *f, struct err *err);
/* The next record of what was read; its text lives until the next call. False: none. The cursor
 * moves behind it. */
bool follow_next(struct follow *f, struct follow_line *ret);

/* The file has gone with its folder, and all of it was read: what is at the path later is another
 * one, and nothing was missed. 1: so the cursor says now; 0: it says nothing of a file that was
 * read; -CE_BUSY: a last line without an end is to be given before. */
CANH_MUST_USE int follow_forget(struct follow *f, int64_t now);

/* Of lines read now: device, inode, generation. */
void follow_base(const struct follow *f, struct buf *out);

#endif
