/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_SCAN_SOURCE_H
#define CANH_CLI_SCAN_SOURCE_H
/*
 * One input of a scan while it is read: bytes into blocks. Used by the reading thread only.
 *
 * Text in UTF-16 with a byte order mark, as PowerShell writes it, arrives in the blocks as UTF-8.
 */
#include "cli/scan.h"

enum source_coding { SOURCE_BYTES, SOURCE_UTF16LE, SOURCE_UTF16BE };

struct source {
    struct scan *scan;
    struct scan_file *file;
    struct scan_block *block; /* being filled */
    int fd;
    bool regular, ended;
    bool again;      /* second pass: nothing is counted or told */
    off_t began;     /* of a regular file, where it was opened */
    int failed;      /* errno of a read */
    uint64_t at;     /* offset of block->data[0] in the input */
    struct buf rest; /* read, but belongs to the next block */
    enum source_coding coding;
    uint8_t split[4]; /* the start of a character that the next read completes */
    size_t split_len;
    struct buf text; /* scratch for UTF-16 */
};

void source_init(struct source *s, struct scan *scan, struct scan_file *file, int fd, bool regular);
void source_done(struct source *s);

/* A block to fill, empty but for what the last one left over. False: stop everything. */
CANH_MUST_USE bool source_begin(struct source *s);
/* Hands the block on. */
void source_give(struct source *s);
/* Keeps what stands behind the first `taken` bytes of the block for the next one. False: stop. */
CANH_MUST_USE bool source_keep(struct source *s, size_t taken);
/* Drops the first `taken` bytes of the block. */
void source_drop(struct source *s, size_t taken);
/* Makes room for n bytes in the block. False, and scan->no_memory, when there is none. */
CANH_MUST_USE bool source_fit(struct source *s, size_t n);

/* Reads until the block holds `want` bytes, the input ends, or a live stream has no more for now.
 */
void source_read(struct source *s, size_t want);
/* Reads on until there are `want` bytes or no more. */
void source_read_full(struct source *s, size_t want);
/* Back to the beginning, for a second pass. False when that cannot be. */
CANH_MUST_USE bool source_rewind(struct source *s);
/* To be called once the beginning is in the block: finds a UTF-16 byte order mark, and from then on
 * (the beginning included) turns the text into UTF-8. */
void source_detect_coding(struct source *s);

#endif
