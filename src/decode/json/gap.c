/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grammar between values: blanks, commas, colons, brackets and names. Runs only for gaps that
 * have not been seen yet, and for those that are never kept.
 */
#include "base/ascii.h"
#include "base/utf.h"
#include "decode/json/internal.h"
#include "lang/err_decode.h"

int json_fail(struct json_walk *w, const uint8_t *at, enum ce code, unsigned why)
{
    w->bad_at = at;
    w->code = code;
    w->why = why;
    return -(int)code;
}

static bool is_blank(const struct json_walk *w, uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || (c == '\n' && !w->lines);
}

static const uint8_t *skip_blanks(const struct json_walk *w, const uint8_t *p)
{
    while (p < w->limit && is_blank(w, *p))
        p++;
    return p;
}

static int fail_at(struct json_walk *w, const uint8_t *p, unsigned why)
{
    if (p >= w->limit || (w->lines && *p == '\n'))
        return json_fail(w, p, CE_TRUNCATED, ERR_DECODE_JSON_ENDS_EARLY);
    return json_fail(w, p, CE_SYNTAX, why);
}

static uint8_t gap_peek(const struct json_walk *w, const uint8_t *p)
{
    return p < w->limit ? *p : 0;
}

/* The closing quote of the string whose first byte is p. */
static const uint8_t *string_end(const struct json_walk *w, const uint8_t *p)
{
    size_t at = (size_t)(p - w->base);
    uint64_t bits;

    memcpy(&bits, w->quotes + at / 64 * 8, 8);
    bits = bits >> (at % 64) << (at % 64);
    for (at /= 64; bits == 0;)
        memcpy(&bits, w->quotes + ++at * 8, 8);
    return w->base + at * 64 + (unsigned)__builtin_ctzll(bits);
}

/* The name whose first byte is p, escapes resolved into *scratch where it has any. */
static int read_name(struct json_walk *w, const uint8_t *p, struct buf *scratch, struct slice *ret,
                     const uint8_t **ret_end)
{
    const uint8_t *end = string_end(w, p);

    *ret = slice_of(p, (size_t)(end - p));
    *ret_end = end + 1;
    if (ret->n > JSON_NAME_MAX) {
        *ret = SLICE_NULL;
        return 0;
    }
    if (slice_find_byte(*ret, '\\') == SIZE_MAX)
        return 0;
    json_unescape(*ret, scratch);
    *ret = buf_slice(scratch);
    return scratch->err;
}

static const uint8_t *gap_digits(const struct json_walk *w, const uint8_t *p)
{
    while (p < w->limit && ascii_is_digit(*p))
        p++;
    return p;
}

const uint8_t *json_number(struct json_walk *w, const uint8_t *p)
{
    const uint8_t *start = p += gap_peek(w, p) == '-', *from;

    p = gap_peek(w, p) == '0' ? p + 1 : gap_digits(w, p);
    if (p == start)
        goto bad;
    if (gap_peek(w, p) == '.') {
        from = p + 1;
        p = gap_digits(w, from);
        if (p == from)
            goto bad;
    }
    if ((gap_peek(w, p) | 0x20) == 'e') {
        p++;
        p += gap_peek(w, p) == '+' || gap_peek(w, p) == '-';
        from = p;
        p = gap_digits(w, from);
        if (p == from)
            goto bad;
    }
    return p;
bad:
    (void)fail_at(w, p, ERR_DECODE_JSON_NOT_NUMBER);
    return NULL;
}

const uint8_t *json_literal(struct json_walk *w, const uint8_t *p)
{
    static const char *const words[] = {"true", "false", "null"};
    struct slice rest = slice_of(p, (size_t)(w->limit - p));

    for (size_t i = 0; i < CANH_LEN(words); i++) {
        if (slice_starts(rest, slice_str(words[i])))
            return p + strlen(words[i]);
    }
    (void)fail_at(w, p, ERR_DECODE_JSON_VALUE_WANTED);
    return NULL;
}

/* Behind the scalar or string at p. */
static const uint8_t *skip_leaf(struct json_walk *w, const uint8_t *p)
{
    uint8_t c = gap_peek(w, p);

    if (c == '"')
        return string_end(w, p + 1) + 1;
    return c == '-' || ascii_is_digit(c) ? json_number(w, p) : json_literal(w, p);
}

struct skip_state {
    struct json_walk *w;
    uint32_t open, top; /* containers open here; most allowed */
    uint64_t arrays[JSON_DEPTH_MAX / 64];
};

static bool in_array(const struct skip_state *s)
{
    return s->arrays[(s->open - 1) / 64] >> ((s->open - 1) % 64) & 1;
}

