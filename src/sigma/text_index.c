/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/text_index.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/utf.h"
#include "sigma/prefilter.h"

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
};

/* A text that is contained, until it is laid out. */
struct contained_text {
    struct gram_text of;
    uint32_t slot;
};

enum { MASK_WORDS = 8 };

/* Up to this many contained texts a slot needs no grams. */
enum { PREFILTERED_MAX = 64 };

/* Which looks the values of a slot need. */
struct slot {
    uint64_t exact;   /* a bit a text length, modulo 64 */
    uint64_t marks;   /* of the same texts, see text_mark() */
    uint16_t rows[2]; /* ends_of() a place: a bit per row of key_lengths */
    bool any;
    uint64_t *masks[2]; /* MASK_WORDS for each row: a bit for each innermost pair of key bytes;
                         * most values are told from all texts by it */
    struct prefilter_set *prefilter; /* NULL: none */
    struct grams *grams;             /* NULL: none */
};

struct bucket {
    uint32_t tag; /* low half of the hash; 0: empty */
    uint32_t head;
};

struct text_index {
    struct raw_filter *raw[RAW_KINDS]; /* of the raw slot; NULL: no such look is possible */
    struct arena *arena;
    struct slot *slots;
    uint32_t slot_count;
    struct text *texts; /* what is equal, begins or ends; [0] unused */
    uint32_t count, cap;
    struct contained_text *contained; /* gone once sealed */
    uint32_t contained_count, contained_cap;
    uint64_t seed;
    struct bucket *table; /* of what is equal, begins or ends */
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
        free(x->contained);
        free(x);
    }
    return NULL;
}

static int add_contained(struct text_index *x, uint32_t slot, struct slice text, uint32_t id)
{
    if (!array_room(x->contained, x->contained_count, x->contained_cap, SIZE_MAX))
        return -CE_NOMEM;
    x->contained[x->contained_count++] =
        (struct contained_text){.of = {text, id, is_ascii(text)}, .slot = slot};
    return 0;
}

int text_index_add(struct text_index *x, uint32_t slot, enum text_place place, struct slice text,
                   uint32_t id)
{
    x->slots[slot].any = true;
    if (place == TEXT_CONTAINS)
        return add_contained(x, slot, text, id);
    if (!array_room(x->texts, x->count + 1, x->cap, SIZE_MAX))
        return -CE_NOMEM;
    x->texts[++x->count] =
        (struct text){.text = text, .id = id, .slot = (uint16_t)slot, .place = (uint8_t)place};
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
        if (x->table[i].tag == tag)
            return &x->table[i].head;
        if (x->table[i].tag == 0)
            return NULL;
    }
}

static uint32_t *make_head(struct text_index *x, uint64_t hash)
{
    uint32_t i = (uint32_t)(hash >> 32) & x->table_mask;

    while (x->table[i].tag != 0 && x->table[i].tag != hash_tag(hash))
        i = (i + 1) & x->table_mask;
    x->table[i].tag = hash_tag(hash);
    return &x->table[i].head;
}

/* The pair of bytes of a key that lies farthest inside the value; keys of one byte have none. */
CANH_INLINE uint32_t inner_pair(enum text_place place, const uint8_t *key, size_t n)
{
    const uint8_t *p = place == TEXT_PREFIX ? key + n - 2 : key;

    return n < 2 ? 0 : (uint32_t)(p[0] | p[1] << 8) * 0x9E3779B1u >> 23;
}

/* Beginnings and ends have their own rows and masks. */
CANH_INLINE unsigned ends_of(enum text_place place)
{
    return place == TEXT_SUFFIX;
}

static int note_probe(struct text_index *x, const struct text *t)
{
    struct slot *s = &x->slots[t->slot];
    unsigned row = key_row(t->text.n), ends = ends_of(t->place);
    size_t n = key_lengths[row];
    uint32_t bit;

    if (t->place == TEXT_EXACT) {
        s->exact |= UINT64_C(1) << t->text.n % 64;
        s->marks |= t->text.n > 0 ? text_mark(t->text) : 0;
        return 0;
    }
    if (s->masks[ends] == NULL)
        s->masks[ends] = arena_new_array(x->arena, MASK_WORDS * CANH_LEN(key_lengths), uint64_t);
    if (s->masks[ends] == NULL)
        return -CE_NOMEM;
    bit = inner_pair(t->place, t->place == TEXT_PREFIX ? t->text.p : t->text.p + t->text.n - n, n);
    s->rows[ends] |= (uint16_t)(1u << row);
    s->masks[ends][row * MASK_WORDS + bit / 64] |= UINT64_C(1) << bit % 64;
    return 0;
}

static int seal_table(struct text_index *x)
{
    uint32_t size = 16;

    while (size < x->count * 2)
        size *= 2;
    x->table = arena_new_array(x->arena, size, struct bucket);
    if (x->table == NULL)
        return -CE_NOMEM;
    x->table_mask = size - 1;
    for (uint32_t i = 1; i <= x->count; i++) {
        struct text *t = &x->texts[i];
        uint32_t *head = make_head(x, text_hash(x, t));

        t->next = *head;
        *head = i;
        if (note_probe(x, t) < 0)
            return -CE_NOMEM;
    }
    return 0;
}

