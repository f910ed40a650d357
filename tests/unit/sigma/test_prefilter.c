/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contained texts of a slot against a plain search, at the numbers where the index changes what it
 * does: a prefilter for all up to 64, for short ones beyond; shared out by load up to 256, evenly
 * beyond.
 */
#include "base/hash.h"
#include "sigma/prefilter.h"
#include "sigma/text_index.h"
#include "sigma/value.h"
#include "tap.h"

enum { TEXTS_MAX = 400, LONGEST = 9, VALUES = 400, VALUE_MAX = 150 };

static uint32_t state = 7;

static uint32_t below(uint32_t n)
{
    state = state * 1664525 + 1013904223;
    return (state >> 8) % n;
}

static void fill(uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t) "abcdefgh\\ "[below(10)];
}

static void note(void *ctx, uint32_t id)
{
    ((bool *)ctx)[id] = true;
}

/* Texts of 1 to `longest` bytes. */
static void test_count(uint32_t count, uint32_t longest, const struct background *b)
{
    static uint8_t room[TEXTS_MAX][LONGEST];
    static size_t length[TEXTS_MAX];
    struct arena arena = ARENA_INIT(64 << 20);
    struct text_index *x = text_index_new(&arena, 1);
    uint32_t wrong = 0, hits = 0;
    bool added = x != NULL;

    for (uint32_t i = 0; i < count && added; i++) {
        length[i] = 1 + below(longest);
        fill(room[i], length[i]);
        added = text_index_add(x, 0, TEXT_CONTAINS, slice_of(room[i], length[i]), i) == 0;
    }
    added = added && text_index_seal(x, b, 0) == 0;
    for (uint32_t v = 0; v < VALUES && added; v++) {
        uint8_t bytes[VALUE_MAX + VALUE_SLACK] = {0};
        struct slice value = slice_of(bytes, below(VALUE_MAX));
        bool found[TEXTS_MAX] = {false};

        fill(bytes, value.n);
        text_index_find(x, bytes_level(v % bytes_levels()), 0, value, true, note, found);
        for (uint32_t i = 0; i < count; i++) {
            bool want = slice_find(value, slice_of(room[i], length[i])) != SIZE_MAX;

            wrong += want != found[i];
            hits += want;
        }
    }
    ok(added && wrong == 0 && hits > 0, "%u texts of up to %u bytes: %u found, %u wrong", count,
       longest, hits, wrong);
    (void)text_index_free(x);
    arena_done(&arena);
}

/* How many bytes are looked at of so many texts "XX.n", of so many different XX. */
static unsigned width_of(uint32_t count, uint32_t pairs, const struct background *b)
{
    uint8_t room[TEXTS_MAX][4];
    struct prefilter_text texts[TEXTS_MAX] = {{.id = 0}};
    struct prefilter_set set;

    for (uint32_t i = 0; i < count; i++) {
        room[i][0] = room[i][1] = (uint8_t)(1 + i % pairs);
        room[i][2] = '.';
        room[i][3] = (uint8_t)('0' + i / 8);
        texts[i].text = slice_of(room[i], 4);
    }
    return prefilter_build(&set, texts, count, b, true) == 0 ? set.prefilter.width : 0;
}

static void test_width(const struct background *b)
{
    is_int(width_of(64, 8, b), 2, "eight pairs tell 64 texts");
    is_int(width_of(65, 8, b), PREFILTER_WIDTH, "not 65");
    is_int(width_of(9, 9, b), PREFILTER_WIDTH, "nor do nine");
}

/* Whether two texts are told by their pairs. */
static bool is_paired(const char *one, const char *other, const struct background *b)
{
    struct prefilter_text texts[] = {{.text = slice_str(one)}, {.text = slice_str(other)}};
    struct prefilter_set set;

    return prefilter_build(&set, texts, CANH_LEN(texts), b, true) == 0 && set.prefilter.paired;
}

static void test_pairs(const struct background *b)
{
    ok(is_paired("\x01q", "\x02q", b), "first bytes of different lower halves tell pairs");
    ok(is_paired("\x01q", "\x01q", b), "so do equal pairs");
    ok(!is_paired("\x01q", "\x01z", b), "not two pairs with one first byte");
    ok(!is_paired("\x01q", "\x11q", b), "nor first bytes with one lower half");
    ok(!is_paired("\x01q", "\x82q", b), "nor one beyond ASCII");
    ok(is_paired("\x01q", "\x11w\x02", b), "but where a text has another pair, it is taken");
}

/* However long texts are, their pairs are chosen in the same time. */
static void test_head(const struct background *b)
{
    enum { LONG = 64 * 1024, TEXTS = 64 };
    static uint8_t room[2][LONG];
    struct prefilter_text texts[TEXTS] = {{.id = 0}};
    struct prefilter_set set;
    uint32_t far = 0;

    for (size_t i = 0; i < LONG; i++) {
        room[0][i] = "qz"[i % 2];
        room[1][i] = "jx"[i % 2];
    }
    for (uint32_t i = 0; i < TEXTS; i++) {
        memcpy(room[i % 2] + LONG - 2, "::", 2);
        texts[i].text = slice_of(room[i % 2], LONG);
    }
    is_int(prefilter_build(&set, texts, TEXTS, b, true), 0, "long texts");
    for (uint32_t i = 0; i < TEXTS; i++)
        far += texts[i].offset + 2 > 64;
    ok(set.prefilter.width == 2 && far == 0, "are told by their beginnings");
}

int main(void)
{
    static const uint32_t counts[] = {1, 7, 8, 9, 63, 64, 65, 255, 256, 257, TEXTS_MAX};
    struct background *b = background_new();

    for (size_t i = 0; i < CANH_LEN(counts) && b != NULL; i++) {
        test_count(counts[i], 4, b);
        test_count(counts[i], LONGEST, b);
    }
    ok(b != NULL, "all counts");
    test_width(b);
    test_pairs(b);
    test_head(b);
    (void)background_free(b);
    return tap_done();
}
