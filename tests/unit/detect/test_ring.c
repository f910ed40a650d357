/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/ring.h"

#include "tap.h"

enum { BLOCKS = 5, WORKERS = 4, ITEMS = 2000, PARTS = 3 };

struct item {
    uint64_t number, result;
    uint64_t parts;
};

struct world {
    struct ring ring;
    struct item items[BLOCKS];
    uint64_t fill; /* how many the reader makes */
};

static void *reader(void *arg)
{
    struct world *w = arg;

    for (uint64_t i = 0; i < w->fill; i++) {
        struct item *item = ring_fill(&w->ring);

        if (item == NULL)
            break;
        item->number = i;
        item->parts = 0;
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
        item->result = item->number * item->number;
        for (int i = 0; item->number % 7 == 0 && i < PARTS; i++) {
            item->parts++;
            if (!ring_handover(&w->ring, slot))
                return NULL;
        }
        ring_done(&w->ring, slot);
    }
    return NULL;
}

static void start(struct world *w, uint64_t fill, pthread_t threads[WORKERS + 1])
{
    void *blocks[BLOCKS];

    w->fill = fill;
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = &w->items[i];
    is_int(ring_init(&w->ring, blocks, BLOCKS), 0, "a ring of %d blocks", BLOCKS);
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

static void test_timeout(void)
{
    struct item item;
    void *blocks[] = {&item}, *block;
    struct ring r;

    is_int(ring_init(&r, blocks, 1), 0, "a ring of one");
    is_int(ring_next(&r, 1, &block), RING_TIMEOUT, "nobody fills: the writer is not kept waiting");
    ring_done_with(&r);
}

int main(void)
{
    test_order();
    test_stop();
    test_empty();
    test_timeout();
    return tap_done();
}
