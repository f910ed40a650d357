/* SPDX-License-Identifier: Apache-2.0 */
#include "base/slice.h"
#include "tap.h"

static void test_cut(void)
{
    struct slice rest = SLICE("a,,b"), part;

    ok(slice_cut(&rest, ',', &part), "first part");
    is_slice(part, SLICE("a"), "is a");
    ok(slice_cut(&rest, ',', &part) && part.n == 0, "an empty part");
    ok(slice_cut(&rest, ',', &part), "last part");
    is_slice(part, SLICE("b"), "is b");
    ok(!slice_cut(&rest, ',', &part), "then none");
}

int main(void)
{
    ok(slice_eq(SLICE_NULL, SLICE("")), "empty slices are equal");
    ok(slice_eq_nocase(SLICE("AbC"), SLICE("aBc")), "without case");
    ok(!slice_eq_nocase(SLICE("@"), SLICE("`")), "only letters fold");
    ok(slice_starts(SLICE("abc"), SLICE("ab")) && !slice_starts(SLICE("a"), SLICE("ab")), "starts");
    ok(slice_ends(SLICE("abc"), SLICE("bc")) && !slice_ends(SLICE("c"), SLICE("bc")), "ends");
    is_slice(slice_trim(SLICE(" \t a b\r\n")), SLICE("a b"), "trim");
    is_int(slice_find(SLICE("abcabd"), SLICE("abd")), 3, "find");
    ok(slice_find(SLICE("ab"), SLICE("abc")) == SIZE_MAX, "not found");
    is_int(slice_find(SLICE(""), SLICE("")), 0, "empty in empty");
    ok(slice_cmp(SLICE("ab"), SLICE("abc")) < 0 && slice_cmp(SLICE("b"), SLICE("abc")) > 0,
       "order");
    is_slice(slice_from(SLICE("abc"), 5), SLICE(""), "from past the end");
    test_cut();
    return tap_done();
}
