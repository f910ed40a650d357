/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/text_index.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"

enum {
    KEY_LONG = 8,  /* bytes that texts of eight and more are found by */
    KEY_SHORT = 4, /* the same for four to seven */
    NONE = 0,      /* list end; entries count from 1 */
};

struct text {
    struct slice text;
    uint32_t id;
    uint32_t next; /* in its bucket */
    uint16_t slot;
    uint8_t place;
};

/* Which probes a slot needs: a bit per key length 0..4 and KEY_LONG. */
struct probes {
    bool exact;
    uint16_t prefix, suffix;
};

/* One gram of one text: the text stands `offset` bytes before the gram. */
struct gram_entry {
    uint32_t gram, text, offset, next;
};

/* The grams of one slot, of one width. */
struct grams {
    uint64_t *bits; /* NULL when there are none */
    uint32_t shift, mask, count;
    uint32_t width; /* 4 or 3 bytes */
    uint32_t *buckets;
    struct gram_entry *entries; /* [0] unused */
};

enum { GRAMS_WIDE, GRAMS_NARROW, GRAMS_HIGH, GRAMS_KINDS };

struct slot {
    struct probes probes;
    struct grams grams[GRAMS_KINDS];
    bool any;
};

struct text_index {
    struct arena *arena;
    struct slot *slots;
    uint32_t slot_count;
    struct text *texts; /* [0] unused */
    uint32_t count, cap;
    uint64_t seed;
    uint32_t *tags; /* of the equality/prefix/suffix table: low half of the hash, 0 = empty */
    uint32_t *heads;
    uint32_t table_mask;
};

struct text_index *text_index_new(struct arena *arena, uint32_t slots)
{
    struct text_index *x = calloc(1, sizeof(*x));

    if (x == NULL)
        return NULL;
    x->arena = arena;
    x->slot_count = slots;
    x->slots = arena_new_array(arena, slots ? slots : 1, struct slot);
    x->seed = hash_seed();
    if (x->slots == NULL)
        return text_index_free(x);
    return x;
}

struct text_index *text_index_free(struct text_index *x)
{
    if (x != NULL) {
        free(x->texts);
        free(x);
    }
    return NULL;
}

int text_index_add(struct text_index *x, uint32_t slot, enum text_place place, struct slice text,
                   uint32_t id)
{
    if (x->count + 1 >= x->cap) {
        uint32_t cap = x->cap ? x->cap * 2 : 64;
        struct text *texts = realloc(x->texts, cap * sizeof(*texts));

        if (texts == NULL)
            return -CE_NOMEM;
        x->texts = texts;
        x->cap = cap;
    }
    x->texts[++x->count] =
        (struct text){.text = text, .id = id, .slot = (uint16_t)slot, .place = (uint8_t)place};
    x->slots[slot].any = true;
    return 0;
}

bool text_index_has(const struct text_index *x, uint32_t slot)
{
    return x->slots[slot].any;
}

static size_t key_length(size_t n)
{
    return n >= KEY_LONG ? KEY_LONG : n >= KEY_SHORT ? KEY_SHORT : n;
}

static uint64_t load_key(const uint8_t *p, size_t n)
{
    if (n == KEY_LONG)
        return hash_read64(p);
    if (n == KEY_SHORT)
        return hash_read32(p);
    return n == 0 ? 0 : (uint64_t)p[0] << 16 | (uint64_t)p[n >> 1] << 8 | p[n - 1];
}

/* What tells the tables' users apart: slot, place and key length. */
static uint64_t key_seed(const struct text_index *x, uint32_t slot, enum text_place place,
                         size_t length)
{
    return x->seed + ((uint64_t)slot << 16 | (uint64_t)place << 8 | length) * HASH_K2;
}

static uint64_t key_hash(const struct text_index *x, uint32_t slot, enum text_place place,
                         const uint8_t *p, size_t length)
{
    return hash_u64(load_key(p, length), key_seed(x, slot, place, length));
}

static uint64_t exact_hash(const struct text_index *x, uint32_t slot, struct slice s)
{
    return hash_slice(s, key_seed(x, slot, TEXT_EXACT, 0));
}

static uint64_t text_hash(const struct text_index *x, const struct text *t)
{
    size_t n = key_length(t->text.n);

    if (t->place == TEXT_EXACT)
        return exact_hash(x, t->slot, t->text);
    return key_hash(x, t->slot, t->place,
                    t->place == TEXT_PREFIX ? t->text.p : t->text.p + t->text.n - n, n);
}

static uint32_t hash_tag(uint64_t hash)
{
    return (uint32_t)hash | 1;
}

/* The list head for a hash, or NULL. */
static uint32_t *find_head(const struct text_index *x, uint64_t hash)
{
    uint32_t tag = hash_tag(hash);

    for (uint32_t i = (uint32_t)(hash >> 32) & x->table_mask;; i = (i + 1) & x->table_mask) {
        if (x->tags[i] == tag)
            return &x->heads[i];
        if (x->tags[i] == 0)
            return NULL;
    }
}

