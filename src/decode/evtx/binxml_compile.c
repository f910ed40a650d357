/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "base/utf.h"
#include "decode/evtx/binxml.h"
#include "decode/evtx/binxml_write.h"

enum { DISTINCT_MAX = 256 }; /* children compared one with another */

/*
 * The canonical form comes from bx_scan(), so its structure is sound and needs no second check;
 * only counts and memory are limited here.
 */
struct compile {
    struct bx *b;
    struct arena *arena;
    const uint8_t *at;
    struct slice path[BX_NAMES_DEEP];
    size_t depth;
    struct bx_op *ops;
    struct bx_info *info;
    uint32_t count, cap;
    bool values;
};

static int no_memory(struct compile *c)
{
    (void)bx_fail(c->b, CE_NOMEM, 0, ERR_DECODE_EVTX_NO_MEMORY_TEMPLATE);
    return -CE_NOMEM;
}

/* Grows in the arena: the old arrays stay behind in it, at most as much again. */
static int make_room(struct compile *c)
{
    uint32_t cap = c->cap ? c->cap * 2 : 64;
    struct bx_op *ops;
    struct bx_info *info;

    if (c->count < c->cap && c->ops != NULL)
        return 0;
    if (cap > BX_OPS_MAX) {
        (void)bx_fail(c->b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_TEMPLATE_ELEMENTS);
        return -CE_TOO_BIG;
    }
    ops = arena_new_array(c->arena, cap, struct bx_op);
    info = arena_new_array(c->arena, cap, struct bx_info);
    if (ops == NULL || info == NULL)
        return no_memory(c);
    if (c->ops && c->info) {
        memcpy(ops, c->ops, c->count * sizeof(*ops));
        memcpy(info, c->info, c->count * sizeof(*info));
    }
    c->ops = ops;
    c->info = info;
    c->cap = cap;
    return 0;
}

static int add_op(struct compile *c, enum bx_op_kind kind)
{
    int r = make_room(c);

    if (r < 0)
        return r;
    canh_assert(c->count < c->cap);
    c->ops[c->count] = (struct bx_op){.kind = (uint8_t)kind, .dep = BX_NO_DEP};
    c->info[c->count] = (struct bx_info){.context = 0};
    return (int)c->count++;
}

static struct slice read_bytes(struct compile *c)
{
    uint32_t n = bx_u16(c->at);
    struct slice s = slice_of(c->at + 2, n);

    c->at += 2 + n;
    return s;
}

/* What is in the name buffer, kept in the arena. */
static int keep_name(struct compile *c, struct slice *ret)
{
    if (c->b->name_buf.err)
        return bx_fail(c->b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_NAME_LONG);
    *ret = arena_dup(c->arena, buf_slice(&c->b->name_buf));
    return ret->p == NULL ? no_memory(c) : 0;
}

static int read_name(struct compile *c, struct slice *ret)
{
    buf_clear(&c->b->name_buf);
    utf16le_to_utf8(read_bytes(c), &c->b->name_buf);
    return keep_name(c, ret);
}

static int json_name(struct compile *c, struct slice name, struct slice *ret)
{
    struct bx_text t = {name.p, (uint32_t)name.n, VALUE_STRING, FORM_UTF8};

    buf_clear(&c->b->name_buf);
    bx_json_escape(&c->b->name_buf, &t);
    if (c->b->name_buf.err)
        return bx_fail(c->b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_NAME_LONG);
    *ret = bx_frame_name(c->arena, buf_slice(&c->b->name_buf));
    return ret->p == NULL ? no_memory(c) : 0;
}

static uint32_t count_parts(const uint8_t *at, bool *ret_value)
{
    uint32_t count = 0;

    for (; *at == CANON_TEXT || *at == CANON_VALUE; count++) {
        *ret_value = *at == CANON_VALUE;
        at += 3 + (*at == CANON_TEXT ? bx_u16(at + 1) : 0);
    }
    return count;
}

/* The run of texts and values at c->at as the source of operation `at`. */
static int binxml_compile_read_source(struct compile *c, uint32_t at)
{
    bool value = false;
    uint32_t count = count_parts(c->at, &value);
    struct bx_op *op = &c->ops[at];
    struct bx_part *parts;

    if (count == 0)
        return 0;
    if (count == 1 && value) {
        op->source = SRC_VALUE;
        op->index = bx_u16(c->at + 1);
        c->values = true;
        c->at += 3;
        return 0;
    }
    if (count == 1) {
        struct slice text;

        c->at++;
        text = read_bytes(c);
        op->source = SRC_LITERAL;
        op->data = text.p;
        op->n = (uint32_t)text.n;
        return 0;
    }
    parts = arena_new_array(c->arena, count, struct bx_part);
    if (parts == NULL)
        return no_memory(c);
    op->source = SRC_MIXED;
    op->data = parts;
    op->n = count;
    for (uint32_t i = 0; i < count; i++) {
        if (*c->at++ == CANON_VALUE) {
            parts[i].index = bx_u16(c->at);
            c->values = true;
            c->at += 2;
        } else {
            struct slice text = read_bytes(c);

            parts[i].p = text.p;
            parts[i].n = (uint32_t)text.n;
        }
    }
    return 0;
}

