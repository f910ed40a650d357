/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_BYTES_HOT_H
#define CANH_SIGMA_BYTES_HOT_H
/*
 * The operations of bytes.h for the processor that the including file is compiled for. Included by
 * bytes_base.c and its like, once each.
 */
#if defined(__SSE2__)
#    include <immintrin.h>
#endif

#include "base/fold.h"
#include "base/hash.h"
#include "sigma/bytes.h"

/* The first bytes of the only two characters beyond ASCII that fold to ASCII, s and k. */
enum { LEAD_017F = 0xC5, LEAD_212A = 0xE2 };

CANH_INLINE unsigned prefilter_byte(const struct prefilter *f, unsigned i, uint8_t c)
{
    return f->low[i][c & 15] & f->high[i][c >> 4];
}

CANH_INLINE bool is_lead(uint8_t c)
{
    return c == LEAD_017F || c == LEAD_212A;
}

#if defined(__SSE2__)
CANH_INLINE __m128i fold16(__m128i v)
{
    /* bytes are signed here, so 'A'..'Z' is one range and high bytes fall outside */
    __m128i upper = _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8('A' - 1)),
                                  _mm_cmplt_epi8(v, _mm_set1_epi8('Z' + 1)));

    return _mm_or_si128(v, _mm_and_si128(upper, _mm_set1_epi8(0x20)));
}
#endif

#if defined(__AVX512VBMI2__)

CANH_INLINE __m512i fold64(__m512i v)
{
    __mmask64 upper =
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8('A')), _mm512_set1_epi8(26));

    return _mm512_mask_add_epi8(v, upper, v, _mm512_set1_epi8(0x20));
}

/* The bits of the next 64 bytes that belong to a text of which n are left. */
CANH_INLINE uint64_t left64(size_t n)
{
    return n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
}

static bool hot_fold_plain(struct slice s, uint8_t *to)
{
    for (size_t i = 0; i < s.n; i += 64) {
        __m512i v = _mm512_maskz_loadu_epi8(left64(s.n - i), s.p + i);

        if (_mm512_movepi8_mask(v) != 0)
            return false;
        _mm512_storeu_si512(to + i, fold64(v));
    }
    return true;
}

/*
 * Bytes that are escaped, also backslashes. The sum carries through each run of backslashes that
 * begins at an odd place, which tells it from those that begin at even ones (from simdjson).
 */
CANH_INLINE uint64_t escaped64(uint64_t slash, uint64_t *carry)
{
    const uint64_t even = 0x5555555555555555u;
    uint64_t run = slash & ~*carry, behind = run << 1 | *carry;
    unsigned long long sum;

    *carry = __builtin_uaddll_overflow(run & ~even & ~behind, run, &sum);
    return (even ^ sum << 1) & behind;
}

/* Puts what \n, \r and \t stand for in the place of their letters; false for other letters. */
static __attribute__((noinline)) bool write_controls(__m512i *v, uint64_t letters)
{
    static const char names[] = "nrt", meant[] = "\n\r\t";
    uint64_t known = 0;

    for (unsigned i = 0; i < 3; i++) {
        uint64_t at = letters & _mm512_cmpeq_epi8_mask(*v, _mm512_set1_epi8(names[i]));

        *v = _mm512_mask_mov_epi8(*v, at, _mm512_set1_epi8(meant[i]));
        known |= at;
    }
    return known == letters;
}

static bool hot_fold_json(struct slice s, uint8_t *to, size_t *ret_n)
{
    uint8_t *start = to;
    uint64_t carry = 0;

    for (size_t i = 0; i < s.n; i += 64) {
        uint64_t keep = left64(s.n - i), slash, escaped;
        __m512i v = _mm512_maskz_loadu_epi8(keep, s.p + i);

        if (_mm512_movepi8_mask(v) != 0)
            return false;
        slash = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\'));
        if ((slash | carry) != 0) {
            uint64_t letters;

            escaped = escaped64(slash, &carry);
            letters = escaped & ~(slash | _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')) |
                                  _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('/')));
            /* a letter behind the end is not there: the text ends with a backslash */
            if (letters != 0 && ((letters & ~keep) != 0 || !write_controls(&v, letters)))
                return false;
            keep &= ~(slash & ~escaped);
            v = _mm512_maskz_compress_epi8(keep, v);
        }
        _mm512_storeu_si512(to, fold64(v));
        to += __builtin_popcountll(keep);
    }
    *ret_n = (size_t)(to - start);
    return carry == 0;
}

