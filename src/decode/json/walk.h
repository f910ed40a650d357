/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_JSON_WALK_H
#define CANH_DECODE_JSON_WALK_H
/*
 * The walk over scanned text from gap to gap. Included by base.c and its like, once each.
 */
#include "base/hash.h"
#include "decode/json/internal.h"
#include "decode/json/simd.h"

/* 57 bits or more of a bitmap from bit `at` on. */
CANH_INLINE uint64_t bits_at(const uint8_t *bitmap, size_t at)
{
    uint64_t v;

    memcpy(&v, bitmap + at / 8, 8);
    return v >> (at % 8);
}

/* What one bitmap word adds to a search for the first quote. */
CANH_INLINE void look_at(uint64_t quotes, uint64_t slashes, size_t at, size_t *n, bool *found,
                         uint64_t *escapes)
{
    *escapes |= *found ? 0 : slashes & (quotes ^ (quotes - 1));
    *n = *found || quotes == 0 ? *n : at + (unsigned)__builtin_ctzll(quotes);
    *found |= quotes != 0;
}

/*
 * string_length() for those that go beyond the first look: 256 bytes at a time and without
 * branches in between, as nothing foretells where in them the quote is.
 */
static size_t long_string(const uint8_t *quote_bits, const uint8_t *slash_bits, size_t at,
                          bool *ret_escapes)
{
    uint64_t escapes = bits_at(slash_bits, at);
    size_t word = at / 8 * 8 + 64, n = 0;
    bool found = false;

    for (; !found; word += 256) {
        for (size_t i = 0; i < 4; i++) {
            uint64_t quotes, slashes;

            memcpy(&quotes, quote_bits + word / 8 + i * 8, 8);
            memcpy(&slashes, slash_bits + word / 8 + i * 8, 8);
            look_at(quotes, slashes, word + i * 64, &n, &found, &escapes);
        }
    }
    *ret_escapes = escapes != 0;
    return n - at;
}

/* The length of the string whose first byte is at `at`, and whether it has escapes. */
CANH_INLINE size_t string_length(const uint8_t *quote_bits, const uint8_t *slash_bits, size_t at,
                                 bool *ret_escapes)
{
    uint64_t quotes = bits_at(quote_bits, at), slashes = bits_at(slash_bits, at);

    if (CANH_UNLIKELY(quotes == 0))
        return long_string(quote_bits, slash_bits, at, ret_escapes);
    *ret_escapes = (slashes & (quotes ^ (quotes - 1))) != 0;
    return (unsigned)__builtin_ctzll(quotes);
}

/* The first bytes of the gap at p are the edge's. */
CANH_INLINE bool head_equal(const struct json_edge *e, const uint8_t *p)
{
    return (differ32(p, e->head) & e->mask) == 0;
}

/* What head_equal() leaves open: the bytes behind the head, and what kind of value follows. */
CANH_INLINE bool rest_equal(const struct json_edge *e, const uint8_t *p, const uint8_t *limit)
{
    if (e->flags & EDGE_NEVER || (ptrdiff_t)e->n > limit - p)
        return false;
    for (size_t i = 0; i + EDGE_HEAD < e->n; i += EDGE_HEAD) {
        uint32_t differ = differ32(p + EDGE_HEAD + i, e->more->rest + i);

        if (differ && (unsigned)__builtin_ctz(differ) + i + EDGE_HEAD < e->n)
            return false;
    }
    /* a gap before a scalar is also how other gaps begin */
    return !(e->flags & EDGE_SCALAR) || json_begins_scalar(p[e->n]);
}

CANH_INLINE bool edge_matches(const struct json_edge *e, const uint8_t *p, const uint8_t *limit)
{
    return head_equal(e, p) && (e->flags == 0 || rest_equal(e, p, limit));
}

/* How many of the 8 bytes at p, from the first on, are digits. */
CANH_INLINE unsigned leading_digits(const uint8_t *p)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < 8; i++) /* one load where bytes are stored lowest first */
        v |= (uint64_t)p[i] << i * 8;
    v ^= 0x3030303030303030u;
    v = (v | (v + 0x7676767676767676u)) & 0x8080808080808080u;
    return v ? (unsigned)__builtin_ctzll(v) / 8 : 8;
}

/* The length of the plain integer at p, up to 7 digits and a comma or bracket behind; else 0. */
CANH_INLINE unsigned short_integer(const uint8_t *p)
{
    unsigned n = leading_digits(p);
    bool zero_first = n > 1 && *p == '0';

    return n < 8 && !zero_first && (p[n] == ',' || p[n] == '}') ? n : 0;
}

CANH_INLINE const uint8_t *scalar_end(struct json_walk *w, const uint8_t *p, uint8_t *ret_type)
{
    if (*p == '-' || (uint8_t)(*p - '0') < 10) {
        *ret_type = VALUE_NUMBER;
        return json_number(w, p);
    }
    *ret_type = *p == 'n' ? VALUE_NULL : VALUE_BOOL;
    return json_literal(w, p);
}

