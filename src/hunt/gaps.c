/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/gaps.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/time.h"

enum {
    NAMES_BYTES = 2 * 1024 * 1024,
    HOURS_BYTES = 16 * 1024 * 1024, /* of all logs together */
    HOURS_MAX = 24 * 366 * 30,      /* of one log */
};

/* Hours from `base` on, a bit each. */
struct gaps_log {
    struct slice host, channel;
    int64_t base;
    uint8_t *bits;
    size_t size;
};

struct gaps {
    struct map map;
    struct arena names;
    struct gaps_log logs[GAPS_LOGS_MAX];
    uint32_t count;
    size_t bytes;
    uint64_t dropped;
    uint8_t key[1024];
};

struct gaps *gaps_new(void)
{
    struct gaps *g = calloc(1, sizeof(*g));

    if (g == NULL)
        return NULL;
    map_init(&g->map, GAPS_LOGS_MAX);
    g->names = ARENA_INIT(NAMES_BYTES);
    return g;
}

struct gaps *gaps_free(struct gaps *g)
{
    if (g == NULL)
        return NULL;
    for (uint32_t i = 0; i < g->count; i++)
        free(g->logs[i].bits);
    map_done(&g->map);
    arena_done(&g->names);
    free(g);
    return NULL;
}

static struct gaps_log *log_of(struct gaps *g, struct slice host, struct slice channel)
{
    size_t n = host.n + 1 + channel.n;
    struct slice key;
    uint32_t number;

    if (n > sizeof(g->key))
        return NULL;
    memcpy(g->key, host.p ? host.p : g->key, host.n);
    g->key[host.n] = 0;
    memcpy(g->key + host.n + 1, channel.p ? channel.p : g->key, channel.n);
    key = slice_of(g->key, n);
    if (map_get(&g->map, key, &number))
        return &g->logs[number];
    if (g->count == GAPS_LOGS_MAX)
        return NULL;
    key = arena_dup(&g->names, key);
    if (key.p == NULL || map_put(&g->map, key, g->count) < 0)
        return NULL;
    g->logs[g->count] =
        (struct gaps_log){.host = slice_head(key, host.n), .channel = slice_from(key, host.n + 1)};
    return &g->logs[g->count++];
}

/* Makes room for hours base … base + hours. */
static bool gaps_fit(struct gaps *g, struct gaps_log *log, int64_t base, uint64_t hours)
{
    size_t size = (size_t)(hours / 8 + 1), shift = (size_t)(log->base - base) / 8;
    uint8_t *bits;

    size = CANH_MAX(size, 2 * log->size);
    if (hours > HOURS_MAX || g->bytes + size - log->size > HOURS_BYTES)
        return false;
    bits = calloc(1, size);
    if (bits == NULL)
        return false;
    if (log->size)
        memcpy(bits + shift, log->bits, CANH_MIN(log->size, size - shift));
    g->bytes += size - log->size;
    free(log->bits);
    log->bits = bits;
    log->size = size;
    log->base = base;
    return true;
}

void gaps_add(struct gaps *g, struct slice host, struct slice channel, int64_t time)
{
    struct gaps_log *log;
    int64_t hour, base;

    if (time == TIME_NONE || time < 0)
        return;
    log = log_of(g, host, channel);
    hour = time / TIME_HOUR;
    if (log == NULL) {
        g->dropped++;
        return;
    }
    base = log->size == 0 ? hour & ~INT64_C(7) : CANH_MIN(log->base, hour & ~INT64_C(7));
    if ((log->size == 0 || base < log->base || (uint64_t)(hour - base) >= log->size * 8) &&
        !gaps_fit(g, log, base,
                  (uint64_t)(CANH_MAX(hour,
                                      log->size ? log->base + (int64_t)log->size * 8 - 1 : hour) -
                             base))) {
        g->dropped++;
        return;
    }
    log->bits[(hour - log->base) / 8] |= (uint8_t)(1u << ((hour - log->base) & 7));
}

static bool gaps_has(const struct gaps_log *log, size_t hour)
{
    return log->bits[hour / 8] >> (hour & 7) & 1;
}

static int by_length(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* Hours from one with events to the next; returns how many such stretches. */
static size_t gaps_stretches(const struct gaps_log *log, uint32_t *ret)
{
    size_t last = SIZE_MAX, n = 0;

    for (size_t h = 0; h < log->size * 8; h++) {
        if (!gaps_has(log, h))
            continue;
        if (last != SIZE_MAX)
            ret[n++] = (uint32_t)(h - last);
        last = h;
    }
    return n;
}

static void gaps_examine(const struct gaps_log *log, void (*fn)(void *ctx, const struct gap *gap),
                         void *ctx)
{
    uint32_t *lengths = calloc(log->size * 8 + 1, sizeof(*lengths));
    size_t n = lengths ? gaps_stretches(log, lengths) : 0, last = SIZE_MAX;
    uint32_t least;

    if (n + 1 < GAPS_ACTIVE_LEAST) {
        free(lengths);
        return;
    }
    qsort(lengths, n, sizeof(*lengths), by_length);
    least = CANH_MAX((uint32_t)GAPS_LEAST, GAPS_TIMES * lengths[(n - 1) * 19 / 20]);
    free(lengths);
    for (size_t h = 0; h < log->size * 8; h++) {
        if (!gaps_has(log, h))
            continue;
        if (last != SIZE_MAX && h - last - 1 >= least)
            fn(ctx,
               &(struct gap){log->host, log->channel, (log->base + (int64_t)last + 1) * TIME_HOUR,
                             (log->base + (int64_t)h) * TIME_HOUR});
        last = h;
    }
}

void gaps_each(struct gaps *g, void (*fn)(void *ctx, const struct gap *gap), void *ctx)
{
    for (uint32_t i = 0; i < g->count; i++)
        gaps_examine(&g->logs[i], fn, ctx);
}

uint64_t gaps_dropped(const struct gaps *g)
{
    return g->dropped;
}
