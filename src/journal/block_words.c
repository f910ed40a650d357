/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/block_words.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#if defined(__SSE2__)
#    include <emmintrin.h>
#endif

#include "base/ascii.h"
#include "base/hex.h"
#include "journal/filter.h"

enum {
    TABLE_FIRST = 4096,
    TABLE_KEPT = 64 * 1024, /* from one block to the next */
    SEEN_BITS = 12,
    SEEN_MAX = 16, /* bytes of a word that is remembered */
    STEP = 64,     /* bytes that are looked at together */
    UNESCAPE_TIMES = 3,
};

/* Its bytes, zeros behind them; the last word of each place, and the block it stood in. */
struct seen_word {
    uint64_t first, last;
    uint32_t n, block;
};

static void block_words_add(struct block_words *w, uint64_t hash);

static void block_words_grow(struct block_words *w)
{
    struct block_words wider = {.size = w->size ? w->size * 2 : TABLE_FIRST};

    wider.table = calloc(wider.size, sizeof(*wider.table));
    if (wider.table == NULL) {
        w->failed = true;
        return;
    }
    for (size_t i = 0; i < w->size; i++)
        if (w->table[i])
            block_words_add(&wider, w->table[i]);
    free(w->table);
    w->table = wider.table;
    w->size = wider.size;
}

static void block_words_add(struct block_words *w, uint64_t hash)
{
    size_t at;

    if (w->count >= w->size / 4 * 3)
        block_words_grow(w);
    if (w->failed)
        return;
    for (at = (size_t)hash & (w->size - 1); w->table[at]; at = (at + 1) & (w->size - 1))
        if (w->table[at] == hash)
            return;
    w->table[at] = hash;
    w->count++;
}

/* The first n of the eight bytes at p, zeros behind them. */
static uint64_t block_words_load(const uint8_t *p, size_t n)
{
    uint64_t v;

    memcpy(&v, p, sizeof(v));
    v = le64toh(v);
    return n ? v << (64 - 8 * n) >> (64 - 8 * n) : 0;
}

/* Whether the word stands in the log before, as most do. Of text, so many bytes can be read. */
static bool was_seen(struct block_words *w, struct slice word, size_t readable)
{
    struct seen_word x = {.n = (uint32_t)word.n, .block = w->block}, *at;
    uint8_t copy[SEEN_MAX] = {0};

    if (w->seen == NULL || word.n > SEEN_MAX)
        return false;
    if (readable < SEEN_MAX) {
        memcpy(copy, word.p, word.n);
        word.p = copy;
    }
    x.first = block_words_load(word.p, CANH_MIN(word.n, (size_t)8));
    x.last = block_words_load(word.p + 8, CANH_MAX(word.n, (size_t)8) - 8);
    at = &w->seen[((x.first ^ x.last << 1 ^ x.n) * UINT64_C(0x9E3779B97F4A7C15)) >>
                  (64 - SEEN_BITS)];
    if (at->first == x.first && at->last == x.last && at->n == x.n && at->block == x.block)
        return true;
    *at = x;
    return false;
}

/* Which of some bytes belong to words or stand above 0x7F, and which stand there; a bit each. */
struct byte_bits {
    uint64_t word, high;
};

#if defined(__SSE2__)
static __m128i in_range(__m128i v, uint8_t first, unsigned count)
{
    __m128i from_least = _mm_add_epi8(v, _mm_set1_epi8((char)(uint8_t)(0x80 - first)));

    return _mm_cmplt_epi8(from_least, _mm_set1_epi8((char)(uint8_t)(0x80 + count)));
}

static struct byte_bits bits_of(const uint8_t p[STEP])
{
    struct byte_bits ret = {0};

    for (unsigned i = 0; i < STEP; i += 16) {
        __m128i v = _mm_loadu_si128((const void *)(p + i));
        __m128i letter = in_range(_mm_or_si128(v, _mm_set1_epi8(0x20)), 'a', 26);
        __m128i other = _mm_or_si128(in_range(v, '0', 10), _mm_cmpeq_epi8(v, _mm_set1_epi8('_')));
        uint64_t high = (unsigned)_mm_movemask_epi8(v);

        ret.high |= high << i;
        ret.word |= (high | (unsigned)_mm_movemask_epi8(_mm_or_si128(letter, other))) << i;
    }
    return ret;
}
#else
static struct byte_bits bits_of(const uint8_t p[STEP])
{
    struct byte_bits ret = {0};

    for (unsigned i = 0; i < STEP; i++) {
        uint64_t high = p[i] >= 0x80;

        ret.high |= high << i;
        ret.word |= (uint64_t)(high || p[i] == '_' || ascii_is_alnum(p[i])) << i;
    }
    return ret;
}
#endif

/* Where the last of the bits below n stands, counted from 1; 0: none does. */
static unsigned last_below(uint64_t bits, unsigned n)
{
    bits &= (UINT64_C(1) << n) - 1;
    return bits ? 64 - (unsigned)__builtin_clzll(bits) : 0;
}

