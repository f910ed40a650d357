/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/text_index.h"

#include <stdlib.h>
#ifdef __SSE2__
#    include <emmintrin.h>
#endif

#include "base/err.h"
#include "base/hash.h"
#include "sigma/raw_filter.h"
#include "sigma/sieve.h"

enum { NONE = 0 }; /* list end; entries count from 1 */

/*
 * Beginnings and ends are found by their outermost bytes: as many as the longest of these lengths
 * that the text has. Long ones tell apart what shares a common folder, short ones are all there.
 */
static const uint8_t key_lengths[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24};

struct text {
    struct slice text;
    uint32_t id;
    uint32_t next; /* in its bucket */
    uint16_t slot;
    uint8_t place;
    bool sieved;
};

enum { MASK_WORDS = 8 };

/* Which probes a slot needs for beginnings or ends. */
struct ends {
    uint16_t rows; /* a bit per row of key_lengths */
    /* MASK_WORDS for each row: a bit for each innermost pair of key bytes; most values are told
     * from all texts by it */
    uint64_t *masks;
};

struct probes {
    uint64_t exact; /* a bit a text length, modulo 64 */
    struct ends prefix, suffix;
};

/*
 * Values are looked up at every `step`-th position, so a text contributes as many neighbouring
 * grams. The step of WIDE grams grows with the shortest text of the slot.
 */
enum { GRAMS_WIDE, GRAMS_HIGH4, GRAMS_HIGH3, GRAMS_HIGH2, GRAMS_KINDS };
enum { STEP_MAX = 8, PLACES_MAX = 48 };

/* Up to this many contained texts a slot needs no grams; shorter ones never have any. */
enum { SIEVED_MAX = 64, GRAM_TEXT_MIN = 5 };

struct gram_form {
    uint8_t width, step;
};

static const struct gram_form gram_forms[GRAMS_KINDS] = {
    [GRAMS_WIDE] = {4, STEP_MAX}, /* at most */
    [GRAMS_HIGH4] = {4, 1},
    [GRAMS_HIGH3] = {3, 1},
    [GRAMS_HIGH2] = {2, 1},
};

/* One gram of one text: the text stands `offset` bytes before the gram. */
struct gram_entry {
    uint32_t gram, text, offset;
    uint32_t start; /* the text's first bytes, as many as a gram has: told apart without the text */
};

/* While grams are chosen: entries by bucket, as lists. */
struct gram_link {
    struct gram_entry entry;
    uint32_t next;
};

/* The grams of one slot, of one width. */
struct grams {
    uint64_t *bits; /* NULL when there are none */
    uint32_t shift, mask, count;
    struct gram_form form;
    uint32_t *buckets;          /* first entry of each bucket, and one more behind the last */
    struct gram_entry *entries; /* by bucket */
    struct gram_link *links;    /* [0] unused; gone once sealed */
};

struct slot {
    struct probes probes;
    struct sieve_set *sieve; /* NULL: none */
    struct grams grams[GRAMS_KINDS];
    uint32_t contained; /* texts of ASCII to be looked for anywhere */
    bool any;
};

