/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/ring.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/err.h"

static void free_arrays(struct ring *r)
{
    free(r->slots);
    free(r->free_blocks);
    free(r->spare);
    r->slots = NULL;
}

int ring_init(struct ring *r, void *const *blocks, uint32_t count, void *const *stores,
              uint32_t store_count)
{
    pthread_condattr_t attr;

    *r = (struct ring){.count = count, .free_count = count, .spare_count = store_count};
    r->slots = calloc(count, sizeof(*r->slots));
    r->free_blocks = calloc(count, sizeof(*r->free_blocks));
    r->spare = calloc(store_count, sizeof(*r->spare));
    if (r->slots == NULL || r->free_blocks == NULL || r->spare == NULL) {
        free_arrays(r);
        return -CE_NOMEM;
    }
    memcpy(r->free_blocks, blocks, count * sizeof(*blocks));
    memcpy(r->spare, stores, store_count * sizeof(*stores));
    (void)pthread_mutex_init(&r->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&r->reader, &attr);
    (void)pthread_cond_init(&r->lender, &attr);
    (void)pthread_cond_init(&r->workers, &attr);
    (void)pthread_cond_init(&r->owner, &attr);
    (void)pthread_cond_init(&r->partial, &attr);
    (void)pthread_condattr_destroy(&attr);
    return 0;
}

void ring_done_with(struct ring *r)
{
    if (r->slots == NULL)
        return;
    (void)pthread_cond_destroy(&r->reader);
    (void)pthread_cond_destroy(&r->lender);
    (void)pthread_cond_destroy(&r->workers);
    (void)pthread_cond_destroy(&r->owner);
    (void)pthread_cond_destroy(&r->partial);
    (void)pthread_mutex_destroy(&r->lock);
    free_arrays(r);
}

static struct ring_slot *slot_at(struct ring *r, uint64_t number)
{
    canh_assert(r->slots != NULL && number >= r->head && number - r->head <= r->count);
    return &r->slots[number % r->count];
}

static bool head_ready(struct ring *r)
{
    enum ring_state state = slot_at(r, r->head)->state;

    return r->head < r->fill_at && (state == RING_DONE || state == RING_PARTIAL);
}

/* Nothing more will be written. */
static bool is_over(const struct ring *r)
{
    return r->stopped || (r->ended && r->head == r->fill_at);
}

/* After RING_BLOCK the block is free again; after RING_PART its worker goes on. */
static void release_head(struct ring *r)
{
    struct ring_slot *slot = slot_at(r, r->head);

    if (slot->state == RING_PARTIAL) {
        slot->state = RING_TAKEN;
        (void)pthread_cond_broadcast(&r->partial);
    } else {
        slot->state = RING_FREE;
        r->free_blocks[r->free_count++] = slot->block;
        r->head++;
        (void)pthread_cond_signal(&r->reader);
    }
}

/* The function that writes is called without the lock. */
static void write_one(struct ring *r, enum ring_event event, void *block)
{
    (void)pthread_mutex_unlock(&r->lock);
    r->write(r->write_ctx, event, block);
    (void)pthread_mutex_lock(&r->lock);
}

/* Writes what is ready, and what becomes so meanwhile, unless somebody does. */
static void write_ready(struct ring *r)
{
    if (r->writing || r->write == NULL)
        return;
    r->writing = true;
    while (!r->stopped && head_ready(r)) {
        struct ring_slot *slot = slot_at(r, r->head);

        write_one(r, slot->state == RING_DONE ? RING_BLOCK : RING_PART, slot->block);
        release_head(r);
    }
    r->writing = false;
    if (is_over(r))
        (void)pthread_cond_signal(&r->owner);
}

void *ring_fill(struct ring *r, void **ret_store)
{
    struct ring_slot *slot = NULL;

    (void)pthread_mutex_lock(&r->lock);
    while (!r->stopped && (slot_at(r, r->fill_at)->state != RING_FREE || r->spare_count == 0))
        (void)pthread_cond_wait(&r->reader, &r->lock);
    if (!r->stopped) {
        slot = slot_at(r, r->fill_at);
        slot->block = r->free_blocks[--r->free_count];
        slot->store = r->spare[--r->spare_count];
        *ret_store = slot->store;
    }
    (void)pthread_mutex_unlock(&r->lock);
    return slot ? slot->block : NULL;
}

void ring_filled(struct ring *r, void *block)
{
    (void)pthread_mutex_lock(&r->lock);
    if (slot_at(r, r->fill_at)->block == block)
        slot_at(r, r->fill_at++)->state = RING_FILLED;
    if (!r->filling) /* else it is for who has filled it */
        (void)pthread_cond_signal(&r->workers);
    (void)pthread_mutex_unlock(&r->lock);
}

