/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules are replaced while several threads match: no batch sees rules of two generations, and what
 * nobody uses any more is freed (the lanes with sanitizers see the rest).
 */
#include <stdlib.h>
#include <threads.h>

#include "detect/detector.h"
#include "tap.h"

enum { WORKERS = 3, SWAPS = 24, BATCH = 20 };

static struct {
    mtx_t lock;
    cnd_t ready;
    struct generation *current;
    unsigned number;        /* of the current one */
    unsigned seen[WORKERS]; /* the number that each worker's last batch was matched with */
    unsigned mixed, silent; /* batches */
    bool stop;
} shared;

struct batch {
    const struct generation *generation;
    unsigned alerts;
    uint32_t levels; /* a bit each */
};

static void note_alert(void *ctx, const struct detect_record *record, const struct alert *alert)
{
    struct batch *b = ctx;

    (void)record;
    b->alerts++;
    b->levels |= 1u << ruleset_rule(b->generation->rules, alert->rule)->level;
}

static struct generation *load(unsigned number)
{
    static const char *const levels[] = {"low", "medium", "high", "critical"};
    struct buf rule = BUF_INIT(4096);
    struct generation_options options = {.no_jit = true};
    struct generation *g = NULL;

    buf_printf(&rule,
               "title: Number %u\nlogsource: {product: windows, service: security}\n"
               "level: %s\ndetection: {a: {LogonType: 9}, condition: a}\n",
               number, levels[number % CANH_LEN(levels)]);
    options.text = buf_slice(&rule);
    if (generation_load(&options, &g, NULL) < 0)
        g = NULL;
    buf_done(&rule);
    return g;
}

static void run_batch(struct detector *d, struct batch *b)
{
    static const char text[] = "{\"Channel\":\"Security\",\"EventID\":4624,\"LogonType\":9}";
    static const struct detect_sink sink = {.alert = note_alert};
    static const struct origin origin = {.path = "a.json"};
    uint8_t *p = calloc(1, sizeof(text) + DECODE_PADDING);
    struct detect_record records[BATCH];

    *b = (struct batch){.generation = d->generation};
    if (p == NULL)
        return;
    memcpy(p, text, sizeof(text) - 1);
    for (size_t i = 0; i < BATCH; i++)
        records[i] = (struct detect_record){.format = format_by_name(SLICE("json")),
                                            .bytes = slice_of(p, sizeof(text) - 1),
                                            .origin = &origin};
    (void)!detector_run(d, records, BATCH, &sink, b);
    free(p);
}

/* Between two batches: the current generation, by a reference of one's own. */
static struct generation *take_current(unsigned *ret_number)
{
    struct generation *g = NULL;

    (void)mtx_lock(&shared.lock);
    if (!shared.stop)
        g = generation_ref(shared.current);
    *ret_number = shared.number;
    (void)mtx_unlock(&shared.lock);
    return g;
}

static void note_batch(unsigned worker, unsigned number, const struct batch *b)
{
    (void)mtx_lock(&shared.lock);
    shared.seen[worker] = number;
    shared.mixed += (b->levels & (b->levels - 1)) != 0;
    shared.silent += b->alerts != BATCH;
    (void)cnd_broadcast(&shared.ready);
    (void)mtx_unlock(&shared.lock);
}

static int work(void *u)
{
    unsigned worker = *(unsigned *)u, number;
    struct generation *g;

    while ((g = take_current(&number)) != NULL) {
        struct detector *d = detector_new(g);
        struct batch b = {0};

        (void)generation_unref(g);
        if (d != NULL)
            run_batch(d, &b);
        d = detector_free(d);
        note_batch(worker, number, &b);
    }
    return 0;
}

/* Hands the next generation out and waits until every worker has matched with it. */
static bool swap(unsigned number)
{
    struct generation *next = load(number), *old;

    if (next == NULL)
        return false;
    (void)mtx_lock(&shared.lock);
    old = shared.current;
    shared.current = next;
    shared.number = number;
    for (unsigned i = 0; i < WORKERS; i++) {
        while (shared.seen[i] != number)
            (void)cnd_wait(&shared.ready, &shared.lock);
    }
    (void)mtx_unlock(&shared.lock);
    if (old != NULL && atomic_load(&old->references) != 1)
        return false;
    (void)generation_unref(old);
    return true;
}

int main(void)
{
    thrd_t threads[WORKERS];
    unsigned numbers[WORKERS], swapped = 0;

    (void)mtx_init(&shared.lock, mtx_plain);
    (void)cnd_init(&shared.ready);
    shared.current = load(0);
    ok(shared.current != NULL, "the first generation");
    for (unsigned i = 0; i < WORKERS; i++) {
        numbers[i] = i;
        ok(thrd_create(&threads[i], work, &numbers[i]) == thrd_success, "worker %u", i);
    }
    while (swapped < SWAPS && swap(swapped + 1))
        swapped++;
    (void)mtx_lock(&shared.lock);
    shared.stop = true;
    (void)mtx_unlock(&shared.lock);
    for (unsigned i = 0; i < WORKERS; i++)
        (void)thrd_join(threads[i], NULL);
    is_int(swapped, SWAPS, "every generation took over, and nobody kept the one before");
    is_int(shared.mixed, 0, "no batch saw rules of two");
    is_int(shared.silent, 0, "no batch went unmatched");
    is_int(atomic_load(&shared.current->references), 1, "the last one is nobody's but ours");
    (void)generation_unref(shared.current);
    cnd_destroy(&shared.ready);
    mtx_destroy(&shared.lock);
    return tap_done();
}
