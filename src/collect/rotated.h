/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_ROTATED_H
#define CANH_COLLECT_ROTATED_H
/*
 * What rotation made of a followed log, looked for among the files beside it whose names begin with
 * its name. At most ROTATED_NAMES of those are opened that can be it by their names, times and
 * sizes; of the rest only their number is known. One that was packed
 * (packed.h) is as good as the log itself; what cannot be unpacked is counted.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/attr.h"
#include "base/time.h"
#include "collect/follow_cursor.h"
#include "collect/packed.h"

enum { ROTATED_NAMES = 4096 };

/* A packed file whose log is counted to know its size, a step at each look; zeros: none. */
struct rotated_sized {
    dev_t dev;
    ino_t ino;
    int64_t written;         /* the packed file */
    uint64_t size;           /* UINT64_MAX: it cannot be told */
    struct packed *counting; /* NULL: it was counted */
    bool looked;             /* it was there at the last look */
};
/* No further step is wanted. */
void rotated_sized_end(struct rotated_sized *s);

/* Borrowed. */
struct rotated_log {
    const char *folder, *name;
    const struct follow_cursor *cursor;
    struct rotated_sized *sized; /* the last one: it is not counted anew at every look */
};

/* One that was found; the caller's. */
struct rotated_file {
    int fd;                /* the log */
    struct packed *packed; /* which is unpacked as it is read; NULL: it is the file itself */
    struct stat st;        /* the file's */
    int64_t written;       /* when the log was written last (ns) */
};

/* One that nobody took. */
void rotated_done(struct rotated_file *x);

/* The file that the cursor is of, under another name. */
bool rotated_same(const struct rotated_log *log, struct rotated_file *ret);
/* A copy of it that goes as far and begins alike; of several the last written one. */
bool rotated_copy(const struct rotated_log *log, struct rotated_file *ret);
enum rotated_found {
    ROTATED_NONE,
    ROTATED_FOUND,
    ROTATED_WAIT /* one is being packed or counted, or too many are being unpacked */
};

/* One that was packed, of several that begin alike the last written one. */
enum rotated_found rotated_packed(const struct rotated_log *log, struct rotated_file *ret);
/* Rotations that passed unseen: of the rotated files that were written after `written`, and are not
 * the one at `path`, the one written first. */
enum rotated_found rotated_next(const struct rotated_log *log, int64_t written,
                                const struct stat *path, struct rotated_file *ret);
/* Of rotated files that were born after `since`, and written after it, the one written first. */
enum rotated_found rotated_unseen(const struct rotated_log *log, int64_t since,
                                  struct rotated_file *ret);
/* How many of those between two times cannot be read, or were not looked at. */
uint64_t rotated_unread(const struct rotated_log *log, int64_t from, int64_t to);

#endif