/* The contained texts of one slot, while they are laid out. */
struct contained {
    uint32_t count, plain, brief; /* all; those of ASCII; of these, those too short for grams */
    struct prefilter_text *prefiltered;
    struct gram_text *grams;
    uint32_t prefiltered_count, gram_count;
};

static bool are_few(const struct contained *c)
{
    return c->plain <= PREFILTERED_MAX;
}

/* The prefilter takes all texts of ASCII where they are few, else only the short ones. */
static bool is_prefiltered(const struct contained *c, const struct gram_text *t)
{
    return (are_few(c) || t->text.n < GRAM_TEXT_MIN) && t->ascii;
}

static void count_contained(const struct text_index *x, struct contained *slots)
{
    for (uint32_t i = 0; i < x->contained_count; i++) {
        const struct gram_text *t = &x->contained[i].of;
        struct contained *c = &slots[x->contained[i].slot];

        c->count++;
        c->plain += t->ascii;
        c->brief += t->text.n < GRAM_TEXT_MIN && t->ascii;
    }
}

static int sort_contained(struct text_index *x, struct contained *slots)
{
    count_contained(x, slots);
    for (uint32_t s = 0; s < x->slot_count; s++) {
        struct contained *c = &slots[s];
        uint32_t n = are_few(c) ? c->plain : c->brief;

        if (c->count == 0)
            continue;
        c->prefiltered = arena_new_array(x->arena, n, struct prefilter_text);
        c->grams = arena_new_array(x->arena, c->count - n, struct gram_text);
        if (c->prefiltered == NULL || c->grams == NULL)
            return -CE_NOMEM;
    }
    for (uint32_t i = 0; i < x->contained_count; i++) {
        const struct gram_text *t = &x->contained[i].of;
        struct contained *c = &slots[x->contained[i].slot];

        if (is_prefiltered(c, t))
            c->prefiltered[c->prefiltered_count++] =
                (struct prefilter_text){.text = t->text, .id = t->id};
        else
            c->grams[c->gram_count++] = *t;
    }
    return 0;
}

static int seal_contained(struct text_index *x, const struct background *b)
{
    struct contained *slots = calloc(x->slot_count, sizeof(*slots));
    int r = slots ? sort_contained(x, slots) : -CE_NOMEM;

    for (uint32_t i = 0; i < x->slot_count && r == 0; i++) {
        struct contained *c = &slots[i];

        if (c->prefiltered_count > 0) {
            x->slots[i].prefilter = arena_new(x->arena, struct prefilter_set);
            r = x->slots[i].prefilter ? prefilter_build(x->slots[i].prefilter, c->prefiltered,
                                                        c->prefiltered_count, b, false)
                                      : -CE_NOMEM;
        }
        if (c->gram_count > 0 && r == 0)
            r = grams_new(x->arena, c->grams, c->gram_count, b, &x->slots[i].grams);
    }
    free(slots);
    return r;
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

/* A look into the table. It and the texts lie in no near cache: each is fetched before. */
struct probe {
    uint64_t hash;
    uint32_t head;
    uint8_t place;
};

enum { PROBES_MAX = 1 + 2 * CANH_LEN(key_lengths) };

CANH_INLINE uint32_t add_probe(const struct text_index *x, struct probe *probes, uint32_t count,
                               enum text_place place, uint64_t hash)
{
    probes[count] = (struct probe){.hash = hash, .place = (uint8_t)place};
    __builtin_prefetch(&x->table[(uint32_t)(hash >> 32) & x->table_mask]);
    return count + 1;
}

static uint32_t add_ends(const struct text_index *x, uint32_t slot, enum text_place place,
                         struct slice value, struct probe *probes, uint32_t count)
{
    const struct slot *s = &x->slots[slot];
    const uint64_t *masks = s->masks[ends_of(place)];

    for (unsigned rows = s->rows[ends_of(place)]; rows != 0; rows &= rows - 1) {
        unsigned row = (unsigned)__builtin_ctz(rows);
        size_t n = key_lengths[row];
        const uint8_t *at = place == TEXT_PREFIX ? value.p : value.p + value.n - n;
        uint32_t bit;

        if (n > value.n)
            break;
        bit = inner_pair(place, at, n);
        if (masks[row * MASK_WORDS + bit / 64] >> bit % 64 & 1)
            count = add_probe(x, probes, count, place, key_hash(x, slot, place, at, n));
    }
    return count;
}

static uint32_t add_probes(const struct text_index *x, uint32_t slot, struct slice value,
                           struct probe *probes)
{
    uint32_t count = 0;

    if (x->slots[slot].exact >> value.n % 64 & 1)
        count = add_probe(x, probes, count, TEXT_EXACT, exact_hash(x, slot, value));
    count = add_ends(x, slot, TEXT_PREFIX, value, probes, count);
    return add_ends(x, slot, TEXT_SUFFIX, value, probes, count);
}

/* Of the probes those for which there is a list; how many. */
static uint32_t find_lists(const struct text_index *x, struct probe *probes, uint32_t count)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *head = find_head(x, probes[i].hash);

        if (head == NULL)
            continue;
        probes[kept] = probes[i];
        probes[kept++].head = *head;
        __builtin_prefetch(&x->texts[*head]);
    }
    return kept;
}

