/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/yaml.h"

#include <libfyaml.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/map.h"
#include "lang/err_yaml.h"
#include "yaml/check.h"
#include "yaml/merge.h"
#include "yaml/scalar.h"

const struct yaml_limits yaml_default_limits = {
    .max_bytes = 1 << 20,
    .max_nodes = 200000,
    .max_depth = 64,
    .max_docs = 1000,
};

enum {
    DEPTH_LIMIT = 1000,  /* no limits.max_depth goes beyond */
    LINEAR_KEYS_MAX = 8, /* maps up to this size look for duplicates pair by pair */
};

/* An open sequence or map; its kids so far are pending[first..]. */
struct frame {
    struct yaml_node *node;
    size_t first;
};

struct parse {
    struct arena *arena;
    struct yaml_limits limits;
    struct yaml_docs *docs;
    size_t docs_cap;
    struct err *err;
    struct fy_parser *fyp;
    struct scalar_reader scalar;
    struct frame *frames;
    unsigned depth;
    struct yaml_node **pending; /* kids of all open frames, innermost last */
    size_t pending_count, pending_cap;
    struct yaml_node *root; /* of the document being read, once complete */
    struct map anchors;     /* name → index in anchored, per document */
    struct yaml_node **anchored;
    size_t anchored_count, anchored_cap;
    uint32_t nodes;
    unsigned first_line;
    unsigned line, col; /* of the last token that had a place */
};

/* Makes room for one more pointer in a growing array. */
static int reserve_one(struct yaml_node ***array, size_t count, size_t *cap)
{
    return array_room(*array, count, *cap, SIZE_MAX) ? 0 : -CE_NOMEM;
}

/* before: characters of the token that libfyaml leaves out of it (a quote, an asterisk). */
static void note_place(struct parse *p, struct fy_token *token, unsigned before)
{
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;

    if (mark != NULL) {
        p->line = (unsigned)mark->line + p->first_line;
        p->col = (unsigned)mark->column + 1 - CANH_MIN(before, (unsigned)mark->column);
    }
}

static int no_memory(struct parse *p)
{
    return err_nomem(p->err);
}

static int add_anchor(struct parse *p, struct fy_token *token, struct yaml_node *node)
{
    struct slice name;
    size_t n = 0;

    name.p = (const uint8_t *)fy_token_get_text(token, &n);
    name.n = n;
    name = arena_dup(p->arena, name);
    if (name.p == NULL || reserve_one(&p->anchored, p->anchored_count, &p->anchored_cap) < 0 ||
        map_put(&p->anchors, name, (uint32_t)p->anchored_count) < 0)
        return no_memory(p);
    p->anchored[p->anchored_count++] = node;
    return 0;
}

static int copy_tag(struct parse *p, struct fy_token *token, struct slice *ret)
{
    size_t handle_n = 0, suffix_n = 0;
    const char *handle = fy_tag_token_handle(token, &handle_n);
    const char *suffix = fy_tag_token_suffix(token, &suffix_n);
    uint8_t *to = arena_alloc(p->arena, handle_n + suffix_n + 1);

    if (to == NULL)
        return no_memory(p);
    if (handle_n)
        memcpy(to, handle, handle_n);
    if (suffix_n)
        memcpy(to + handle_n, suffix, suffix_n);
    to[handle_n + suffix_n] = 0;
    *ret = slice_of(to, handle_n + suffix_n);
    return 0;
}

static int new_node(struct parse *p, enum yaml_kind kind, struct fy_token *anchor,
                    struct fy_token *tag, struct yaml_node **ret)
{
    struct yaml_node *node;

    if (p->nodes >= p->limits.max_nodes)
        return err_fail_at(p->err, CE_TOO_BIG, p->line, p->col, ERR_YAML_MORE_THAN_YAML_NODES,
                           p->limits.max_nodes);
    node = arena_new(p->arena, struct yaml_node);
    if (node == NULL)
        return no_memory(p);
    p->nodes++;
    node->kind = kind;
    node->line = p->line;
    node->col = p->col;
    node->weight = node->height = 1;
    *ret = node;
    if (tag != NULL && copy_tag(p, tag, &node->tag) < 0)
        return -CE_NOMEM;
    return anchor != NULL ? add_anchor(p, anchor, node) : 0;
}