static int skip_open(struct skip_state *s, const uint8_t *p)
{
    uint64_t bit = UINT64_C(1) << (s->open % 64);

    if (s->open >= s->top)
        return json_fail(s->w, p, CE_DEPTH, ERR_DECODE_JSON_DEEP);
    if (*p == '[')
        s->arrays[s->open / 64] |= bit;
    else
        s->arrays[s->open / 64] &= ~bit;
    s->open++;
    return 0;
}

/* The name and colon at p; NULL on failure. */
static const uint8_t *skip_name(struct json_walk *w, const uint8_t *p)
{
    if (gap_peek(w, p) != '"') {
        (void)fail_at(w, p, ERR_DECODE_JSON_NAME_WANTED);
        return NULL;
    }
    p = skip_blanks(w, string_end(w, p + 1) + 1);
    if (gap_peek(w, p) != ':') {
        (void)fail_at(w, p, ERR_DECODE_JSON_COLON_WANTED);
        return NULL;
    }
    return skip_blanks(w, p + 1);
}

/* Behind a value: closes what ends, and goes to the next item. NULL on failure; *ret_done. */
static const uint8_t *skip_after(struct skip_state *s, const uint8_t *p, bool *ret_done)
{
    for (;;) {
        uint8_t c;

        *ret_done = s->open == 0;
        if (*ret_done)
            return p;
        p = skip_blanks(s->w, p);
        c = gap_peek(s->w, p);
        if (c == ',') {
            p = skip_blanks(s->w, p + 1);
            return in_array(s) ? p : skip_name(s->w, p);
        }
        if (c != (in_array(s) ? ']' : '}')) {
            (void)fail_at(s->w, p, ERR_DECODE_JSON_COMMA_WANTED);
            return NULL;
        }
        s->open--;
        p++;
    }
}

/* The byte behind the value at p, checked only; NULL (json_fail). */
static const uint8_t *skip_value(struct json_walk *w, const uint8_t *p, uint32_t depth)
{
    struct skip_state s = {.w = w,
                           .top = JSON_DEPTH_MAX - CANH_MIN(depth, (uint32_t)JSON_DEPTH_MAX)};
    bool done = false;

    while (p != NULL && !done) {
        uint8_t c = gap_peek(w, p);

        if (c != '{' && c != '[') {
            p = skip_leaf(w, p);
        } else {
            if (skip_open(&s, p) < 0)
                return NULL;
            p = skip_blanks(w, p + 1);
            if (gap_peek(w, p) != (in_array(&s) ? ']' : '}')) {
                p = in_array(&s) ? p : skip_name(w, p);
                continue;
            }
            s.open--;
            p++;
        }
        if (p != NULL)
            p = skip_after(&s, p, &done);
    }
    return p;
}

/* What is being parsed: `at` is the innermost open container, or NULL. */
struct gap_state {
    struct json_walk *w;
    const uint8_t *p;
    struct json_node *at;
    bool array; /* at is an array */
    struct json_gap *gap;
};

static void open_groups(struct gap_state *s, const struct json_node *n)
{
    struct json_gap *g = s->gap;

    if (n->kind == NODE_ELEMENT)
        return; /* the array itself was one */
    for (unsigned i = 0; i < n->names && n->keys[i] != KEY_NONE; i++) {
        if (g->group_count == EDGE_GROUPS_MAX) {
            json_edge_effects(s->w, EDGE_GROUPS, g->groups, g->group_count);
            g->group_count = 0;
            g->keep = false;
        }
        g->groups[g->group_count++] = n->keys[i];
        g->flags |= EDGE_GROUPS;
    }
}

/* Behind the value of node n. */
static void set_container(struct gap_state *s, const struct json_node *n)
{
    s->array = n->kind == NODE_ELEMENT;
    s->at = n->parent;
}

static void close_container(struct gap_state *s)
{
    if (s->at->role == SHAPE_PAIR)
        s->gap->flags |= EDGE_PAIR_END;
    set_container(s, s->at);
}

/* Checks and leaves out the value at p. */
static int leave_out(struct gap_state *s)
{
    const uint8_t *end = skip_value(s->w, s->p, s->at ? s->at->depth + 1 : 0);

    if (end == NULL)
        return -1;
    s->w->lost = true;
    s->gap->keep = false;
    s->p = end;
    return 0;
}

/*
 * At a value that belongs to node n (NULL: no room for it). 1 when it is the next leaf, 0 when
 * it was a container (entered, or empty and left) or was left out.
 */
