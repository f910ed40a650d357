/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_WALK_H
#define CANH_DETECT_WALK_H
/*
 * Files named by somebody: each operand in the order given; a folder with everything below it,
 * names sorted by bytes, so that two runs see the same order. One folder at a time is in memory,
 * whatever the size of the tree.
 *
 * Inside folders only regular files count: symbolic links are not followed (evidence may hold
 * links that point anywhere, or in circles), devices and pipes are not opened. An operand itself
 * may be a link, a pipe or a device; "-" is standard input.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

enum { WALK_DEPTH_MAX = 128, WALK_NAMES_MAX = 64 * 1024 * 1024 };

/* What was named. */
struct paths {
    const char *const *items;
    uint32_t count;
};

struct stat;
struct walk_level; /* an open folder and its names */

struct walk {
    struct paths operands;
    uint32_t next_operand;
    struct walk_level *levels;
    unsigned depth;
    dev_t skip_dev; /* a file never to be given out: our own output */
    ino_t skip_ino;
    bool skip;
    bool skip_hidden; /* names inside folders that begin with a dot */
    bool measure;     /* only look at files: add up their sizes in `total` */
    uint64_t total;
    /* Then told of each; may be NULL. */
    void (*seen)(void *ctx, const char *path, const struct stat *st);
    void *ctx;
    bool missing;                    /* then: an operand is not there */
    bool (*wants)(const char *name); /* of files inside folders; NULL takes all */
    struct buf path;                 /* of the current folder, then of the current file */
    uint64_t links, special;         /* passed over inside folders */
};

enum walk_kind {
    WALK_FILE,
    WALK_ERROR, /* err says what cannot be read; the walk goes on */
    WALK_END,
};

struct walk_item {
    const char *path; /* valid until the next call */
    int fd;           /* open for reading; the caller closes it */
    bool operand;     /* named itself, not found in a folder */
    bool regular;
    uint64_t size; /* of a regular file */
    struct err err;
};

CANH_MUST_USE int walk_init(struct walk *w, struct paths operands);
void walk_done(struct walk *w);
enum walk_kind walk_next(struct walk *w, struct walk_item *ret);

/* The sizes of all regular files that a walk would give, none of them opened: for progress. */
uint64_t walk_total(struct paths operands);

#endif
