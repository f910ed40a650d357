/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/grams.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"

/*
 * Values are looked up at every `step`-th position, so a text contributes as many neighbouring
 * grams. The step of WIDE grams grows with the shortest text.
 */
enum kind { WIDE, HIGH4, HIGH3, HIGH2, KINDS };
enum { STEP_MAX = 8, PLACES_MAX = 48, PENDING_MAX = 16 };
/* What an entry has room for. */
enum { TEXTS_MAX = 1 << 24 };

struct form {
    uint8_t width, step;
};

static const struct form forms[KINDS] = {
    [WIDE] = {4, STEP_MAX}, /* at most */
    [HIGH4] = {4, 1},
    [HIGH3] = {3, 1},
    [HIGH2] = {2, 1},
};

/* One gram of one text: the text stands `offset` bytes before the gram. */
struct entry {
    uint32_t start; /* the text's first bytes, as many as a gram has: told apart without the text */
    uint32_t offset : 8;
    uint32_t text : 24;
};

struct table {
    uint64_t *bits; /* NULL when there are none */
    uint32_t shift, mask, count;
    struct form form;
    /* First entry of each bucket, and one more behind the last; how many it has, until packed. */
    uint32_t *buckets;
    struct entry *entries; /* by bucket */
};

struct grams {
    const struct gram_text *texts;
    struct table tables[KINDS];
};

static enum kind kind_of(const struct gram_text *t)
{
    if (t->ascii)
        return WIDE;
    return t->text.n >= 4 ? HIGH4 : t->text.n == 3 ? HIGH3 : HIGH2;
}

static uint32_t gram_hash(const struct table *t, uint32_t gram)
{
    return gram * 0x9E3779B1u >> t->shift;
}

static uint32_t bucket_of(const struct table *t, uint32_t gram)
{
    return (gram * 0x85EBCA6Bu >> 7) & t->mask;
}

static int size_table(struct arena *arena, struct table *t)
{
    uint32_t log = 8;

    if (t->count == 0)
        return 0;
    /* at most 1/64 of the bits set */
    while (log < 20 && (1u << log) < t->count * 64 * t->form.step)
        log++;
    t->shift = 32 - log;
    t->bits = arena_new_array(arena, (size_t)(1u << log) / 64, uint64_t);
    for (log = 4; (1u << log) < t->count * t->form.step;)
        log++;
    t->mask = (1u << log) - 1;
    t->buckets = arena_new_array(arena, (size_t)t->mask + 2, uint32_t);
    t->entries = arena_alloc(arena, (size_t)t->count * t->form.step * sizeof(*t->entries));
    return t->bits && t->buckets && t->entries ? 0 : -CE_NOMEM;
}

static uint32_t load_gram(const uint8_t *p, uint32_t width)
{
    uint32_t v = (uint32_t)hash_read32(p);

    return width == 4 ? v : v & ((1u << 8 * width) - 1);
}

/* Reads a gram inside a text, which need not have bytes behind it. */
static uint32_t text_gram(struct slice s, size_t at, uint32_t width)
{
    uint32_t v = 0;

    if (width == 4)
        return (uint32_t)hash_read32(s.p + at);
    for (uint32_t i = 0; i < width; i++)
        v |= (uint32_t)s.p[at + i] << 8 * i;
    return v;
}

