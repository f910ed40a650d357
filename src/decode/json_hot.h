/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hot part of the JSON decoder. Not a header in the usual sense: json_base.c and json_v3.c
 * include it once each and are compiled for different processors. See json_internal.h for how
 * it works.
 */
#if defined(__SSE2__)
#    include <immintrin.h>
#endif

#include "base/hash.h"
#include "base/utf.h"
#include "decode/json_internal.h"

/*
 * 64 bytes of text as bit masks. special: not zero where any byte may be a control character or
 * not ASCII; a second look at those blocks is cheap because most have none.
 */
struct masks {
    uint64_t quote, slash, special;
};

#if defined(__AVX512BW__)

CANH_INLINE struct masks masks_of(const uint8_t *p)
{
    __m512i v = _mm512_loadu_si512(p);

    return (struct masks){
        .quote = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')),
        .slash = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\')),
        .special = _mm512_cmplt_epi8_mask(v, _mm512_set1_epi8(0x20)),
    };
}

CANH_INLINE void special_of(const uint8_t *p, uint64_t *ret_control, uint64_t *ret_high)
{
    __m512i v = _mm512_loadu_si512(p);

    *ret_control = _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20));
    *ret_high = _mm512_movepi8_mask(v);
}

#elif defined(__AVX2__)

CANH_INLINE uint64_t mask_pair(__m256i lo, __m256i hi)
{
    return (uint32_t)_mm256_movemask_epi8(lo) | (uint64_t)(uint32_t)_mm256_movemask_epi8(hi) << 32;
}

CANH_INLINE struct masks masks_of(const uint8_t *p)
{
    __m256i lo = _mm256_loadu_si256((const __m256i *)p);
    __m256i hi = _mm256_loadu_si256((const __m256i *)(p + 32));
    __m256i quote = _mm256_set1_epi8('"'), slash = _mm256_set1_epi8('\\');

    return (struct masks){
        .quote = mask_pair(_mm256_cmpeq_epi8(lo, quote), _mm256_cmpeq_epi8(hi, quote)),
        .slash = mask_pair(_mm256_cmpeq_epi8(lo, slash), _mm256_cmpeq_epi8(hi, slash)),
        /* as signed numbers both kinds are below the space */
        .special = (uint32_t)_mm256_movemask_epi8(
            _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), _mm256_min_epi8(lo, hi))),
    };
}

CANH_INLINE void special_of(const uint8_t *p, uint64_t *ret_control, uint64_t *ret_high)
{
    __m256i lo = _mm256_loadu_si256((const __m256i *)p);
    __m256i hi = _mm256_loadu_si256((const __m256i *)(p + 32));
    __m256i top = _mm256_set1_epi8(0x1F);

    *ret_control = mask_pair(_mm256_cmpeq_epi8(_mm256_max_epu8(lo, top), top),
                             _mm256_cmpeq_epi8(_mm256_max_epu8(hi, top), top));
    *ret_high = mask_pair(lo, hi);
}

#elif defined(__SSE2__)

CANH_INLINE uint64_t mask16(__m128i v, unsigned at)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(v) << at;
}

CANH_INLINE struct masks masks_of(const uint8_t *p)
{
    __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(0x20);
    struct masks m = {0};

    for (unsigned i = 0; i < 64; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(p + i));

        m.quote |= mask16(_mm_cmpeq_epi8(v, quote), i);
        m.slash |= mask16(_mm_cmpeq_epi8(v, slash), i);
        m.special |= mask16(_mm_cmpgt_epi8(space, v), i);
    }
    return m;
}

CANH_INLINE void special_of(const uint8_t *p, uint64_t *ret_control, uint64_t *ret_high)
{
    __m128i top = _mm_set1_epi8(0x1F);

    *ret_control = *ret_high = 0;
    for (unsigned i = 0; i < 64; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(p + i));

        *ret_control |= mask16(_mm_cmpeq_epi8(_mm_max_epu8(v, top), top), i);
        *ret_high |= mask16(v, i);
    }
}

#else

