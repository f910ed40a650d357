/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/ring.h"

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
};

static void *reader(void *arg)
{
    struct world *w = arg;

    for (uint64_t i = 0; i < w->fill; i++) {
        void *store;
        struct item *item = ring_fill(&w->ring, &store);

        if (item == NULL)
            break;
        item->number = i;
        item->parts = 0;
        item->store = store;
        item->torn = item->store->used;
        *item->store = (struct store){.number = i, .used = true};
        ring_filled(&w->ring, item);
    }
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

static void start(struct world *w, uint64_t fill, pthread_t threads[WORKERS + 1])
{
    void *blocks[BLOCKS], *stores[STORES];

    w->fill = fill;
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

static void test_order(void)
{
    static struct world w;
    pthread_t threads[WORKERS + 1];
    uint64_t next = 0, parts = 0, wrong = 0;
    enum ring_event event;
    void *block;

    start(&w, ITEMS, threads);
    while ((event = ring_next(&w.ring, 0, &block)) != RING_END) {
        const struct item *item = block;

        wrong += item->number != next || item->result != next * next;
        wrong += event == RING_BLOCK && item->torn;
        if (event == RING_PART) {
            parts++;
        } else {
            wrong += item->parts != (next % 7 == 0 ? PARTS : 0);
            next++;
        }
        ring_release(&w.ring);
    }
    is_int(next, ITEMS, "every block came back");
    is_int(wrong, 0, "in order, with its own result");
    is_int(parts, (ITEMS + 6) / 7 * PARTS, "parts came as parts");
    finish(&w, threads);
}

static void test_stop(void)
{
    static struct world w;
    pthread_t threads[WORKERS + 1];
    void *block;

    start(&w, UINT64_MAX, threads);
    for (int i = 0; i < 50; i++) {
        if (ring_next(&w.ring, 0, &block) != RING_END)
            ring_release(&w.ring);
    }
    ring_stop(&w.ring);
    is_int(ring_next(&w.ring, 0, &block), RING_END, "a stopped ring ends");
    finish(&w, threads);
    ok(true, "everyone has gone home");
}

static void test_empty(void)
{
    static struct world w;
    pthread_t threads[WORKERS + 1];
    void *block;

    start(&w, 0, threads);
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
        ring_done(&r, slot);
    }
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
    test_order();
    test_stop();
    test_empty();
    test_slow();
    test_timeout();
    return tap_done();
}
