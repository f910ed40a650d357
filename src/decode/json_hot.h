/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hot part of the JSON decoder. Not a header in the usual sense: json_base.c and json_v3.c
 * include it once each and are compiled for different processors. See json_internal.h for how
 * it works.
 */
#if defined(__SSE2__)
#    include <immintrin.h>
#endif

#include "base/utf.h"
#include "decode/json_internal.h"

/* Bit masks over 64 bytes of text. */
struct masks {
    uint64_t quote, slash, control, high;
};

#if defined(__AVX2__)

CANH_INLINE uint64_t mask_pair(__m256i lo, __m256i hi)
{
    return (uint32_t)_mm256_movemask_epi8(lo) | (uint64_t)(uint32_t)_mm256_movemask_epi8(hi) << 32;
}

CANH_INLINE struct masks masks_of(const uint8_t *p)
{
    __m256i lo = _mm256_loadu_si256((const __m256i *)p);
    __m256i hi = _mm256_loadu_si256((const __m256i *)(p + 32));
    __m256i quote = _mm256_set1_epi8('"'), slash = _mm256_set1_epi8('\\');
    __m256i top = _mm256_set1_epi8(0x1F);

    return (struct masks){
        .quote = mask_pair(_mm256_cmpeq_epi8(lo, quote), _mm256_cmpeq_epi8(hi, quote)),
        .slash = mask_pair(_mm256_cmpeq_epi8(lo, slash), _mm256_cmpeq_epi8(hi, slash)),
        .control = mask_pair(_mm256_cmpeq_epi8(_mm256_max_epu8(lo, top), top),
                             _mm256_cmpeq_epi8(_mm256_max_epu8(hi, top), top)),
        .high = mask_pair(lo, hi),
    };
}

CANH_INLINE uint32_t equal32(const uint8_t *a, const uint8_t *b)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)a),
                                                            _mm256_load_si256((const __m256i *)b)));
}

#elif defined(__SSE2__)

CANH_INLINE uint64_t mask16(__m128i v, unsigned at)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(v) << at;
}

CANH_INLINE struct masks masks_of(const uint8_t *p)
{
    __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), top = _mm_set1_epi8(0x1F);
    struct masks m = {0};

    for (unsigned i = 0; i < 64; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(p + i));

        m.quote |= mask16(_mm_cmpeq_epi8(v, quote), i);
        m.slash |= mask16(_mm_cmpeq_epi8(v, slash), i);
        m.control |= mask16(_mm_cmpeq_epi8(_mm_max_epu8(v, top), top), i);
        m.high |= mask16(v, i);
    }
    return m;
}

CANH_INLINE uint32_t equal32(const uint8_t *a, const uint8_t *b)
{
    uint32_t lo = (uint32_t)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)a), _mm_load_si128((const __m128i *)b)));
    uint32_t hi =
        (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(a + 16)),
                                                   _mm_load_si128((const __m128i *)(b + 16))));

    return lo | hi << 16;
}

#else

CANH_INLINE struct masks masks_of(const uint8_t *p)
{
    struct masks m = {0};

    for (unsigned i = 0; i < 64; i++) {
        m.quote |= (uint64_t)(p[i] == '"') << i;
        m.slash |= (uint64_t)(p[i] == '\\') << i;
        m.control |= (uint64_t)(p[i] < 0x20) << i;
        m.high |= (uint64_t)(p[i] >> 7) << i;
    }
    return m;
}

CANH_INLINE uint32_t equal32(const uint8_t *a, const uint8_t *b)
{
    uint32_t m = 0;

    for (unsigned i = 0; i < 32; i++)
        m |= (uint32_t)(a[i] == b[i]) << i;
    return m;
}

#endif

struct scan_state {
    uint64_t in_string; /* all ones when the block begins inside a string */
    uint64_t escaped;   /* 1 when its first byte is behind an odd run of backslashes */
    unsigned flags;
};

/*
 * Bytes behind odd runs of backslashes. Adding the first bit of each run carries through it, to
 * the bit behind; runs that begin at even positions are odd when they end at odd ones.
 */
CANH_INLINE uint64_t behind_odd_runs(uint64_t slash, uint64_t *carry)
{
    const uint64_t even = 0x5555555555555555u;
    uint64_t first, from_even, from_odd, behind = *carry & ~slash;
    bool overflow;

    slash &= ~*carry; /* the second of a pair that the block before began */
    first = slash & ~(slash << 1);
    from_even = (slash + (first & even)) & ~slash;
    overflow = __builtin_add_overflow(slash, first & ~even, &from_odd);
    from_odd &= ~slash;
    *carry = overflow;
    return behind | (from_even & ~even) | (from_odd & even);
}