static bool hot_fold_utf16(struct slice s, uint8_t *to)
{
    for (size_t i = 0; i < s.n; i += 64) {
        __m512i v = _mm512_maskz_loadu_epi8(left64(s.n - i), s.p + i);

        if (_mm512_test_epi16_mask(v, _mm512_set1_epi16((short)0xFF80)) != 0)
            return false;
        _mm256_storeu_si256((void *)(to + i / 2),
                            _mm512_castsi512_si256(
                                fold64(_mm512_castsi256_si512(_mm512_cvtepi16_epi8(v)))));
    }
    return true;
}

static bool hot_same(const uint8_t *a, const uint8_t *b, size_t n)
{
    uint64_t differ = 0;

    for (size_t i = 0; i < n; i += 64) {
        uint64_t left = left64(n - i);

        differ |= _mm512_cmpneq_epi8_mask(_mm512_maskz_loadu_epi8(left, a + i),
                                          _mm512_maskz_loadu_epi8(left, b + i));
    }
    return differ == 0;
}

enum { PLACES = 64 };

struct places {
    __m512i first, last;
};

CANH_INLINE struct places places_of(struct slice needle)
{
    return (struct places){_mm512_set1_epi8((char)needle.p[0]),
                           _mm512_set1_epi8((char)needle.p[needle.n - 1])};
}

CANH_INLINE uint64_t both_at(const struct places *x, const uint8_t *p, size_t last)
{
    return _mm512_mask_cmpeq_epi8_mask(_mm512_cmpeq_epi8_mask(_mm512_loadu_si512(p), x->first),
                                       _mm512_loadu_si512(p + last), x->last);
}

CANH_INLINE __m512i prefilter_lane(const uint8_t table[16])
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const void *)table));
}

/* A prefilter in registers, and all bytes that it has seen. */
struct lanes {
    __m512i low[PREFILTER_WIDTH], high[PREFILTER_WIDTH], seen;
};

CANH_INLINE struct lanes lanes_of(const struct prefilter *f, unsigned width)
{
    struct lanes s;

    for (unsigned i = 0; i < width; i++) {
        s.low[i] = prefilter_lane(f->low[i]);
        s.high[i] = prefilter_lane(f->high[i]);
    }
    s.seen = _mm512_setzero_si512();
    return s;
}

CANH_INLINE bool lanes_saw_high(const struct lanes *s)
{
    return _mm512_movepi8_mask(s->seen) != 0;
}

CANH_INLINE uint64_t scan_block(struct lanes *s, unsigned width, const uint8_t *p, uint8_t *buckets)
{
    __m512i nibble = _mm512_set1_epi8(15), pass = _mm512_set1_epi8(-1);
    uint64_t hits;

    for (unsigned i = 0; i < width; i++) {
        __m512i v = _mm512_loadu_si512(p + i);
        __m512i low = _mm512_shuffle_epi8(s->low[i], _mm512_and_si512(v, nibble));
        __m512i top =
            _mm512_shuffle_epi8(s->high[i], _mm512_and_si512(_mm512_srli_epi16(v, 4), nibble));

        if (i == 0)
            s->seen = _mm512_or_si512(s->seen, v);
        pass = _mm512_ternarylogic_epi64(pass, low, top, 0x80);
    }
    hits = _mm512_test_epi8_mask(pass, pass);
    if (CANH_UNLIKELY(hits != 0))
        _mm512_storeu_si512(buckets, pass);
    return hits;
}

/* A prefilter's pairs in registers, and all bytes that it has seen. */
struct pairs {
    __m512i first, second, seen;
};

CANH_INLINE struct pairs pairs_of(const struct prefilter *f)
{
    return (struct pairs){prefilter_lane(f->first), prefilter_lane(f->second),
                          _mm512_setzero_si512()};
}

CANH_INLINE bool pairs_saw_high(const struct pairs *s)
{
    return _mm512_movepi8_mask(s->seen) != 0;
}

CANH_INLINE uint64_t pair_block(struct pairs *s, const uint8_t *p)
{
    __m512i letter = _mm512_set1_epi8(0x20);
    __m512i a = _mm512_or_si512(_mm512_loadu_si512(p), letter);
    __m512i b = _mm512_or_si512(_mm512_loadu_si512(p + 1), letter);

    s->seen = _mm512_or_si512(s->seen, a);
    return _mm512_mask_cmpeq_epi8_mask(
        _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(s->first, a), a),
        _mm512_shuffle_epi8(s->second, a), b);
}

#else

