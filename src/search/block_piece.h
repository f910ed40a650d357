/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SEARCH_BLOCK_PIECE_H
#define CANH_SEARCH_BLOCK_PIECE_H
/*
 * Stored blocks as pieces of a search (crew.h): they are opened, unpacked and tried by whichever
 * thread takes them, in its session's memory. That of one as stored is kept for the next; the pool
 * is used by the thread that gives pieces, and outlives the crew.
 */
#include "journal/blocks.h"
#include "search/crew.h"

struct block_pool;

struct block_piece {
    struct block_pool *pool;
    struct block_piece *next; /* not in use */
    struct journal_cipher cipher;
    struct block_head head;
    struct buf stored;
    struct slice given;          /* instead of `stored`: plain, and the caller's */
    const struct block *pending; /* instead of both: one that is not sealed */
};

CANH_MUST_USE struct block_pool *block_pool_new(void);    /* NULL: without memory */
struct block_pool *block_pool_free(struct block_pool *p); /* returns NULL */

/* One to be filled; NULL without memory. It goes back by block_piece_done() or as a piece. */
CANH_MUST_USE struct block_piece *block_piece_new(struct block_pool *p);
void block_piece_done(void *piece);
/* The piece to be given to a crew. */
struct search_piece block_piece_release(struct block_piece *p);

/*
 * A block as keep hands it out: plain (journal_blocks_open()), all of it in bytes, for which
 * release is called once they are no longer needed, also after a failure.
 */
CANH_MUST_USE int block_pool_piece(struct block_pool *p, struct slice bytes,
                                   void (*release)(struct slice bytes), struct search_piece *ret,
                                   struct err *err);

#endif
