/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/json_tree.h"

#include "base/hex.h"
#include "base/num.h"
#include "base/utf.h"

struct tree_reader {
    struct slice rest;
    struct arena *arena;
};

static void skip_blanks(struct tree_reader *r)
{
    while (r->rest.n && (r->rest.p[0] == ' ' || r->rest.p[0] == '\t' || r->rest.p[0] == '\n' ||
                         r->rest.p[0] == '\r'))
        r->rest = slice_from(r->rest, 1);
}

static bool json_tree_accept(struct tree_reader *r, uint8_t c)
{
    skip_blanks(r);
    if (r->rest.n == 0 || r->rest.p[0] != c)
        return false;
    r->rest = slice_from(r->rest, 1);
    return true;
}

/* One escape behind its backslash; how many bytes it was, and what it stands for. */
static int json_tree_escape(struct slice s, uint8_t *to, size_t *ret_n, size_t *ret_taken)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const char *at = s.n ? strchr(names, (char)s.p[0]) : NULL;
    uint32_t c, low;

    if (at && *at) {
        to[0] = (uint8_t)values[at - names];
        *ret_n = *ret_taken = 1;
        return 0;
    }
    if (s.n < 5 || s.p[0] != 'u' || !hex_head(slice_from(s, 1), 4, &c))
        return -CE_SYNTAX;
    *ret_taken = 5;
    if (c >= 0xD800 && c < 0xDC00 && s.n >= 11 && s.p[5] == '\\' && s.p[6] == 'u' &&
        hex_head(slice_from(s, 7), 4, &low) && low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        *ret_taken = 11;
    } else if (c >= 0xD800 && c < 0xE000) {
        c = 0xFFFD;
    }
    *ret_n = utf8_encode(c, to);
    return 0;
}

/* The string whose bytes these are, with its escapes resolved: never longer than they. */
static int json_tree_unescape(struct tree_reader *r, struct slice s, struct slice *ret)
{
    uint8_t *to = arena_array(r->arena, s.n + 1, 1);
    size_t n = 0;

    if (to == NULL)
        return -CE_TOO_BIG;
    for (size_t i = 0; i < s.n;) {
        size_t put, taken;

        if (s.p[i] != '\\') {
            to[n++] = s.p[i++];
            continue;
        }
        if (json_tree_escape(slice_from(s, i + 1), to + n, &put, &taken) < 0)
            return -CE_SYNTAX;
        n += put;
        i += 1 + taken;
    }
    *ret = slice_of(to, n);
    return 0;
}

static int read_string(struct tree_reader *r, struct slice *ret)
{
    bool escapes = false;
    size_t n = 0;
    struct slice s;

    if (!json_tree_accept(r, '"'))
        return -CE_SYNTAX;
    while (n < r->rest.n && r->rest.p[n] != '"') {
        if (r->rest.p[n] < 0x20)
            return -CE_SYNTAX;
        escapes = escapes || r->rest.p[n] == '\\';
        n += r->rest.p[n] == '\\' ? 2 : 1;
    }
    if (n >= r->rest.n)
        return -CE_SYNTAX;
    s = slice_head(r->rest, n);
    r->rest = slice_from(r->rest, n + 1);
    if (!utf8_valid(s))
        return -CE_SYNTAX;
    if (escapes)
        return json_tree_unescape(r, s, ret);
    *ret = s;
    return 0;
}

static int read_word(struct tree_reader *r, struct json_node *node)
{
    size_t n = 0;

    while (n < r->rest.n && strchr("+-.0123456789abcdefghijklmnopqrstuvwxyzE", r->rest.p[n]) &&
           r->rest.p[n])
        n++;
    node->text = slice_head(r->rest, n);
    r->rest = slice_from(r->rest, n);
    if (slice_is(node->text, "null")) {
        node->kind = JSON_NULL;
        return 0;
    }
    node->kind = JSON_WORD;
    return slice_is(node->text, "true") || slice_is(node->text, "false") ||
                   (n > 0 && strchr("-0123456789", node->text.p[0]) && node->text.p[n - 1] >= '0' &&
                    node->text.p[n - 1] <= '9')
               ? 0
               : -CE_SYNTAX;
}

static int read_value(struct tree_reader *r, unsigned depth, struct json_node *node);

static int read_members(struct tree_reader *r, unsigned depth, struct json_node *parent)
{
    bool object = parent->kind == JSON_OBJECT;
    uint8_t end = object ? '}' : ']';
    struct json_node **at = &parent->first;
    int code = 0;

    if (depth == JSON_TREE_DEPTH)
        return -CE_DEPTH;
    if (json_tree_accept(r, end))
        return 0;
    do {
        struct json_node *kid = arena_new(r->arena, struct json_node);

        if (kid == NULL)
            return -CE_TOO_BIG;
        if (object)
            code = read_string(r, &kid->key);
        if (code == 0 && object && !json_tree_accept(r, ':'))
            code = -CE_SYNTAX;
        if (code == 0)
            code = read_value(r, depth + 1, kid);
        *at = kid;
        at = &kid->next;
    } while (code == 0 && json_tree_accept(r, ','));
    return code < 0 ? code : json_tree_accept(r, end) ? 0 : -CE_SYNTAX;
}

static int read_value(struct tree_reader *r, unsigned depth, struct json_node *node)
{
    skip_blanks(r);
    if (r->rest.n == 0)
        return -CE_SYNTAX;
    if (r->rest.p[0] == '"') {
        node->kind = JSON_STRING;
        return read_string(r, &node->text);
    }
    if (r->rest.p[0] != '{' && r->rest.p[0] != '[')
        return read_word(r, node);
    node->kind = r->rest.p[0] == '{' ? JSON_OBJECT : JSON_ARRAY;
    r->rest = slice_from(r->rest, 1);
    return read_members(r, depth, node);
}

int json_tree_read(struct slice json, struct arena *arena, struct json_node **ret)
{
    struct tree_reader r = {json, arena};
    struct json_node *root = arena_new(arena, struct json_node);
    int code = root ? read_value(&r, 0, root) : -CE_TOO_BIG;

    skip_blanks(&r);
    if (code == 0 && r.rest.n)
        code = -CE_SYNTAX;
    *ret = root;
    return code;
}

const struct json_node *json_member(const struct json_node *object, const char *key)
{
    if (object == NULL || object->kind != JSON_OBJECT)
        return NULL;
    for (const struct json_node *kid = object->first; kid; kid = kid->next)
        if (slice_is(kid->key, key))
            return kid;
    return NULL;
}

struct slice json_text_of(const struct json_node *node)
{
    return node && (node->kind == JSON_STRING || node->kind == JSON_WORD) ? node->text : SLICE_NULL;
}