/* Plain text, as long as it is ASCII. */
static bool hot_fold_plain(struct slice s, uint8_t *to)
{
    size_t i = 0;
    uint8_t high = 0;

#    ifdef __SSE2__
    __m128i all = _mm_setzero_si128();

    for (; i + 16 <= s.n; i += 16) {
        __m128i v = _mm_loadu_si128((const void *)(s.p + i));

        all = _mm_or_si128(all, v);
        _mm_storeu_si128((void *)(to + i), fold16(v));
    }
    if (_mm_movemask_epi8(all) != 0)
        return false;
#    endif
    for (; i < s.n; i++) {
        high |= s.p[i];
        to[i] = fold_ascii(s.p[i]);
    }
    return high < 0x80;
}

/* The character that a backslash and e stand for; 0 where it is none of ASCII's plain ones. */
CANH_INLINE uint8_t unescape(uint8_t e)
{
    if (e == '\\' || e == '"' || e == '/')
        return e;
    return e == 'n' ? '\n' : e == 'r' ? '\r' : e == 't' ? '\t' : 0;
}

static bool hot_fold_json(struct slice s, uint8_t *to, size_t *ret_n)
{
    uint8_t *start = to;

    for (size_t i = 0; i < s.n;) {
#    ifdef __SSE2__
        if (i + 16 <= s.n) {
            __m128i v = _mm_loadu_si128((const void *)(s.p + i));
            __m128i special = _mm_or_si128(v, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
            unsigned mask = (unsigned)_mm_movemask_epi8(special) | 1u << 16;
            unsigned n = (unsigned)__builtin_ctz(mask);

            _mm_storeu_si128((void *)to, fold16(v));
            i += n;
            to += n;
            if (n == 16)
                continue;
        }
#    endif
        if (s.p[i] >= 0x80)
            return false;
        if (s.p[i] != '\\') {
            *to++ = fold_ascii(s.p[i++]);
            continue;
        }
        if (i + 1 >= s.n || (*to++ = unescape(s.p[i + 1])) == 0)
            return false;
        i += 2;
    }
    *ret_n = (size_t)(to - start);
    return true;
}

/* UTF-16LE, as long as it is ASCII. */
static bool hot_fold_utf16(struct slice s, uint8_t *to)
{
    size_t i = 0, units = s.n / 2;
    uint8_t high = 0;

#    ifdef __SSE2__
    for (; i + 8 <= units; i += 8) {
        __m128i v = _mm_loadu_si128((const void *)(s.p + 2 * i));
        __m128i beyond = _mm_and_si128(v, _mm_set1_epi16((short)0xFF80));

        if (_mm_movemask_epi8(_mm_cmpeq_epi16(beyond, _mm_setzero_si128())) != 0xFFFF)
            return false;
        _mm_storel_epi64((void *)(to + i), fold16(_mm_packus_epi16(v, v)));
    }
#    endif
    for (; i < units; i++) {
        high |= (s.p[2 * i] & 0x80) | s.p[2 * i + 1];
        to[i] = fold_ascii(s.p[2 * i]);
    }
    return high == 0;
}

static bool hot_same(const uint8_t *a, const uint8_t *b, size_t n)
{
    uint64_t differ = 0;

    if (n < 8) {
        for (size_t i = 0; i < n; i++)
            differ |= (uint64_t)(a[i] ^ b[i]);
        return differ == 0;
    }
    for (size_t i = 0; i + 8 <= n; i += 8)
        differ |= hash_read64(a + i) ^ hash_read64(b + i);
    return (differ | (hash_read64(a + n - 8) ^ hash_read64(b + n - 8))) == 0;
}

#    if defined(__AVX2__)

enum { PLACES = 32 };

struct places {
    __m256i first, last;
};

CANH_INLINE struct places places_of(struct slice needle)
{
    return (struct places){_mm256_set1_epi8((char)needle.p[0]),
                           _mm256_set1_epi8((char)needle.p[needle.n - 1])};
}

CANH_INLINE uint64_t both_at(const struct places *x, const uint8_t *p, size_t last)
{
    __m256i a = _mm256_loadu_si256((const void *)p),
            b = _mm256_loadu_si256((const void *)(p + last));

    return (uint32_t)_mm256_movemask_epi8(
        _mm256_and_si256(_mm256_cmpeq_epi8(a, x->first), _mm256_cmpeq_epi8(b, x->last)));
}

CANH_INLINE __m256i prefilter_lane(const uint8_t table[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)table));
}

struct lanes {
    __m256i low[PREFILTER_WIDTH], high[PREFILTER_WIDTH], seen;
};