/* \u escapes of characters that fold to ASCII (017F and 212A do), control characters apart. */
static bool hides_ascii(const uint8_t *digits)
{
    static const char *const folding[] = {"017", "212"};

    if (memcmp(digits, "00", 2) == 0)
        return digits[2] >= '2' && digits[2] <= '7';
    return memcmp(digits, folding[0], 3) == 0 || memcmp(digits, folding[1], 3) == 0;
}

/* Escapes other than \\ and \" in the 64 bytes at p. */
CANH_COLD static bool escapes_valid(const uint8_t *p, uint64_t escapes, const uint8_t *end,
                                    unsigned *flags)
{
    static const char simple[] = "/bfnrt";

    for (; escapes != 0; escapes &= escapes - 1) {
        const uint8_t *at = p + __builtin_ctzll(escapes);

        if (*at == 'u') {
            if (end - at < 5)
                return false;
            for (int i = 1; i <= 4; i++) {
                if ((uint8_t)(at[i] - '0') > 9 && (uint8_t)((at[i] | 0x20) - 'a') > 5)
                    return false;
            }
            *flags |= hides_ascii(at + 1) ? SCAN_HIDES : 0;
        } else if (memchr(simple, *at, sizeof(simple) - 1) == NULL) {
            return false;
        }
        *flags |= *at == '/' ? SCAN_HIDES : 0;
    }
    return true;
}

/* From each quote to the next, the first included. */
CANH_INLINE uint64_t between_quotes(uint64_t quotes)
{
    for (unsigned i = 1; i < 64; i *= 2)
        quotes ^= quotes << i;
    return quotes;
}

/* p: the 64 bytes; text and end: where they stand, for escapes that reach beyond them. */
CANH_INLINE void scan_block(struct scan_state *s, const uint8_t *p, const uint8_t *text,
                            const uint8_t *end, uint8_t *quotes, uint8_t *slashes)
{
    struct masks m = masks_of(p);
    uint64_t quote = m.quote;

    if (m.slash | s->escaped) {
        uint64_t behind = behind_odd_runs(m.slash, &s->escaped), other = behind & ~m.quote;

        quote &= ~behind;
        if (other != 0 && !escapes_valid(text, other, end, &s->flags))
            s->flags |= SCAN_BAD;
    }
    memcpy(quotes, &quote, 8);
    memcpy(slashes, &m.slash, 8);
    if (m.control != 0 && (m.control & (between_quotes(quote) ^ s->in_string)) != 0)
        s->flags |= SCAN_BAD;
    s->flags |= m.high != 0 ? SCAN_HIGH : 0;
    s->in_string ^= 0 - (uint64_t)(__builtin_popcountll(quote) & 1);
}

static unsigned hot_scan(const uint8_t *p, size_t n, uint8_t *quotes, uint8_t *slashes)
{
    struct scan_state s = {0};
    const uint8_t *end = p + n;
    uint64_t tail;
    size_t at = 0;

    for (; n - at >= 64; at += 64)
        scan_block(&s, p + at, p + at, end, quotes + at / 8, slashes + at / 8);
    if (at < n) {
        uint8_t last[64];

        memset(last, ' ', sizeof(last));
        memcpy(last, p + at, n - at);
        scan_block(&s, last, p + at, end, quotes + at / 8, slashes + at / 8);
    }
    if (s.in_string || s.escaped)
        s.flags |= SCAN_BAD;
    /* quotes from the limit on, so that no search runs away */
    tail = n % 64 ? UINT64_MAX << n % 64 : 0;
    if (tail) {
        uint64_t word;

        memcpy(&word, quotes + n / 64 * 8, 8);
        word |= tail;
        memcpy(quotes + n / 64 * 8, &word, 8);
    }
    memset(quotes + (n + 63) / 64 * 8, 0xFF, 16);
    memset(slashes + (n + 63) / 64 * 8, 0, 16);
    return s.flags;
}

/* 57 bits or more of a bitmap from bit `at` on. */
CANH_INLINE uint64_t bits_at(const uint8_t *bitmap, size_t at)
{
    uint64_t v;

    memcpy(&v, bitmap + at / 8, 8);
    return v >> (at % 8);
}

/* The length of the string whose first byte is at `at`, and whether it has escapes. */
CANH_INLINE size_t string_length(const struct json_walk *w, size_t at, bool *ret_escapes)
{
    uint64_t quotes = bits_at(w->quotes, at), slashes = bits_at(w->slashes, at);
    size_t n = 0;

    *ret_escapes = false;
    while (CANH_UNLIKELY(quotes == 0)) {
        *ret_escapes |= slashes != 0;
        n += 64 - at % 8;
        at += 64 - at % 8;
        quotes = bits_at(w->quotes, at);
        slashes = bits_at(w->slashes, at);
    }
    *ret_escapes |= (slashes & (quotes ^ (quotes - 1))) != 0;
    return n + (unsigned)__builtin_ctzll(quotes);
}

