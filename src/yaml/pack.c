/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers are written seven bits a byte, the lowest first. Documents: how many, then their roots.
 * A node: kind and flags; line; column; bytes of text, items or pairs; the tag, where there is
 * one; the text, or the kids. Texts end with a zero that does not count.
 */
#include "yaml/pack.h"

#include <stdio.h>

#include "base/blake2b.h"
#include "base/buf.h"

enum { KIND_MASK = 3, PLAIN = 4, TAGGED = 8 };
enum { NODE_BYTES_MIN = 4, PACKED_MAX = 64 * 1024 * 1024 };

static void write_number(struct buf *out, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        buf_putc(out, (uint8_t)(v | 0x80));
    buf_putc(out, (uint8_t)v);
}

static void write_text(struct buf *out, struct slice s)
{
    buf_append_slice(out, s);
    buf_putc(out, 0);
}

static uint32_t kids_of(const struct yaml_node *n)
{
    return n->kind == YAML_SCALAR ? 0 : n->kind == YAML_MAP ? 2 * n->count : n->count;
}

/* The tree is no higher than the limits it was parsed by. */
static void pack_node(const struct yaml_node *n, struct buf *out)
{
    bool tagged = n->tag.p != NULL;

    buf_putc(out, (uint8_t)((unsigned)n->kind | (n->plain ? PLAIN : 0) | (tagged ? TAGGED : 0)));
    write_number(out, n->line);
    write_number(out, n->col);
    write_number(out, n->kind == YAML_SCALAR ? n->text.n : n->count);
    if (tagged) {
        write_number(out, n->tag.n);
        write_text(out, n->tag);
    }
    if (n->kind == YAML_SCALAR)
        write_text(out, n->text);
    for (uint32_t i = 0; i < kids_of(n); i++)
        pack_node(n->kids[i], out);
}

void yaml_pack(const struct yaml_docs *docs, struct buf *out)
{
    write_number(out, docs->count);
    for (size_t i = 0; i < docs->count; i++)
        pack_node(docs->roots[i], out);
}

struct unpack {
    struct arena *arena;
    struct slice rest;
    const struct yaml_limits *limits;
    uint32_t nodes;
    bool bad, no_memory;
};

/* 0, and bad, where there is none, or more than max. */
static uint32_t read_number(struct unpack *u, uint32_t max)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 35 && u->rest.n; shift += 7) {
        uint8_t c = *u->rest.p;

        u->rest = slice_from(u->rest, 1);
        v |= (uint64_t)(c & 0x7F) << shift;
        if (c < 0x80 && v <= max)
            return (uint32_t)v;
        if (c < 0x80)
            break;
    }
    u->bad = true;
    return 0;
}

static struct slice read_text(struct unpack *u, size_t n)
{
    struct slice s = slice_head(u->rest, n);

    if (n >= u->rest.n || u->rest.p[n] != 0) {
        u->bad = true;
        return SLICE("");
    }
    u->rest = slice_from(u->rest, n + 1);
    return s;
}

static struct yaml_node *unpack_node(struct unpack *u, unsigned depth);

static void unpack_kids(struct unpack *u, struct yaml_node *n, unsigned depth)
{
    uint32_t count = kids_of(n);

    n->kids = arena_new_array(u->arena, (size_t)count + 1, struct yaml_node *);
    u->no_memory |= n->kids == NULL;
    for (uint32_t i = 0; i < count && !u->bad && !u->no_memory; i++) {
        struct yaml_node *kid = unpack_node(u, depth + 1);

        if (kid == NULL)
            return;
        n->kids[i] = kid;
        n->weight += kid->weight;
        n->height = CANH_MAX(n->height, kid->height + 1);
    }
}

/* NULL: bad, or no memory. */
static struct yaml_node *unpack_node(struct unpack *u, unsigned depth)
{
    struct yaml_node *n = arena_new(u->arena, struct yaml_node);
    uint32_t head = read_number(u, 0x7F), size;

    u->no_memory |= n == NULL;
    u->bad |= (head & KIND_MASK) > YAML_MAP || depth > u->limits->max_depth ||
              ++u->nodes > u->limits->max_nodes;
    if (u->bad || u->no_memory)
        return NULL;
    *n = (struct yaml_node){.kind = head & KIND_MASK,
                            .plain = head & PLAIN,
                            .weight = 1,
                            .height = 1};
    n->line = read_number(u, INT32_MAX);
    n->col = read_number(u, INT32_MAX);
    size = read_number(u, INT32_MAX);
    if (head & TAGGED)
        n->tag = read_text(u, read_number(u, INT32_MAX));
    u->bad |= n->line == 0 || n->col == 0;
    if (n->kind == YAML_SCALAR) {
        n->text = read_text(u, size);
    } else {
        n->count = size;
        /* each kid takes some bytes, so no count can ask for more memory than the bytes bear out */
        u->bad |= size > u->rest.n / NODE_BYTES_MIN;
        if (!u->bad)
            unpack_kids(u, n, depth);
    }
    return u->bad || u->no_memory ? NULL : n;
}

int yaml_unpack(struct arena *arena, struct slice packed, const struct yaml_limits *limits,
                struct yaml_docs *ret)
{
    struct unpack u = {.arena = arena, .rest = packed, .limits = limits};
    uint32_t count = read_number(&u, limits->max_docs);

    *ret = (struct yaml_docs){0};
    if (u.bad || count > u.rest.n)
        return -CE_SYNTAX;
    ret->roots = arena_new_array(arena, (size_t)count + 1, struct yaml_node *);
    u.no_memory = ret->roots == NULL;
    for (uint32_t i = 0; i < count && !u.bad && !u.no_memory; i++)
        ret->roots[i] = unpack_node(&u, 1);
    if (u.no_memory)
        return -CE_NOMEM;
    if (u.bad || u.rest.n)
        return -CE_SYNTAX;
    ret->count = count;
    return 0;
}

/* The first bytes of a BLAKE2b: of whoever parses, by which limits, and the text. */
static void name_text(struct slice text, const struct yaml_limits *limits,
                      uint8_t name[YAML_NAME_BYTES])
{
    char how[100];
    uint8_t whole[BLAKE2B_BYTES];
    struct blake2b hash;

    (void)snprintf(how, sizeof(how), "%s %zu %u %u %u %d", yaml_library_version(),
                   limits->max_bytes, limits->max_nodes, limits->max_depth, limits->max_docs,
                   limits->merge);
    blake2b_init(&hash);
    blake2b_update(&hash, slice_of(how, strlen(how) + 1));
    blake2b_update(&hash, text);
    blake2b_final(&hash, whole);
    memcpy(name, whole, YAML_NAME_BYTES);
}

int yaml_parse_kept(const struct yaml_keeper *keeper, struct arena *arena, struct slice text,
                    const struct yaml_limits *limits, struct yaml_docs *ret, struct err *err)
{
    uint8_t name[YAML_NAME_BYTES];
    struct buf packed = BUF_INIT(PACKED_MAX);
    struct slice known;
    int r;

    if (keeper == NULL)
        return yaml_parse(arena, text, limits, ret, err);
    name_text(text, limits, name);
    known = keeper->find(keeper->ctx, name);
    if (known.p != NULL && yaml_unpack(arena, known, limits, ret) == 0)
        return 0;
    r = yaml_parse(arena, text, limits, ret, err);
    if (r < 0)
        return r;
    yaml_pack(ret, &packed);
    if (packed.err == 0)
        keeper->keep(keeper->ctx, name, buf_slice(&packed));
    buf_done(&packed);
    return 0;
}
