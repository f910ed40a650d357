/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_FOLLOW_CURSOR_H
#define CANH_COLLECT_FOLLOW_CURSOR_H
/*
 * How far a followed log was read, and by what its content is known again: its file, and its first
 * bytes where that file is a copy or another has its inode now.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

enum { FOLLOW_CURSOR_MAX = 200, FOLLOW_HEAD = 1024 };

/* What was read so far, as it is committed. */
struct follow_cursor {
    uint64_t dev, ino;
    uint64_t generation; /* 0: never looked */
    uint64_t offset;
    uint32_t head_n; /* of the file's first bytes, at most FOLLOW_HEAD */
    uint64_t head;   /* their hash; while there never was a file: since when (ns), as head_n is 0 */
    int64_t written; /* when it was written last, as far as it was read (ns); 0: not known */
};

void follow_cursor_write(const struct follow_cursor *c, struct buf *out);
/* Of before it told `written`, too. -CE_SYNTAX. Pure. */
CANH_MUST_USE int follow_cursor_read(struct slice s, struct follow_cursor *ret);

/* A regular file, no link, to be read; -1 and errno. */
CANH_MUST_USE int follow_open(const char *path, struct stat *ret);
/* When the file was written last (ns). Pure. */
int64_t follow_written(const struct stat *st);
/* The hash of the first n bytes; false: there are not so many. */
bool follow_head(int fd, uint32_t n, uint64_t *ret);
/* Whether the file's first bytes are those of the cursor's. */
bool follow_begins_as(int fd, const struct follow_cursor *c);

#endif
