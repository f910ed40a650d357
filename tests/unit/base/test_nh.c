/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is changed in a message changes its sum. */
#include "base/nh.h"

#include "tap.h"

enum { TEXT_MAX = 100, BEHIND = 8 };

static uint8_t text[TEXT_MAX + BEHIND];

static __uint128_t sum_of(uint64_t head, size_t n)
{
    struct nh h = nh_begin(nh_key());

    if (!nh_add(&h, head, text, n))
        return 0;
    return h.sum;
}

/* Every bit of a text of n bytes counts, and none behind it. */
static bool sees_bits(size_t n)
{
    __uint128_t sum = sum_of(n, n);

    for (size_t bit = 0; bit < 8 * (n + BEHIND); bit++) {
        __uint128_t changed;

        text[bit / 8] ^= (uint8_t)(1u << bit % 8);
        changed = sum_of(n, n);
        text[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if ((changed != sum) != (bit < 8 * n))
            return false;
    }
    return true;
}

static void test_texts(void)
{
    bool bits = true, heads = true, lengths = true, same = true;

    for (size_t n = 0; n < TEXT_MAX; n++) {
        bits = bits && sees_bits(n);
        heads = heads && sum_of(n, n) != sum_of(n + 256, n);
        lengths = lengths && sum_of(n, n) != sum_of(n + 1, n + 1);
        same = same && sum_of(n, n) == sum_of(n, n);
    }
    ok(bits, "every bit of a text counts, of whatever length, and none behind it");
    ok(heads, "and the word before it");
    ok(lengths, "a longer text has another sum");
    ok(same, "the same text has the same");
}

static void test_order(void)
{
    struct nh a = nh_begin(nh_key()), b = nh_begin(nh_key());

    ok(nh_add(&a, 1, text, 5) && nh_add(&a, 1, text + 20, 5) && nh_add(&b, 1, text + 20, 5) &&
           nh_add(&b, 1, text, 5),
       "two texts, in either order");
    ok(a.sum != b.sum, "whose sums differ");
}

static void test_room(void)
{
    static uint8_t longest[8 * NH_WORDS - 8];
    struct nh h = nh_begin(nh_key());
    __uint128_t sum;

    ok(nh_add(&h, 0, longest, sizeof(longest) - 16), "a text that leaves room for one word more");
    sum = h.sum;
    ok(!nh_add(&h, 0, text, 9) && h.sum == sum, "and for no longer one, of which nothing is added");
    ok(nh_add(&h, 0, text, 8) && h.sum != sum, "one word is");
    ok(!nh_add(&h, 0, text, 0), "then nothing is left");
    h = nh_begin(nh_key());
    ok(nh_add(&h, 0, longest, sizeof(longest)), "the longest text");
    h = nh_begin(nh_key());
    ok(!nh_add(&h, 0, longest, sizeof(longest) + 1), "and one byte more");
}

static void test_key(void)
{
    const uint64_t *key = nh_key();
    bool differ = true;

    for (size_t i = 1; i < NH_WORDS; i++)
        differ = differ && key[i] != key[i - 1];
    ok(differ, "a key of different words");
    ok(key == nh_key(), "one for the process");
}

int main(void)
{
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (uint8_t)(i * 37 + i / 7);
    test_texts();
    test_order();
    test_room();
    test_key();
    return tap_done();
}