/* Hands a complete node (or an alias of one) to the collection around it. */
static int add_to_parent(struct parse *p, struct yaml_node *node)
{
    struct yaml_node *parent;

    if (p->depth == 0) {
        p->root = node;
        return 0;
    }
    parent = p->frames[p->depth - 1].node;
    parent->weight += node->weight;
    if (parent->weight > p->limits.max_nodes)
        return err_fail_at(p->err, CE_TOO_BIG, p->line, p->col, ERR_YAML_MORE_THAN_YAML_NODES_ONCE,
                           p->limits.max_nodes);
    parent->height = CANH_MAX(parent->height, node->height + 1);
    if (p->depth + node->height > p->limits.max_depth)
        return err_fail_at(p->err, CE_DEPTH, p->line, p->col, ERR_YAML_NESTED_DEEPER_THAN_LEVELS,
                           p->limits.max_depth);
    if (reserve_one(&p->pending, p->pending_count, &p->pending_cap) < 0)
        return no_memory(p);
    p->pending[p->pending_count++] = node;
    return 0;
}

static int copy_text(struct parse *p, struct fy_token *token, struct slice *ret)
{
    struct slice text = SLICE("");
    int r = token != NULL ? scalar_text(&p->scalar, token, &text) : 0;

    if (r == -CE_SYNTAX)
        return err_fail_at(p->err, CE_SYNTAX, p->line, p->col,
                           ERR_YAML_SCALAR_LIBFYAML_CANNOT_READ);
    *ret = r == 0 ? arena_dup(p->arena, text) : SLICE_NULL;
    return ret->p ? 0 : no_memory(p);
}

static int on_scalar(struct parse *p, const struct fy_event_scalar_data *e)
{
    struct yaml_node *node = NULL;
    enum fy_scalar_style style = e->value ? fy_token_scalar_style(e->value) : FYSS_PLAIN;
    int r;

    note_place(p, e->value, style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED);
    r = new_node(p, YAML_SCALAR, e->anchor, e->tag, &node);
    if (r < 0)
        return r;
    node->plain = style == FYSS_PLAIN;
    r = copy_text(p, e->value, &node->text);
    return r < 0 ? r : add_to_parent(p, node);
}

static int on_alias(struct parse *p, const struct fy_event_alias_data *e)
{
    struct slice name;
    uint32_t index;
    size_t n = 0;

    note_place(p, e->anchor, 1);
    name.p = (const uint8_t *)fy_token_get_text(e->anchor, &n);
    name.n = n;
    if (!map_get(&p->anchors, name, &index))
        return err_fail_at(p->err, CE_UNKNOWN, p->line, p->col, ERR_YAML_NO_ANCHOR_BEFORE_THIS,
                           name);
    for (unsigned i = 0; i < p->depth; i++) {
        if (p->frames[i].node == p->anchored[index])
            return err_fail_at(p->err, CE_SYNTAX, p->line, p->col,
                               ERR_YAML_ALIAS_STANDS_INSIDE_NODE_NAMES, name);
    }
    return add_to_parent(p, p->anchored[index]);
}

static int open_node(struct parse *p, enum yaml_kind kind, struct fy_token *start,
                     struct fy_token *anchor, struct fy_token *tag)
{
    struct yaml_node *node = NULL;
    int r;

    note_place(p, start, 0);
    if (p->depth >= p->limits.max_depth)
        return err_fail_at(p->err, CE_DEPTH, p->line, p->col, ERR_YAML_NESTED_DEEPER_THAN_LEVELS,
                           p->limits.max_depth);
    r = new_node(p, kind, anchor, tag, &node);
    if (r < 0)
        return r;
    p->frames[p->depth++] = (struct frame){.node = node, .first = p->pending_count};
    return 0;
}

static int duplicate_key(struct parse *p, const struct yaml_node *key,
                         const struct yaml_node *earlier)
{
    return err_fail_at(p->err, CE_EXISTS, key->line, key->col, ERR_YAML_KEY_ALREADY_ON_LINE,
                       slice_brief(key->text), earlier->line);
}

