/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/prefilter.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/hash.h"

/* More texts than this are shared out evenly. */
enum { SHARED_MAX = 256 };
/* For two bytes a text instead of four: texts, and places of ordinary text (some 10 KB) that pass.
 */
enum { PAIRED_MAX = 64, PAIR_PLACES_MAX = 10 };
/* Of each text so much is looked at to choose its pair, however long a rule makes it. */
enum { PAIR_HEAD = 64 };

/* The four bytes that ordinary text has least often. */
static uint32_t prefilter_rarest(const struct background *b, struct slice text)
{
    unsigned least = UINT32_MAX, load;
    uint32_t best = 0;

    for (size_t at = 0; at + PREFILTER_WIDTH <= text.n; at++) {
        background_grams(b, text.p + at, 1, &load);
        if (load < least) {
            least = load;
            best = (uint32_t)at;
        }
    }
    return best;
}

static void choose_gram(struct prefilter_text *t, const struct background *b)
{
    uint32_t n = (uint32_t)CANH_MIN(t->text.n, (size_t)PREFILTER_WIDTH);

    t->offset = prefilter_rarest(b, t->text);
    t->gram = t->mask = 0;
    for (uint32_t i = 0; i < n; i++) {
        t->gram |= (uint32_t)t->text.p[t->offset + i] << 8 * i;
        t->mask |= UINT32_C(0xFF) << 8 * i;
    }
}

/* Whether the prefilter's pairs can tell this one, too. */
static bool is_apart(const struct prefilter *f, const uint8_t *pair)
{
    uint8_t first = pair[0] | 0x20, second = pair[1] | 0x20;
    unsigned at = first & 15;

    return first < 0x80 &&
           (f->first[at] == 0 || (f->first[at] == first && f->second[at] == second));
}

static void note_pair(struct prefilter *f, const uint8_t *pair)
{
    uint8_t first = pair[0] | 0x20;

    f->first[first & 15] = first;
    f->second[first & 15] = pair[1] | 0x20;
}

static bool may_choose(const struct prefilter *f, const uint8_t *pair)
{
    return !f->paired || is_apart(f, pair);
}

/* In how few places of ordinary text a pair of the text's bytes stands that may be chosen. */
static unsigned fewest_places(const struct prefilter *f, const struct background *b,
                              struct slice text)
{
    unsigned least = UINT_MAX;

    for (size_t at = 0; at + 2 <= text.n; at++) {
        if (may_choose(f, text.p + at))
            least = CANH_MIN(least, background_places(b, slice_of(text.p + at, 2)));
    }
    return least;
}

static bool has_pair(struct slice s, const uint8_t *pair)
{
    for (size_t at = 0; at + 2 <= s.n; at++) {
        if (s.p[at] == pair[0] && s.p[at + 1] == pair[1])
            return true;
    }
    return false;
}

/*
 * The text's pair of bytes that ordinary text has least often, and most of the texts have, too;
 * UINT32_MAX: none may be chosen.
 */
static uint32_t rarest_pair(const struct prefilter *f, const struct prefilter_text *texts,
                            uint32_t count, struct slice text, const struct background *b)
{
    struct slice head = slice_head(text, PAIR_HEAD);
    unsigned least = fewest_places(f, b, head), most = 0;
    uint32_t best = UINT32_MAX;

    for (size_t at = 0; at + 2 <= head.n; at++) {
        struct slice pair = slice_of(head.p + at, 2);
        unsigned shared = 0;

        if (!may_choose(f, pair.p) || background_places(b, pair) > least)
            continue;
        for (uint32_t i = 0; i < count; i++)
            shared += has_pair(slice_head(texts[i].text, PAIR_HEAD), pair.p);
        if (shared <= most)
            continue;
        most = shared;
        best = (uint32_t)at;
    }
    return best;
}

/*
 * Where a few pairs tell all texts, one a bucket, and ordinary text hardly has them, two places
 * are enough. False: four are needed, or other pairs.
 */
