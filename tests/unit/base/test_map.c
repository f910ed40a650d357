/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "tap.h"

int main(void)
{
    struct arena a = ARENA_INIT(1 << 20);
    struct buf b = BUF_INIT(100);
    struct map m;
    bool all = true;
    uint32_t v = 0;

    map_init(&m, 3000);
    ok(!map_get(&m, SLICE("x"), NULL), "an empty map has nothing");
    for (uint32_t i = 0; i < 3000; i++) {
        buf_clear(&b);
        buf_append_u64(&b, i);
        all = all && map_put(&m, arena_dup(&a, buf_slice(&b)), i) == 0;
    }
    ok(all, "3000 entries");
    is_int(map_put(&m, SLICE("one more"), 1), -CE_TOO_BIG, "the maximum holds");
    is_int(map_put(&m, SLICE("17"), 99), 0, "replacing is fine");
    ok(map_get(&m, SLICE("17"), &v) && v == 99, "and seen");
    ok(map_get(&m, SLICE("2999"), &v) && v == 2999, "the last is there");
    ok(!map_get(&m, SLICE("3000"), &v), "an absent one is not");
    ok(map_get(&m, SLICE("0"), NULL), "no value wanted");
    map_clear(&m);
    ok(!map_get(&m, SLICE("17"), &v), "clear forgets");
    is_int(map_put(&m, SLICE(""), 5), 0, "the empty key");
    ok(map_get(&m, SLICE(""), &v) && v == 5, "is a key");
    map_done(&m);
    is_int(map_reserve(&m, 0) + map_reserve(&m, 12), 0, "room at once");
    for (uint32_t i = 0; i < 12; i++)
        all = all && map_put(&m, slice_of(&"abcdefghijkl"[i], 1), i) == 0;
    ok(all && m.cap == 16, "is enough");
    is_int(map_reserve(&m, 13), 0, "more of it");
    ok(m.cap == 32 && map_get(&m, SLICE("l"), &v) && v == 11, "keeps what is there");
    is_int(map_reserve(&m, SIZE_MAX), 0, "all that it may hold");
    is_int((int64_t)m.cap, 4096, "and no more");
    map_done(&m);
    buf_done(&b);
    arena_done(&a);
    return tap_done();
}