static int check_keys_linear(struct parse *p, const struct yaml_node *map)
{
    for (uint32_t i = 1; i < map->count; i++) {
        const struct yaml_node *key = map->kids[2 * i];

        if (key->kind != YAML_SCALAR)
            continue;
        for (uint32_t j = 0; j < i; j++) {
            const struct yaml_node *other = map->kids[2 * j];

            if (other->kind == YAML_SCALAR && slice_eq(key->text, other->text))
                return duplicate_key(p, key, other);
        }
    }
    return 0;
}

static int check_keys_hashed(struct parse *p, const struct yaml_node *map)
{
    struct map seen;
    uint32_t other;
    int r = 0;

    map_init(&seen, map->count);
    for (uint32_t i = 0; i < map->count && r == 0; i++) {
        const struct yaml_node *key = map->kids[2 * i];

        if (key->kind != YAML_SCALAR)
            continue;
        if (map_get(&seen, key->text, &other))
            r = duplicate_key(p, key, map->kids[2 * other]);
        else if (map_put(&seen, key->text, i) < 0)
            r = no_memory(p);
    }
    map_done(&seen);
    return r;
}

static int close_node(struct parse *p)
{
    const struct frame *f = p->depth ? &p->frames[p->depth - 1] : NULL;
    struct yaml_node *node = f ? f->node : NULL;
    size_t kids = f ? p->pending_count - f->first : 0;
    int r = 0;

    if (node == NULL)
        return err_fail_at(p->err, CE_SYNTAX, p->line, p->col, ERR_YAML_END_WITHOUT_BEGINNING);
    node->kids = arena_alloc(p->arena, kids * sizeof(*node->kids));
    if (node->kids == NULL)
        return no_memory(p);
    if (kids)
        memcpy(node->kids, p->pending + f->first, kids * sizeof(*node->kids));
    p->pending_count = f->first;
    p->depth--;
    node->count = (uint32_t)(node->kind == YAML_MAP ? kids / 2 : kids);
    if (node->kind == YAML_MAP)
        r = node->count <= LINEAR_KEYS_MAX ? check_keys_linear(p, node)
                                           : check_keys_hashed(p, node);
    if (r == 0 && node->kind == YAML_MAP && p->limits.merge)
        r = yaml_merge(p->arena, node, p->err);
    return r < 0 ? r : add_to_parent(p, node);
}

static void begin_document(struct parse *p)
{
    map_clear(&p->anchors);
    p->anchored_count = 0;
    p->root = NULL;
}

static int end_document(struct parse *p)
{
    int r = 0;

    if (p->docs->count >= p->limits.max_docs)
        return err_fail_at(p->err, CE_TOO_BIG, p->line, p->col, ERR_YAML_MORE_THAN_YAML_DOCUMENTS,
                           p->limits.max_docs);
    if (p->root == NULL)
        r = on_scalar(p, &(struct fy_event_scalar_data){.value = NULL});
    if (r < 0)
        return r;
    if (p->docs->count == p->docs_cap) {
        size_t cap = p->docs_cap ? p->docs_cap * 2 : 4;
        struct yaml_node **roots = arena_new_array(p->arena, cap, struct yaml_node *);

        if (roots == NULL)
            return no_memory(p);
        if (p->docs->count)
            memcpy(roots, p->docs->roots, p->docs->count * sizeof(*roots));
        p->docs->roots = roots;
        p->docs_cap = cap;
    }
    p->docs->roots[p->docs->count++] = p->root;
    return 0;
}

static int on_event(struct parse *p, const struct fy_event *e)
{
    switch (e->type) {
    case FYET_DOCUMENT_START:
        note_place(p, e->document_start.document_start, 0);
        begin_document(p);
        return 0;
    case FYET_DOCUMENT_END:
        return end_document(p);
    case FYET_SCALAR:
        return on_scalar(p, &e->scalar);
    case FYET_ALIAS:
        return on_alias(p, &e->alias);
    case FYET_SEQUENCE_START:
        return open_node(p, YAML_SEQ, e->sequence_start.sequence_start, e->sequence_start.anchor,
                         e->sequence_start.tag);
    case FYET_MAPPING_START:
        return open_node(p, YAML_MAP, e->mapping_start.mapping_start, e->mapping_start.anchor,
                         e->mapping_start.tag);
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        return close_node(p);
    default:
        return 0;
    }
}

