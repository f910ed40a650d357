/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_BLOCKS_H
#define CANH_JOURNAL_BLOCKS_H
/*
 * A stream block by block, for searches: what a block is, whether it may hold a word, its records.
 * The newest block is the one that is not sealed yet.
 *
 *     journal_blocks_new(j, stream, from, &blocks, &err);
 *     while ((r = journal_blocks_next(blocks, &head, &err)) > 0)
 *         if (times fit && journal_blocks_may_hold(blocks, word))
 *             r = journal_blocks_load(blocks, &block, &err);
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ip.h"
#include "journal/block.h"
#include "journal/journal.h"

struct journal_blocks;

/* From the block on that holds this offset. */
CANH_MUST_USE int journal_blocks_new(struct journal *j, uint32_t stream, uint64_t from,
                                     struct journal_blocks **ret, struct err *err);
struct journal_blocks *journal_blocks_free(struct journal_blocks *b); /* returns NULL */

/* 1 and the next block's head; 0 at the end. After -CE_CORRUPT the next call goes on behind what
 * is damaged. The block that is not sealed has data_size 0 and hash zero. */
CANH_MUST_USE int journal_blocks_next(struct journal_blocks *b, struct block_head *ret,
                                      struct err *err);
/* Whether the present block may have this word (filter.h), or this address. */
bool journal_blocks_may_hold(struct journal_blocks *b, struct slice word);
bool journal_blocks_may_hold_ip(struct journal_blocks *b, const struct ip *ip);
/* The present block's columns, and then its records' bytes too; borrowed until the next call. */
CANH_MUST_USE int journal_blocks_columns(struct journal_blocks *b, const struct block **ret,
                                         struct err *err);
CANH_MUST_USE int journal_blocks_load(struct journal_blocks *b, const struct block **ret,
                                      struct err *err);
/* The whole of the present block as stored, and its cipher, for another thread (block_decode(),
 * block_load()); or, where it is not sealed, *ret_pending: the journal's own, until it is written.
 */
CANH_MUST_USE int journal_blocks_fetch(struct journal_blocks *b, struct buf *ret,
                                       struct journal_cipher *ret_cipher,
                                       const struct block **ret_pending, struct err *err);
/* Whether the present block stands in a segment. */
bool journal_blocks_is_sealed(const struct journal_blocks *b);
/* Appends the present block as one that is not encrypted; see block_open(). One that is not sealed
 * needs prev. */
CANH_MUST_USE int journal_blocks_open(struct journal_blocks *b,
                                      const uint8_t prev[JOURNAL_HASH_SIZE], struct block_head *ret,
                                      struct buf *out, struct err *err);

#endif
