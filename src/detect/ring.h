/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_RING_H
#define CANH_DETECT_RING_H
/*
 * Work in order over threads: one reader fills blocks, workers take them, one writer gets them back
 * in the order in which they were filled. A fixed number of blocks goes round, so memory does not
 * grow with the input, and whoever is ahead waits.
 *
 * What blocks are filled into, their stores, are fewer: a store is free again when its block is
 * done, and only what came of it waits for the writer. So no worker waits for one that is slower.
 *
 * Where much is read the same way, the reader lends filling out: a worker that finds nothing filled
 * fills a block itself and goes on with it, so that its bytes stay in that processor's caches and
 * no thread is woken for them.
 *
 *     reader:  while ((b = ring_fill(r, &store))) { …; ring_filled(r, b); }  ring_end(r);
 *              or, between: ring_lend(r, fill, ctx);
 *     worker:  while ((b = ring_pop(r, &slot))) { …; ring_done(r, slot, prompt); }
 *     writer:  while (ring_next(r, 0, &b) != RING_END) { …; ring_release(r); }
 *
 * A worker whose results have grown large calls ring_handover(): it waits until its block is the
 * oldest, lets the writer empty the results, and goes on with the same block.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

enum ring_state { RING_FREE, RING_FILLED, RING_TAKEN, RING_PARTIAL, RING_DONE };

struct ring_slot {
    enum ring_state state;
    void *block; /* the caller's; made once, goes round for ever */
    void *store; /* likewise; from ring_fill() to ring_done() */
};

/* Fills one block at most, by ring_fill() and ring_filled(). False: that was all. */
typedef bool ring_fill_fn(void *ctx);

struct ring {
    pthread_mutex_t lock;
    pthread_cond_t reader, lender, workers, writer, partial;
    struct ring_slot *slots;
    uint32_t count;
    void **spare; /* stores that no block has */
    uint32_t spare_count;
    uint64_t fill_at, take_at, head; /* running numbers; slot = number % count */
    ring_fill_fn *fill;              /* what workers may call; NULL: nothing is lent */
    void *fill_ctx;
    bool filling; /* one of them does */
    bool prompt;  /* some block that is done is to be written at once */
    bool ended, stopped;
};

/* The caller keeps owning all of them. At least one store more than there are workers. */
CANH_MUST_USE int ring_init(struct ring *r, void *const *blocks, uint32_t count,
                            void *const *stores, uint32_t store_count);
void ring_done_with(struct ring *r);

/* An empty block and its store, or NULL once the ring is stopped. */
void *ring_fill(struct ring *r, void **ret_store);
void ring_filled(struct ring *r, void *block);
/* Lets workers fill, one at a time, until `fill` returns false or the ring is stopped; returns
 * then. */
void ring_lend(struct ring *r, ring_fill_fn *fill, void *ctx);
/* No more blocks will come. */
void ring_end(struct ring *r);

/* The oldest filled block, or NULL when there will be none. *ret_slot names it for the calls below.
 */
void *ring_pop(struct ring *r, uint64_t *ret_slot);
/* False when the ring is stopped: nobody wants the results. */
bool ring_handover(struct ring *r, uint64_t slot);
/* Prompt: somebody waits for what came of it. Else the writer may be woken for several at once.
 */
void ring_done(struct ring *r, uint64_t slot, bool prompt);

enum ring_event { RING_BLOCK, RING_PART, RING_TIMEOUT, RING_END };

/* Waits for the oldest block, or part of it; at most timeout_ms (0: for ever). */
enum ring_event ring_next(struct ring *r, unsigned timeout_ms, void **ret_block);
/* After RING_BLOCK the block is free again; after RING_PART its worker goes on. */
void ring_release(struct ring *r);

/* Makes everyone finish: fill, take and handover give up. */
void ring_stop(struct ring *r);

#endif
