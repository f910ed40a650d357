/* SPDX-License-Identifier: Apache-2.0 */
#include "net/uri.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/hex.h"
#include "base/utf.h"

static bool is_text(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((s.p[i] < 0x20 && s.p[i] != '\n' && s.p[i] != '\r' && s.p[i] != '\t') || s.p[i] == 0x7F)
            return false;
    }
    return utf8_valid(s);
}

/* Decodes %XX, and + as a blank in forms. */
static int uri_decode(struct slice in, bool form, struct arena *arena, struct slice *ret)
{
    uint8_t *to = arena_alloc(arena, in.n + 1);
    size_t n = 0;

    if (to == NULL)
        return -CE_NOMEM;
    for (size_t i = 0; i < in.n; i++) {
        uint8_t c = in.p[i];

        if (c == '%') {
            if (i + 2 >= in.n || !hex_get(slice_of(in.p + i + 1, 2), &c, 1))
                return -CE_SYNTAX;
            i += 2;
        } else if (form && c == '+') {
            c = ' ';
        }
        to[n++] = c;
    }
    to[n] = 0;
    *ret = slice_of(to, n);
    return is_text(*ret) ? 0 : -CE_ENCODING;
}

static int add_segment(struct slice raw, struct arena *arena, struct uri_target *t)
{
    struct slice s = SLICE_NULL;
    int r = uri_decode(raw, false, arena, &s);

    if (r < 0)
        return r;
    if (t->segment_count == URI_SEGMENTS_MAX)
        return -CE_TOO_BIG;
    if (s.n == 0 || slice_is(s, ".") || slice_is(s, "..") || slice_find_byte(s, '/') != SIZE_MAX ||
        slice_find_byte(s, '\n') != SIZE_MAX || slice_find_byte(s, '\r') != SIZE_MAX)
        return -CE_SYNTAX;
    t->segments[t->segment_count++] = s;
    return 0;
}

static int join_path(struct arena *arena, struct uri_target *t)
{
    size_t n = 1;
    uint8_t *to;

    for (size_t i = 0; i < t->segment_count; i++)
        n += t->segments[i].n + 1;
    to = arena_alloc(arena, n + 1);
    if (to == NULL)
        return -CE_NOMEM;
    n = 0;
    to[n++] = '/';
    for (size_t i = 0; i < t->segment_count; i++) {
        if (i > 0)
            to[n++] = '/';
        memcpy(to + n, t->segments[i].p, t->segments[i].n);
        n += t->segments[i].n;
    }
    to[n] = 0;
    t->path = slice_of(to, n);
    return 0;
}

int uri_target_parse(struct slice raw, struct arena *arena, struct uri_target *ret)
{
    struct uri_target t = {0};
    struct slice path = raw, part = SLICE_NULL;
    size_t mark = slice_find_byte(raw, '?');
    int r = 0;

    if (raw.n > URI_TARGET_MAX)
        return -CE_TOO_BIG;
    if (raw.n == 0 || raw.p[0] != '/')
        return -CE_SYNTAX;
    if (mark != SIZE_MAX) {
        path = slice_head(raw, mark);
        t.query = slice_from(raw, mark + 1);
    }
    path = slice_from(path, 1);
    while (r == 0 && path.n > 0 && slice_cut(&path, '/', &part))
        r = add_segment(part, arena, &t);
    if (r == 0)
        r = join_path(arena, &t);
    if (r == 0)
        r = uri_pairs_parse(t.query, arena, &t.pairs);
    if (r == 0)
        *ret = t;
    return r;
}

int uri_pairs_parse(struct slice raw, struct arena *arena, struct uri_pairs *ret)
{
    struct uri_pairs out = {0};
    struct slice rest = raw, part = SLICE_NULL;
    size_t max = 0;

    if (raw.n == 0) {
        *ret = out;
        return 0;
    }
    for (size_t i = 0; i < raw.n; i++)
        max += raw.p[i] == '&';
    if (++max > URI_PAIRS_MAX)
        return -CE_TOO_BIG;
    out.items = arena_new_array(arena, max, struct uri_pair);
    if (out.items == NULL)
        return -CE_NOMEM;
    while (rest.n > 0 && slice_cut(&rest, '&', &part)) {
        size_t mark = slice_find_byte(part, '=');
        struct uri_pair *pair = &out.items[out.count];
        int r;

        if (part.n == 0)
            continue;
        r = uri_decode(slice_head(part, mark), true, arena, &pair->name);
        if (r == 0)
            r = uri_decode(mark == SIZE_MAX ? SLICE("") : slice_from(part, mark + 1), true, arena,
                           &pair->value);
        if (r < 0)
            return r;
        out.count++;
    }
    *ret = out;
    return 0;
}

struct slice uri_pairs_get(const struct uri_pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (slice_is(pairs->items[i].name, name))
            return pairs->items[i].value;
    }
    return SLICE_NULL;
}

struct slice uri_cookie(struct slice header, const char *name)
{
    struct slice part = SLICE_NULL;

    while (header.n > 0 && slice_cut(&header, ';', &part)) {
        size_t mark = slice_find_byte(part, '=');

        if (mark != SIZE_MAX && slice_is(slice_trim(slice_head(part, mark)), name)) {
            part = slice_trim(slice_from(part, mark + 1));
            return part.p ? part : SLICE("");
        }
    }
    return SLICE_NULL;
}

void uri_write_escaped(struct buf *out, struct slice s)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '-' || c == '.' || c == '_' || c == '~') {
            buf_putc(out, c);
        } else {
            buf_putc(out, '%');
            buf_putc(out, (uint8_t)digits[c >> 4]);
            buf_putc(out, (uint8_t)digits[c & 15]);
        }
    }
}

bool route_fits(const char *pattern, const struct uri_target *t,
                struct slice params[ROUTE_PARAMS_MAX])
{
    struct slice rest = slice_from(slice_str(pattern), 1), part = SLICE_NULL;
    size_t i = 0, n = 0;

    while (rest.n > 0 && slice_cut(&rest, '/', &part)) {
        if (i == t->segment_count)
            return false;
        if (slice_is(part, "{}") && n < ROUTE_PARAMS_MAX)
            params[n++] = t->segments[i];
        else if (!slice_eq(part, t->segments[i]))
            return false;
        i++;
    }
    return i == t->segment_count;
}
