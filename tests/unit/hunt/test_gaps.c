/* SPDX-License-Identifier: Apache-2.0 */
/* A hole in a log that goes on is a gap; nights and weekends of an office computer are none. */
#include "hunt/gaps.h"

#include "base/time.h"
#include "tap.h"

static struct gaps *g;
static unsigned found;
static struct gap last;

static void take(void *ctx, const struct gap *gap)
{
    (void)ctx;
    is_slice(gap->host, SLICE("srv"), "host");
    last = *gap;
    found++;
}

static void look(unsigned want, const char *name)
{
    found = 0;
    gaps_each(g, take, NULL);
    is_int(found, want, "%s", name);
    g = gaps_free(g);
    g = gaps_new();
}

static void add(int64_t hour)
{
    gaps_add(g, SLICE("srv"), SLICE("Security"), hour * TIME_HOUR + TIME_MINUTE);
}

int main(void)
{
    g = gaps_new();
    for (int64_t h = 500000; h < 500200; h++)
        add(h);
    look(0, "every hour");
    for (int64_t h = 500000; h < 500200; h++) {
        if (h < 500050 || h >= 500056)
            add(h);
    }
    look(1, "six hours missing");
    ok(last.from == 500050 * TIME_HOUR && last.to == 500056 * TIME_HOUR, "from and to");
    for (int64_t h = 500199; h >= 500000; h--) {
        if (h < 500050 || h >= 500055)
            add(h);
    }
    look(0, "five hours, and backwards");
    for (int64_t d = 0; d < 60; d++) {
        for (int64_t h = 8; h < 17; h++) {
            if (d % 7 < 5)
                add(500000 + d * 24 + h);
        }
    }
    look(0, "an office computer");
    for (int64_t d = 0; d < 60; d++) {
        for (int64_t h = 8; h < 17; h++) {
            if (d % 7 < 5 && (d < 21 || d > 34))
                add(500000 + d * 24 + h);
        }
    }
    look(1, "two weeks missing");
    for (int64_t h = 0; h < 8; h++)
        add(500000 + h * 100);
    look(0, "too little to judge");
    add(1);
    add(24 * 366 * 100);
    is_int(gaps_dropped(g), 1, "a clock that is a century off has no room");
    gaps_add(g, SLICE("a"), SLICE("b"), TIME_NONE);
    look(0, "no time");
    g = gaps_free(g);
    return tap_done();
}