static void binxml_compile_resolve(struct compile *c, const char *more, struct slice last,
                                   uint16_t ret[2])
{
    size_t n = c->depth;

    canh_assert(n + 2 <= CANH_LEN(c->path));
    if (more != NULL)
        c->path[n++] = slice_str(more);
    if (last.p != NULL)
        c->path[n++] = last;
    bx_resolve(c->b, c->path, n, ret);
}

static int compile_attribute(struct compile *c, const struct bx_path *path, bool data)
{
    struct slice name = SLICE_NULL;
    int r, at = add_op(c, OP_ATTRIBUTE);

    if (at < 0)
        return at;
    c->at++;
    r = read_name(c, &name);
    if (r == 0)
        r = binxml_compile_read_source(c, (uint32_t)at);
    if (r == 0)
        r = json_name(c, name, &c->info[at].name);
    if (r < 0)
        return r;
    if (data && slice_is(name, "Name")) {
        struct bx_op *op = &c->ops[at];

        if (op->source == SRC_LITERAL) {
            buf_clear(&c->b->name_buf);
            bx_utf8(slice_of(op->data, op->n), &c->b->name_buf);
            c->count--;
            return keep_name(c, &c->path[c->depth - 1]);
        }
        op->flags |= BX_NAMES_DATA;
        c->info[at].path = path;
    } else if (slice_is(name, "xmlns") || slice_starts(name, SLICE("xmlns:"))) {
        c->ops[at].flags |= BX_SILENT;
    }
    if (data)
        c->ops[at].flags |= BX_HIDDEN;
    binxml_compile_resolve(c, "#attributes", name, c->ops[at].key);
    return 0;
}

static int compile_attributes(struct compile *c, const struct bx_path *path, bool data)
{
    int r = 0;

    while (r == 0 && *c->at == CANON_ATTRIBUTE)
        r = compile_attribute(c, path, data);
    c->at++; /* CANON_CONTENT */
    return r;
}

static int compile_element(struct compile *c, const struct bx_path *parent);

static int compile_text(struct compile *c, const struct bx_path *path)
{
    int at = add_op(c, OP_TEXT), r;

    if (at < 0)
        return at;
    r = binxml_compile_read_source(c, (uint32_t)at);
    c->info[at].path = path;
    binxml_compile_resolve(c, NULL, SLICE_NULL, c->ops[at].key);
    binxml_compile_resolve(c, "#text", SLICE_NULL, c->ops[at].text);
    return r;
}

/* Up to and with the element's end. */
static int compile_content(struct compile *c, const struct bx_path *path, uint32_t *ret_elements,
                           uint32_t *ret_texts)
{
    int r = 0;

    while (r == 0 && *c->at != CANON_END) {
        if (*c->at == CANON_ELEMENT) {
            r = compile_element(c, path);
            ++*ret_elements;
        } else {
            r = compile_text(c, path);
            ++*ret_texts;
        }
    }
    c->at++;
    return r;
}

/* Element and text become one operation. */
static void make_leaf(struct compile *c, uint32_t at)
{
    struct bx_op *op = &c->ops[at], *text = op + 1;
    uint16_t dep = op->dep;

    if (c->count == at + 2)
        *op = *text;
    op->kind = OP_LEAF;
    op->dep = dep;
    c->count = at + 1;
}

/* What a child has to know about its siblings. */
static void mark_children(struct compile *c, uint32_t from, uint32_t end)
{
    uint32_t unnamed = 0;

    for (uint32_t i = from; i < end; i++) {
        struct bx_op *op = &c->ops[i];

        unnamed += (op->flags & BX_UNNAMED) != 0;
        if (op->kind == OP_ELEMENT)
            i = op->next - 1;
        else if (op->kind == OP_TEXT)
            op->flags |= BX_BETWEEN;
    }
    for (uint32_t i = from; unnamed > 1 && i < end; i++) {
        struct bx_op *op = &c->ops[i];

        if (op->flags & BX_UNNAMED)
            op->flags |= BX_TWIN;
        if (op->kind == OP_ELEMENT)
            i = op->next - 1;
    }
}

/* The next child element at or behind `at`, or `end`. */
static uint32_t next_child(const struct compile *c, uint32_t at, uint32_t end)
{
    while (at < end && c->ops[at].kind != OP_ELEMENT && c->ops[at].kind != OP_LEAF)
        at++;
    return at;
}

