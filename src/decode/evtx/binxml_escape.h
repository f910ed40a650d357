/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_BINXML_ESCAPE_H
#define CANH_DECODE_BINXML_ESCAPE_H
/*
 * Texts as the inside of JSON strings, for binxml_write.c and binxml_plan_run.c. Each writer
 * returns behind what it wrote; the caller has made room: six times the text and ESCAPE_SLACK.
 */
#ifdef __SSE2__
#    include <emmintrin.h>
#endif

#include "base/utf.h"
#include "decode/evtx/binxml.h"

static inline uint8_t *write_escape(uint8_t *to, uint8_t c)
{
    static const char hex[] = "0123456789abcdef";
    static const char shorts[32] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};

    *to++ = '\\';
    if (c == '"' || c == '\\') {
        *to++ = c;
    } else if (shorts[c]) {
        *to++ = (uint8_t)shorts[c];
    } else {
        *to++ = 'u';
        *to++ = '0';
        *to++ = '0';
        *to++ = (uint8_t)hex[c >> 4];
        *to++ = (uint8_t)hex[c & 15];
    }
    return to;
}

CANH_INLINE bool plain(uint32_t c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

/* Characters taken at a time, and room behind what is written. */
enum { STRIDE = 8, ESCAPE_SLACK = 2 * STRIDE };

#ifdef __SSE2__
/* The lowest n of eight characters of one byte each, those at the set bits of `special` escaped. */
CANH_INLINE uint8_t *write_eight(uint8_t *to, uint64_t eight, unsigned n, unsigned special)
{
    unsigned done = 0;

    while (special) {
        unsigned at = (unsigned)__builtin_ctz(special);

        memcpy(to, &eight, sizeof(eight));
        to = write_escape(to + (at - done), (uint8_t)(eight >> 8 * (at - done)));
        eight = eight >> 8 * (at - done) >> 8;
        done = at + 1;
        special &= special - 1;
    }
    memcpy(to, &eight, sizeof(eight));
    return to + (n - done);
}

/* The bits of those characters that are escaped. */
CANH_INLINE unsigned special_of(__m128i bytes)
{
    __m128i control = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)); /* all are below 0x80 */
    __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    __m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));

    return (unsigned)_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, slash)));
}

/* Eight units of ASCII as bytes; false: there are others among them. */
CANH_INLINE bool load_eight(const uint8_t *p, __m128i *ret)
{
    __m128i x = _mm_loadu_si128((const __m128i_u *)p);
    __m128i high = _mm_and_si128(x, _mm_set1_epi16((short)0xFF80));

    *ret = _mm_packus_epi16(x, x);
    return _mm_movemask_epi8(_mm_cmpeq_epi16(high, _mm_setzero_si128())) == 0xFFFF;
}

CANH_INLINE uint64_t lower_half(__m128i x)
{
    uint64_t ret;

    _mm_storel_epi64((__m128i_u *)&ret, x);
    return ret;
}

/* Sixteen units of ASCII as bytes; false: there are others among them. */
CANH_INLINE bool load_sixteen(const uint8_t *p, __m128i *ret)
{
    __m128i x = _mm_loadu_si128((const __m128i_u *)p);
    __m128i y = _mm_loadu_si128((const __m128i_u *)(p + sizeof(x)));
    __m128i high = _mm_and_si128(_mm_or_si128(x, y), _mm_set1_epi16((short)0xFF80));

    *ret = _mm_packus_epi16(x, y);
    return _mm_movemask_epi8(_mm_cmpeq_epi16(high, _mm_setzero_si128())) == 0xFFFF;
}

CANH_INLINE uint8_t *write_sixteen(uint8_t *to, __m128i sixteen)
{
    unsigned special = special_of(sixteen);

    if (special == 0) {
        _mm_storeu_si128((__m128i_u *)to, sixteen);
        return to + sizeof(sixteen);
    }
    to = write_eight(to, lower_half(sixteen), STRIDE, special & 0xFF);
    return write_eight(to, lower_half(_mm_srli_si128(sixteen, STRIDE)), STRIDE, special >> STRIDE);
}

