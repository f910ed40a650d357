/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_ROTATED_H
#define CANH_COLLECT_ROTATED_H
/*
 * What rotation made of a followed log, looked for among the files beside it whose names begin with
 * its name; ROTATED_NAMES names of the folder are looked at. All that find give an open file, or
 * -1.
 */
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include "base/attr.h"
#include "collect/follow_cursor.h"

enum { ROTATED_NAMES = 4096 };

/* Borrowed. */
struct rotated_log {
    const char *folder, *name;
    const struct follow_cursor *cursor;
};

/* The file that the cursor is of, under another name. */
CANH_MUST_USE int rotated_same(const struct rotated_log *log);
/* A copy of it that goes as far and begins alike; of several the last written one. */
CANH_MUST_USE int rotated_copy(const struct rotated_log *log);
/* The rest of one that gzip packed (packed.h), of several that begin alike the last written one;
 * *ret_written: when that was. */
CANH_MUST_USE int rotated_packed(const struct rotated_log *log, struct timespec *ret_written);
/* Several rotations passed unseen: of the rotated files that were written after `read`, and are not
 * the one at `path`, the one written first. */
CANH_MUST_USE int rotated_next(const struct rotated_log *log, const struct stat *read,
                               const struct stat *path);
/* How many of those are packed. */
uint64_t rotated_packed_later(const struct rotated_log *log, const struct timespec *written);
/* Of rotated files that were born after `since` (ns) the one written first; *lost grows by those
 * that are packed. */
CANH_MUST_USE int rotated_unseen(const struct rotated_log *log, int64_t since, uint64_t *lost);

#endif
