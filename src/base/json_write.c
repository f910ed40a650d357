/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"

#include <endian.h>
#include <math.h>
#include <string.h>
#if defined(__SSE2__)
#    include <emmintrin.h>
#endif

#include "base/hex.h"
#include "base/time.h"
#include "base/utf.h"

static void before_value(struct json_write *w)
{
    if (w->comma)
        buf_putc(w->out, ',');
    w->comma = true;
}

void json_open(struct json_write *w, char bracket)
{
    before_value(w);
    buf_putc(w->out, (uint8_t)bracket);
    w->comma = false;
}

void json_close(struct json_write *w, char bracket)
{
    buf_putc(w->out, (uint8_t)bracket);
    w->comma = true;
}

enum {
    ESCAPE_MAX = 6, /* bytes that one character takes at most */
    PIECE = 1024,   /* characters written at a time */
};

/* What stands behind the backslash for ASCII; 0: the character stands as it is; u: four digits. */
static const uint8_t escapes[0x80] = {
    [0 ... 7] = 'u', ['\b'] = 'b',      ['\t'] = 't', ['\n'] = 'n',  [11] = 'u',   ['\f'] = 'f',
    ['\r'] = 'r',    [14 ... 31] = 'u', ['"'] = '"',  ['\\'] = '\\', [0x7F] = 'u',
};

/* A character below 0xA0 that a string may not hold, or a terminal would act on. */
static uint8_t *write_escape(uint8_t *to, uint8_t c)
{
    *to++ = '\\';
    *to++ = c < 0x80 ? escapes[c] : 'u';
    if (to[-1] != 'u')
        return to;
    *to++ = '0';
    *to++ = '0';
    hex_write((char *)to, &c, 1);
    return to + 2;
}

/* The character at p, n bytes before the end of the text; *ret_used: how many of them it takes. */
static uint8_t *write_wide(uint8_t *to, const uint8_t *p, size_t n, unsigned *ret_used)
{
    uint32_t c = utf8_decode(p, n, ret_used);

    if (c < 0xA0)
        return write_escape(to, (uint8_t)c);
    return to + utf8_encode(c < UTF_INVALID ? c : UTF_REPLACEMENT, to);
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The top bit of the first byte that is c (the lowest such bit; higher ones may be wrong). */
static uint64_t find_byte(uint64_t v, uint8_t c)
{
    uint64_t x = v ^ EACH(c);

    return (x - EACH(1)) & ~x;
}

/* How many of the next eight bytes stand as they are, before the first that does not. */
static size_t plain_bytes(const uint8_t *p)
{
    uint64_t v, special;

    memcpy(&v, p, sizeof(v));
    v = le64toh(v);
    special =
        find_byte(v, '"') | find_byte(v, '\\') | find_byte(v, 0x7F) | ((v - EACH(0x20)) & ~v) | v;
    special &= EACH(0x80);
    return special == 0 ? sizeof(v) : (size_t)__builtin_ctzll(special) / 8;
}

#if defined(__SSE2__)
/* The same of the next sixteen; bytes are signed here, so those beyond ASCII are below blanks. */
CANH_INLINE size_t plain_bytes16(const uint8_t *p)
{
    __m128i v = _mm_loadu_si128((const void *)p);
    __m128i quoted =
        _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
    __m128i control = _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(0x20)),
                                   _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F)));

    return (size_t)__builtin_ctz((unsigned)_mm_movemask_epi8(_mm_or_si128(quoted, control)) |
                                 1u << 16);
}
#endif

/*
 * The inside of a string from i to end; *ret_i: where it was read to, behind end where a character
 * goes on there. `to` has ESCAPE_MAX bytes for each of these.
 */