/*
 * As long as there are eight units of ASCII; returns how many were taken, *to is moved on. What is
 * left at the end is taken out of the last eight, if these are of ASCII.
 */
static inline size_t escape_ascii16(uint8_t **to, const uint8_t *p, size_t units)
{
    unsigned left = units % STRIDE, done = STRIDE - left;
    size_t i = 0;
    __m128i eight, sixteen;

    for (; i + 2 * STRIDE <= units && load_sixteen(p + 2 * i, &sixteen); i += 2 * STRIDE)
        *to = write_sixteen(*to, sixteen);
    for (; i + STRIDE <= units; i += STRIDE) {
        if (!load_eight(p + 2 * i, &eight))
            return i;
        *to = write_eight(*to, lower_half(eight), STRIDE, special_of(eight) & 0xFF);
    }
    if (left == 0 || units < STRIDE || !load_eight(p + 2 * (units - STRIDE), &eight))
        return i;
    *to = write_eight(*to, lower_half(eight) >> 8 * done, left, (special_of(eight) & 0xFF) >> done);
    return units;
}

/* The same of bytes. */
static inline size_t escape_ascii8(uint8_t **to, const uint8_t *p, size_t n)
{
    size_t i = 0;

    for (; i + STRIDE <= n; i += STRIDE) {
        __m128i eight = _mm_loadl_epi64((const __m128i_u *)(p + i));

        if (lower_half(eight) & 0x8080808080808080)
            break;
        *to = write_eight(*to, lower_half(eight), STRIDE, special_of(eight) & 0xFF);
    }
    return i;
}
#else
static inline size_t escape_ascii16(uint8_t **to, const uint8_t *p, size_t units)
{
    (void)to;
    (void)p;
    (void)units;
    return 0;
}

static inline size_t escape_ascii8(uint8_t **to, const uint8_t *p, size_t n)
{
    (void)to;
    (void)p;
    (void)n;
    return 0;
}
#endif

/* The unit at p, `units` before the end of the text; *used grows by one where a pair is joined. */
static inline uint8_t *escape_unit(uint8_t *to, const uint8_t *p, size_t units, size_t *used)
{
    uint32_t c = bx_u16(p);

    if (c < 0x80) {
        if (!plain(c))
            return write_escape(to, (uint8_t)c);
        *to++ = (uint8_t)c;
        return to;
    }
    if ((c & 0xF800) == 0xD800) {
        bool pair;

        c = utf16_join(c, units > 1 ? bx_u16(p + 2) : 0, &pair);
        *used += pair;
    }
    return to + utf8_encode(c, to);
}

static inline uint8_t *escape_utf16(uint8_t *to, const uint8_t *p, size_t units)
{
    size_t i = escape_ascii16(&to, p, units);

    while (i < units) {
        size_t stop = CANH_MIN(units, i + STRIDE);

        for (; i < stop; i++)
            to = escape_unit(to, p + 2 * i, units - i, &i);
        i += i < units ? escape_ascii16(&to, p + 2 * i, units - i) : 0;
    }
    return to;
}

static inline uint8_t *escape_utf8(uint8_t *to, const uint8_t *p, size_t n)
{
    size_t i = escape_ascii8(&to, p, n);

    while (i < n) {
        size_t stop = CANH_MIN(n, i + STRIDE);

        for (; i < stop; i++) {
            if (CANH_LIKELY(plain(p[i])))
                *to++ = p[i];
            else
                to = write_escape(to, p[i]);
        }
        i += escape_ascii8(&to, p + i, n - i);
    }
    return to;
}

/* What a text of n bytes may need in quotes. */
CANH_INLINE size_t quoted_room(size_t n)
{
    return n * 6 + ESCAPE_SLACK + 2;
}

CANH_INLINE uint8_t *write_quoted16(uint8_t *to, const struct bx_text *t)
{
    *to++ = '"';
    to = escape_utf16(to, t->p, t->n / 2);
    *to++ = '"';
    return to;
}

#endif
