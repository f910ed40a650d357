/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_SCAN_INPUT_H
#define CANH_DETECT_SCAN_INPUT_H
/*
 * One input of a scan while it is read: bytes into blocks. Used by one thread at a time.
 *
 * Text in UTF-16, as PowerShell writes it, arrives in the blocks as UTF-8.
 */
#include "base/utf.h"
#include "detect/scan_internal.h"

struct input {
    struct scan *scan;
    struct scan_input_file *file;
    struct scan_block *block; /* being filled */
    int fd;
    bool regular, ended;
    bool peeked;                   /* rest is what input_peek() looked at: nobody has had it */
    bool again;                    /* second pass: leftovers */
    bool unpacked;                 /* comes from unpack.h, whose packed bytes are counted */
    off_t began;                   /* of a regular file, where it was opened */
    int failed;                    /* errno of a read */
    uint64_t at;                   /* offset of the block's first byte in the input */
    uint64_t before, before_lines; /* what stands before the log and belongs to none */
    struct buf rest;               /* read, but belongs to the next block */
    enum utf_kind coding;
    uint8_t split[4]; /* the start of a character that the next read completes */
    size_t split_len;
    struct buf text; /* scratch for UTF-16 */
};

void input_init(struct input *s, struct scan *scan, struct scan_input_file *file, int fd,
                bool regular);
void input_done(struct input *s);

/*
 * The first bytes of the input, at least n unless it ends or a live stream has no more for now;
 * before the first block.
 */
struct slice input_peek(struct input *s, size_t n);

/* A block to fill, empty but for what the last one left over. False: stop everything. */
CANH_MUST_USE bool input_begin_block(struct input *s);
/* Hands the block on. */
void input_end_block(struct input *s);
/* Keeps what stands behind the first `taken` bytes of the block for the next one. False: stop. */
CANH_MUST_USE bool input_keep(struct input *s, size_t taken);
/* Drops the first `taken` bytes of the block. */
void input_drop(struct input *s, size_t taken);
/* Makes room for n bytes in the block. False, and scan->no_memory, when there is none. */
CANH_MUST_USE bool input_fit(struct input *s, size_t n);

/* Reads until the block holds `want` bytes, the input ends, or a live stream has no more for now.
 */
void input_read(struct input *s, size_t want);
/* Reads on until there are `want` bytes or no more. */
void input_read_full(struct input *s, size_t want);
/* Back to the beginning, for a second pass. False when that cannot be. */
CANH_MUST_USE bool input_rewind(struct input *s);
/* To be called once the beginning is in the block: finds UTF-16, and from then on
 * (the beginning included) turns the text into UTF-8. */
void input_detect_coding(struct input *s);

#endif
