/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_flat.h"

#include <string.h>

#include "base/err.h"
#include "base/num.h"
#include "base/utf.h"

struct reader {
    struct slice rest;
    struct arena *arena;
};

static void skip_blanks(struct reader *r)
{
    while (r->rest.n && (r->rest.p[0] == ' ' || r->rest.p[0] == '\t' || r->rest.p[0] == '\n' ||
                         r->rest.p[0] == '\r'))
        r->rest = slice_from(r->rest, 1);
}

static bool read_byte(struct reader *r, uint8_t c)
{
    skip_blanks(r);
    if (r->rest.n == 0 || r->rest.p[0] != c)
        return false;
    r->rest = slice_from(r->rest, 1);
    return true;
}

static bool json_flat_hex4(struct slice s, uint32_t *ret)
{
    uint64_t v;

    if (s.n < 4 || num_hex(slice_head(s, 4), &v) < 0)
        return false;
    *ret = (uint32_t)v;
    return true;
}

/* The character of an escape that begins at s (behind the backslash); its length, or 0. */
static size_t json_flat_unescape(struct slice s, uint32_t *ret)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *at = s.n && s.p[0] ? strchr(from, s.p[0]) : NULL;
    uint32_t high, low;

    if (at) {
        *ret = (uint8_t)to[at - from];
        return 1;
    }
    if (s.n == 0 || s.p[0] != 'u' || !json_flat_hex4(slice_from(s, 1), &high))
        return 0;
    *ret = high;
    if (high < 0xD800 || high > 0xDFFF)
        return 5;
    if (high < 0xDC00 && s.n >= 11 && s.p[5] == '\\' && s.p[6] == 'u' &&
        json_flat_hex4(slice_from(s, 7), &low) && low >= 0xDC00 && low <= 0xDFFF) {
        *ret = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        return 11;
    }
    *ret = 0xFFFD;
    return 5;
}

/* Where the string that has begun ends: at its closing quote, or at s.n. */
static size_t json_flat_quote(struct slice s)
{
    size_t i = 0;

    while (i < s.n && s.p[i] != '"')
        i += s.p[i] == '\\' ? 2 : 1;
    return CANH_MIN(i, s.n);
}

/* A string; its text in the arena (no longer than it is written). */
static int read_string(struct reader *r, struct slice *ret)
{
    size_t n = 0, i = 0, end = json_flat_quote(r->rest);
    struct slice s = slice_head(r->rest, end);
    uint8_t *to;

    if (end == r->rest.n)
        return -CE_SYNTAX;
    to = arena_alloc(r->arena, s.n + 1);
    if (to == NULL)
        return -CE_TOO_BIG;
    while (i < s.n) {
        uint32_t c;
        size_t k;

        if (s.p[i] < 0x20)
            return -CE_SYNTAX;
        if (s.p[i] != '\\') {
            to[n++] = s.p[i++];
            continue;
        }
        k = json_flat_unescape(slice_from(s, i + 1), &c);
        if (k == 0)
            return -CE_SYNTAX;
        n += utf8_encode(c, to + n);
        i += 1 + k;
    }
    r->rest = slice_from(r->rest, end + 1);
    *ret = slice_of(to, n);
    return 0;
}

static int read_value(struct reader *r, struct json_value *ret)
{
    size_t n = 0;

    ret->is_text = read_byte(r, '"');
    if (ret->is_text)
        return read_string(r, &ret->text);
    while (n < r->rest.n && r->rest.p[n] > 0x20 && r->rest.p[n] != ',' && r->rest.p[n] != '}' &&
           r->rest.p[n] != '{' && r->rest.p[n] != '[' && r->rest.p[n] != ']')
        n++;
    ret->text = slice_head(r->rest, n);
    r->rest = slice_from(r->rest, n);
    return n ? 0 : -CE_SYNTAX;
}

/* The elements of an array whose '[' has been read. */
static int read_array(struct reader *r, struct slice key, json_flat_fn *fn, void *u)
{
    struct json_value v = {.element = 0};
    int code = 0;

    while (code == 0 && !read_byte(r, ']')) {
        if (v.element && !read_byte(r, ','))
            return -CE_SYNTAX;
        skip_blanks(r);
        code = read_value(r, &v);
        v.element++;
        if (code == 0)
            code = fn(u, key, &v);
    }
    return code;
}

static int read_member(struct reader *r, bool arrays, struct slice key, json_flat_fn *fn, void *u)
{
    struct json_value v = {.is_text = false};
    int code;

    if (arrays && read_byte(r, '['))
        return read_array(r, key, fn, u);
    code = read_value(r, &v);
    return code == 0 ? fn(u, key, &v) : code;
}

static int read_object(struct slice json, struct arena *arena, bool arrays, json_flat_fn *fn,
                       void *u)
{
    struct reader r = {.rest = json, .arena = arena};
    bool first = true;
    int code = read_byte(&r, '{') ? 0 : -CE_SYNTAX;

    while (code == 0 && !read_byte(&r, '}')) {
        struct slice key;

        code = (first || read_byte(&r, ',')) && read_byte(&r, '"') ? read_string(&r, &key)
                                                                   : -CE_SYNTAX;
        first = false;
        if (code == 0)
            code = read_byte(&r, ':') ? read_member(&r, arrays, key, fn, u) : -CE_SYNTAX;
    }
    skip_blanks(&r);
    return code == 0 && r.rest.n ? -CE_SYNTAX : code;
}

int json_flat_read(struct slice json, struct arena *arena, json_flat_fn *fn, void *u)
{
    return read_object(json, arena, false, fn, u);
}

int json_flat_read_arrays(struct slice json, struct arena *arena, json_flat_fn *fn, void *u)
{
    return read_object(json, arena, true, fn, u);
}
