/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf.h"

#ifdef __SSE2__
#    include <emmintrin.h>
#endif

/* Length by lead byte (0 = cannot lead); overlong and surrogates are refused by the ranges. */
static unsigned lead_length(uint8_t c)
{
    if (c < 0x80)
        return 1;
    if (c >= 0xC2 && c < 0xE0)
        return 2;
    if (c >= 0xE0 && c < 0xF0)
        return 3;
    return c >= 0xF0 && c < 0xF5 ? 4 : 0;
}

static bool second_byte_ok(uint8_t lead, uint8_t c)
{
    switch (lead) {
    case 0xE0:
        return c >= 0xA0 && c < 0xC0;
    case 0xED:
        return c >= 0x80 && c < 0xA0;
    case 0xF0:
        return c >= 0x90 && c < 0xC0;
    case 0xF4:
        return c >= 0x80 && c < 0x90;
    default:
        return c >= 0x80 && c < 0xC0;
    }
}

uint32_t utf8_decode(const uint8_t *s, size_t n, unsigned *ret_len)
{
    unsigned len = lead_length(s[0]);
    uint32_t c;

    *ret_len = 1;
    if (len == 1)
        return s[0];
    if (len == 0 || len > n || !second_byte_ok(s[0], s[1]))
        return UTF_INVALID + s[0];
    c = s[0] & (0x7Fu >> len);
    for (unsigned i = 1; i < len; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return UTF_INVALID + s[0];
        c = c << 6 | (s[i] & 0x3F);
    }
    *ret_len = len;
    return c;
}

unsigned utf8_encode(uint32_t c, uint8_t to[4])
{
    if (c < 0x80 || c >= UTF_INVALID) {
        to[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (uint8_t)(0xC0 | c >> 6);
        to[1] = (uint8_t)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (uint8_t)(0xE0 | c >> 12);
        to[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        to[2] = (uint8_t)(0x80 | (c & 0x3F));
        return 3;
    }
    to[0] = (uint8_t)(0xF0 | c >> 18);
    to[1] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
    to[2] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    to[3] = (uint8_t)(0x80 | (c & 0x3F));
    return 4;
}

bool is_ascii(struct slice s)
{
    uint64_t high = 0;
    size_t i = 0;

    for (; i + 8 <= s.n; i += 8) {
        uint64_t w;

        memcpy(&w, s.p + i, 8);
        high |= w;
    }
    for (; i < s.n; i++)
        high |= s.p[i];
    return (high & 0x8080808080808080ULL) == 0;
}

bool utf8_valid(struct slice s)
{
    unsigned len;

    if (is_ascii(s))
        return true;
    for (size_t i = 0; i < s.n; i += len) {
        if (utf8_decode(s.p + i, s.n - i, &len) >= UTF_INVALID)
            return false;
    }
    return true;
}

size_t utf8_count(struct slice s)
{
    size_t count = 0;
    unsigned len;

    for (size_t i = 0; i < s.n; i += len) {
        (void)utf8_decode(s.p + i, s.n - i, &len);
        count++;
    }
    return count;
}

#ifdef __SSE2__
/* Eight units of UTF-16LE as bytes; false where one is not ASCII. */
CANH_INLINE bool copy_eight(const uint8_t *p, uint8_t *to)
{
    __m128i x = _mm_loadu_si128((const __m128i_u *)p);
    __m128i high = _mm_and_si128(x, _mm_set1_epi16((short)0xFF80));

    _mm_storel_epi64((__m128i_u *)to, _mm_packus_epi16(x, x));
    return _mm_movemask_epi8(_mm_cmpeq_epi16(high, _mm_setzero_si128())) == 0xFFFF;
}

/*
 * Copies units from the start of UTF-16LE as long as they are ASCII, eight at a time; the last
 * eight may begin among those that are copied already.
 */
static size_t copy_ascii(const uint8_t *p, size_t units, uint8_t *to)
{
    size_t i = 0;

    for (; i + 8 <= units; i += 8) {
        if (!copy_eight(p + 2 * i, to + i))
            return i;
    }
    return units < 8 || !copy_eight(p + 2 * (units - 8), to + units - 8) ? i : units;
}
#else
static size_t copy_ascii(const uint8_t *p, size_t units, uint8_t *to)
{
    (void)p;
    (void)units;
    (void)to;
    return 0;
}
#endif

static void utf16_to_utf8(struct slice s, unsigned hi, struct buf *out)
{
    size_t units = s.n / 2, ascii = 0;
    /* a unit gives at most three bytes */
    uint8_t *to = units ? buf_reserve(out, units * 3) : NULL;
    uint8_t *start = to;

    if (to == NULL)
        return;
    if (hi == 1)
        to += ascii = copy_ascii(s.p, units, to);
    for (size_t i = ascii; i < units; i++) {
        const uint8_t *p = s.p + 2 * i;
        uint32_t c = (uint32_t)p[hi] << 8 | p[1 - hi];

        if ((c & 0xF800) == 0xD800) {
            bool pair;

            c = utf16_join(c, i + 1 < units ? (uint32_t)p[2 + hi] << 8 | p[3 - hi] : 0, &pair);
            i += pair;
        }
        if (CANH_LIKELY(c < 0x80))
            *to++ = (uint8_t)c;
        else
            to += utf8_encode(c, to);
    }
    out->len += (size_t)(to - start);
}

void utf16le_to_utf8(struct slice s, struct buf *out)
{
    utf16_to_utf8(s, 1, out);
}

void utf16be_to_utf8(struct slice s, struct buf *out)
{
    utf16_to_utf8(s, 0, out);
}

/* Each first (0) or second (1) byte of two is 0, each other one a letter or blank of ASCII. */
static bool ascii_pairs(struct slice s, size_t zeros)
{
    for (size_t i = 0; i + 1 < s.n; i += 2) {
        uint8_t c = s.p[i + 1 - zeros];

        if (s.p[i + zeros] != 0 || c > 126 || (c < 32 && c != '\t' && c != '\n' && c != '\r'))
            return false;
    }
    return s.n >= 8;
}

enum utf_kind utf_kind_of(struct slice s, size_t *ret_mark)
{
    *ret_mark = 2;
    if (slice_starts(s, SLICE("\xFF\xFE")))
        return UTF_16LE;
    if (slice_starts(s, SLICE("\xFE\xFF")))
        return UTF_16BE;
    *ret_mark = 0;
    s = slice_head(s, 32);
    return ascii_pairs(s, 1) ? UTF_16LE : ascii_pairs(s, 0) ? UTF_16BE : UTF_8;
}

void utf_to_utf8(enum utf_kind kind, struct slice s, struct buf *out)
{
    if (kind == UTF_16LE)
        utf16le_to_utf8(s, out);
    else if (kind == UTF_16BE)
        utf16be_to_utf8(s, out);
    else
        buf_append_slice(out, s);
}