struct text_index {
    struct raw_filter *raw; /* of raw_slot; NULL: no such look is possible */
    uint32_t raw_slot;
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

static void free_links(struct text_index *x)
{
    for (uint32_t s = 0; s < x->slot_count && x->slots != NULL; s++) {
        for (uint32_t k = 0; k < GRAMS_KINDS; k++) {
            free(x->slots[s].grams[k].links);
            x->slots[s].grams[k].links = NULL;
        }
    }
}

struct text_index *text_index_free(struct text_index *x)
{
    if (x != NULL) {
        free_links(x);
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

/* The row of key_lengths for a text of n bytes. */
static unsigned key_row(size_t n)
{
    unsigned row = CANH_LEN(key_lengths) - 1;

    while (key_lengths[row] > n)
        row--;
    return row;
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
    return hash_bytes(p, length, key_seed(x, slot, place, length));
}

static uint64_t exact_hash(const struct text_index *x, uint32_t slot, struct slice s)
{
    return hash_slice(s, key_seed(x, slot, TEXT_EXACT, 0));
}

static uint64_t text_hash(const struct text_index *x, const struct text *t)
{
    size_t n = key_lengths[key_row(t->text.n)];

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

/* The pair of bytes of a key that lies farthest inside the value; keys of one byte have none. */
CANH_INLINE uint32_t inner_pair(enum text_place place, const uint8_t *key, size_t n)
{
    const uint8_t *p = place == TEXT_PREFIX ? key + n - 2 : key;

    return n < 2 ? 0 : (uint32_t)(p[0] | p[1] << 8) * 0x9E3779B1u >> 23;
}

static int note_end(struct text_index *x, struct ends *e, const struct text *t)
{
    unsigned row = key_row(t->text.n);
    size_t n = key_lengths[row];
    uint32_t bit =
        inner_pair(t->place, t->place == TEXT_PREFIX ? t->text.p : t->text.p + t->text.n - n, n);

    if (e->masks == NULL)
        e->masks = arena_new_array(x->arena, MASK_WORDS * CANH_LEN(key_lengths), uint64_t);
    if (e->masks == NULL)
        return -CE_NOMEM;
    e->rows |= (uint16_t)(1u << row);
    e->masks[row * MASK_WORDS + bit / 64] |= UINT64_C(1) << bit % 64;
    return 0;
}

static int note_probe(struct text_index *x, const struct text *t)
{
    struct probes *p = &x->slots[t->slot].probes;

    if (t->place == TEXT_EXACT) {
        p->exact |= UINT64_C(1) << t->text.n % 64;
        return 0;
    }
    return note_end(x, t->place == TEXT_PREFIX ? &p->prefix : &p->suffix, t);
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
        if (note_probe(x, t) < 0)
            return -CE_NOMEM;
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
    if (!is_high(text))
        return GRAMS_WIDE;
    return text.n >= 4 ? GRAMS_HIGH4 : text.n == 3 ? GRAMS_HIGH3 : GRAMS_HIGH2;
}

static uint32_t gram_hash(const struct grams *g, uint32_t gram)
{
    return gram * 0x9E3779B1u >> g->shift;
}

static int size_grams(struct arena *arena, struct grams *g)
{
    uint32_t log = 8;

    if (g->count == 0)
        return 0;
    /* at most 1/64 of the bits set */
    while (log < 20 && (1u << log) < g->count * 64 * g->form.step)
        log++;
    g->shift = 32 - log;
    g->bits = arena_new_array(arena, (size_t)(1u << log) / 64, uint64_t);
    for (log = 4; (1u << log) < g->count * g->form.step;)
        log++;
    g->mask = (1u << log) - 1;
    g->buckets = arena_new_array(arena, (size_t)g->mask + 2, uint32_t);
    g->entries = arena_new_array(arena, (size_t)g->count * g->form.step, struct gram_entry);
    g->links = calloc((size_t)g->count * g->form.step + 1, sizeof(*g->links));
    g->count = 0;
    return g->bits && g->buckets && g->entries && g->links ? 0 : -CE_NOMEM;
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
    unsigned load = g->form.width == 4 ? background_gram(b, gram) * 4 : 0;

    for (uint32_t e = g->buckets[bucket_of(g, gram)]; e != NONE; e = g->links[e].next)
        load += g->links[e].entry.gram == gram;
    return load;
}

static void put_gram(struct grams *g, const struct text *t, uint32_t text, size_t offset)
{
    uint32_t gram = text_gram(t->text, offset, g->form.width), bit = gram_hash(g, gram);
    uint32_t *bucket = &g->buckets[bucket_of(g, gram)];

    g->links[++g->count] = (struct gram_link){.entry = {gram, text, (uint32_t)offset,
                                                        text_gram(t->text, 0, g->form.width)},
                                              .next = *bucket};
    *bucket = g->count;
    g->bits[bit / 64] |= UINT64_C(1) << bit % 64;
}

/* Lays the entries of each bucket side by side. */
static void pack_grams(struct grams *g)
{
    uint32_t at = 0;

    for (uint32_t b = 0; b <= g->mask; b++) {
        uint32_t e = g->buckets[b];

        g->buckets[b] = at;
        for (; e != NONE; e = g->links[e].next)
            g->entries[at++] = g->links[e].entry;
    }
    g->buckets[g->mask + 1] = at;
}

/*
 * The position whose grams (as many as there are positions in a step) are met least often, among
 * the first PLACES_MAX.
 */
static size_t rarest_position(const struct grams *g, const struct background *b, struct slice s)
{
    uint32_t width = g->form.width, step = g->form.step;
    size_t count = CANH_MIN(s.n - width + 1, (size_t)PLACES_MAX), best = 0;
    unsigned loads[PLACES_MAX], window = 0, least = UINT32_MAX;

    for (size_t at = 0; at < count; at++) {
        loads[at] = gram_load(g, b, text_gram(s, at, width));
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

static void count_grams(struct text_index *x)
{
    for (uint32_t i = 1; i <= x->count; i++) {
        const struct text *t = &x->texts[i];
        unsigned kind = gram_kind(t->text);
        struct grams *g = &x->slots[t->slot].grams[kind];

        if (t->place != TEXT_CONTAINS || t->sieved)
            continue;
        if (g->count++ == 0)
            g->form = gram_forms[kind];
        if (kind == GRAMS_WIDE)
            g->form.step = (uint8_t)CANH_MIN((size_t)g->form.step, t->text.n - g->form.width + 1);
    }
}

/* Whether the slot's sieve takes the text: all of them where they are few, else the short ones. */
static bool takes(const struct slot *s, const struct text *t)
{
    return s->contained <= SIEVED_MAX || t->text.n < GRAM_TEXT_MIN;
}

/* Marks the texts that sieves take and counts them by slot. */
static int count_sieved(struct text_index *x, uint32_t *counts)
{
    for (uint32_t i = 1; i <= x->count; i++) {
        const struct text *t = &x->texts[i];

        x->slots[t->slot].contained += t->place == TEXT_CONTAINS && !is_high(t->text);
    }
    for (uint32_t i = 1; i <= x->count; i++) {
        struct text *t = &x->texts[i];

        t->sieved = t->place == TEXT_CONTAINS && !is_high(t->text) && takes(&x->slots[t->slot], t);
        counts[t->slot] += t->sieved;
    }
    return 0;
}

static int seal_sieves(struct text_index *x, const struct background *b)
{
    uint32_t *counts = calloc(x->slot_count, sizeof(*counts));
    struct sieve_text **texts = calloc(x->slot_count, sizeof(*texts));
    int r = counts && texts ? count_sieved(x, counts) : -CE_NOMEM;

    for (uint32_t s = 0; s < x->slot_count && r == 0; s++) {
        if (counts[s] == 0)
            continue;
        x->slots[s].sieve = arena_new(x->arena, struct sieve_set);
        texts[s] = arena_new_array(x->arena, counts[s], struct sieve_text);
        r = x->slots[s].sieve && texts[s] ? 0 : -CE_NOMEM;
        counts[s] = 0;
    }
    for (uint32_t i = 1; i <= x->count && r == 0; i++) {
        const struct text *t = &x->texts[i];

        if (t->sieved)
            texts[t->slot][counts[t->slot]++] = (struct sieve_text){.text = t->text, .id = t->id};
    }
    for (uint32_t s = 0; s < x->slot_count && r == 0; s++) {
        if (counts[s] > 0)
            sieve_build(x->slots[s].sieve, texts[s], counts[s], b, false);
    }
    free(counts);
    free(texts);
    return r;
}

static int seal_grams(struct text_index *x, const struct background *b)
{
    count_grams(x);
    for (uint32_t s = 0; s < x->slot_count; s++) {
        for (uint32_t k = 0; k < GRAMS_KINDS; k++) {
            if (size_grams(x->arena, &x->slots[s].grams[k]) < 0)
                return -CE_NOMEM;
        }
    }
    for (uint32_t i = 1; i <= x->count; i++) {
        const struct text *t = &x->texts[i];
        struct grams *g = &x->slots[t->slot].grams[gram_kind(t->text)];
        size_t at;

        if (t->place != TEXT_CONTAINS || t->sieved)
            continue;
        at = rarest_position(g, b, t->text);
        for (uint32_t k = 0; k < g->form.step; k++)
            put_gram(g, t, i, at + k);
    }
    for (uint32_t s = 0; s < x->slot_count; s++) {
        for (uint32_t k = 0; k < GRAMS_KINDS; k++) {
            if (x->slots[s].grams[k].bits != NULL)
                pack_grams(&x->slots[s].grams[k]);
        }
    }
    return 0;
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
                       const struct ends *e, struct slice value, text_index_hit *hit, void *ctx)
{
    for (unsigned rows = e->rows; rows != 0; rows &= rows - 1) {
        unsigned row = (unsigned)__builtin_ctz(rows);
        size_t n = key_lengths[row];
        const uint8_t *at = place == TEXT_PREFIX ? value.p : value.p + value.n - n;
        uint32_t bit;

        if (n > value.n)
            break;
        bit = inner_pair(place, at, n);
        if (e->masks[row * MASK_WORDS + bit / 64] >> bit % 64 & 1)
            probe(x, slot, place, key_hash(x, slot, place, at, n), value, hit, ctx);
    }
}

static __attribute__((noinline)) void verify_gram(const struct text_index *x, const struct grams *g,
                                                  struct slice value, size_t at,
                                                  text_index_hit *hit, void *ctx)
{
    uint32_t width = g->form.width, gram = load_gram(value.p + at, width);
    uint32_t bucket = bucket_of(g, gram);

    for (uint32_t e = g->buckets[bucket]; e < g->buckets[bucket + 1]; e++) {
        const struct gram_entry *entry = &g->entries[e];
        const struct text *t;
        struct slice rest;

        if (entry->gram != gram || at < entry->offset ||
            load_gram(value.p + at - entry->offset, width) != entry->start)
            continue;
        t = &x->texts[entry->text];
        rest = slice_from(value, at - entry->offset);
        if (slice_starts(rest, t->text))
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
    uint32_t step = g->form.step;

    /* four positions a turn; the value has readable bytes behind it, a hit there verifies false */
    for (size_t at = 0; at + width <= value.n; at += 4 * step) {
        const uint8_t *p = value.p + at;
        bool a = gram_set(g, p, width), b = gram_set(g, p + step, width);
        bool c = gram_set(g, p + 2 * step, width), d = gram_set(g, p + 3 * step, width);

        if (CANH_LIKELY(!(a | b | c | d)))
            continue;
        for (size_t k = at; k < at + 4 * step && k + width <= value.n; k += step) {
            if (gram_set(g, value.p + k, width))
                verify_gram(x, g, value, k, hit, ctx);
        }
    }
}

/* What a look through a value needs at each place that its sieve lets pass. */
struct sieving {
    const struct sieve_set *set;
    struct slice value;
    text_index_hit *hit;
    void *ctx;
};

static bool pass_sieve(void *ctx, const uint8_t *at, unsigned buckets)
{
    const struct sieving *s = ctx;
    size_t place = (size_t)(at - s->value.p);
    uint32_t gram = (uint32_t)hash_read32(at);

    for (; buckets != 0; buckets &= buckets - 1) {
        const uint32_t *bucket = &s->set->first[__builtin_ctz(buckets)];

        for (uint32_t i = bucket[0]; i < bucket[1]; i++) {
            const struct sieve_text *t = &s->set->texts[i];

            if ((gram & t->mask) == t->gram && place >= t->offset &&
                slice_starts(slice_from(s->value, place - t->offset), t->text))
                s->hit(s->ctx, t->id);
        }
    }
    return false;
}

CANH_HOT void text_index_find(const struct text_index *x, const struct bytes *bytes, uint32_t slot,
                              struct slice value, bool ascii, text_index_hit *hit, void *ctx)
{
    const struct slot *s = &x->slots[slot];

    if (s->probes.exact >> value.n % 64 & 1)
        probe(x, slot, TEXT_EXACT, exact_hash(x, slot, value), value, hit, ctx);
    if (s->probes.prefix.rows)
        probe_ends(x, slot, TEXT_PREFIX, &s->probes.prefix, value, hit, ctx);
    if (s->probes.suffix.rows)
        probe_ends(x, slot, TEXT_SUFFIX, &s->probes.suffix, value, hit, ctx);
    if (s->sieve != NULL) {
        struct sieving sieving = {s->sieve, value, hit, ctx};
        bool leads;

        (void)bytes->sift(&s->sieve->sieve, value, pass_sieve, &sieving, &leads);
    }
    if (s->grams[GRAMS_WIDE].bits != NULL)
        scan(x, &s->grams[GRAMS_WIDE], 4, value, hit, ctx);
    for (uint32_t k = GRAMS_HIGH4; !ascii && k < GRAMS_KINDS; k++) {
        if (s->grams[k].bits != NULL)
            scan(x, &s->grams[k], gram_forms[k].width, value, hit, ctx);
    }
}

static int seal_raw(struct text_index *x, const struct background *b, uint32_t slot)
{
    struct slice *texts = malloc(((size_t)x->count + 1) * sizeof(*texts));
    uint32_t n = 0;
    int r = 0;

    if (texts == NULL)
        return -CE_NOMEM;
    x->raw_slot = slot;
    for (uint32_t i = 1; i <= x->count; i++) {
        if (x->texts[i].slot == slot)
            texts[n++] = x->texts[i].place == TEXT_CONTAINS ? x->texts[i].text : SLICE("");
    }
    r = raw_filter_new(x->arena, texts, n, b, &x->raw);
    free(texts);
    return r;
}

bool text_index_may_contain(const struct text_index *x, const struct bytes *bytes, uint32_t slot,
                            struct slice raw)
{
    return x->raw == NULL || x->raw_slot != slot || raw_filter_hits(x->raw, bytes, raw);
}

int text_index_seal(struct text_index *x, const struct background *b, uint32_t raw_slot)
{
    int r = seal_table(x);

    if (r == 0)
        r = seal_sieves(x, b);
    if (r == 0)
        r = seal_grams(x, b);
    free_links(x);
    return r < 0 || !x->slots[raw_slot].any ? r : seal_raw(x, b, raw_slot);
}