static void add_word(struct block_words *w, struct slice text, size_t from, size_t to)
{
    struct slice word = slice_of(text.p + from, to - from);

    if (word.n >= FILTER_WORD_MIN && word.n <= FILTER_WORD_MAX && !was_seen(w, word, text.n - from))
        block_words_add(w, filter_word(w->cipher, word));
}

/* The words that filter_next_word() finds, by the places where runs begin and end. */
static void add_words(struct block_words *w, struct slice text)
{
    size_t from = 0, high_end = 0; /* the last byte above 0x7F stands before high_end */
    bool inside = false;

    for (size_t at = 0; at < text.n; at += STEP) {
        uint8_t rest[STEP] = {0};
        const uint8_t *p = text.p + at;
        struct byte_bits bits;

        if (text.n - at < STEP)
            p = memcpy(rest, p, text.n - at);
        bits = bits_of(p);
        for (uint64_t edges = bits.word ^ (bits.word << 1 | inside); edges; edges &= edges - 1) {
            unsigned i = (unsigned)__builtin_ctzll(edges), high = last_below(bits.high, i);

            if (high)
                high_end = at + high;
            if (inside && high_end <= from)
                add_word(w, text, from, at + i);
            from = at + i;
            inside = !inside;
        }
        if (bits.high)
            high_end = at + 64 - (unsigned)__builtin_clzll(bits.high);
    }
    if (inside && high_end <= from)
        add_word(w, text, from, text.n);
}

static void add_addresses(struct block_words *w, struct slice text)
{
    size_t at = 0;
    struct ip ip;

    while (filter_next_ip(text, &at, &ip))
        block_words_add(w, filter_ip(w->cipher, &ip));
}

static void add_text(struct block_words *w, struct slice text)
{
    add_words(w, text);
    add_addresses(w, text);
}

/* The character of \uXXXX at p; negative when it is none. */
static int unicode_escape(const uint8_t *p, const uint8_t *end)
{
    uint32_t v;

    return end - p >= 6 && hex_head(slice_of(p + 2, 4), 4, &v) ? (int)v : -1;
}

/* Resolves one level of JSON escapes in place; what is not ASCII becomes some byte above 0x7F. */
static size_t block_words_unescape(uint8_t *text, size_t n)
{
    const uint8_t *p = text, *end = text + n;
    uint8_t *to = text;

    while (p < end) {
        if (*p != '\\' || p + 1 == end) {
            *to++ = *p++;
        } else if (p[1] == 'u' && unicode_escape(p, end) >= 0) {
            int v = unicode_escape(p, end);

            *to++ = v < 0x80 ? (uint8_t)v : 0xFF;
            p += 6;
        } else {
            *to++ = strchr("bfnrt", p[1]) && p[1] ? ' ' : p[1];
            p += 2;
        }
    }
    return (size_t)(to - text);
}

/* What the record says where it is JSON text, or JSON text inside JSON text. */
static void add_unescaped(struct block_words *w, struct slice raw, struct buf *scratch)
{
    buf_clear(scratch);
    buf_append_slice(scratch, raw);
    w->failed |= scratch->err != 0;
    for (unsigned i = 0; i < UNESCAPE_TIMES && !w->failed; i++) {
        size_t n = block_words_unescape(scratch->p, scratch->len);

        if (n == scratch->len)
            break;
        scratch->len = n;
        add_text(w, buf_slice(scratch));
    }
}

/* Where the next backslash stands from `from` on; the text's end: nowhere. */
static size_t find_escape(struct slice text, size_t from)
{
    size_t at = from < text.n ? slice_find_byte(slice_from(text, from), '\\') : SIZE_MAX;

    return at == SIZE_MAX ? text.n : from + at;
}

/* What the words of the block before have left. */
static void block_words_begin(struct block_words *w, const struct journal_cipher *c)
{
    if (w->size > TABLE_KEPT || ++w->block == 0)
        block_words_done(w);
    if (w->table)
        memset(w->table, 0, w->size * sizeof(*w->table));
    if (w->seen == NULL)
        w->seen = calloc((size_t)1 << SEEN_BITS, sizeof(*w->seen));
    w->block += w->block == 0; /* what was never seen has none */
    w->count = 0;
    w->cipher = c;
    w->failed = false;
}

/* Nothing in a line feed belongs to a word or an address: all records can be looked at as one. */
void block_words_of(struct block_words *w, const struct block *b, const struct journal_cipher *c)
{
    CANH_CLEANUP(buf_done) struct buf scratch = BUF_INIT(JOURNAL_RAW_MAX);
    struct slice all = buf_slice(&b->raw);
    size_t escape = find_escape(all, 0);

    block_words_begin(w, c);
    add_text(w, all);
    for (uint32_t i = 0; i < b->count && escape < all.n && !w->failed; i++) {
        size_t start = b->metas[i].start, end = start + b->metas[i].length;

        if (escape >= end)
            continue;
        add_unescaped(w, slice_of(all.p + start, end - start), &scratch);
        escape = find_escape(all, end);
    }
}

void block_words_done(struct block_words *w)
{
    free(w->table);
    free(w->seen);
    *w = (struct block_words){.failed = true};
}