/* The edge for the gap at p where the guess was wrong; NULL when there is none. */
static const struct json_edge *find_edge(const struct json_trie *t, const struct json_node *node,
                                         const uint8_t *p, const uint8_t *limit)
{
    const struct json_fork *fork = node->fork;
    const struct json_edge *e;

    if (fork != NULL && limit + JSON_PADDING - p >= fork->at + 8) {
        e = fork->slots[json_fork_slot(fork, p + fork->at)];
        if (e != NULL && edge_matches(e, p, limit))
            return e;
    }
    for (uint32_t i = node->edges; i != 0; i = e->next) {
        e = &t->edges[i];
        if (edge_matches(e, p, limit))
            return e;
    }
    return NULL;
}

/*
 * The edge for the gap at *p, where the guess does not fit; NULL on failure. A gap that is not to
 * be kept is passed here, and the spare edge made one of nothing that leads on.
 */
static const struct json_edge *other_edge(struct json_walk *w, struct json_node *last,
                                          const uint8_t **p)
{
    const struct json_edge *e = find_edge(w->trie, last, *p, w->limit);
    struct json_edge *spare = &w->trie->edges[JSON_EDGE_SPARE];
    struct json_gap gap;

    if (e != NULL)
        return e;
    if (json_gap(w, last, *p, &gap) < 0)
        return NULL;
    e = json_trie_learn(w->trie, last, *p, &gap);
    if (e != NULL)
        return e;
    json_edge_effects(w, gap.flags, gap.groups, gap.group_count);
    *p = gap.end;
    *spare = (struct json_edge){.to = gap.to, .flags = gap.flags & (EDGE_SCALAR | EDGE_END)};
    return spare;
}

CANH_INLINE struct json_trace *trace_at(uint16_t *guess)
{
    uintptr_t inside = (uintptr_t)guess & (sizeof(struct json_trace) - 1);

    return (struct json_trace *)(void *)((uint8_t *)guess - inside);
}

/* The beginning of a trace that is to go on behind a value of node n. */
CANH_INLINE uint16_t *begin_trace(struct json_trace *trace, const struct json_trie *t,
                                  const struct json_node *n)
{
    uint16_t from = (uint16_t)(n - t->nodes);

    if (CANH_UNLIKELY(trace->from != from)) {
        trace->from = from;
        trace->misses = 0;
        trace->edges[0] = JSON_EDGE_NEVER;
    }
    return trace->edges;
}

/* The trace of what came behind an edge where another trace failed or ended. */
CANH_INLINE uint16_t *trace_behind(const struct json_trie *t, const struct json_edge *e)
{
    return begin_trace(&t->traces[(size_t)(e - t->edges) % JSON_TRACES], t, e->to);
}

/*
 * The next edge, where the guess may be wrong. A trace grows at its end. Where it does not fit the
 * walk goes on in the trace behind the edge that did; what fails too often is cut off.
 */
static const struct json_edge *next_edge(struct json_walk *w, const struct json_edge *last,
                                         uint16_t **guess, const uint8_t **p)
{
    struct json_trie *t = w->trie;
    const struct json_edge *e = &t->edges[**guess];
    uint16_t *at = *guess;
    struct json_trace *trace = trace_at(at);

    if (edge_matches(e, *p, w->limit)) {
        ++*guess;
        return e;
    }
    e = &t->edges[*trace_behind(t, last)];
    if (!edge_matches(e, *p, w->limit))
        e = other_edge(w, last->to, p);
    if (e == NULL)
        return NULL;
    if (*at == JSON_EDGE_NEVER || ++trace->misses > JSON_TRACE_MISSES) {
        if (e != &t->edges[JSON_EDGE_SPARE] && at + 1 < trace->edges + CANH_LEN(trace->edges)) {
            *at = (uint16_t)(e - t->edges);
            at[1] = JSON_EDGE_NEVER;
            trace->misses = 0;
            *guess = at + 1;
            return e;
        }
    }
    if (e->to != NULL)
        *guess = trace_behind(t, e);
    return e;
}

/* Which trace to follow behind the event id that p is, n bytes. */
CANH_INLINE uint16_t *trace_of(const struct json_walk *w, const struct json_node *n,
                               const struct field *id)
{
    uint64_t kind = hash_read64(id->text) << (8 - CANH_MIN(id->n, 8u)) * 8 % 64;

    /* the length of the first value tells providers apart where they come first */
    kind = hash_u64(kind, w->fields[0].n);
    return begin_trace(&w->trie->traces[JSON_TRACES + kind % JSON_TRACES], w->trie, n);
}

/* A null that nobody mentions is no field. */
CANH_INLINE bool is_idle_null(const struct field *f)
{
    return f->type == VALUE_NULL && f->key == KEY_NONE;
}

/* One value as one or two fields. */
CANH_INLINE void write_scope_value(struct json_walk *w, const struct json_node *node,
                                   struct field value)
{
    struct field *first = w->f;

    value.key = node->keys[0];
    if (is_idle_null(&value) && node->role == SHAPE_PLAIN)
        return;
    if (CANH_UNLIKELY(w->fields_end - first < node->names)) {
        json_value_late(w, node, value);
        return;
    }
    for (unsigned i = 0; i < node->names; i++) {
        value.key = node->keys[i];
        *w->f++ = value;
    }
    if (CANH_UNLIKELY(node->role != SHAPE_PLAIN))
        json_value_role(w, node, first, node->names);
}