CANH_INLINE struct lanes lanes_of(const struct prefilter *f, unsigned width)
{
    struct lanes s;

    for (unsigned i = 0; i < width; i++) {
        s.low[i] = prefilter_lane(f->low[i]);
        s.high[i] = prefilter_lane(f->high[i]);
    }
    s.seen = _mm256_setzero_si256();
    return s;
}

CANH_INLINE bool lanes_saw_high(const struct lanes *s)
{
    return _mm256_movemask_epi8(s->seen) != 0;
}

CANH_INLINE uint64_t scan_block(struct lanes *s, unsigned width, const uint8_t *p, uint8_t *buckets)
{
    __m256i nibble = _mm256_set1_epi8(15), pass = _mm256_set1_epi8(-1);

    for (unsigned i = 0; i < width; i++) {
        __m256i v = _mm256_loadu_si256((const void *)(p + i));
        __m256i low = _mm256_shuffle_epi8(s->low[i], _mm256_and_si256(v, nibble));
        __m256i top =
            _mm256_shuffle_epi8(s->high[i], _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble));

        if (i == 0)
            s->seen = _mm256_or_si256(s->seen, v);
        pass = _mm256_and_si256(pass, _mm256_and_si256(low, top));
    }
    _mm256_storeu_si256((void *)buckets, pass);
    return (uint32_t)~_mm256_movemask_epi8(_mm256_cmpeq_epi8(pass, _mm256_setzero_si256()));
}

struct pairs {
    __m256i first, second, seen;
};

CANH_INLINE struct pairs pairs_of(const struct prefilter *f)
{
    return (struct pairs){prefilter_lane(f->first), prefilter_lane(f->second),
                          _mm256_setzero_si256()};
}

CANH_INLINE bool pairs_saw_high(const struct pairs *s)
{
    return _mm256_movemask_epi8(s->seen) != 0;
}

CANH_INLINE uint64_t pair_block(struct pairs *s, const uint8_t *p)
{
    __m256i letter = _mm256_set1_epi8(0x20);
    __m256i a = _mm256_or_si256(_mm256_loadu_si256((const void *)p), letter);
    __m256i b = _mm256_or_si256(_mm256_loadu_si256((const void *)(p + 1)), letter);

    s->seen = _mm256_or_si256(s->seen, a);
    return (uint32_t)_mm256_movemask_epi8(
        _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(s->first, a), a),
                         _mm256_cmpeq_epi8(_mm256_shuffle_epi8(s->second, a), b)));
}

#    else

#        ifdef __SSE2__

enum { PLACES = 16 };

struct places {
    __m128i first, last;
};

CANH_INLINE struct places places_of(struct slice needle)
{
    return (struct places){_mm_set1_epi8((char)needle.p[0]),
                           _mm_set1_epi8((char)needle.p[needle.n - 1])};
}

CANH_INLINE uint64_t both_at(const struct places *x, const uint8_t *p, size_t last)
{
    __m128i a = _mm_loadu_si128((const void *)p), b = _mm_loadu_si128((const void *)(p + last));

    return (unsigned)_mm_movemask_epi8(
        _mm_and_si128(_mm_cmpeq_epi8(a, x->first), _mm_cmpeq_epi8(b, x->last)));
}

#        else

enum { PLACES = 16 };

struct places {
    uint8_t first, last;
};

CANH_INLINE struct places places_of(struct slice needle)
{
    return (struct places){needle.p[0], needle.p[needle.n - 1]};
}

CANH_INLINE uint64_t both_at(const struct places *x, const uint8_t *p, size_t last)
{
    uint64_t mask = 0;

    for (unsigned i = 0; i < PLACES; i++)
        mask |= (uint64_t)(p[i] == x->first && p[i + last] == x->last) << i;
    return mask;
}

#        endif

struct lanes {
    const struct prefilter *f;
    unsigned seen;
};

CANH_INLINE struct lanes lanes_of(const struct prefilter *f, unsigned width)
{
    (void)width;
    return (struct lanes){f, 0};
}

CANH_INLINE bool lanes_saw_high(const struct lanes *s)
{
    return s->seen >= 0x80;
}

CANH_INLINE uint64_t scan_block(struct lanes *s, unsigned width, const uint8_t *p, uint8_t *buckets)
{
    uint64_t hits = 0;

    for (unsigned i = 0; i < PLACES; i++) {
        unsigned pass = prefilter_byte(s->f, 0, p[i]) & prefilter_byte(s->f, 1, p[i + 1]);

        s->seen |= p[i];
        if (CANH_LIKELY(pass == 0))
            continue;
        for (unsigned k = 2; k < width; k++)
            pass &= prefilter_byte(s->f, k, p[i + k]);
        buckets[i] = (uint8_t)pass;
        hits |= (uint64_t)(pass != 0) << i;
    }
    return hits;
}