void ring_lend(struct ring *r, ring_fill_fn *fill, void *ctx)
{
    (void)pthread_mutex_lock(&r->lock);
    r->fill = fill;
    r->fill_ctx = ctx;
    (void)pthread_cond_signal(&r->workers);
    while (r->filling || (r->fill != NULL && !r->stopped))
        (void)pthread_cond_wait(&r->lender, &r->lock);
    r->fill = NULL;
    (void)pthread_mutex_unlock(&r->lock);
}

/* Fills what is lent, without the lock. */
static void fill_lent(struct ring *r)
{
    bool more;

    r->filling = true;
    (void)pthread_mutex_unlock(&r->lock);
    more = r->fill(r->fill_ctx);
    (void)pthread_mutex_lock(&r->lock);
    r->filling = false;
    if (!more)
        r->fill = NULL;
    if (!more || r->stopped)
        (void)pthread_cond_signal(&r->lender);
    (void)pthread_cond_signal(&r->workers); /* whoever waited may fill now */
}

void ring_end(struct ring *r)
{
    (void)pthread_mutex_lock(&r->lock);
    r->ended = true;
    (void)pthread_cond_broadcast(&r->workers);
    (void)pthread_cond_signal(&r->owner);
    (void)pthread_mutex_unlock(&r->lock);
}

void *ring_pop(struct ring *r, uint64_t *ret_slot)
{
    void *block = NULL;

    (void)pthread_mutex_lock(&r->lock);
    while (!r->stopped && !r->ended && r->take_at == r->fill_at) {
        if (r->fill != NULL && !r->filling)
            fill_lent(r);
        else
            (void)pthread_cond_wait(&r->workers, &r->lock);
    }
    if (!r->stopped && r->take_at < r->fill_at) {
        *ret_slot = r->take_at++;
        slot_at(r, *ret_slot)->state = RING_TAKEN;
        block = slot_at(r, *ret_slot)->block;
    }
    (void)pthread_mutex_unlock(&r->lock);
    return block;
}

bool ring_handover(struct ring *r, uint64_t slot)
{
    bool wanted;

    (void)pthread_mutex_lock(&r->lock);
    canh_assert(r->stopped || slot_at(r, slot)->state == RING_TAKEN);
    slot_at(r, slot)->state = RING_PARTIAL;
    write_ready(r);
    while (!r->stopped && slot_at(r, slot)->state == RING_PARTIAL)
        (void)pthread_cond_wait(&r->partial, &r->lock);
    wanted = !r->stopped;
    (void)pthread_mutex_unlock(&r->lock);
    return wanted;
}

void ring_done(struct ring *r, uint64_t slot)
{
    (void)pthread_mutex_lock(&r->lock);
    canh_assert(r->stopped || slot_at(r, slot)->state == RING_TAKEN);
    slot_at(r, slot)->state = RING_DONE;
    r->spare[r->spare_count++] = slot_at(r, slot)->store;
    (void)pthread_cond_signal(&r->reader);
    write_ready(r);
    (void)pthread_mutex_unlock(&r->lock);
}

static struct timespec deadline_in(unsigned ms)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

/* False: so long nobody has had anything to say. */
static bool wait_owner(struct ring *r, unsigned ms)
{
    struct timespec until = deadline_in(ms);

    if (ms > 0)
        return pthread_cond_timedwait(&r->owner, &r->lock, &until) == 0;
    return pthread_cond_wait(&r->owner, &r->lock) == 0;
}

void ring_write(struct ring *r, unsigned idle_ms, ring_write_fn *write, void *ctx)
{
    (void)pthread_mutex_lock(&r->lock);
    r->write = write;
    r->write_ctx = ctx;
    write_ready(r);
    while (r->writing || !is_over(r)) {
        uint64_t head = r->head;

        if (wait_owner(r, idle_ms) || r->writing || r->head != head || is_over(r))
            continue;
        r->writing = true;
        write_one(r, RING_IDLE, NULL);
        r->writing = false;
        write_ready(r);
    }
    r->write = NULL;
    (void)pthread_mutex_unlock(&r->lock);
}

void ring_stop(struct ring *r)
{
    (void)pthread_mutex_lock(&r->lock);
    r->stopped = true;
    (void)pthread_cond_broadcast(&r->reader);
    (void)pthread_cond_signal(&r->lender);
    (void)pthread_cond_broadcast(&r->workers);
    (void)pthread_cond_broadcast(&r->partial);
    (void)pthread_cond_signal(&r->owner);
    (void)pthread_mutex_unlock(&r->lock);
}