static uint32_t *make_head(struct text_index *x, uint64_t hash)
{
    uint32_t i = (uint32_t)(hash >> 32) & x->table_mask;

    while (x->tags[i] != 0 && x->tags[i] != hash_tag(hash))
        i = (i + 1) & x->table_mask;
    x->tags[i] = hash_tag(hash);
    return &x->heads[i];
}

static void note_probe(struct probes *p, const struct text *t)
{
    uint16_t bit = (uint16_t)(1u << key_length(t->text.n));

    if (t->place == TEXT_EXACT)
        p->exact = true;
    else if (t->place == TEXT_PREFIX)
        p->prefix |= bit;
    else
        p->suffix |= bit;
}

static int seal_table(struct text_index *x)
{
    uint32_t size = 16, used = 0;

    for (uint32_t i = 1; i <= x->count; i++)
        used += x->texts[i].place != TEXT_CONTAINS;
    while (size < used * 2)
        size *= 2;
    x->tags = arena_new_array(x->arena, size, uint32_t);
    x->heads = arena_new_array(x->arena, size, uint32_t);
    if (x->tags == NULL || x->heads == NULL)
        return -CE_NOMEM;
    x->table_mask = size - 1;
    for (uint32_t i = 1; i <= x->count; i++) {
        struct text *t = &x->texts[i];
        uint32_t *head;

        if (t->place == TEXT_CONTAINS)
            continue;
        head = make_head(x, text_hash(x, t));
        t->next = *head;
        *head = i;
        note_probe(&x->slots[t->slot].probes, t);
    }
    return 0;
}

static bool is_high(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= 0x80)
            return true;
    }
    return false;
}

static unsigned gram_kind(struct slice text)
{
    if (is_high(text))
        return GRAMS_HIGH;
    return text.n > INDEX_CONTAINS_MIN ? GRAMS_WIDE : GRAMS_NARROW;
}

static uint32_t gram_hash(const struct grams *g, uint32_t gram)
{
    return gram * 0x9E3779B1u >> g->shift;
}

static int size_grams(struct arena *arena, struct grams *g, uint32_t kind)
{
    uint32_t log = 8;

    if (g->count == 0)
        return 0;
    g->width = kind == GRAMS_WIDE ? 4 : 3;
    /* two grams a text, at most 1/16 of the bits set */
    while (log < 20 && (1u << log) < g->count * 32)
        log++;
    g->shift = 32 - log;
    g->bits = arena_new_array(arena, (size_t)(1u << log) / 64, uint64_t);
    for (log = 4; (1u << log) < g->count * 2;)
        log++;
    g->mask = (1u << log) - 1;
    g->buckets = arena_new_array(arena, (size_t)g->mask + 1, uint32_t);
    g->entries = arena_new_array(arena, (size_t)g->count * 2 + 1, struct gram_entry);
    g->count = 0;
    return g->bits && g->buckets && g->entries ? 0 : -CE_NOMEM;
}

static uint32_t load_gram(const uint8_t *p, uint32_t width)
{
    uint32_t v = (uint32_t)hash_read32(p);

    return width == 4 ? v : v & 0xFFFFFF;
}

/* Reads a gram inside a text, which need not have bytes behind it. */
static uint32_t text_gram(struct slice s, size_t at, uint32_t width)
{
    uint32_t v = 0;

    for (uint32_t i = 0; i < width; i++)
        v |= (uint32_t)s.p[at + i] << 8 * i;
    return v;
}

static uint32_t bucket_of(const struct grams *g, uint32_t gram)
{
    return (gram * 0x85EBCA6Bu >> 7) & g->mask;
}

static unsigned gram_load(const struct grams *g, const struct background *b, uint32_t gram)
{
    unsigned load = g->width == 4 ? background_gram(b, gram) * 4 : 0;

    for (uint32_t e = g->buckets[bucket_of(g, gram)]; e != NONE; e = g->entries[e].next)
        load += g->entries[e].gram == gram;
    return load;
}

static void put_gram(struct grams *g, uint32_t gram, uint32_t text, uint32_t offset)
{
    uint32_t *bucket = &g->buckets[bucket_of(g, gram)], bit = gram_hash(g, gram);

    g->entries[++g->count] =
        (struct gram_entry){.gram = gram, .text = text, .offset = offset, .next = *bucket};
    *bucket = g->count;
    g->bits[bit / 64] |= UINT64_C(1) << bit % 64;
}

/* The position whose two neighbouring grams are met least often. */
static size_t rarest_position(const struct grams *g, const struct background *b, struct slice s)
{
    size_t best = 0;
    unsigned least = UINT32_MAX;

    for (size_t at = 0; at + 1 + g->width <= s.n; at++) {
        unsigned load = gram_load(g, b, text_gram(s, at, g->width)) +
                        gram_load(g, b, text_gram(s, at + 1, g->width));

        if (load < least) {
            least = load;
            best = at;
        }
        if (least == 0)
            break;
    }
    return best;
}

