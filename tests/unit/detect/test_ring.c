/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/ring.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "tap.h"

enum { BLOCKS = 9, WORKERS = 4, STORES = WORKERS + 1, ITEMS = 2000, PARTS = 3 };

struct store {
    uint64_t number;
    bool used; /* by a block that is not done */
};

struct item {
    struct store *store;
    uint64_t number, result;
    uint64_t parts;
    bool torn; /* its store was that of another block, too */
};

struct world {
    struct ring ring;
    struct item items[BLOCKS];
    struct store stores[STORES];
    uint64_t fill; /* how many the reader makes */
    uint64_t lent; /* of these, how many it lets workers make, in the middle */
    uint64_t made;
    pthread_t reader, last; /* who made the last lent one */
};

/* A ring_fill_fn. */
static bool make(void *arg)
{
    struct world *w = arg;
    void *store;
    struct item *item = ring_fill(&w->ring, &store);

    if (item == NULL)
        return false;
    item->number = w->made++;
    item->parts = 0;
    item->store = store;
    item->torn = item->store->used;
    *item->store = (struct store){.number = item->number, .used = true};
    w->last = pthread_self();
    ring_filled(&w->ring, item);
    return true;
}

/* A ring_fill_fn that is over after as many as are lent. */
static bool make_lent(void *arg)
{
    struct world *w = arg;

    return make(w) && w->made < (w->fill + w->lent) / 2;
}

static void *reader(void *arg)
{
    struct world *w = arg;

    w->reader = pthread_self();
    while (w->made < (w->fill - w->lent) / 2 && make(w))
        continue;
    if (w->lent)
        ring_lend(&w->ring, make_lent, w);
    while (w->made < w->fill && make(w))
        continue;
    ring_end(&w->ring);
    return NULL;
}

/* Every seventh block gives its result in parts. */
static void *worker(void *arg)
{
    struct world *w = arg;
    struct item *item;
    uint64_t slot;

    while ((item = ring_pop(&w->ring, &slot)) != NULL) {
        item->result = item->store->number * item->number;
        for (int i = 0; item->number % 7 == 0 && i < PARTS; i++) {
            item->parts++;
            if (!ring_handover(&w->ring, slot))
                return NULL;
        }
        item->torn |= item->store->number != item->number;
        item->store->used = false;
        ring_done(&w->ring, slot);
    }
    return NULL;
}

static void start(struct world *w, uint64_t fill, uint64_t lent, pthread_t threads[WORKERS + 1])
{
    void *blocks[BLOCKS], *stores[STORES];

    w->fill = fill;
    w->lent = lent;
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = &w->items[i];
    for (int i = 0; i < STORES; i++)
        stores[i] = &w->stores[i];
    is_int(ring_init(&w->ring, blocks, BLOCKS, stores, STORES), 0, "a ring of %d blocks", BLOCKS);
    is_int(pthread_create(&threads[0], NULL, reader, w), 0, "reader");
    for (int i = 0; i < WORKERS; i++)
        is_int(pthread_create(&threads[i + 1], NULL, worker, w), 0, "worker %d", i);
}

static void finish(struct world *w, pthread_t threads[WORKERS + 1])
{
    for (int i = 0; i <= WORKERS; i++)
        (void)pthread_join(threads[i], NULL);
    ring_done_with(&w->ring);
}

/* What was written, and by whom. */
struct written {
    struct world *world;
    uint64_t next, parts, wrong, idle;
    uint64_t stop_at; /* 0: never */
    pthread_t last; /* who wrote the last */
    atomic_bool writing;
};

/* A ring_write_fn. */
static void take(void *arg, enum ring_event event, void *block)
{
    struct written *x = arg;
    const struct item *item = block;

    x->wrong += atomic_exchange(&x->writing, true);
    x->last = pthread_self();
    if (event == RING_IDLE) {
        x->idle++;
        ring_stop(&x->world->ring);
    } else {
        x->wrong += item->number != x->next || item->result != x->next * x->next;
        x->wrong += event == RING_BLOCK && item->torn;
        x->wrong += event == RING_BLOCK && item->parts != (x->next % 7 == 0 ? PARTS : 0);
        x->parts += event == RING_PART;
        x->next += event == RING_BLOCK;
    }
    if (x->stop_at && x->next == x->stop_at)
        ring_stop(&x->world->ring);
    atomic_store(&x->writing, false);
}

