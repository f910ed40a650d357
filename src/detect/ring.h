/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_RING_H
#define CANH_DETECT_RING_H
/*
 * Work in order over threads: one reader fills blocks, workers take them, and what came of them is
 * written in the order in which they were filled. A fixed number of blocks goes round, so memory
 * does not grow with the input, and whoever is ahead waits.
 *
 * What blocks are filled into, their stores, are fewer: a store is free again when its block is
 * done, and only what came of it waits to be written. So no worker waits for one that is slower.
 *
 * Where much is read the same way, the reader lends filling out: a worker that finds nothing filled
 * fills a block itself and goes on with it, so that its bytes stay in that processor's caches and
 * no thread is woken for them. For the same reason the worker that is done with the oldest block
 * writes it, and those done behind it; only one writes at a time.
 *
 *     reader:  while ((b = ring_fill(r, &store))) { …; ring_filled(r, b); }  ring_end(r);
 *              or, between: ring_lend(r, fill, ctx);
 *     worker:  while ((b = ring_pop(r, &slot))) { …; ring_done(r, slot); }
 *     owner:   ring_write(r, idle_ms, write, ctx);
 *
 * A worker whose results have grown large calls ring_handover(): it waits until its block is the
 * oldest, has the results written, and goes on with the same block.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

enum ring_state { RING_FREE, RING_FILLED, RING_TAKEN, RING_PARTIAL, RING_DONE };

struct ring_slot {
    enum ring_state state;
    void *block; /* the caller's; from ring_fill() on */
    void *store; /* likewise; to ring_done() */
};

/* Fills one block at most, by ring_fill() and ring_filled(). False: that was all. */
typedef bool ring_fill_fn(void *ctx);

enum ring_event { RING_BLOCK, RING_PART, RING_IDLE };

/* Writes what came of the block or of part of it, in whichever thread; idle: there was nothing for
 * a while, and there is no block. */
typedef void ring_write_fn(void *ctx, enum ring_event event, void *block);

struct ring {
    pthread_mutex_t lock;
    pthread_cond_t reader, lender, workers, owner, partial;
    struct ring_slot *slots;
    uint32_t count;
    void **free_blocks; /* as many as free slots; the last, which caches know best, goes first */
    uint32_t free_count;
    void **spare; /* stores that no block has, likewise */
    uint32_t spare_count;
    uint64_t fill_at, take_at, head; /* running numbers; slot = number % count */
    ring_fill_fn *fill;              /* what workers may call; NULL: nothing is lent */
    void *fill_ctx;
    bool filling;         /* one of them does */
    ring_write_fn *write; /* NULL: what is done waits */
    void *write_ctx;
    bool writing; /* somebody does */
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
void ring_done(struct ring *r, uint64_t slot);

/* Has blocks written until all are or the ring is stopped; idle after idle_ms (0: never). */
void ring_write(struct ring *r, unsigned idle_ms, ring_write_fn *write, void *ctx);

/* Makes everyone finish: fill, take and handover give up. */
void ring_stop(struct ring *r);

#endif
