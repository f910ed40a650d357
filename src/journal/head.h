/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_HEAD_H
#define CANH_JOURNAL_HEAD_H
/*
 * What every file of the journal begins with, in a skippable frame of zstd (RFC 8878, 3.1.2), so
 * that zstd's own tools pass over it. Pure.
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "journal/cipher.h"
#include "journal/key.h"
#include "journal/record.h"

/* Skippable frames of the journal; zstd takes 0x184D2A50 to 0x184D2A5F. */
enum journal_frame {
    FRAME_HEAD = 0x184D2A50,  /* first in every file */
    FRAME_BLOCK = 0x184D2A51, /* columns and filter of the block that follows */
    FRAME_DATA = 0x184D2A52,  /* its records, encrypted; plain ones are an ordinary zstd frame */
    FRAME_GROUP = 0x184D2A53, /* of a tail */
};

enum {
    FRAME_OPEN = 8, /* bytes of a frame's magic and size */
    JOURNAL_VERSION_FIRST = 1,
    JOURNAL_VERSION = 2, /* the newest; files say the oldest that holds what they have */
    CODEC_ZSTD = 1,
    HEAD_SIZE_MAX = 512,
};

enum journal_file { FILE_TAIL, FILE_SEGMENT, FILE_OFFSETS, FILE_KINDS };

struct journal_head {
    uint16_t version; /* 0: the first */
    enum journal_file kind;
    uint8_t cipher;
    uint8_t journal[JOURNAL_ID_SIZE];
    uint64_t number; /* tail: its number; segment: offset of its first record */
    uint64_t group;  /* tail: its first group; offsets: the last group it knows of */
    int64_t created;
    uint8_t prev[JOURNAL_HASH_SIZE]; /* segment: hash of the stream's block before it */
    char stream[JOURNAL_NAME_MAX + 1];
    uint8_t key_id[JOURNAL_KEY_ID_SIZE]; /* zeros when plain */
    uint8_t wrapped[JOURNAL_WRAPPED_SIZE];
};

/* Makes a data key (master NULL: none), sets cipher, key_id and wrapped, appends the frame. */
void head_write(struct journal_head *h, const struct journal_key *master,
                struct journal_cipher *ret, struct buf *out);
/*
 * Reads the frame at the start of a file; *ret_size is its length. -CE_TRUNCATED: the file is
 * shorter; -CE_UNKNOWN: of another version, codec or cipher; -CE_CORRUPT.
 */
CANH_MUST_USE int head_get(struct slice file, struct journal_head *ret, size_t *ret_size,
                           struct err *err);
/* The data key of the file by one of these keys. -CE_DENIED when none of them is the one. */
CANH_MUST_USE int head_unlock(const struct journal_head *h, const struct journal_key *keys,
                              uint32_t count, struct journal_cipher *ret, struct err *err);

/* What the first block of a stream has as the hash before it. */
void head_genesis(const uint8_t journal[JOURNAL_ID_SIZE], struct slice stream,
                  uint8_t ret[JOURNAL_HASH_SIZE]);

#endif
