/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/ring.h"

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
        ring_done(&w->ring, slot, item->number % 3 == 0);
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

static void test_order(uint64_t lent)
{
    struct world *w = calloc(1, sizeof(*w));
    pthread_t threads[WORKERS + 1];
    uint64_t next = 0, parts = 0, wrong = 0;
    enum ring_event event;
    void *block;

    start(w, ITEMS, lent, threads);
    while ((event = ring_next(&w->ring, 0, &block)) != RING_END) {
        const struct item *item = block;

        wrong += item->number != next || item->result != next * next;
        wrong += event == RING_BLOCK && item->torn;
        if (event == RING_PART) {
            parts++;
        } else {
            wrong += item->parts != (next % 7 == 0 ? PARTS : 0);
            next++;
        }
        ring_release(&w->ring);
    }
    is_int(next, ITEMS, "every block came back, %d of them lent", (int)lent);
    is_int(wrong, 0, "in order, with its own result");
    is_int(parts, (ITEMS + 6) / 7 * PARTS, "parts came as parts");
    finish(w, threads);
    if (lent == ITEMS)
        ok(!pthread_equal(w->last, w->reader), "what is lent a worker fills");
    free(w);
}

static void test_stop(uint64_t lent)
{
    struct world *w = calloc(1, sizeof(*w));
    pthread_t threads[WORKERS + 1];
    void *block;

    start(w, 1 << 30, lent, threads);
    for (int i = 0; i < 50; i++) {
        if (ring_next(&w->ring, 0, &block) != RING_END)
            ring_release(&w->ring);
    }
    ring_stop(&w->ring);
    is_int(ring_next(&w->ring, 0, &block), RING_END, "a stopped ring ends");
    finish(w, threads);
    ok(w->made < 1 << 30, "everyone has gone home");
    free(w);
}

static void test_empty(void)
{
    static struct world w;
    pthread_t threads[WORKERS + 1];
    void *block;

    start(&w, 0, 0, threads);
    is_int(ring_next(&w.ring, 0, &block), RING_END, "nothing to do");
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

        ok(block == &item[i] && store != first, "block %d is filled with the other store", i);
        ring_filled(&r, block);
        ok(ring_pop(&r, &slot) == block, "another worker has it");
        ring_done(&r, slot, true);
    }
    ring_done_with(&r);
}

/* From a block for which somebody waits until all that is done is written. */
static void test_prompt(void)
{
    int item[5], byte;
    void *blocks[] = {&item[0], &item[1], &item[2], &item[3], &item[4]}, *stores[] = {&byte};
    void *store, *block;
    uint64_t slot;
    struct ring r;

    is_int(ring_init(&r, blocks, 5, stores, 1), 0, "five blocks");
    for (int i = 0; i < 3; i++) {
        ring_filled(&r, ring_fill(&r, &store));
        ok(ring_pop(&r, &slot) != NULL, "block %d is taken", i);
        ring_done(&r, slot, i == 1);
        is_int(r.prompt, i > 0, "after block %d somebody %s", i, i > 0 ? "waits" : "need not wait");
    }
    for (int i = 0; i < 3; i++) {
        is_int(ring_next(&r, 0, &block), RING_BLOCK, "block %d is there for the writer", i);
        ring_release(&r);
    }
    ok(!r.prompt, "nobody waits any more");
    ring_done_with(&r);
}

static void test_timeout(void)
{
    int item, byte;
    void *blocks[] = {&item}, *stores[] = {&byte}, *block;
    struct ring r;

    is_int(ring_init(&r, blocks, 1, stores, 1), 0, "a ring of one");
    is_int(ring_next(&r, 1, &block), RING_TIMEOUT, "nobody fills: the writer is not kept waiting");
    ring_done_with(&r);
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
    test_prompt();
    test_timeout();
    return tap_done();
}
