/* SPDX-License-Identifier: Apache-2.0 */
/* Hits in the order of time however many; what has no room is counted. */
#include "hunt/timeline.h"

#include "base/hash.h"
#include "base/time.h"
#include "hunt/pack.h"
#include "tap.h"

enum { HITS = 400 * 1000 };

/* As hit_write() writes it, with nothing that the order asks for but time and offset. */
static void put(struct buf *out, int64_t time, uint64_t number)
{
    size_t began = pack_begin(out);

    pack_u64(out, (uint64_t)time);
    pack_u64(out, 0);
    pack_u64(out, 7);
    pack_u64(out, number);
    pack_u64(out, 1);
    pack_u64(out, 1);
    pack_text(out, SLICE("/var/log/auth.log"));
    pack_text(out, SLICE("web1"));
    pack_text(out, SLICE_NULL);
    pack_text(out, SLICE_NULL);
    pack_u64(out, LABEL_USER);
    pack_text(out, SLICE_NULL);
    pack_text(out, SLICE("an"));
    pack_end(out, began);
}

static int64_t time_of(uint64_t i)
{
    return i % 1000 == 0 ? TIME_NONE : (int64_t)(hash_u64(i, 1) % 100000) * TIME_SECOND;
}

static void sort_many(uint64_t disk, bool all)
{
    struct timeline *t = timeline_new(disk);
    struct buf records = BUF_INIT(1 << 20);
    uint64_t count = 0, timeless = 0, sum = 0, want = 0, before = 0;
    int64_t last = INT64_MIN;
    bool ordered = true, fine = t != NULL;
    static struct hit h;

    for (uint64_t i = 0; i < HITS && fine; i++) {
        buf_clear(&records);
        put(&records, time_of(i), i);
        fine = timeline_add(t, buf_slice(&records)) == 0;
        want += hash_u64(i, 2);
    }
    ok(fine && timeline_end(t) == 0, "memory");
    while (timeline_next(t, &h)) {
        int64_t at = h.time == TIME_NONE ? INT64_MAX : h.time;

        ordered = ordered && (at > last || (at == last && h.offset > before));
        timeless += h.time == TIME_NONE;
        last = at;
        before = h.offset;
        sum += hash_u64(h.offset, 2);
        count++;
    }
    ok(ordered, "in order, those of one time as they came, those without a time last");
    is_int(count + timeline_dropped(t), HITS, "each is given or counted");
    ok((timeline_dropped(t) == 0) == all, "dropped: %" PRIu64, timeline_dropped(t));
    if (all) {
        is_int(timeless, HITS / 1000, "without a time");
        ok(sum == want, "each once");
        is_slice(hit_get(&h, LABEL_USER), SLICE("an"), "details");
    }
    buf_done(&records);
    t = timeline_free(t);
}

int main(void)
{
    sort_many(UINT64_C(1) << 30, true);
    sort_many(1 << 20, false);
    return tap_done();
}