static uint8_t *escape_piece(uint8_t *to, struct slice s, size_t i, size_t end, size_t *ret_i)
{
    while (i < end) {
        unsigned used = 1;
        size_t plain = 0;

#if defined(__SSE2__)
        if (end - i >= 16) {
            plain = plain_bytes16(s.p + i);
            memcpy(to, s.p + i, 16); /* what is too much is written over */
        } else
#endif
            if (end - i >= 8) {
            plain = plain_bytes(s.p + i);
            memcpy(to, s.p + i, 8);
        }
        to += plain;
        i += plain;
        if (plain > 0)
            continue;
        if (s.p[i] >= 0x80)
            to = write_wide(to, s.p + i, s.n - i, &used);
        else if (escapes[s.p[i]] != 0)
            to = write_escape(to, s.p[i]);
        else
            *to++ = s.p[i];
        i += used;
    }
    *ret_i = i;
    return to;
}

/* The inside of a string, without the quotes. */
static void write_escaped(struct buf *out, struct slice s)
{
    size_t i = 0;

    while (i < s.n) {
        size_t end = CANH_MIN(s.n, i + PIECE), left = out->max - out->len;
        uint8_t *to;

        if (ESCAPE_MAX * (end - i) > left) /* close to the limit, character by character */
            end = i + CANH_MAX((size_t)1, left / ESCAPE_MAX);
        to = buf_reserve(out, ESCAPE_MAX * (end - i));
        if (to == NULL)
            return;
        out->len = (size_t)(escape_piece(to, s, i, end, &i) - out->p);
    }
}

void json_key_slice(struct json_write *w, struct slice name)
{
    json_text(w, name);
    buf_putc(w->out, ':');
    w->comma = false;
}

void json_key_known(struct json_write *w, const char *name, size_t n)
{
    size_t size = n + 3 + w->comma;
    uint8_t *to = buf_reserve(w->out, size);

    if (to == NULL)
        return;
    if (w->comma)
        *to++ = ',';
    *to++ = '"';
    memcpy(to, name, n);
    memcpy(to + n, "\":", 2);
    w->out->len += size;
    w->comma = false;
}

/* What is not long, at once. */
static bool write_short(struct json_write *w, struct slice s)
{
    struct buf *out = w->out;
    size_t room = ESCAPE_MAX * s.n + 3, i;
    uint8_t *to;

    if (s.n > PIECE || room > out->max - out->len || (to = buf_reserve(out, room)) == NULL)
        return false;
    *to = ',';
    to += w->comma;
    *to++ = '"';
    to = escape_piece(to, s, 0, s.n, &i);
    *to++ = '"';
    out->len = (size_t)(to - out->p);
    w->comma = true;
    return true;
}

void json_text(struct json_write *w, struct slice s)
{
    if (write_short(w, s))
        return;
    before_value(w);
    buf_putc(w->out, '"');
    write_escaped(w->out, s);
    buf_putc(w->out, '"');
}

void json_optional(struct json_write *w, const char *name, struct slice s)
{
    if (s.n == 0)
        return;
    json_key(w, name);
    json_text(w, s);
}

void json_members(struct json_write *w, struct slice written)
{
    before_value(w);
    buf_append_slice(w->out, written);
}

void json_u64(struct json_write *w, uint64_t v)
{
    before_value(w);
    buf_append_u64(w->out, v);
}

void json_i64(struct json_write *w, int64_t v)
{
    before_value(w);
    buf_append_i64(w->out, v);
}

void json_decimal(struct json_write *w, double v, unsigned digits)
{
    if (!isfinite(v)) {
        json_null(w);
        return;
    }
    before_value(w);
    buf_printf(w->out, "%.*f", (int)CANH_MIN(digits, 17u), v);
}

void json_bool(struct json_write *w, bool v)
{
    before_value(w);
    buf_puts(w->out, v ? "true" : "false");
}

void json_null(struct json_write *w)
{
    before_value(w);
    buf_puts(w->out, "null");
}

void json_time(struct json_write *w, int64_t t)
{
    if (t == TIME_NONE) {
        json_null(w);
        return;
    }
    before_value(w);
    buf_putc(w->out, '"');
    time_format(w->out, t, 9);
    buf_putc(w->out, '"');
}
