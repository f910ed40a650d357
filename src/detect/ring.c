/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/ring.h"

#include <stdlib.h>
#include <time.h>

#include "base/assert.h"
#include "base/err.h"

int ring_init(struct ring *r, void *const *blocks, uint32_t count, void *const *stores,
              uint32_t store_count)
{
    pthread_condattr_t attr;

    *r = (struct ring){.count = count, .spare_count = store_count};
    r->slots = calloc(count, sizeof(*r->slots));
    r->spare = calloc(store_count, sizeof(*r->spare));
    if (r->slots == NULL || r->spare == NULL) {
        free(r->slots);
        free(r->spare);
        *r = (struct ring){0};
        return -CE_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++)
        r->slots[i].block = blocks[i];
    for (uint32_t i = 0; i < store_count; i++)
        r->spare[i] = stores[i];
    (void)pthread_mutex_init(&r->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&r->reader, &attr);
    (void)pthread_cond_init(&r->lender, &attr);
    (void)pthread_cond_init(&r->workers, &attr);
    (void)pthread_cond_init(&r->writer, &attr);
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
    (void)pthread_cond_destroy(&r->writer);
    (void)pthread_cond_destroy(&r->partial);
    (void)pthread_mutex_destroy(&r->lock);
    free(r->slots);
    free(r->spare);
    r->slots = NULL;
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

/* What is done is worth a change of threads. */
static bool wants_writer(const struct ring *r)
{
    return r->prompt || r->ended || r->fill_at - r->head > r->count / 2;
}

void *ring_fill(struct ring *r, void **ret_store)
{
    struct ring_slot *slot = NULL;

    (void)pthread_mutex_lock(&r->lock);
    while (!r->stopped && (slot_at(r, r->fill_at)->state != RING_FREE || r->spare_count == 0))
        (void)pthread_cond_wait(&r->reader, &r->lock);
    if (!r->stopped) {
        slot = slot_at(r, r->fill_at);
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
    (void)pthread_cond_signal(&r->writer);
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
    if (head_ready(r))
        (void)pthread_cond_signal(&r->writer);
    while (!r->stopped && slot_at(r, slot)->state == RING_PARTIAL)
        (void)pthread_cond_wait(&r->partial, &r->lock);
    wanted = !r->stopped;
    (void)pthread_mutex_unlock(&r->lock);
    return wanted;
}

void ring_done(struct ring *r, uint64_t slot, bool prompt)
{
    (void)pthread_mutex_lock(&r->lock);
    canh_assert(r->stopped || slot_at(r, slot)->state == RING_TAKEN);
    slot_at(r, slot)->state = RING_DONE;
    r->spare[r->spare_count++] = slot_at(r, slot)->store;
    r->prompt |= prompt;
    (void)pthread_cond_signal(&r->reader);
    if (head_ready(r) && wants_writer(r))
        (void)pthread_cond_signal(&r->writer);
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

enum ring_event ring_next(struct ring *r, unsigned timeout_ms, void **ret_block)
{
    struct timespec until = deadline_in(timeout_ms);
    enum ring_event event = RING_TIMEOUT;
    bool waiting = true;

    (void)pthread_mutex_lock(&r->lock);
    while (waiting && !r->stopped && !head_ready(r) && !(r->ended && r->head == r->fill_at)) {
        if (timeout_ms == 0)
            (void)pthread_cond_wait(&r->writer, &r->lock);
        else
            waiting = pthread_cond_timedwait(&r->writer, &r->lock, &until) == 0;
    }
    if (r->stopped || (r->ended && r->head == r->fill_at)) {
        event = RING_END;
    } else if (head_ready(r)) {
        event = slot_at(r, r->head)->state == RING_DONE ? RING_BLOCK : RING_PART;
        *ret_block = slot_at(r, r->head)->block;
    }
    (void)pthread_mutex_unlock(&r->lock);
    return event;
}

void ring_release(struct ring *r)
{
    struct ring_slot *slot;

    (void)pthread_mutex_lock(&r->lock);
    slot = slot_at(r, r->head);
    if (slot->state == RING_PARTIAL) {
        slot->state = RING_TAKEN;
        (void)pthread_cond_broadcast(&r->partial);
    } else {
        slot->state = RING_FREE;
        r->head++;
        r->prompt &= head_ready(r);
        (void)pthread_cond_signal(&r->reader);
    }
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
    (void)pthread_cond_signal(&r->writer);
    (void)pthread_mutex_unlock(&r->lock);
}