static bool choose_pairs(struct prefilter *f, struct prefilter_text *texts, uint32_t count,
                         const struct background *b)
{
    uint32_t pairs[PREFILTER_BUCKETS], known = 0;
    unsigned places = 0;

    if (count > PAIRED_MAX)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct prefilter_text *t = &texts[i];
        uint32_t k = 0;

        t->offset = rarest_pair(f, texts, count, t->text, b);
        if (t->offset == UINT32_MAX)
            return false;
        t->gram = (uint32_t)t->text.p[t->offset] | (uint32_t)t->text.p[t->offset + 1] << 8;
        t->mask = UINT16_MAX;
        while (k < known && pairs[k] != t->gram)
            k++;
        if (k < known)
            continue;
        if (known == PREFILTER_BUCKETS)
            return false;
        pairs[known++] = t->gram;
        note_pair(f, t->text.p + t->offset);
        places += background_places(b, slice_of(t->text.p + t->offset, 2));
    }
    return places <= PAIR_PLACES_MAX;
}

/* Pairs that first bytes tell apart are looked for faster. */
static void choose_width(struct prefilter *f, struct prefilter_text *texts, uint32_t count,
                         const struct background *b)
{
    f->paired = true;
    f->width = 2;
    if (choose_pairs(f, texts, count, b))
        return;
    f->paired = false;
    if (!choose_pairs(f, texts, count, b))
        f->width = PREFILTER_WIDTH;
}

/* What looks alike stands together; short texts, which let anything pass behind them, too. */
static int by_gram(const void *a, const void *b)
{
    const struct prefilter_text *x = a, *y = b;
    uint32_t one = __builtin_bswap32(x->gram), other = __builtin_bswap32(y->gram);

    if (x->mask != y->mask)
        return x->mask < y->mask ? -1 : 1;
    return (one > other) - (one < other);
}

/* What one bucket lets pass: for each place a bit for each half of a byte. */
struct window {
    uint16_t low[PREFILTER_WIDTH], high[PREFILTER_WIDTH];
};

static void prefilter_widen(struct window *w, const struct prefilter_text *t, bool any_case)
{
    for (unsigned i = 0; i < PREFILTER_WIDTH; i++) {
        uint8_t c = (uint8_t)(t->gram >> 8 * i);

        if ((t->mask >> 8 * i & 0xFF) == 0) {
            w->low[i] = w->high[i] = UINT16_MAX;
            continue;
        }
        w->low[i] |= (uint16_t)(1u << (c & 15));
        w->high[i] |= (uint16_t)(1u << (c >> 4));
        if (any_case && c >= 'a' && c <= 'z')
            w->high[i] |= (uint16_t)(1u << (c >> 4) >> 2);
    }
}

/* How many bits are set in each of four words of 16 bits: PREFILTER_WIDTH of them. */
static uint64_t count_bits(const uint16_t words[PREFILTER_WIDTH])
{
    uint64_t v;

    memcpy(&v, words, sizeof(v));
    v -= v >> 1 & 0x5555555555555555u;
    v = (v & 0x3333333333333333u) + (v >> 2 & 0x3333333333333333u);
    v = (v + (v >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
    return (v + (v >> 8)) & 0x001F001F001F001Fu;
}

/* The work that a bucket of so many texts causes, for comparing: places passed, and texts there. */
static double load_of(const struct window *w, uint32_t texts)
{
    uint64_t low = count_bits(w->low), high = count_bits(w->high);
    double pass = 1;

    for (unsigned i = 0; i < PREFILTER_WIDTH; i++)
        pass *= (double)((low >> 16 * i & 31) * (high >> 16 * i & 31)) / 256.0;
    return pass * (4 + texts);
}

_Static_assert(PREFILTER_WIDTH == 4, "count_bits() takes four words");

/* The best ways to share out texts: least[k][n] is the load of the first n in k + 1 buckets. */
struct shares {
    double least[PREFILTER_BUCKETS][SHARED_MAX + 1];
    uint16_t cut[PREFILTER_BUCKETS][SHARED_MAX + 1]; /* where the last of them begins */
};

static void try_bucket(struct shares *s, uint32_t from, uint32_t to, double load)
{
    for (unsigned k = 0; k < PREFILTER_BUCKETS; k++) {
        double total = load + (k ? s->least[k - 1][from] : 0);

        if ((k == 0 && from > 0) || total >= s->least[k][to])
            continue;
        s->least[k][to] = total;
        s->cut[k][to] = (uint16_t)from;
    }
}

/* One bucket a pair: there are no more of them. */
static void share_pairs(struct prefilter_set *set, uint32_t count)
{
    uint32_t bucket = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && set->texts[i].gram != set->texts[i - 1].gram)
            set->first[++bucket] = i;
    }
    while (bucket < PREFILTER_BUCKETS)
        set->first[++bucket] = count;
}