static void test_order(uint64_t lent)
{
    struct world *w = calloc(1, sizeof(*w));
    struct written x = {.world = w};
    pthread_t threads[WORKERS + 1];

    start(w, ITEMS, lent, threads);
    ring_write(&w->ring, 0, take, &x);
    is_int(x.next, ITEMS, "every block was written, %d of them lent", (int)lent);
    is_int(x.wrong, 0, "in order, one at a time, with its own result");
    is_int(x.parts, (ITEMS + 6) / 7 * PARTS, "parts came as parts");
    finish(w, threads);
    if (lent == ITEMS)
        ok(!pthread_equal(w->last, w->reader), "what is lent a worker fills");
    free(w);
}

static void test_stop(uint64_t lent)
{
    struct world *w = calloc(1, sizeof(*w));
    struct written x = {.world = w, .stop_at = 50};
    pthread_t threads[WORKERS + 1];

    start(w, 1 << 30, lent, threads);
    ring_write(&w->ring, 0, take, &x);
    is_int(x.next, 50, "a stopped ring ends");
    finish(w, threads);
    ok(w->made < 1 << 30, "everyone has gone home");
    free(w);
}

static void test_empty(void)
{
    static struct world w;
    struct written x = {.world = &w};
    pthread_t threads[WORKERS + 1];

    start(&w, 0, 0, threads);
    ring_write(&w.ring, 0, take, &x);
    is_int(x.next, 0, "nothing to do");
    finish(&w, threads);
}

/* What is not done by one worker keeps no store from another. */
static void test_slow(void)
{
    int item[4], byte[2];
    void *blocks[] = {&item[0], &item[1], &item[2], &item[3]}, *stores[] = {&byte[0], &byte[1]};
    void *store, *first;
    uint64_t slow, slot;
    struct ring r;

    is_int(ring_init(&r, blocks, 4, stores, 2), 0, "four blocks, two stores");
    ring_filled(&r, ring_fill(&r, &first));
    ok(ring_pop(&r, &slow) != NULL, "a worker begins");
    for (int i = 1; i < 4; i++) {
        void *block = ring_fill(&r, &store);

        ok(block != NULL && store != first, "block %d is filled with the other store", i);
        ring_filled(&r, block);
        ok(ring_pop(&r, &slot) == block, "another worker has it");
        ring_done(&r, slot);
    }
    ring_done_with(&r);
}

static void *owner(void *arg)
{
    struct written *x = arg;

    ring_write(&x->world->ring, 0, take, x);
    return NULL;
}

/* As long as nobody writes, what is done waits. */
static void wait_for_owner(struct ring *r)
{
    bool there = false;

    while (!there) {
        (void)pthread_mutex_lock(&r->lock);
        there = r->write != NULL && !r->writing;
        (void)pthread_mutex_unlock(&r->lock);
    }
}

/* Without a change of threads, and what caches know goes round. */
static void test_near(void)
{
    struct world *w = calloc(1, sizeof(*w));
    struct written x = {.world = w};
    void *blocks[] = {&w->items[0], &w->items[1], &w->items[2]};
    void *stores[] = {&w->stores[0]}, *store;
    struct item *item, *first = NULL;
    pthread_t thread;
    uint64_t slot;

    is_int(ring_init(&w->ring, blocks, 3, stores, 1), 0, "three blocks");
    is_int(pthread_create(&thread, NULL, owner, &x), 0, "somebody waits for all to be written");
    wait_for_owner(&w->ring);
    for (uint64_t i = 0; i < 3; i++) {
        item = ring_fill(&w->ring, &store);
        first = first ? first : item;
        ok(item == first, "the block that was written is filled again");
        *item = (struct item){.number = i, .result = i * i, .parts = i ? 0 : PARTS};
        ring_filled(&w->ring, item);
        ok(ring_pop(&w->ring, &slot) == item, "and taken");
        ring_done(&w->ring, slot);
        is_int(x.next, i + 1, "what is done is written");
        ok(pthread_equal(x.last, pthread_self()), "by who has done it");
    }
    ring_end(&w->ring);
    (void)pthread_join(thread, NULL);
    ring_done_with(&w->ring);
    free(w);
}

static void test_idle(void)
{
    struct world *w = calloc(1, sizeof(*w));
    struct written x = {.world = w};
    int item, byte;
    void *blocks[] = {&item}, *stores[] = {&byte};

    is_int(ring_init(&w->ring, blocks, 1, stores, 1), 0, "a ring of one");
    ring_write(&w->ring, 1, take, &x);
    is_int(x.idle, 1, "nobody fills: who writes is not kept waiting");
    ring_done_with(&w->ring);
    free(w);
}

int main(void)
{
    test_order(0);
    test_order(ITEMS / 2);
    test_order(ITEMS);
    test_stop(0);
    test_stop(1 << 30);
    test_empty();
    test_slow();
    test_near();
    test_idle();
    return tap_done();
}