CANH_INLINE bool edge_matches(const struct json_edge *e, const uint8_t *p, const uint8_t *limit)
{
    if ((equal32(p, e->head) & e->mask) != e->mask)
        return false;
    if (CANH_UNLIKELY(e->n > EDGE_HEAD) &&
        ((ptrdiff_t)e->n > limit - p ||
         memcmp(p + EDGE_HEAD, e->more->rest, e->n - EDGE_HEAD) != 0))
        return false;
    /* a gap before a scalar is also how other gaps begin */
    return e->kind != EDGE_SCALAR || json_begins_scalar(p[e->n]);
}

/* How many of the 8 bytes at p, from the first on, are digits. */
CANH_INLINE unsigned leading_digits(const uint8_t *p)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < 8; i++) /* one load where bytes are stored lowest first */
        v |= (uint64_t)p[i] << i * 8;
    v ^= 0x3030303030303030u;
    v = (v | (v + 0x7676767676767676u)) & 0x8080808080808080u;
    return v ? (unsigned)__builtin_ctzll(v) / 8 : 8;
}

CANH_INLINE const uint8_t *number_end(struct json_walk *w, const uint8_t *p)
{
    unsigned n = leading_digits(p);

    /* json_number() also takes what begins with 0 and what goes on as a fraction */
    if (CANH_LIKELY(n > 0 && n < 8 && *p != '0' && p[n] != '.' && (p[n] | 0x20) != 'e'))
        return p + n;
    return json_number(w, p);
}

static const uint8_t *scalar_end(struct json_walk *w, const uint8_t *p, uint8_t *ret_type)
{
    if (*p == '-' || (uint8_t)(*p - '0') < 10) {
        *ret_type = VALUE_NUMBER;
        return number_end(w, p);
    }
    *ret_type = *p == 'n' ? VALUE_NULL : VALUE_BOOL;
    return json_literal(w, p);
}

/* One value as one or two fields. */
CANH_INLINE void put_value(struct json_walk *w, const struct json_node *node, struct field value)
{
    struct field *first = w->f;

    if (CANH_UNLIKELY(w->fields_end - first < node->names)) {
        w->lost = true;
        return;
    }
    for (unsigned i = 0; i < node->names; i++) {
        value.key = node->keys[i];
        *w->f++ = value;
    }
    if (CANH_UNLIKELY(node->role != SHAPE_PLAIN))
        json_value_role(w, node, first, node->names);
}

/* Passes the gap at *p. NULL on failure, else where it leads; *p behind it. */
static struct json_node *slow_gap(struct json_walk *w, struct json_node *node, const uint8_t **p,
                                  uint8_t *ret_kind)
{
    struct json_gap gap;

    if (json_gap(w, node, *p, &gap) < 0)
        return NULL;
    json_trie_learn(w->trie, node, *p, &gap);
    if (gap.flags)
        json_edge_effects(w, gap.flags, gap.groups, gap.group_count);
    *p = gap.end;
    *ret_kind = gap.kind;
    return gap.to ? gap.to : node;
}

/* Puts the edge behind `before` first in its list. */
CANH_INLINE void prefer(struct json_node *node, struct json_edge *before, struct json_edge *e)
{
    before->next = e->next;
    e->next = node->edges;
    node->edges = e;
}

CANH_HOT static const uint8_t *hot_walk(struct json_walk *w, const uint8_t *p)
{
    struct json_node *node = w->trie->start;

    for (;;) {
        struct json_edge *e = node->edges, *before = NULL;
        struct field value = {0};
        uint8_t kind;

        while (e != NULL && !edge_matches(e, p, w->limit)) {
            before = e;
            e = e->next;
        }
        if (CANH_LIKELY(e != NULL)) {
            if (before != NULL)
                prefer(node, before, e);
            if (CANH_UNLIKELY(e->flags != 0))
                json_edge_effects(w, e->flags, e->more->groups, e->more->group_count);
            p += e->n;
            kind = e->kind;
            node = e->to;
        } else {
            node = slow_gap(w, node, &p, &kind);
            if (node == NULL)
                return NULL;
        }
        if (CANH_UNLIKELY(p > w->limit)) {
            (void)json_fail(w, w->limit, CE_TRUNCATED, "the record ends too early");
            return NULL;
        }
        value.text = p;
        if (CANH_LIKELY(kind == EDGE_STRING)) {
            bool escapes;

            value.n = (uint32_t)string_length(w, (size_t)(p - w->base), &escapes);
            value.form = escapes ? FORM_JSON : FORM_UTF8;
            p += value.n + 1;
        } else if (kind == EDGE_SCALAR) {
            const uint8_t *end = scalar_end(w, p, &value.type);

            if (end == NULL)
                return NULL;
            value.n = value.type == VALUE_NULL ? 0 : (uint32_t)(end - p);
            p = end;
        } else {
            return p;
        }
        put_value(w, node, value);
    }
}
