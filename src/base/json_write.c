/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"

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
    ESCAPE_MAX = 6,  /* bytes that one character takes at most */
    CHUNK = 16,      /* bytes looked at, and written, at once */
    PIECE = 1024,    /* characters written at a time */
    C1_FIRST = 0xC2, /* the first byte of controls beyond ASCII, and of some other characters */
};

/* Room for n bytes of text: the last may be written as a whole chunk. */
static size_t escaped_max(size_t n)
{
    return ESCAPE_MAX * n + CHUNK;
}

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

/* The character at p, n bytes before the end of the text; *ret_used: how many of them it takes. */
static uint8_t *write_character(uint8_t *to, const uint8_t *p, size_t n, unsigned *ret_used)
{
    *ret_used = 1;
    if (*p >= 0x80)
        return write_wide(to, p, n, ret_used);
    if (escapes[*p] != 0)
        return write_escape(to, *p);
    *to = *p;
    return to + 1;
}

/* What may stand behind a backslash that write_escape() has written, but for u. */
static const bool short_escapes[256] = {['b'] = true, ['t'] = true, ['n'] = true, ['f'] = true,
                                        ['r'] = true, ['"'] = true, ['\\'] = true};

#if defined(__SSE2__)
enum { TAIL = 2 * CHUNK /* fewer bytes are copied first, so that whole chunks can be read */ };

/* Which of the next sixteen bytes may not stand as they are, a bit each; bytes are signed here, so
 * those beyond ASCII are below blanks. */
CANH_INLINE unsigned special_bytes(const uint8_t *p)
{
    __m128i v = _mm_loadu_si128((const void *)p);
    __m128i quoted =
        _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
    __m128i control = _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(0x20)),
                                   _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F)));

    return (unsigned)_mm_movemask_epi8(_mm_or_si128(quoted, control));
}

/* n bytes, fewer than TAIL. A function of its own: where it knew how long `to` is, each copy would
 * be a checked call. */
static __attribute__((noinline)) void copy_tail(uint8_t *to, const uint8_t *p, size_t n)
{
    if (n >= 16) {
        memcpy(to, p, 16);
        memcpy(to + n - 16, p + n - 16, 16);
    } else if (n >= 8) {
        memcpy(to, p, 8);
        memcpy(to + n - 8, p + n - 8, 8);
    } else if (n >= 4) {
        memcpy(to, p, 4);
        memcpy(to + n - 4, p + n - 4, 4);
    } else if (n > 0) {
        to[0] = p[0];
        to[n / 2] = p[n / 2];
        to[n - 1] = p[n - 1];
    }
}

/*
 * n bytes of s from i on, at most a chunk; `from` holds them and may be read a chunk beyond.
 * *ret_i: where s was read to.
 */
CANH_INLINE uint8_t *escape_chunk(uint8_t *to, struct slice s, size_t i, const uint8_t *from,
                                  size_t n, size_t *ret_i)
{
    unsigned special = special_bytes(from) & ((1u << n) - 1);
    size_t at = 0;

    while (special != 0) {
        unsigned next = (unsigned)__builtin_ctz(special), used;

        memcpy(to, from + at, CHUNK); /* what is too much is written over */
        to = write_character(to + (next - at), s.p + i + next, s.n - i - next, &used);
        at = next + used;
        special = at < n ? special >> at << at : 0;
    }
    if (at < n) {
        memcpy(to, from + at, CHUNK);
        to += n - at;
        at = n;
    }
    *ret_i = i + at;
    return to;
}

/*
 * The inside of a string from i to end; *ret_i: where it was read to, behind end where a character
 * goes on there. `to` has escaped_max() of these bytes.
 */