/* A string value with one name and nothing else to it. */
CANH_INLINE const uint8_t *write_string(const struct json_walk *w, const uint8_t *p, uint16_t key,
                                        struct field *f)
{
    bool escapes;
    size_t n = string_length(w->quotes, w->slashes, (size_t)(p - w->base), &escapes);

    f->text = p;
    f->n = (uint32_t)n;
    f->key = key;
    f->type = VALUE_STRING;
    f->form = escapes ? FORM_JSON : FORM_UTF8;
    return p + n + 1;
}

/* The same of a number or literal; NULL when it is wrong. */
CANH_INLINE const uint8_t *write_scalar(struct json_walk *w, const uint8_t *p, uint16_t key,
                                        struct field *f)
{
    const uint8_t *end = scalar_end(w, p, &f->type);

    f->text = p;
    f->n = f->type == VALUE_NULL ? 0 : (uint32_t)(end - p);
    f->key = key;
    f->form = FORM_UTF8;
    return end;
}

/* Passes any gap. */
static const struct json_edge *any_edge(struct json_walk *w, const struct json_edge *last,
                                        uint16_t **guess, const uint8_t **p)
{
    const struct json_edge *e = next_edge(w, last, guess, p);

    if (e == NULL)
        return NULL;
    *p += e->n;
    if (CANH_UNLIKELY(*p > w->limit)) {
        (void)json_fail(w, w->limit, CE_TRUNCATED, ERR_DECODE_JSON_ENDS_EARLY);
        return NULL;
    }
    if (e->flags & EDGE_EFFECTS)
        json_edge_effects(w, e->flags, e->more->groups, e->more->group_count);
    return e;
}

/* Any value at p; the byte behind it, or NULL. */
static const uint8_t *any_value(struct json_walk *w, const struct json_edge *e, const uint8_t *p)
{
    struct field value;

    p = e->flags & EDGE_SCALAR ? write_scalar(w, p, KEY_NONE, &value)
                               : write_string(w, p, KEY_NONE, &value);
    if (p != NULL)
        write_scope_value(w, e->to, value);
    return p;
}

/* Fields are put without a look at the limit, but never more than a trace is long. */
CANH_INLINE struct field *within_limit(struct json_walk *w, struct field *f)
{
    if (CANH_UNLIKELY(f > w->fields_end)) {
        for (const struct field *late = w->fields_end; late < f; late++)
            json_field_late(w, late);
        f = w->fields_end;
    }
    w->f = f;
    return f;
}

CANH_INLINE struct field *edge_effects(struct json_walk *w, const struct json_edge *e,
                                       struct field *f)
{
    (void)within_limit(w, f);
    json_edge_effects(w, e->flags, e->more->groups, e->more->group_count);
    return w->f;
}

CANH_HOT static const uint8_t *hot_walk(struct json_walk *walk, const uint8_t *p)
{
    const struct json_walk w = *walk;
    const struct json_edge *const edges = w.trie->edges;
    const struct json_edge *last = &edges[JSON_EDGE_ORIGIN], *e;
    uint16_t *guess = trace_behind(w.trie, last);
    struct field *f = w.f;

    for (;; last = e) {
        e = &edges[*guess];
        if (CANH_LIKELY(e->flags == 0 && head_equal(e, p) && p + e->n <= w.limit)) {
            p = write_string(&w, p + e->n, e->key, f++);
            guess++;
            continue;
        }
        if (CANH_LIKELY(e->flags == EDGE_SCALAR && head_equal(e, p) && p + e->n < w.limit)) {
            unsigned n = short_integer(p + e->n);

            if (CANH_LIKELY(n > 0)) {
                p += e->n;
                *f++ = (struct field){.text = p, .n = n, .key = e->key, .type = VALUE_NUMBER};
                p += n;
                guess++;
                continue;
            }
        }
        if (CANH_LIKELY(!(e->flags & EDGE_HARD) && edge_matches(e, p, w.limit) &&
                        p + e->n <= w.limit)) {
            guess++;
            p += e->n;
            if (e->flags & EDGE_EFFECTS)
                f = edge_effects(walk, e, f);
            if (e->flags & EDGE_END) {
                (void)within_limit(walk, f);
                return p;
            }
            if (e->flags & EDGE_SCALAR) {
                p = write_scalar(walk, p, e->key, f);
                if (p == NULL)
                    return NULL;
                f += !is_idle_null(f);
            } else {
                p = write_string(&w, p, e->key, f++);
            }
            if (e->flags & EDGE_KIND) {
                f = within_limit(walk, f);
                guess = trace_of(&w, e->to, f - 1);
            }
            continue;
        }
        (void)within_limit(walk, f);
        e = any_edge(walk, last, &guess, &p);
        if (e == NULL)
            return NULL;
        if (e->flags & EDGE_END)
            return p;
        p = any_value(walk, e, p);
        if (p == NULL)
            return NULL;
        f = walk->f;
    }
}

#endif