static int begin_value(struct gap_state *s, struct json_node *n, bool *ret_entered)
{
    uint8_t c = gap_peek(s->w, s->p);

    *ret_entered = false;
    if (n == NULL)
        return leave_out(s);
    if (c == 'n' && n->keys[0] == KEY_NONE && n->role == SHAPE_PLAIN && n->kind != NODE_ROOT &&
        slice_starts(slice_of(s->p, (size_t)(s->w->limit - s->p)), SLICE("null"))) {
        s->p += 4; /* says nothing to anyone */
        return 0;
    }
    if (c == '"' || (c != '{' && c != '[')) {
        if (c != '"' && !json_begins_scalar(c))
            return fail_at(s->w, s->p, ERR_DECODE_JSON_VALUE_WANTED);
        s->gap->flags |= c == '"' ? 0 : EDGE_SCALAR;
        s->gap->end = s->p + (c == '"');
        s->gap->to = n;
        return 1;
    }
    if (n->depth >= s->w->max_depth)
        return leave_out(s);
    open_groups(s, n);
    s->at = n;
    s->array = c == '[';
    s->p = skip_blanks(s->w, s->p + 1);
    if (gap_peek(s->w, s->p) == (s->array ? ']' : '}')) {
        close_container(s);
        s->p++;
        return 0;
    }
    *ret_entered = true;
    return 0;
}

static int member_name(struct gap_state *s, struct json_node **ret)
{
    struct buf scratch = BUF_INIT(JSON_NAME_MAX + 8);
    struct slice name;
    int r;

    *ret = NULL;
    if (gap_peek(s->w, s->p) != '"')
        return fail_at(s->w, s->p, ERR_DECODE_JSON_NAME_WANTED);
    r = read_name(s->w, s->p + 1, &scratch, &name, &s->p);
    if (r == 0)
        *ret = json_trie_member(s->w->trie, s->at, name);
    buf_done(&scratch);
    if (r < 0)
        return json_fail(s->w, s->p, CE_NOMEM, ERR_DECODE_JSON_NO_MEMORY);
    s->p = skip_blanks(s->w, s->p);
    if (gap_peek(s->w, s->p) != ':')
        return fail_at(s->w, s->p, ERR_DECODE_JSON_COLON_WANTED);
    s->p = skip_blanks(s->w, s->p + 1);
    return 0;
}

/* At the first or next member or element of the open container. As begin_value(). */
static int begin_item(struct gap_state *s, bool *ret_entered)
{
    struct json_node *n;
    int r;

    if (s->array) {
        n = json_trie_element(s->w->trie, s->at);
    } else {
        r = member_name(s, &n);
        if (r < 0)
            return r;
    }
    return begin_value(s, n, ret_entered);
}

/* Behind a value in a container: a comma (1), its end (0), or an error. */
static int after_value(struct gap_state *s)
{
    uint8_t c;

    s->p = skip_blanks(s->w, s->p);
    c = gap_peek(s->w, s->p);
    if (c == ',') {
        s->p = skip_blanks(s->w, s->p + 1);
        return 1;
    }
    if (c == (s->array ? ']' : '}')) {
        s->p++;
        close_container(s);
        return 0;
    }
    return fail_at(s->w, s->p,
                   s->array ? ERR_DECODE_JSON_ARRAY_WANTED : ERR_DECODE_JSON_OBJECT_WANTED);
}

/* Records may follow each other without a blank, but not after a scalar: 12:30 is no record. */
static int behind_scalar_record(struct gap_state *s)
{
    s->gap->keep = false;
    if (s->p >= s->w->limit || *s->p == '\n' || is_blank(s->w, *s->p))
        return 0;
    return fail_at(s->w, s->p, ERR_DECODE_JSON_MORE);
}

int json_gap(struct json_walk *w, struct json_node *from, const uint8_t *p, struct json_gap *ret)
{
    struct gap_state s = {.w = w, .p = p, .gap = ret};
    bool entered = false;
    int r = 0;

    *ret = (struct json_gap){.keep = true};
    if (from->kind == NODE_START) {
        s.p = skip_blanks(w, p);
        r = begin_value(&s, w->trie->root, &entered);
    } else if (from->kind == NODE_ROOT) {
        r = behind_scalar_record(&s);
    } else {
        set_container(&s, from);
    }
    while (r == 0 && (entered || s.at != NULL)) {
        if (!entered) {
            r = after_value(&s);
            if (r <= 0)
                continue;
        }
        r = begin_item(&s, &entered);
    }
    if (r == 0) {
        ret->flags |= EDGE_END;
        ret->end = s.p;
    }
    if (r >= 0 && w->nested && memchr(p, '\n', (size_t)(ret->end - p)) != NULL)
        ret->keep = false; /* the record around it may not have line breaks */
    return r < 0 ? r : 0;
}
