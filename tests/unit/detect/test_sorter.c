/* SPDX-License-Identifier: Apache-2.0 */
/* More records and bytes than memory keeps: all of them, in order; and an end of the disk. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "detect/sorter.h"
#include "tap.h"

enum { RECORDS = 700 * 1000 };

static int by_time(const void *a, const void *b, void *ctx)
{
    const struct correlation_record *x = a, *y = b;

    (void)ctx;
    return x->time < y->time ? -1 : x->time > y->time;
}

/* Sums of what went in and what came out, whose order is checked. */
static void sort_many(uint32_t count, uint64_t disk, bool want_all)
{
    struct spill_budget budget = {.left = disk, .err = ERR_INIT};
    struct correlation_record r = {0};
    struct sorter s;
    uint64_t in = 0, out = 0, given = 0, kept_count = 0;
    int64_t last = INT64_MIN;
    bool ordered = true, fine = true;

    sorter_init(&s, by_time, NULL, &budget);
    for (uint32_t i = 0; i < count && fine; i++) {
        bool kept;

        r.time = (int64_t)(hash_u64(i, 7) >> 20);
        r.offset = i;
        fine = sorter_add(&s, &r, &kept) == 0;
        kept_count += kept;
        in += kept ? hash_u64(i, 3) : 0;
    }
    ok(fine && sorter_end(&s) == 0, "memory");
    while (sorter_next(&s, &r)) {
        ordered = ordered && r.time >= last;
        last = r.time;
        out += hash_u64(r.offset, 3);
        given++;
    }
    ok(ordered, "%u records come in order", count);
    if (want_all) {
        is_int(given, count, "all %u of them", count);
        ok(in == out && !budget.exceeded, "each once");
    } else {
        ok(given < count && given <= kept_count && budget.exceeded,
           "%" PRIu64 " that fit, and it says so", given);
    }
    sorter_done(&s);
}

static void test_spill(void)
{
    struct spill_budget budget = {.left = 1 << 30, .err = ERR_INIT};
    static uint64_t places[20000];
    struct buf text = BUF_INIT(1 << 20);
    struct spill s;
    unsigned wrong = 0;

    spill_init(&s, &budget, 100 * 1000);
    for (unsigned i = 0; i < 20000; i++) {
        buf_clear(&text);
        buf_printf(&text, "%u%*s", i, (int)(hash_u64(i, 1) % 100), "");
        if (i % 1000 == 500 && buf_reserve(&text, 400000) != NULL)
            text.len = 400000;
        places[i] = spill_add_text(&s, buf_slice(&text));
    }
    for (unsigned i = 0; i < 20000; i++) {
        unsigned at = (unsigned)(hash_u64(i, 2) % 20000);
        char want[16];

        wrong += places[at] == UINT64_MAX || !spill_get_text(&s, places[at], &text) ||
                 snprintf(want, sizeof(want), "%u", at) < 0 ||
                 memcmp(text.p, want, strlen(want)) != 0 ||
                 (at % 1000 == 500 && text.len != 400000);
    }
    is_int(wrong, 0, "texts are found again, in memory and on disk");
    spill_done(&s);
    buf_done(&text);
}

int main(void)
{
    sort_many(0, 0, true);
    sort_many(1000, 0, true);
    sort_many(RECORDS, (uint64_t)1 << 30, true);
    sort_many(RECORDS, 15 * 1000 * 1000, false);
    test_spill();
    return tap_done();
}