struct pairs {
    const struct prefilter *f;
    unsigned seen;
};

CANH_INLINE struct pairs pairs_of(const struct prefilter *f)
{
    return (struct pairs){f, 0};
}

CANH_INLINE bool pairs_saw_high(const struct pairs *s)
{
    return s->seen >= 0x80;
}

CANH_INLINE uint64_t pair_block(struct pairs *s, const uint8_t *p)
{
    uint64_t hits = 0;

    for (unsigned i = 0; i < PLACES; i++) {
        uint8_t first = p[i] | 0x20, second = p[i + 1] | 0x20;
        bool hit = s->f->first[first & 15] == first && s->f->second[first & 15] == second;

        s->seen |= first;
        hits |= (uint64_t)hit << i;
    }
    return hits;
}

#    endif
#endif

/* Compares first and last byte of the needle at many places at once (Wojciech Muła). */
static bool hot_find(struct slice s, struct slice needle)
{
    size_t last = needle.n - 1, places;
    struct places x;

    if (needle.n == 0)
        return true;
    if (needle.n > s.n)
        return false;
    places = s.n - last;
    x = places_of(needle);
    for (size_t at = 0; at < places; at += PLACES) {
        for (uint64_t mask = both_at(&x, s.p + at, last); mask != 0; mask &= mask - 1) {
            size_t place = at + (size_t)__builtin_ctzll(mask);

            if (place >= places)
                return false;
            if (memcmp(s.p + place, needle.p, needle.n) == 0)
                return true;
        }
    }
    return false;
}

/* Whether a character beyond ASCII that folds to ASCII may begin among the bytes. */
static __attribute__((noinline)) bool has_lead(const uint8_t *p, size_t n)
{
    return memchr(p, LEAD_017F, n) != NULL || memchr(p, LEAD_212A, n) != NULL;
}

/* Of a text that was looked through, and whether any of it is beyond ASCII. */
CANH_INLINE bool has_leads(struct slice s, bool high)
{
    bool leads = false;

    for (unsigned i = 0; i < PREFILTER_WIDTH - 1; i++)
        leads |= is_lead(s.p[s.n + i]);
    return CANH_UNLIKELY(high) ? leads || has_lead(s.p, s.n) : leads;
}

CANH_INLINE bool scan_places(const struct prefilter *f, unsigned width, struct slice s,
                             prefilter_fn *pass, void *ctx, bool *ret_leads)
{
    struct lanes lanes = lanes_of(f, width);
    uint8_t buckets[PLACES];

    *ret_leads = false;
    for (size_t at = 0; at < s.n; at += PLACES) {
        uint64_t hits = scan_block(&lanes, width, s.p + at, buckets);

        for (; CANH_UNLIKELY(hits != 0); hits &= hits - 1) {
            size_t place = (size_t)__builtin_ctzll(hits);

            if (at + place < s.n && pass(ctx, s.p + at + place, buckets[place]))
                return true;
        }
    }
    *ret_leads = has_leads(s, lanes_saw_high(&lanes));
    return false;
}

CANH_INLINE bool scan_pairs(const struct prefilter *f, struct slice s, prefilter_fn *pass,
                            void *ctx, bool *ret_leads)
{
    struct pairs pairs = pairs_of(f);

    *ret_leads = false;
    for (size_t at = 0; at < s.n; at += PLACES) {
        uint64_t hits = pair_block(&pairs, s.p + at);

        for (; CANH_UNLIKELY(hits != 0); hits &= hits - 1) {
            size_t place = at + (size_t)__builtin_ctzll(hits);
            const uint8_t *p = s.p + place;
            unsigned buckets = prefilter_byte(f, 0, p[0]) & prefilter_byte(f, 1, p[1]);

            if (place < s.n && buckets != 0 && pass(ctx, p, buckets))
                return true;
        }
    }
    *ret_leads = has_leads(s, pairs_saw_high(&pairs));
    return false;
}

static bool hot_scan(const struct prefilter *f, struct slice s, prefilter_fn *pass, void *ctx,
                     bool *ret_leads)
{
    if (f->paired)
        return scan_pairs(f, s, pass, ctx, ret_leads);
    return f->width == 2 ? scan_places(f, 2, s, pass, ctx, ret_leads)
                         : scan_places(f, PREFILTER_WIDTH, s, pass, ctx, ret_leads);
}

#endif
