/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ascii.h"
#include "base/natural.h"
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

/* Byte by byte. */
static size_t find_naively(struct slice s, struct slice needle)
{
    for (size_t i = 0; i + needle.n <= s.n; i++)
        if (memcmp(s.p + i, needle.p, needle.n) == 0)
            return i;
    return SIZE_MAX;
}

static uint32_t next_random(uint32_t below)
{
    static uint64_t x = 88172645463325252u;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return (uint32_t)((x >> 32) % below);
}

/* Few different bytes, so that much fits in part; all lengths around those of a step. */
static void test_find(void)
{
    unsigned differ = 0, found = 0;

    for (unsigned round = 0; round < 20000; round++) {
        uint8_t text[80], needle[24];
        struct slice s = slice_of(text, next_random(sizeof(text) + 1));
        struct slice n = slice_of(needle, 1 + next_random(sizeof(needle)));
        size_t at;

        for (size_t i = 0; i < sizeof(text); i++)
            text[i] = (uint8_t)('a' + next_random(2));
        for (size_t i = 0; i < sizeof(needle); i++)
            needle[i] = (uint8_t)('a' + next_random(2));
        if (s.n >= n.n && next_random(2))
            memcpy(needle, text + next_random((uint32_t)(s.n - n.n) + 1), n.n);
        at = slice_find(s, n);
        differ += at != find_naively(s, n);
        found += at != SIZE_MAX;
    }
    is_int(differ, 0, "what is found first");
    ok(found > 5000, "often: %u", found);
}

/* Bytes of two kinds in texts of many lengths, at many places. */
static void test_count(void)
{
    static uint8_t text[40000];
    unsigned differ = 0;

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = next_random(3) ? 'a' : 0xFF;
    for (unsigned round = 0; round < 400; round++) {
        size_t from = next_random(100), n = next_random(round % 4 ? 300 : 39000), naive = 0;
        uint8_t c = next_random(2) ? 'a' : 0xFF;

        for (size_t i = from; i < from + n; i++)
            naive += text[i] == c;
        differ += slice_count_byte(slice_of(text + from, n), c) != naive;
    }
    is_int(differ, 0, "bytes are counted");
    memset(text, 'a', sizeof(text));
    is_int(slice_count_byte(slice_of(text, sizeof(text)), 'a'), sizeof(text), "all of them");
    is_int(slice_count_byte(SLICE_NULL, 'a'), 0, "none in nothing");
}

int main(void)
{
    test_find();
    test_count();
    ok(slice_eq(SLICE_NULL, SLICE("")), "empty slices are equal");
    ok(slice_eq_nocase(SLICE("AbC"), SLICE("aBc")), "without case");
    ok(!slice_eq_nocase(SLICE("@"), SLICE("`")), "only letters fold");
    ok(slice_starts(SLICE("abc"), SLICE("ab")) && !slice_starts(SLICE("a"), SLICE("ab")), "starts");
    ok(slice_ends(SLICE("abc"), SLICE("bc")) && !slice_ends(SLICE("c"), SLICE("bc")), "ends");
    is_slice(slice_trim(SLICE(" \t a b\r\n")), SLICE("a b"), "trim");
    is_int(slice_find(SLICE("abcabd"), SLICE("abd")), 3, "find");
    ok(slice_find(SLICE("ab"), SLICE("abc")) == SIZE_MAX, "not found");
    is_int(slice_find(SLICE(""), SLICE("")), 0, "empty in empty");
    ok(slice_cmp_natural(SLICE("S2"), SLICE("S10")) < 0 &&
           slice_cmp_natural(SLICE("S10"), SLICE("S2")) > 0 &&
           slice_cmp_natural(SLICE("a9b1"), SLICE("a10")) < 0 &&
           slice_cmp_natural(SLICE("a"), SLICE("a1")) < 0 &&
           slice_cmp_natural(SLICE("T1"), SLICE("S10")) > 0 &&
           slice_cmp_natural(SLICE("9999999999999999999998"), SLICE("9999999999999999999999")) < 0,
       "numbers in names count as numbers");
    ok(slice_cmp_natural(SLICE("x01"), SLICE("x1")) < 0 &&
           slice_cmp_natural(SLICE("x00"), SLICE("x0")) > 0 &&
           slice_cmp_natural(SLICE("x1"), SLICE("x1")) == 0 &&
           slice_cmp_natural(SLICE_NULL, SLICE_NULL) == 0,
       "equal are equal bytes alone");
    ok(slice_cmp(SLICE("ab"), SLICE("abc")) < 0 && slice_cmp(SLICE("b"), SLICE("abc")) > 0,
       "order");
    ok(ascii_all(ascii_is_digit, SLICE("0429")) && ascii_all(ascii_is_upper, SLICE("A")) &&
           !ascii_all(ascii_is_digit, SLICE("04x")) && !ascii_all(ascii_is_digit, SLICE("x04")) &&
           !ascii_all(ascii_is_digit, SLICE_NULL),
       "all bytes of one class, and there are some");
    is_slice(slice_from(SLICE("abc"), 5), SLICE(""), "from past the end");
    test_cut();
    return tap_done();
}
