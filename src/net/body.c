/* SPDX-License-Identifier: Apache-2.0 */
#include "net/body.h"

#include "base/ascii.h"
#include "base/err.h"
#include "base/hex.h"
#include "base/utf.h"

struct reader {
    struct slice rest;
    struct arena *arena;
};

static bool body_receive(struct reader *r, uint8_t c)
{
    if (r->rest.n == 0 || r->rest.p[0] != c)
        return false;
    r->rest = slice_from(r->rest, 1);
    return true;
}

static void skip_blanks(struct reader *r)
{
    while (r->rest.n > 0 && (r->rest.p[0] == ' ' || r->rest.p[0] == '\n' || r->rest.p[0] == '\r' ||
                             r->rest.p[0] == '\t'))
        r->rest = slice_from(r->rest, 1);
}

static int body_hex4(struct reader *r, uint32_t *ret)
{
    if (!hex_head(r->rest, 4, ret))
        return -CE_SYNTAX;
    r->rest = slice_from(r->rest, 4);
    return 0;
}

/* \uXXXX, both halves of a pair; a half alone, and U+0000, are refused. */
static int code_point(struct reader *r, uint8_t *to, size_t *n)
{
    uint32_t c = 0, low = 0;
    int e = body_hex4(r, &c);

    if (e == 0 && c >= 0xD800 && c < 0xDC00) {
        if (!body_receive(r, '\\') || !body_receive(r, 'u') || body_hex4(r, &low) < 0 ||
            low < 0xDC00 || low > 0xDFFF)
            return -CE_ENCODING;
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    if (e < 0 || c == 0 || (c >= 0xDC00 && c <= 0xDFFF))
        return e < 0 ? e : -CE_ENCODING;
    *n += utf8_encode(c, to + *n);
    return 0;
}

static int body_escape(struct reader *r, uint8_t *to, size_t *n)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    const char *at;
    uint8_t c;

    if (r->rest.n == 0)
        return -CE_SYNTAX;
    c = r->rest.p[0];
    r->rest = slice_from(r->rest, 1);
    if (c == 'u')
        return code_point(r, to, n);
    at = c ? strchr(from, c) : NULL;
    if (at == NULL)
        return -CE_SYNTAX;
    to[(*n)++] = (uint8_t)into[at - from];
    return 0;
}

static int body_text(struct reader *r, struct slice *ret)
{
    uint8_t *to;
    size_t n = 0;

    if (!body_receive(r, '"'))
        return -CE_SYNTAX;
    to = arena_alloc(r->arena, r->rest.n + 1);
    if (to == NULL)
        return -CE_NOMEM;
    while (r->rest.n > 0 && r->rest.p[0] != '"') {
        uint8_t c = r->rest.p[0];

        r->rest = slice_from(r->rest, 1);
        if (c < 0x20)
            return -CE_SYNTAX;
        if (c == '\\') {
            int e = body_escape(r, to, &n);

            if (e < 0)
                return e;
        } else {
            to[n++] = c;
        }
    }
    to[n] = 0;
    *ret = slice_of(to, n);
    if (!body_receive(r, '"'))
        return -CE_SYNTAX;
    return utf8_valid(*ret) ? 0 : -CE_ENCODING;
}

/* A number, true, false or null, as written. */
static int body_word(struct reader *r, struct slice *ret)
{
    size_t n = 0;
    bool digits = false;

    while (n < r->rest.n && strchr("+-.0123456789eE", r->rest.p[n]) && r->rest.p[n]) {
        digits = digits || ascii_is_digit(r->rest.p[n]);
        n++;
    }
    if (n > 0 && digits && r->rest.p[0] != '+' && r->rest.p[0] != '.' && r->rest.p[0] != 'e' &&
        r->rest.p[0] != 'E') {
        *ret = slice_head(r->rest, n);
    } else if (slice_starts(r->rest, SLICE("true"))) {
        *ret = slice_head(r->rest, n = 4);
    } else if (slice_starts(r->rest, SLICE("false"))) {
        *ret = slice_head(r->rest, n = 5);
    } else if (slice_starts(r->rest, SLICE("null"))) {
        n = 4;
        *ret = SLICE("");
    } else {
        return -CE_SYNTAX;
    }
    r->rest = slice_from(r->rest, n);
    return 0;
}

static int body_pair(struct reader *r, struct uri_pairs *out)
{
    struct uri_pair *p = &out->items[out->count];
    int e = body_text(r, &p->name);

    skip_blanks(r);
    if (e == 0 && !body_receive(r, ':'))
        e = -CE_SYNTAX;
    skip_blanks(r);
    if (e == 0)
        e = r->rest.n > 0 && r->rest.p[0] == '"' ? body_text(r, &p->value)
                                                 : body_word(r, &p->value);
    skip_blanks(r);
    for (size_t i = 0; e == 0 && i < out->count; i++) {
        if (slice_eq(out->items[i].name, p->name))
            e = -CE_SYNTAX;
    }
    out->count += e == 0;
    return e;
}

int body_json_parse(struct slice raw, struct arena *arena, struct uri_pairs *ret)
{
    enum { PAIRS = 64 };
    struct reader r = {raw, arena};
    struct uri_pairs out = {arena_new_array(arena, PAIRS, struct uri_pair), 0};
    int e = out.items ? 0 : -CE_NOMEM;

    skip_blanks(&r);
    if (e == 0 && !body_receive(&r, '{'))
        e = -CE_SYNTAX;
    skip_blanks(&r);
    if (e == 0 && !body_receive(&r, '}')) {
        do {
            skip_blanks(&r);
            e = out.count == PAIRS ? -CE_TOO_BIG : body_pair(&r, &out);
        } while (e == 0 && body_receive(&r, ','));
        if (e == 0 && !body_receive(&r, '}'))
            e = -CE_SYNTAX;
    }
    skip_blanks(&r);
    if (e == 0 && r.rest.n > 0)
        e = -CE_SYNTAX;
    if (e == 0)
        *ret = out;
    return e;
}