static void walk_list(const struct text_index *x, uint32_t slot, const struct probe *probe,
                      struct slice value, text_hit *hit, void *ctx)
{
    for (uint32_t i = probe->head; i != NONE; i = x->texts[i].next) {
        const struct text *t = &x->texts[i];

        if (t->slot == slot && t->place == probe->place && text_at(t, value))
            hit(ctx, t->id);
    }
}

/* What a look through a value needs at each place that its prefilter lets pass. */
struct prefilter_ctx {
    const struct prefilter_set *set;
    struct slice value;
    text_hit *hit;
    void *ctx;
};

static bool pass_prefilter(void *ctx, const uint8_t *at, unsigned buckets)
{
    const struct prefilter_ctx *s = ctx;
    size_t place = (size_t)(at - s->value.p);
    uint32_t gram = (uint32_t)hash_read32(at);

    if (!gram_is_marked(&s->set->marks, gram))
        return false;
    for (; buckets != 0; buckets &= buckets - 1) {
        const uint32_t *bucket = &s->set->first[__builtin_ctz(buckets)];

        for (uint32_t i = bucket[0]; i < bucket[1]; i++) {
            const struct prefilter_text *t = &s->set->texts[i];

            if ((gram & t->mask) == t->gram && place >= t->offset &&
                slice_starts(slice_from(s->value, place - t->offset), t->text))
                s->hit(s->ctx, t->id);
        }
    }
    return false;
}

CANH_HOT void text_index_find(const struct text_index *x, const struct bytes *bytes, uint32_t slot,
                              struct slice value, bool ascii, text_hit *hit, void *ctx)
{
    const struct slot *s = &x->slots[slot];
    CANH_UNSET struct probe probes[PROBES_MAX];
    uint32_t count = add_probes(x, slot, value, probes);

    if (s->prefilter != NULL) {
        struct prefilter_ctx look = {s->prefilter, value, hit, ctx};
        bool leads;

        (void)bytes->scan(&s->prefilter->prefilter, value, pass_prefilter, &look, &leads);
    }
    count = find_lists(x, probes, count);
    if (s->grams != NULL)
        grams_find(s->grams, value, ascii, hit, ctx);
    for (uint32_t i = 0; i < count; i++)
        walk_list(x, slot, &probes[i], value, hit, ctx);
}

bool text_index_is_exact(const struct text_index *x, uint32_t slot)
{
    const struct slot *s = &x->slots[slot];

    return s->rows[ends_of(TEXT_PREFIX)] == 0 && s->rows[ends_of(TEXT_SUFFIX)] == 0 &&
           s->prefilter == NULL && s->grams == NULL;
}

uint64_t text_index_marks(const struct text_index *x, uint32_t slot)
{
    return x->slots[slot].marks;
}

bool text_index_may_equal(const struct text_index *x, uint32_t slot, struct slice value)
{
    return (x->slots[slot].exact >> value.n % 64 & 1) != 0 &&
           find_head(x, exact_hash(x, slot, value)) != NULL;
}

static int seal_raw(struct text_index *x, const struct background *b, uint32_t slot)
{
    struct slice *texts = malloc(((size_t)x->count + x->contained_count + 1) * sizeof(*texts));
    uint32_t n = 0;
    int r = 0;

    if (texts == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 1; i <= x->count; i++) {
        if (x->texts[i].slot == slot)
            texts[n++] = SLICE("");
    }
    for (uint32_t i = 0; i < x->contained_count; i++) {
        if (x->contained[i].slot == slot)
            texts[n++] = x->contained[i].of.text;
    }
    for (enum raw_kind kind = 0; kind < RAW_KINDS && r == 0; kind++)
        r = raw_filter_new(x->arena, texts, n, kind, b, &x->raw[kind]);
    free(texts);
    return r;
}

bool text_index_may_contain(const struct text_index *x, const struct bytes *bytes,
                            enum raw_kind kind, struct slice raw)
{
    return x->raw[kind] == NULL || raw_filter_hits(x->raw[kind], bytes, raw);
}

int text_index_seal(struct text_index *x, const struct background *b, uint32_t raw_slot)
{
    int r;

    x->texts = array_fit(x->texts, sizeof(*x->texts), x->count ? x->count + 1 : 0);
    r = seal_table(x);
    if (r == 0)
        r = seal_contained(x, b);
    if (r == 0 && x->slots[raw_slot].any)
        r = seal_raw(x, b, raw_slot);
    free(x->contained);
    x->contained = NULL;
    return r;
}
