/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_BLOCK_H
#define CANH_JOURNAL_BLOCK_H
/*
 * Records that are stored together: about a MiB of one stream. As stored: a frame with a fixed
 * head, columns (all of a record but its bytes) and a token filter, then one zstd frame with the
 * records' bytes, each followed by a line feed. docs/journal.md has every byte. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/slice.h"
#include "journal/cipher.h"
#include "journal/record.h"

enum {
    BLOCK_RECORDS_MAX = 512 * 1024,
    BLOCK_RAW_MAX = 64 * 1024 * 1024,
    BLOCK_COLUMNS_MAX = 64 * 1024 * 1024,
    BLOCK_STORED_MAX = 160 * 1024 * 1024,
    BLOCK_HEAD_SIZE = 140, /* with its frame's magic and size */
};

/* What many records of a block have in common. */
struct block_context {
    uint8_t source[JOURNAL_ID_SIZE], unit[JOURNAL_ID_SIZE];
    uint32_t decoder, flags;
    enum journal_count count;
    struct slice base;
};

struct block_meta {
    int64_t received, claimed;
    uint64_t at;
    uint32_t context, start, length; /* start, length: in the block's raw bytes */
};

/* A block in memory: being filled, or read. */
struct block {
    uint64_t first; /* offset of its first record */
    struct block_meta *metas;
    uint32_t count, cap;
    struct block_context *contexts;
    uint32_t context_count, context_cap;
    struct buf raw; /* being filled: the records' bytes; read: only once block_load() was called */
    struct arena arena; /* bases, and the keys of the map */
    struct map map;     /* context → number, while being filled */
    uint32_t last;      /* context of the record added last */
    bool fast;          /* when it is stored: in half the time rather than in least space */
};

void block_init(struct block *b, uint64_t first);
void block_done(struct block *b);
/* Empties it, keeps memory. */
void block_clear(struct block *b, uint64_t first);
/* Adds a copy of the record; its offset must be first + count. 0, -CE_NOMEM, -CE_TOO_BIG. */
CANH_MUST_USE int block_add(struct block *b, const struct journal_record *r);
/* Forgets the records from this one on. */
void block_cut(struct block *b, uint32_t count);
/* The record's offset and all but its stream; raw is empty while the block is not loaded. */
void block_record(const struct block *b, uint32_t i, struct journal_record *ret);

/* The fixed part of a stored block. */
struct block_head {
    uint64_t first;
    uint32_t count;
    int64_t received_min, received_max;
    int64_t claimed_min, claimed_max; /* TIME_NONE when no record claims a time */
    uint32_t raw_size;                /* of the records' bytes, line feeds included */
    uint32_t columns_plain, columns_size, filter_size, data_size; /* sizes: as stored */
    uint8_t prev[JOURNAL_HASH_SIZE]; /* hash of the stream's block before */
    uint8_t hash[JOURNAL_HASH_SIZE];
};

/* Bytes from the start of the block to the start of the next. */
CANH_INLINE uint64_t block_size(const struct block_head *h)
{
    return (uint64_t)BLOCK_HEAD_SIZE + h->columns_size + h->filter_size + h->data_size;
}

struct block_coder; /* memory of zstd, for many blocks */
CANH_MUST_USE struct block_coder *block_coder_new(void);
/* Gives its memory back until it is used again. */
void block_coder_rest(struct block_coder *c);
struct block_coder *block_coder_free(struct block_coder *c); /* returns NULL */

/* Appends the block as stored. prev: hash of the block before; ret has the new one. */
CANH_MUST_USE int block_encode(struct block_coder *coder, const struct block *b,
                               const struct journal_cipher *c,
                               const uint8_t prev[JOURNAL_HASH_SIZE], struct block_head *ret,
                               struct buf *out);

/*
 * The same with exactly this size as stored, for a block that takes another's place: what is left
 * goes where the filter would be, all of whose lines are then damaged, so that they hold
 * everything. -CE_TOO_BIG when it needs more.
 */
CANH_MUST_USE int block_encode_as(struct block_coder *coder, const struct block *b,
                                  const struct journal_cipher *c,
                                  const uint8_t prev[JOURNAL_HASH_SIZE], uint64_t size,
                                  struct block_head *ret, struct buf *out);
/* What the head says of records and times; sizes and hashes are zero. */
void block_measure(const struct block *b, struct block_head *ret);

/* The head at the start of s. -CE_TRUNCATED, -CE_CORRUPT; err says which part. */
CANH_MUST_USE int block_head_get(struct slice s, struct block_head *ret, struct err *err);
/* Whether the stored block (all of it) has the hash that its head says. */
CANH_MUST_USE bool block_hash_holds(const struct block_head *h, struct slice stored);
/*
 * Reads the columns of a stored block (at least head and columns) into b; block_load() then its
 * records' bytes from the whole of it. -CE_CORRUPT, -CE_NOMEM.
 */
CANH_MUST_USE int block_decode(struct block_coder *coder, const struct block_head *h,
                               struct slice stored, const struct journal_cipher *c, struct block *b,
                               struct err *err);
CANH_MUST_USE int block_load(struct block_coder *coder, const struct block_head *h,
                             struct slice stored, const struct journal_cipher *c, struct block *b,
                             struct err *err);
/*
 * Appends the same block as one that is not encrypted and has no filter, nothing compressed anew:
 * for export, and for processes that have no keys. prev NULL: it is no part of a chain, and has no
 * hash. -CE_CORRUPT, -CE_TRUNCATED, -CE_NOMEM.
 */
CANH_MUST_USE int block_open(struct block_coder *coder, const struct block_head *h,
                             struct slice stored, const struct journal_cipher *c,
                             const uint8_t prev[JOURNAL_HASH_SIZE], struct block_head *ret,
                             struct buf *out);

#endif