/* Notes that a text will be found by the grams from a place on. */
static void note_grams(struct table *t, struct slice text, size_t at)
{
    for (size_t end = at + t->form.step; at < end; at++) {
        uint32_t gram = text_gram(text, at, t->form.width), bit = gram_hash(t, gram);

        t->buckets[bucket_of(t, gram)]++;
        t->bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

/* Where each bucket's entries end; as they are written it becomes where they begin. */
static void lay_out(struct table *t)
{
    uint32_t end = 0;

    for (uint32_t b = 0; b <= t->mask; b++) {
        end += t->buckets[b];
        t->buckets[b] = end;
    }
    t->buckets[t->mask + 1] = end;
}

static void write_grams(struct table *t, struct slice text, uint32_t number, size_t at)
{
    uint32_t start = text_gram(text, 0, t->form.width);

    for (size_t end = at + t->form.step; at < end; at++) {
        uint32_t bucket = bucket_of(t, text_gram(text, at, t->form.width));

        t->entries[--t->buckets[bucket]] =
            (struct entry){.start = start, .offset = at & UINT8_MAX, .text = number % TEXTS_MAX};
    }
}

/* How common the grams of a text are: in ordinary text, and among those chosen so far, roughly. */
static void gram_loads(const struct table *t, const struct background *b, struct slice s,
                       size_t count, unsigned *loads)
{
    uint32_t width = t->form.width;

    if (width == 4)
        background_grams(b, s.p, count, loads);
    for (size_t at = 0; at < count; at++)
        loads[at] =
            (width == 4 ? loads[at] * 4 : 0) + t->buckets[bucket_of(t, text_gram(s, at, width))];
}

/*
 * The position whose grams (as many as there are positions in a step) are met least often, among
 * the first PLACES_MAX.
 */
static size_t rarest_position(const struct table *t, const struct background *b, struct slice s)
{
    uint32_t step = t->form.step;
    size_t count = CANH_MIN(s.n - t->form.width + 1, (size_t)PLACES_MAX), best = 0;
    unsigned window = 0, least = UINT32_MAX;
    CANH_UNSET unsigned loads[PLACES_MAX];

    gram_loads(t, b, s, count, loads);
    for (size_t at = 0; at < count; at++) {
        window += loads[at];
        if (at + 1 < step)
            continue;
        if (window < least) {
            least = window;
            best = at + 1 - step;
        }
        window -= loads[at + 1 - step];
    }
    return best;
}

static void count_texts(struct grams *g, uint32_t count)
{
    for (uint32_t k = 0; k < KINDS; k++)
        g->tables[k].form = forms[k];
    for (uint32_t i = 0; i < count; i++) {
        enum kind kind = kind_of(&g->texts[i]);
        struct form *form = &g->tables[kind].form;

        g->tables[kind].count++;
        if (kind == WIDE)
            form->step =
                (uint8_t)CANH_MIN((size_t)form->step, g->texts[i].text.n - form->width + 1);
    }
}

/* Chooses the grams of all texts; where they stand is noted, to find them again. */
static void choose_grams(struct grams *g, uint32_t count, const struct background *b,
                         uint8_t *places)
{
    for (uint32_t i = 0; i < count; i++) {
        struct table *t = &g->tables[kind_of(&g->texts[i])];
        size_t at = rarest_position(t, b, g->texts[i].text);

        places[i] = (uint8_t)at;
        note_grams(t, g->texts[i].text, at);
    }
}

static void pack_grams(struct grams *g, uint32_t count, const uint8_t *places)
{
    for (uint32_t k = 0; k < KINDS; k++) {
        if (g->tables[k].bits != NULL)
            lay_out(&g->tables[k]);
    }
    for (uint32_t i = 0; i < count; i++)
        write_grams(&g->tables[kind_of(&g->texts[i])], g->texts[i].text, i, places[i]);
}

int grams_new(struct arena *arena, const struct gram_text *texts, uint32_t count,
              const struct background *b, struct grams **ret)
{
    struct grams *g = arena_new(arena, struct grams);
    uint8_t *places = malloc(count + 1);
    int r = g && places && count <= TEXTS_MAX ? 0 : -CE_NOMEM;

    if (r == 0) {
        g->texts = texts;
        count_texts(g, count);
    }
    for (uint32_t k = 0; k < KINDS && r == 0; k++)
        r = size_table(arena, &g->tables[k]);
    if (r == 0) {
        choose_grams(g, count, b, places);
        pack_grams(g, count, places);
    }
    free(places);
    *ret = g;
    return r;
}

/* Places of a value that may have a text. Their buckets are fetched while others are looked for. */
struct places {
    uint32_t count;
    struct {
        size_t at;
        uint32_t bucket;
    } of[PENDING_MAX];
};

static void verify_place(const struct grams *g, const struct table *t, struct slice value,
                         size_t at, uint32_t bucket, text_hit *hit, void *ctx)
{
    for (uint32_t e = t->buckets[bucket]; e < t->buckets[bucket + 1]; e++) {
        const struct entry *entry = &t->entries[e];
        const struct gram_text *text;

        if (at < entry->offset ||
            load_gram(value.p + at - entry->offset, t->form.width) != entry->start)
            continue;
        text = &g->texts[entry->text];
        if (slice_starts(slice_from(value, at - entry->offset), text->text))
            hit(ctx, text->id);
    }
}

static __attribute__((noinline)) void verify_places(const struct grams *g, const struct table *t,
                                                    struct slice value, struct places *places,
                                                    text_hit *hit, void *ctx)
{
    for (uint32_t i = 0; i < places->count; i++)
        __builtin_prefetch(&t->entries[t->buckets[places->of[i].bucket]]);
    for (uint32_t i = 0; i < places->count; i++)
        verify_place(g, t, value, places->of[i].at, places->of[i].bucket, hit, ctx);
    places->count = 0;
}

CANH_INLINE void note_place(const struct grams *g, const struct table *t, struct slice value,
                            size_t at, uint32_t width, struct places *places, text_hit *hit,
                            void *ctx)
{
    uint32_t bucket = bucket_of(t, load_gram(value.p + at, width));

    if (CANH_UNLIKELY(places->count == PENDING_MAX))
        verify_places(g, t, value, places, hit, ctx);
    __builtin_prefetch(&t->buckets[bucket]);
    places->of[places->count].at = at;
    places->of[places->count++].bucket = bucket;
}

CANH_INLINE bool is_set(const struct table *t, const uint8_t *p, uint32_t width)
{
    uint32_t bit = gram_hash(t, load_gram(p, width));

    return t->bits[bit / 64] >> bit % 64 & 1;
}

CANH_INLINE void scan(const struct grams *g, const struct table *t, uint32_t width,
                      struct slice value, text_hit *hit, void *ctx)
{
    uint32_t step = t->form.step;
    CANH_UNSET struct places places;

    places.count = 0;
    /* four positions a turn; the value has readable bytes behind it, a hit there verifies false */
    for (size_t at = 0; at + width <= value.n; at += 4 * step) {
        const uint8_t *p = value.p + at;
        bool a = is_set(t, p, width), b = is_set(t, p + step, width);
        bool c = is_set(t, p + 2 * step, width), d = is_set(t, p + 3 * step, width);

        if (CANH_LIKELY(!(a | b | c | d)))
            continue;
        for (size_t k = at; k < at + 4 * step && k + width <= value.n; k += step) {
            if (is_set(t, value.p + k, width))
                note_place(g, t, value, k, width, &places, hit, ctx);
        }
    }
    if (places.count > 0)
        verify_places(g, t, value, &places, hit, ctx);
}

CANH_HOT void grams_find(const struct grams *g, struct slice value, bool ascii, text_hit *hit,
                         void *ctx)
{
    if (g->tables[WIDE].bits != NULL)
        scan(g, &g->tables[WIDE], 4, value, hit, ctx);
    for (uint32_t k = HIGH4; !ascii && k < KINDS; k++) {
        if (g->tables[k].bits != NULL)
            scan(g, &g->tables[k], forms[k].width, value, hit, ctx);
    }
}