/* Cuts the sorted texts into neighbouring buckets so that their loads are least in sum. */
static int share_out(struct prefilter_set *set, uint32_t count, bool any_case)
{
    struct shares *s = malloc(sizeof(*s));

    if (s == NULL)
        return -CE_NOMEM;
    for (unsigned k = 0; k < PREFILTER_BUCKETS; k++) {
        s->cut[k][0] = 0;
        for (uint32_t n = 0; n <= count; n++)
            s->least[k][n] = n ? HUGE_VAL : 0;
    }
    for (uint32_t from = 0; from < count; from++) {
        struct window w = {{0}, {0}};

        for (uint32_t to = from; to < count; to++) {
            prefilter_widen(&w, &set->texts[to], any_case);
            try_bucket(s, from, to + 1, load_of(&w, to + 1 - from));
        }
    }
    set->first[PREFILTER_BUCKETS] = count;
    for (unsigned k = PREFILTER_BUCKETS; k-- > 0;)
        set->first[k] = s->cut[k][set->first[k + 1]];
    free(s);
    return 0;
}

static void share_evenly(struct prefilter_set *set, uint32_t count)
{
    for (uint32_t i = 0; i <= PREFILTER_BUCKETS; i++)
        set->first[i] = (uint32_t)((uint64_t)count * i / PREFILTER_BUCKETS);
}

static void fill_bucket(struct prefilter_set *set, unsigned bucket, bool any_case)
{
    struct window w = {{0}, {0}};

    for (uint32_t i = set->first[bucket]; i < set->first[bucket + 1]; i++)
        prefilter_widen(&w, &set->texts[i], any_case);
    for (unsigned i = 0; i < PREFILTER_WIDTH; i++) {
        for (unsigned c = 0; c < 16; c++) {
            set->prefilter.low[i][c] |= (uint8_t)((w.low[i] >> c & 1) << bucket);
            set->prefilter.high[i][c] |= (uint8_t)((w.high[i] >> c & 1) << bucket);
        }
    }
}

static void set_bit(uint64_t *bits, uint32_t number)
{
    bits[number / 64] |= UINT64_C(1) << number % 64;
}

static void mark_gram(struct gram_marks *m, const struct prefilter_text *t, bool any_case)
{
    uint32_t gram = t->gram | (any_case ? GRAM_ANY_CASE : 0);

    if (t->mask == UINT32_MAX)
        set_bit(m->fours, gram_mark(gram));
    else if (t->mask >= UINT16_MAX)
        set_bit(m->twos, gram_mark(gram & UINT16_MAX));
    else
        set_bit(m->ones, gram & UINT8_MAX);
}

int prefilter_build(struct prefilter_set *set, struct prefilter_text *texts, uint32_t count,
                    const struct background *b, bool any_case)
{
    *set = (struct prefilter_set){.texts = texts};
    set->prefilter.width = PREFILTER_WIDTH;
    if (any_case)
        choose_width(&set->prefilter, texts, count, b);
    for (uint32_t i = 0; i < count && set->prefilter.width != 2; i++)
        choose_gram(&texts[i], b);
    if (count > 1)
        qsort(texts, count, sizeof(*texts), by_gram);
    if (set->prefilter.width == 2)
        share_pairs(set, count);
    else if (count > SHARED_MAX)
        share_evenly(set, count);
    else if (share_out(set, count, any_case) < 0)
        return -CE_NOMEM;
    for (unsigned k = 0; k < PREFILTER_BUCKETS; k++)
        fill_bucket(set, k, any_case);
    for (uint32_t i = 0; i < count; i++)
        mark_gram(&set->marks, &texts[i], any_case);
    return 0;
}
