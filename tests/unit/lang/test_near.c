/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/near.h"

#include "tap.h"

static void distance(const char *a, const char *b, unsigned want)
{
    struct slice x = slice_str(a), y = slice_str(b);

    is_int(near_distance(x, y, 10), want, SLICE_FMT ", " SLICE_FMT, SLICE_ARG(x), SLICE_ARG(y));
    is_int(near_distance(y, x, 10), want, "and the other way");
}

int main(void)
{
    static const struct slice names[] = {SLICE("daily"), SLICE("weekly"), SLICE("each-shift")};
    uint8_t longest[100] = {0};

    distance("", "", 0);
    distance("", "abc", 3);
    distance("kitten", "sitting", 3);
    distance("Daily", "daily", 0);
    distance("weelky", "weekly", 1);
    distance("ca", "abc", 3);
    is_int(near_distance(SLICE("abcdef"), SLICE("x"), 2), 3, "over the limit is limit + 1");
    is_int(near_distance(slice_of(longest, 100), SLICE("x"), 5), 6, "too long to compare");
    is_int(near_find(SLICE("dayly"), names, 3, sizeof(names[0])), 0, "dayly is near daily");
    is_int(near_find(SLICE("each_shift"), names, 3, sizeof(names[0])), 2, "each_shift");
    ok(near_find(SLICE("hourly"), names, 3, sizeof(names[0])) == SIZE_MAX, "hourly is not near");
    ok(near_find(SLICE("daily"), names, 0, sizeof(names[0])) == SIZE_MAX, "no names, none found");
    return tap_done();
}