/* libfyaml's first complaint, with its place in the file. */
static int parser_error(struct parse *p, struct fy_diag *diag)
{
    void *prev = NULL;
    const struct fy_diag_error *e = fy_diag_errors_iterate(diag, &prev);

    if (e == NULL || e->msg == NULL || e->line <= 0)
        return err_fail_at(p->err, CE_SYNTAX, p->line, p->col, ERR_YAML_NO_VALID_YAML_BEHIND_THIS);
    return err_fail_at(p->err, CE_SYNTAX, (unsigned)e->line - 1 + p->first_line,
                       e->column > 0 ? (unsigned)e->column : 1, ERR_YAML_NOT_YAML, e->msg);
}

static int run(struct parse *p, struct fy_diag *diag)
{
    for (;;) {
        struct fy_event *e = fy_parser_parse(p->fyp);
        enum fy_event_type type;
        int r;

        if (e == NULL)
            return parser_error(p, diag);
        type = e->type;
        r = on_event(p, e);
        fy_parser_event_free(p->fyp, e);
        if (r < 0 || type == FYET_STREAM_END)
            return r;
    }
}

/* Errors are collected: libfyaml would print them otherwise. */
static struct fy_diag *new_diag(void)
{
    struct fy_diag_cfg cfg;
    struct fy_diag *diag;

    fy_diag_cfg_default(&cfg);
    cfg.fp = NULL;
    cfg.output_fn = NULL;
    diag = fy_diag_create(&cfg);
    if (diag != NULL)
        fy_diag_set_collect_errors(diag, true);
    return diag;
}

static int parse_text(struct parse *p, struct slice text)
{
    struct fy_diag *diag = new_diag();
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_JSON_NONE, .diag = diag};
    int r = -CE_NOMEM;

    p->fyp = diag ? fy_parser_create(&cfg) : NULL;
    p->frames = calloc(p->limits.max_depth + 1, sizeof(*p->frames));
    if (p->fyp == NULL || p->frames == NULL ||
        scalar_init(&p->scalar, text, p->limits.max_bytes) < 0 ||
        fy_parser_set_string(p->fyp, (const char *)text.p, text.n) < 0)
        r = no_memory(p);
    else
        r = run(p, diag);
    if (p->fyp != NULL)
        fy_parser_destroy(p->fyp);
    if (diag != NULL)
        fy_diag_destroy(diag);
    scalar_done(&p->scalar);
    free(p->frames);
    free(p->pending);
    free(p->anchored);
    map_done(&p->anchors);
    return r;
}

int yaml_parse_from(struct arena *arena, struct slice text, unsigned first_line,
                    const struct yaml_limits *limits, struct yaml_docs *ret, struct err *err)
{
    struct parse p = {.arena = arena,
                      .docs = ret,
                      .err = err,
                      .limits = *limits,
                      .first_line = first_line,
                      .line = first_line,
                      .col = 1};
    int r;

    *ret = (struct yaml_docs){NULL, 0};
    p.limits.max_depth = CANH_MIN(limits->max_depth, (unsigned)DEPTH_LIMIT);
    p.limits.max_nodes = CANH_MIN(limits->max_nodes, UINT32_MAX / 4);
    if (text.n > limits->max_bytes)
        return err_fail_at(err, CE_TOO_BIG, 0, 0, ERR_YAML_BYTES_YAML_MORE_THAN, text.n,
                           limits->max_bytes);
    r = yaml_check_text(text, first_line, err);
    if (r < 0)
        return r;
    map_init(&p.anchors, p.limits.max_nodes);
    return text.n ? parse_text(&p, text) : 0;
}

const char *yaml_library_version(void)
{
    return fy_library_version();
}

int yaml_parse(struct arena *arena, struct slice text, const struct yaml_limits *limits,
               struct yaml_docs *ret, struct err *err)
{
    return yaml_parse_from(arena, text, 1, limits, ret, err);
}

int yaml_parse_one(struct arena *arena, struct slice text, const struct yaml_limits *limits,
                   struct yaml_node **ret, struct err *err)
{
    struct yaml_docs docs = {.count = 0};
    int r = yaml_parse(arena, text, limits, &docs, err);

    if (r < 0)
        return r;
    if (docs.count != 1)
        return err_fail_at(err, CE_SYNTAX, 1, 1, ERR_YAML_ONE_DOCUMENT_WANTED_NOT, docs.count);
    *ret = docs.roots[0];
    return 0;
}