static int seal_grams(struct text_index *x, const struct background *b)
{
    for (uint32_t i = 1; i <= x->count; i++) {
        if (x->texts[i].place == TEXT_CONTAINS)
            x->slots[x->texts[i].slot].grams[gram_kind(x->texts[i].text)].count++;
    }
    for (uint32_t s = 0; s < x->slot_count; s++) {
        for (uint32_t k = 0; k < GRAMS_KINDS; k++) {
            if (size_grams(x->arena, &x->slots[s].grams[k], k) < 0)
                return -CE_NOMEM;
        }
    }
    for (uint32_t i = 1; i <= x->count; i++) {
        const struct text *t = &x->texts[i];
        struct grams *g = &x->slots[t->slot].grams[gram_kind(t->text)];
        size_t at;

        if (t->place != TEXT_CONTAINS)
            continue;
        at = rarest_position(g, b, t->text);
        put_gram(g, text_gram(t->text, at, g->width), i, (uint32_t)at);
        put_gram(g, text_gram(t->text, at + 1, g->width), i, (uint32_t)at + 1);
    }
    return 0;
}

int text_index_seal(struct text_index *x, const struct background *b)
{
    int r = seal_table(x);

    return r < 0 ? r : seal_grams(x, b);
}

static bool text_at(const struct text *t, struct slice value)
{
    switch (t->place) {
    case TEXT_EXACT:
        return slice_eq(value, t->text);
    case TEXT_PREFIX:
        return slice_starts(value, t->text);
    default:
        return slice_ends(value, t->text);
    }
}

static void probe(const struct text_index *x, uint32_t slot, enum text_place place, uint64_t hash,
                  struct slice value, text_index_hit *hit, void *ctx)
{
    const uint32_t *head = find_head(x, hash);

    for (uint32_t i = head ? *head : NONE; i != NONE; i = x->texts[i].next) {
        const struct text *t = &x->texts[i];

        if (t->slot == slot && t->place == place && text_at(t, value))
            hit(ctx, t->id);
    }
}

static void probe_ends(const struct text_index *x, uint32_t slot, enum text_place place,
                       unsigned lengths, struct slice value, text_index_hit *hit, void *ctx)
{
    for (; lengths != 0; lengths &= lengths - 1) {
        size_t n = (size_t)__builtin_ctz(lengths);
        const uint8_t *at = place == TEXT_PREFIX ? value.p : value.p + value.n - n;

        if (n <= value.n)
            probe(x, slot, place, key_hash(x, slot, place, at, n), value, hit, ctx);
    }
}

static CANH_COLD void verify_gram(const struct text_index *x, const struct grams *g,
                                  struct slice value, size_t at, text_index_hit *hit, void *ctx)
{
    uint32_t gram = load_gram(value.p + at, g->width);

    for (uint32_t e = g->buckets[bucket_of(g, gram)]; e != NONE; e = g->entries[e].next) {
        const struct gram_entry *entry = &g->entries[e];
        const struct text *t = &x->texts[entry->text];

        if (entry->gram != gram || at < entry->offset || value.n - (at - entry->offset) < t->text.n)
            continue;
        if (memcmp(value.p + at - entry->offset, t->text.p, t->text.n) == 0)
            hit(ctx, t->id);
    }
}

CANH_INLINE bool gram_set(const struct grams *g, const uint8_t *p, uint32_t width)
{
    uint32_t bit = gram_hash(g, load_gram(p, width));

    return g->bits[bit / 64] >> bit % 64 & 1;
}

CANH_INLINE void scan(const struct text_index *x, const struct grams *g, uint32_t width,
                      struct slice value, text_index_hit *hit, void *ctx)
{
    size_t at = 0;

    /* four positions a turn; the value has readable bytes behind it, a hit there verifies false */
    for (; at + width <= value.n; at += 8) {
        bool a = gram_set(g, value.p + at, width), b = gram_set(g, value.p + at + 2, width);
        bool c = gram_set(g, value.p + at + 4, width), d = gram_set(g, value.p + at + 6, width);

        if (CANH_LIKELY(!(a | b | c | d)))
            continue;
        for (size_t k = at; k < at + 8 && k + width <= value.n; k += 2) {
            if (gram_set(g, value.p + k, width))
                verify_gram(x, g, value, k, hit, ctx);
        }
    }
}

CANH_HOT void text_index_find(const struct text_index *x, uint32_t slot, struct slice value,
                              bool ascii, text_index_hit *hit, void *ctx)
{
    const struct slot *s = &x->slots[slot];

    if (s->probes.exact)
        probe(x, slot, TEXT_EXACT, exact_hash(x, slot, value), value, hit, ctx);
    if (s->probes.prefix)
        probe_ends(x, slot, TEXT_PREFIX, s->probes.prefix, value, hit, ctx);
    if (s->probes.suffix)
        probe_ends(x, slot, TEXT_SUFFIX, s->probes.suffix, value, hit, ctx);
    if (s->grams[GRAMS_WIDE].bits != NULL)
        scan(x, &s->grams[GRAMS_WIDE], 4, value, hit, ctx);
    if (s->grams[GRAMS_NARROW].bits != NULL)
        scan(x, &s->grams[GRAMS_NARROW], 3, value, hit, ctx);
    if (!ascii && s->grams[GRAMS_HIGH].bits != NULL)
        scan(x, &s->grams[GRAMS_HIGH], 3, value, hit, ctx);
}
