/* SPDX-License-Identifier: Apache-2.0 */
/* Random texts over a small alphabet, so that they meet; a plain search over all of them judges. */
#include "sigma/text_index.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "tap.h"

enum { TEXTS = 600, VALUES = 4000, SLOTS = 3, VALUE_MAX = 70 };

struct known {
    uint32_t slot;
    enum text_place place;
    struct slice text;
};

struct found {
    bool id[TEXTS];
};

static uint64_t state = 88172645463325252ULL;

static uint32_t random_below(uint32_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % n;
}

static size_t random_text(uint8_t *to, size_t max, bool high)
{
    static const char *const pieces[] = {"a",    "b", "ab",       "\\",
                                         ".exe", "c", "\xC3\xA9", "\xF0\x9F\x98\x80"};
    size_t n = 0, want = random_below((uint32_t)max);

    while (n < want) {
        const char *piece = pieces[random_below(high ? 8 : 6)];

        if (n + strlen(piece) > max)
            break;
        memcpy(to + n, piece, strlen(piece));
        n += strlen(piece);
    }
    return n;
}

static bool naive(const struct known *k, struct slice value)
{
    switch (k->place) {
    case TEXT_EXACT:
        return slice_eq(value, k->text);
    case TEXT_PREFIX:
        return slice_starts(value, k->text);
    case TEXT_SUFFIX:
        return slice_ends(value, k->text);
    default:
        return slice_find(value, k->text) != SIZE_MAX;
    }
}

static void hit(void *ctx, uint32_t id)
{
    ((struct found *)ctx)->id[id] = true;
}

static bool is_plain(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= 0x80)
            return false;
    }
    return true;
}

/* Many texts of one place, and of no other. */
static void test_alone(enum text_place place, const struct background *b)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    struct arena arena = ARENA_INIT(1 << 20);
    struct text_index *x = text_index_new(&arena, 1);
    struct found found = {{false}};
    bool added = true;
    uint32_t n = 0;

    for (uint32_t i = 0; i + 2 < sizeof(letters); i++)
        added =
            added && text_index_add(x, 0, place, slice_of((const uint8_t *)letters + i, 2), i) == 0;
    ok(added && text_index_seal(x, b, 0) == 0, "place %d alone", place);
    for (uint32_t i = 0; i + 2 < sizeof(letters); i++) {
        uint8_t bytes[80] = {(uint8_t)letters[i], (uint8_t)letters[i + 1]};

        text_index_find(x, bytes_level(0), 0, slice_of(bytes, 2), true, hit, &found);
        n += found.id[i];
    }
    is_int(n, sizeof(letters) - 2, "each is found");
    (void)text_index_free(x);
    arena_done(&arena);
}

/* As many contained texts as one filter takes, and more: a short one, and one beyond ASCII, too. */
static void test_contained(const struct background *b)
{
    for (uint32_t plain = 62; plain <= 66; plain++) {
        struct arena arena = ARENA_INIT(1 << 20);
        struct text_index *x = text_index_new(&arena, 1);
        uint32_t missed = 0, other = 0;
        bool added = true;

        for (uint32_t i = 0; i <= plain; i++) {
            char text[16];
            int n = snprintf(text, sizeof(text), i ? "text %02u%s" : "q%u", i,
                             i == plain ? "\xC3\xA9" : "");

            added = added && text_index_add(x, 0, TEXT_CONTAINS,
                                            arena_dup(&arena, slice_of(text, (size_t)n)), i) == 0;
        }
        ok(added && text_index_seal(x, b, 0) == 0, "%u texts of ASCII", plain);
        for (uint32_t i = 0; i <= plain; i++) {
            char value[100] = {0};
            int n = snprintf(value, sizeof(value), i ? "a text %02u%s b" : "a q%u b", i,
                             i == plain ? "\xC3\xA9" : "");
            struct found found = {{false}};

            text_index_find(x, bytes_level(0), 0, slice_of(value, (size_t)n), i < plain, hit,
                            &found);
            missed += !found.id[i];
            for (uint32_t k = 0; k <= plain; k++)
                other += k != i && found.id[k];
        }
        ok(missed == 0 && other == 0, "each is found by itself");
        (void)text_index_free(x);
        arena_done(&arena);
    }
}