static uint8_t *escape_piece(uint8_t *to, struct slice s, size_t i, size_t end, size_t *ret_i)
{
    uint8_t tail[TAIL + CHUNK];
    size_t from;

    while (i < end && end - i >= TAIL)
        to = escape_chunk(to, s, i, s.p + i, CHUNK, &i);
    from = i;
    if (i < end)
        copy_tail(tail, s.p + i, end - i);
    while (i < end)
        to = escape_chunk(to, s, i, tail + (i - from), CANH_MIN(end - i, (size_t)CHUNK), &i);
    *ret_i = i;
    return to;
}

/* Of the next sixteen bytes of a string's inside those that may not be as json_text() writes them:
 * backslashes, DEL and what C1 begins with. */
CANH_INLINE unsigned doubtful_bytes(const uint8_t *p)
{
    __m128i v = _mm_loadu_si128((const void *)p);
    __m128i wide = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F)),
                                _mm_cmpeq_epi8(v, _mm_set1_epi8((char)C1_FIRST)));

    return (unsigned)_mm_movemask_epi8(_mm_or_si128(wide, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));
}

/* A bit for each of n bytes from i on, at most a chunk, that is doubtful. */
CANH_INLINE unsigned doubtful_at(struct slice s, size_t i, size_t n)
{
    uint8_t tail[CHUNK] = {0};

    if (n == CHUNK)
        return doubtful_bytes(s.p + i);
    if (s.n >= CHUNK)
        return doubtful_bytes(s.p + s.n - CHUNK) >> (CHUNK - n);
    copy_tail(tail, s.p, s.n);
    return doubtful_bytes(tail);
}
#else
static uint8_t *escape_piece(uint8_t *to, struct slice s, size_t i, size_t end, size_t *ret_i)
{
    unsigned used;

    for (; i < end; i += used)
        to = write_character(to, s.p + i, s.n - i, &used);
    *ret_i = i;
    return to;
}

static unsigned doubtful_at(struct slice s, size_t i, size_t n)
{
    unsigned ret = 0;

    for (size_t k = 0; k < n; k++) {
        uint8_t c = s.p[i + k];

        ret |= (unsigned)(c == '\\' || c == 0x7F || c == C1_FIRST) << k;
    }
    return ret;
}
#endif

/* Whether the inside of a string is as json_text() writes it. */
static bool is_as_written(struct slice s)
{
    size_t behind = 0; /* what has been looked at as an escape */

    for (size_t i = 0; i < s.n; i += CHUNK) {
        unsigned doubtful = doubtful_at(s, i, CANH_MIN(s.n - i, (size_t)CHUNK));

        for (; doubtful != 0; doubtful &= doubtful - 1) {
            size_t at = i + (unsigned)__builtin_ctz(doubtful);

            if (at < behind)
                continue;
            if (s.p[at] != '\\' || at + 1 == s.n || !short_escapes[s.p[at + 1]])
                return false;
            behind = at + 2;
        }
    }
    return true;
}

/* Close to the limit, character by character. */
static void write_slowly(struct buf *out, struct slice s)
{
    unsigned used;

    for (size_t i = 0; i < s.n; i += used) {
        uint8_t to[ESCAPE_MAX];

        buf_append(out, to, (size_t)(write_character(to, s.p + i, s.n - i, &used) - to));
    }
}

/* The inside of a string, without the quotes. */
static void write_escaped(struct buf *out, struct slice s)
{
    size_t i = 0;

    while (i < s.n) {
        size_t end = CANH_MIN(s.n, i + PIECE);
        uint8_t *to;

        if (escaped_max(end - i) > out->max - out->len) {
            write_slowly(out, slice_from(s, i));
            return;
        }
        to = buf_reserve(out, escaped_max(end - i));
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
    size_t room = escaped_max(s.n) + 3, i;
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

bool json_inside(struct json_write *w, struct slice s)
{
    uint8_t *to;

    if (!is_as_written(s))
        return false;
    before_value(w);
    to = buf_reserve(w->out, s.n + 2);
    if (to == NULL)
        return true;
    *to = '"';
    if (s.n > 0)
        memcpy(to + 1, s.p, s.n);
    to[s.n + 1] = '"';
    w->out->len += s.n + 2;
    return true;
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