CANH_INLINE struct masks masks_of(const uint8_t *p)
{
    struct masks m = {0};

    for (unsigned i = 0; i < 64; i++) {
        m.quote |= (uint64_t)(p[i] == '"') << i;
        m.slash |= (uint64_t)(p[i] == '\\') << i;
        m.special |= (uint64_t)(p[i] < 0x20 || p[i] > 0x7F) << i;
    }
    return m;
}

CANH_INLINE void special_of(const uint8_t *p, uint64_t *ret_control, uint64_t *ret_high)
{
    *ret_control = *ret_high = 0;
    for (unsigned i = 0; i < 64; i++) {
        *ret_control |= (uint64_t)(p[i] < 0x20) << i;
        *ret_high |= (uint64_t)(p[i] >> 7) << i;
    }
}

#endif

/* A bit for each of 32 bytes that differs; b is aligned. */
#if defined(__AVX2__)

CANH_INLINE uint32_t differ32(const uint8_t *a, const uint8_t *b)
{
    return ~(uint32_t)_mm256_movemask_epi8(
        _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)a),
                          _mm256_load_si256((const __m256i *)b)));
}

#elif defined(__SSE2__)

CANH_INLINE uint32_t differ32(const uint8_t *a, const uint8_t *b)
{
    uint32_t lo = (uint32_t)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)a), _mm_load_si128((const __m128i *)b)));
    uint32_t hi =
        (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(a + 16)),
                                                   _mm_load_si128((const __m128i *)(b + 16))));

    return ~(lo | hi << 16);
}

#else

CANH_INLINE uint32_t differ32(const uint8_t *a, const uint8_t *b)
{
    uint32_t m = 0;

    for (unsigned i = 0; i < 32; i++)
        m |= (uint32_t)(a[i] != b[i]) << i;
    return m;
}

#endif