/* How common texts are, by the sample as it is: what is in it, where, and how often. */
static void test_background(void)
{
    static const struct {
        const char *text;
        unsigned places, gram; /* of its first four bytes */
        double often[4];       /* as the whole, at the beginning, at the end, anywhere */
    } rows[] = {
        {"c:\\windows", 66, 66, {0.02, 1, 0.02, 1}},
        {"svchost.exe", 6, 6, {0.2283, 0.0617, 0.145, 0.27}},
        {"valid", 1, 1, {0.2283, 0.0617, 0.0617, 0.0617}},
        {".exe", 80, 81, {0.02, 0.02, 1, 1}},
        {"cmd.exe /c dir", 1, 5, {0.2283, 0.0617, 0.0617, 0.0617}},
        {"zq", 0, 0, {0.02, 0.02, 0.02, 0.02}},
        {"qzxjvk", 0, 0, {0.036, 0.036, 0.036, 0.036}},
        {"e", 686, 0, {0.02, 0.02, 1, 1}},
        {"", 7645, 0, {0.2283, 1, 1, 1}},
    };
    struct background *b = background_new();

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        struct slice s = slice_str(rows[i].text);
        unsigned gram = 0;

        is_int(background_places(b, s), rows[i].places, "“%s” stands in so many places",
               rows[i].text);
        if (s.n >= 4) {
            background_grams(b, s.p, 1, &gram);
            is_int(gram, rows[i].gram, "its first four bytes");
        }
        for (enum text_place place = TEXT_EXACT; place <= TEXT_CONTAINS; place++)
            is_int(lround(background_frequency(b, place, background_rarity(b, place, s)) * 1e4),
                   lround(rows[i].often[place] * 1e4), "so often at place %d", (int)place);
    }
    background_free(b);
}

int main(void)
{
    static struct known known[TEXTS];
    struct arena arena = ARENA_INIT(64 << 20);
    struct text_index *x = text_index_new(&arena, SLOTS);
    struct background *b = background_new();
    uint32_t missed = 0, invented = 0, hits = 0;
    bool added = true;

    for (uint32_t i = 0; i < TEXTS; i++) {
        uint8_t text[24];
        struct known *k = &known[i];

        k->slot = random_below(SLOTS - 1);
        k->place = (enum text_place)random_below(4);
        do
            k->text = slice_of(text, random_text(text, sizeof(text), random_below(4) == 0));
        while (k->text.n == 0);
        k->text = arena_dup(&arena, k->text);
        added = added && text_index_add(x, k->slot, k->place, k->text, i) == 0;
    }
    ok(added && text_index_seal(x, b, 0) == 0, "an index of %d texts", TEXTS);
    ok(!text_index_has(x, SLOTS - 1) && text_index_has(x, 0), "a slot without texts says so");
    for (uint32_t v = 0; v < VALUES; v++) {
        uint8_t bytes[VALUE_MAX + 80] = {0};
        struct slice value = slice_of(bytes, random_text(bytes, VALUE_MAX, v % 3 == 0));
        uint32_t slot = random_below(SLOTS - 1);
        struct found found = {{false}};

        text_index_find(x, bytes_level(v % bytes_levels()), slot, value, is_plain(value), hit,
                        &found);
        for (uint32_t i = 0; i < TEXTS; i++) {
            bool want = known[i].slot == slot && naive(&known[i], value);

            hits += want;
            missed += want && !found.id[i];
            invented += !want && found.id[i];
        }
    }
    is_int(missed, 0, "nothing missed");
    is_int(invented, 0, "nothing invented");
    ok(hits > 1000, "and %u texts were there to find", hits);
    for (int place = 0; place < 4; place++)
        test_alone((enum text_place)place, b);
    test_contained(b);
    test_background();
    (void)text_index_free(x);
    (void)background_free(b);
    arena_done(&arena);
    return tap_done();
}