static uint32_t behind_child(const struct compile *c, uint32_t at)
{
    return c->ops[at].kind == OP_ELEMENT ? c->ops[at].next : at + 1;
}

/* Whether a child's name in JSON is known, no other child's and none of a text or attributes. */
static bool is_distinct(const struct compile *c, uint32_t from, uint32_t child)
{
    struct slice name = c->info[child].name;

    for (uint32_t i = child + 1; c->ops[child].kind == OP_ELEMENT && c->ops[i].kind == OP_ATTRIBUTE;
         i++) {
        if (c->ops[i].flags & BX_NAMES_DATA)
            return false;
    }
    for (uint32_t i = next_child(c, from, child); i < child;
         i = next_child(c, behind_child(c, i), child)) {
        if (slice_eq(c->info[i].name, name))
            return false;
    }
    return !slice_starts(name, SLICE("#"));
}

/* Texts may turn out to be BinXML, whose elements join these. */
static bool are_distinct(const struct compile *c, uint32_t from, uint32_t end, uint32_t elements,
                         uint32_t texts)
{
    bool distinct = texts == 0 && elements <= DISTINCT_MAX;

    for (uint32_t i = next_child(c, from, end); distinct && i < end;
         i = next_child(c, behind_child(c, i), end))
        distinct = is_distinct(c, from, i);
    return distinct;
}

static int close_element(struct compile *c, uint32_t at, uint32_t elements, uint32_t texts)
{
    int end = add_op(c, OP_END);
    struct bx_op *op;

    if (end < 0)
        return end;
    op = &c->ops[at];
    op->next = (uint32_t)end + 1;
    if (elements == 0 && texts == 0) {
        op->flags |= BX_BARE;
        c->ops[end].flags |= BX_BARE;
        memcpy(c->ops[end].key, op->key, sizeof(op->key));
    }
    if (elements > 0)
        mark_children(c, at + 1, (uint32_t)end);
    if (are_distinct(c, at + 1, (uint32_t)end, elements, texts))
        op->flags |= BX_DISTINCT;
    return 0;
}

/* Elements whose Name names their value. Source: Event.xsd, DataType and ComplexDataType. */
static bool is_data(struct slice element)
{
    return slice_is(element, "Data") || slice_is(element, "ComplexData");
}

static int compile_element(struct compile *c, const struct bx_path *parent)
{
    struct bx_path *path = arena_new(c->arena, struct bx_path);
    uint32_t elements = 0, texts = 0;
    int at = add_op(c, OP_ELEMENT), r;
    bool data, attributes;

    if (path == NULL || at < 0)
        return path ? at : no_memory(c);
    c->ops[at].dep = bx_u16(c->at + 1);
    c->at += 3;
    r = read_name(c, &path->name);
    if (r < 0)
        return r;
    data = is_data(path->name);
    canh_assert(c->depth < CANH_LEN(c->path));
    c->path[c->depth++] = path->name;
    r = compile_attributes(c, path, data);
    path->name = c->path[c->depth - 1];
    path->parent = parent;
    path->depth = parent ? parent->depth + 1 : 1;
    attributes = c->count > (uint32_t)at + 1;
    if (r == 0)
        r = json_name(c, path->name, &c->info[at].name);
    c->info[at].path = path;
    binxml_compile_resolve(c, NULL, SLICE_NULL, c->ops[at].key);
    if (r == 0)
        r = compile_content(c, path, &elements, &texts);
    if (r < 0)
        return r;
    if (!attributes && elements == 0 && texts <= 1) {
        make_leaf(c, (uint32_t)at);
        binxml_compile_resolve(c, "#text", SLICE_NULL, c->ops[at].text);
        if (slice_is(path->name, "Data"))
            c->ops[at].flags |= BX_UNNAMED;
        c->depth--;
        return 0;
    }
    c->depth--;
    return close_element(c, (uint32_t)at, elements, texts);
}

int bx_compile(struct bx *b, struct arena *a, struct slice canon, uint32_t context,
               struct bx_program **ret)
{
    const struct bx_context *under = b->cache.contexts[context];
    struct compile c = {.b = b, .arena = a, .at = canon.p + 4};
    struct bx_program *p = arena_new(a, struct bx_program);
    int r;

    for (; c.depth < under->count; c.depth++)
        c.path[c.depth] = under->names[c.depth];
    r = p ? compile_element(&c, NULL) : no_memory(&c);
    if (r < 0 || c.ops == NULL)
        return r;
    /* the root is there even when the value it depends on is not */
    c.ops[0].dep = BX_NO_DEP;
    *p = (struct bx_program){
        .ops = c.ops, .info = c.info, .count = c.count, .context = context, .values = c.values};
    *ret = p;
    return 0;
}