struct scan_state {
    uint64_t quotes;  /* of all blocks before, xored: odd when the block begins in a string */
    uint64_t escaped; /* 1 when its first byte is behind an odd run of backslashes */
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

/* All ones when the block begins inside a string. */
CANH_INLINE uint64_t in_string(const struct scan_state *s)
{
    return 0 - (uint64_t)(__builtin_popcountll(s->quotes) & 1);
}

/* A second look at 64 bytes that have something special. quote: the quotes that count. */
CANH_INLINE unsigned special_flags(const struct scan_state *s, const uint8_t *p, uint64_t quote)
{
    uint64_t control, high, inside = between_quotes(quote) ^ in_string(s);

    special_of(p, &control, &high);
    return ((control & inside) != 0 ? SCAN_BAD : 0) | (high != 0 ? SCAN_HIGH : 0);
}

/* p: the 64 bytes; text and end: where they stand, for escapes that reach beyond them. */
CANH_INLINE void scan_block(struct scan_state *s, const uint8_t *p, const uint8_t *text,
                            const uint8_t *end, uint8_t *quotes, uint8_t *slashes)
{
    struct masks m = masks_of(p);
    /* always, for a branch would go wrong as often as it goes right */
    uint64_t behind = behind_odd_runs(m.slash, &s->escaped), quote = m.quote & ~behind;

    if (CANH_UNLIKELY((behind & ~m.quote) != 0) &&
        !escapes_valid(text, behind & ~m.quote, end, &s->flags))
        s->flags |= SCAN_BAD;
    memcpy(quotes, &quote, 8);
    memcpy(slashes, &m.slash, 8);
    if (CANH_UNLIKELY(m.special != 0))
        s->flags |= special_flags(s, p, quote);
    s->quotes ^= quote;
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
    if (in_string(&s) || s.escaped)
        s.flags |= SCAN_BAD;
    /* quotes from the limit on, so that no search runs away */
    tail = n % 64 ? UINT64_MAX << n % 64 : 0;
    if (tail) {
        uint64_t word;

        memcpy(&word, quotes + n / 64 * 8, 8);
        word |= tail;
        memcpy(quotes + n / 64 * 8, &word, 8);
    }
    memset(quotes + (n + 63) / 64 * 8, 0xFF, 48);
    memset(slashes + (n + 63) / 64 * 8, 0, 48);
    return s.flags;
}

/* 57 bits or more of a bitmap from bit `at` on. */
CANH_INLINE uint64_t bits_at(const uint8_t *bitmap, size_t at)
{
    uint64_t v;

    memcpy(&v, bitmap + at / 8, 8);
    return v >> (at % 8);
}

/* What one bitmap word adds to a search for the first quote. */
CANH_INLINE void look_at(uint64_t quotes, uint64_t slashes, size_t at, size_t *n, bool *found,
                         uint64_t *escapes)
{
    *escapes |= *found ? 0 : slashes & (quotes ^ (quotes - 1));
    *n = *found || quotes == 0 ? *n : at + (unsigned)__builtin_ctzll(quotes);
    *found |= quotes != 0;
}

/*
 * string_length() for those that go beyond the first look: 256 bytes at a time and without
 * branches in between, as nothing foretells where in them the quote is.
 */
static size_t long_string(const uint8_t *quote_bits, const uint8_t *slash_bits, size_t at,
                          bool *ret_escapes)
{
    uint64_t escapes = bits_at(slash_bits, at);
    size_t word = at / 8 * 8 + 64, n = 0;
    bool found = false;

    for (; !found; word += 256) {
        for (size_t i = 0; i < 4; i++) {
            uint64_t quotes, slashes;

            memcpy(&quotes, quote_bits + word / 8 + i * 8, 8);
            memcpy(&slashes, slash_bits + word / 8 + i * 8, 8);
            look_at(quotes, slashes, word + i * 64, &n, &found, &escapes);
        }
    }
    *ret_escapes = escapes != 0;
    return n - at;
}

/* The length of the string whose first byte is at `at`, and whether it has escapes. */
CANH_INLINE size_t string_length(const uint8_t *quote_bits, const uint8_t *slash_bits, size_t at,
                                 bool *ret_escapes)
{
    uint64_t quotes = bits_at(quote_bits, at), slashes = bits_at(slash_bits, at);

    if (CANH_UNLIKELY(quotes == 0))
        return long_string(quote_bits, slash_bits, at, ret_escapes);
    *ret_escapes = (slashes & (quotes ^ (quotes - 1))) != 0;
    return (unsigned)__builtin_ctzll(quotes);
}

/* The first bytes of the gap at p are the edge's. */
CANH_INLINE bool head_equal(const struct json_edge *e, const uint8_t *p)
{
    return (differ32(p, e->head) & e->mask) == 0;
}

/* What head_equal() leaves open: the bytes behind the head, and what kind of value follows. */
CANH_INLINE bool rest_equal(const struct json_edge *e, const uint8_t *p, const uint8_t *limit)
{
    if (e->flags & EDGE_NEVER || (ptrdiff_t)e->n > limit - p)
        return false;
    for (size_t i = 0; i + EDGE_HEAD < e->n; i += EDGE_HEAD) {
        uint32_t differ = differ32(p + EDGE_HEAD + i, e->more->rest + i);

        if (differ && (unsigned)__builtin_ctz(differ) + i + EDGE_HEAD < e->n)
            return false;
    }
    /* a gap before a scalar is also how other gaps begin */
    return !(e->flags & EDGE_SCALAR) || json_begins_scalar(p[e->n]);
}

CANH_INLINE bool edge_matches(const struct json_edge *e, const uint8_t *p, const uint8_t *limit)
{
    return head_equal(e, p) && (e->flags == 0 || rest_equal(e, p, limit));
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

CANH_INLINE const uint8_t *scalar_end(struct json_walk *w, const uint8_t *p, uint8_t *ret_type)
{
    if (*p == '-' || (uint8_t)(*p - '0') < 10) {
        *ret_type = VALUE_NUMBER;
        return number_end(w, p);
    }
    *ret_type = *p == 'n' ? VALUE_NULL : VALUE_BOOL;
    return json_literal(w, p);
}

/* The edge for the gap at p where the guess was wrong; NULL when there is none. */
static const struct json_edge *find_edge(const struct json_trie *t, const struct json_node *node,
                                         const uint8_t *p, const uint8_t *limit)
{
    const struct json_fork *fork = node->fork;
    const struct json_edge *e;

    if (fork != NULL && limit + JSON_PADDING - p >= fork->at + 8) {
        e = fork->slots[json_fork_slot(fork, p + fork->at)];
        if (e != NULL && edge_matches(e, p, limit))
            return e;
    }
    for (uint32_t i = node->edges; i != 0; i = e->next) {
        e = &t->edges[i];
        if (edge_matches(e, p, limit))
            return e;
    }
    return NULL;
}

/*
 * The edge for the gap at *p, where the guess does not fit; NULL on failure. A gap that is not to
 * be kept is passed here, and the spare edge made one of nothing that leads on.
 */
static const struct json_edge *other_edge(struct json_walk *w, struct json_node *last,
                                          const uint8_t **p)
{
    const struct json_edge *e = find_edge(w->trie, last, *p, w->limit);
    struct json_edge *spare = &w->trie->edges[JSON_EDGE_SPARE];
    struct json_gap gap;

    if (e != NULL)
        return e;
    if (json_gap(w, last, *p, &gap) < 0)
        return NULL;
    e = json_trie_learn(w->trie, last, *p, &gap);
    if (e != NULL)
        return e;
    json_edge_effects(w, gap.flags, gap.groups, gap.group_count);
    *p = gap.end;
    *spare = (struct json_edge){.to = gap.to, .flags = gap.flags & (EDGE_SCALAR | EDGE_END)};
    return spare;
}

CANH_INLINE struct json_trace *trace_at(uint16_t *guess)
{
    return (struct json_trace *)((uintptr_t)guess & ~(uintptr_t)(sizeof(struct json_trace) - 1));
}

/* The beginning of a trace that is to go on behind a value of node n. */
CANH_INLINE uint16_t *begin_trace(struct json_trace *trace, const struct json_trie *t,
                                  const struct json_node *n)
{
    uint16_t from = (uint16_t)(n - t->nodes);

    if (CANH_UNLIKELY(trace->from != from)) {
        trace->from = from;
        trace->misses = 0;
        trace->edges[0] = JSON_EDGE_NEVER;
    }
    return trace->edges;
}

/* The trace of what came behind an edge where another trace failed or ended. */
CANH_INLINE uint16_t *trace_behind(const struct json_trie *t, const struct json_edge *e)
{
    return begin_trace(&t->traces[(size_t)(e - t->edges) % JSON_TRACES], t, e->to);
}

/*
 * The next edge, where the guess may be wrong. A trace grows at its end. Where it does not fit the
 * walk goes on in the trace behind the edge that did; what fails too often is cut off.
 */
static const struct json_edge *next_edge(struct json_walk *w, const struct json_edge *last,
                                         uint16_t **guess, const uint8_t **p)
{
    struct json_trie *t = w->trie;
    const struct json_edge *e = &t->edges[**guess];
    uint16_t *at = *guess;
    struct json_trace *trace = trace_at(at);

    if (edge_matches(e, *p, w->limit)) {
        ++*guess;
        return e;
    }
    e = &t->edges[*trace_behind(t, last)];
    if (!edge_matches(e, *p, w->limit))
        e = other_edge(w, last->to, p);
    if (e == NULL)
        return NULL;
    if (*at == JSON_EDGE_NEVER || ++trace->misses > JSON_TRACE_MISSES) {
        if (e != &t->edges[JSON_EDGE_SPARE] && at + 1 < trace->edges + CANH_LEN(trace->edges)) {
            *at = (uint16_t)(e - t->edges);
            at[1] = JSON_EDGE_NEVER;
            trace->misses = 0;
            *guess = at + 1;
            return e;
        }
    }
    if (e->to != NULL)
        *guess = trace_behind(t, e);
    return e;
}

/* Which trace to follow behind the event id that p is, n bytes. */
CANH_INLINE uint16_t *trace_of(const struct json_walk *w, const struct json_node *n,
                               const struct field *id)
{
    uint64_t kind = hash_read64(id->text) << (8 - CANH_MIN(id->n, 8u)) * 8 % 64;

    /* the length of the first value tells providers apart where they come first */
    kind = hash_u64(kind, w->fields[0].n);
    return begin_trace(&w->trie->traces[JSON_TRACES + kind % JSON_TRACES], w->trie, n);
}

/* One value as one or two fields. */
CANH_INLINE void put_value(struct json_walk *w, const struct json_node *node, struct field value)
{
    struct field *first = w->f;

    if (value.type == VALUE_NULL && node->keys[0] == KEY_NONE && node->role == SHAPE_PLAIN)
        return;
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

/* A string value with one name and nothing else to it. */
CANH_INLINE const uint8_t *put_string(const struct json_walk *w, const uint8_t *p, uint16_t key,
                                      struct field *f)
{
    bool escapes;
    size_t n = string_length(w->quotes, w->slashes, (size_t)(p - w->base), &escapes);

    f->text = p;
    f->n = (uint32_t)n;
    f->key = key;
    f->type = VALUE_STRING;
    f->form = escapes ? FORM_JSON : FORM_UTF8;
    return p + n + 1;
}

/* The same of a number or literal; NULL when it is wrong. */
CANH_INLINE const uint8_t *put_scalar(struct json_walk *w, const uint8_t *p, uint16_t key,
                                      struct field *f)
{
    const uint8_t *end = scalar_end(w, p, &f->type);

    f->text = p;
    f->n = f->type == VALUE_NULL ? 0 : (uint32_t)(end - p);
    f->key = key;
    f->form = FORM_UTF8;
    return end;
}

/* Passes any gap. */
static const struct json_edge *any_edge(struct json_walk *w, const struct json_edge *last,
                                        uint16_t **guess, const uint8_t **p)
{
    const struct json_edge *e = next_edge(w, last, guess, p);

    if (e == NULL)
        return NULL;
    *p += e->n;
    if (CANH_UNLIKELY(*p > w->limit)) {
        (void)json_fail(w, w->limit, CE_TRUNCATED, "the record ends too early");
        return NULL;
    }
    if (e->flags & (EDGE_GROUPS | EDGE_PAIR_END))
        json_edge_effects(w, e->flags, e->more->groups, e->more->group_count);
    return e;
}

/* Any value at p; the byte behind it, or NULL. */
static const uint8_t *any_value(struct json_walk *w, const struct json_edge *e, const uint8_t *p)
{
    struct field value;

    p = e->flags & EDGE_SCALAR ? put_scalar(w, p, KEY_NONE, &value)
                               : put_string(w, p, KEY_NONE, &value);
    if (p != NULL)
        put_value(w, e->to, value);
    return p;
}

/* Fields are put without a look at the limit, but never more than a trace is long. */
CANH_INLINE struct field *within_limit(struct json_walk *w, struct field *f)
{
    if (CANH_UNLIKELY(f > w->fields_end)) {
        w->lost = true;
        f = w->fields_end;
    }
    w->f = f;
    return f;
}

CANH_HOT static const uint8_t *hot_walk(struct json_walk *walk, const uint8_t *p)
{
    const struct json_walk w = *walk;
    const struct json_edge *const edges = w.trie->edges;
    const struct json_edge *last = &edges[JSON_EDGE_ORIGIN], *e;
    uint16_t *guess = trace_behind(w.trie, last);
    struct field *f = w.f;

    for (;; last = e) {
        e = &edges[*guess];
        if (CANH_LIKELY(e->flags == 0 && head_equal(e, p) && p + e->n <= w.limit)) {
            p = put_string(&w, p + e->n, e->key, f++);
            guess++;
            continue;
        }
        if (CANH_LIKELY(!(e->flags & EDGE_HARD) && edge_matches(e, p, w.limit) &&
                        p + e->n <= w.limit)) {
            p += e->n;
            p = e->flags & EDGE_SCALAR ? put_scalar(walk, p, e->key, f)
                                       : put_string(&w, p, e->key, f);
            if (CANH_UNLIKELY(p == NULL))
                return NULL;
            guess++;
            f += f->type != VALUE_NULL || f->key != KEY_NONE;
            if (e->flags & EDGE_KIND) {
                f = within_limit(walk, f);
                guess = trace_of(&w, e->to, f - 1);
            }
            continue;
        }
        f = within_limit(walk, f);
        e = any_edge(walk, last, &guess, &p);
        if (e == NULL)
            return NULL;
        if (e->flags & EDGE_END)
            return p;
        p = any_value(walk, e, p);
        if (p == NULL)
            return NULL;
        f = walk->f;
    }
}
