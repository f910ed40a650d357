/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/hash.h"
#include "decode/json_internal.h"

enum { TABLE = 2 * JSON_NODES };

int json_trie_init(struct json_trie *t, const struct keys *keys)
{
    t->keys = keys;
    t->seed = hash_seed();
    t->nodes = malloc(JSON_NODES * sizeof(*t->nodes));
    t->edges = aligned_alloc(64, JSON_EDGES * sizeof(*t->edges));
    t->table = calloc(TABLE, sizeof(struct json_node *));
    t->text = malloc(JSON_TEXT);
    if (t->nodes == NULL || t->edges == NULL || t->table == NULL || t->text == NULL) {
        json_trie_done(t);
        return -CE_NOMEM;
    }
    json_trie_clear(t);
    return 0;
}

void json_trie_done(struct json_trie *t)
{
    free(t->nodes);
    free(t->edges);
    free(t->table);
    free(t->text);
    *t = (struct json_trie){0};
}

static void *take_text(struct json_trie *t, size_t n)
{
    void *p = t->text + t->text_used;

    n = (n + 7) & ~(size_t)7;
    if (n > JSON_TEXT - t->text_used)
        return NULL;
    t->text_used += n;
    return p;
}

static size_t path_of(const struct json_node *n, struct slice path[JSON_PATH_MAX])
{
    size_t count = 0, at;

    for (const struct json_node *i = n; i != NULL; i = i->parent)
        count += i->kind == NODE_MEMBER;
    if (count > JSON_PATH_MAX)
        return SIZE_MAX;
    at = count;
    for (const struct json_node *i = n; i != NULL; i = i->parent) {
        if (i->kind == NODE_MEMBER)
            path[--at] = i->name;
    }
    return count;
}

static void resolve(struct json_trie *t, struct json_node *n)
{
    struct slice path[JSON_PATH_MAX];
    size_t count = path_of(n, path);
    struct shape_names names;

    n->names = 1;
    if (count == SIZE_MAX)
        return;
    names = shape_resolve(t->keys, path, count);
    memcpy(n->keys, names.keys, sizeof(n->keys));
    n->names = (uint8_t)CANH_MAX(names.count, 1u);
    n->role = (uint8_t)shape_role(path, count);
}

static struct json_node *new_node(struct json_trie *t, struct json_node *parent,
                                  enum json_node_kind kind, struct slice name)
{
    struct json_node *n;

    if (t->node_count == JSON_NODES)
        return NULL;
    n = &t->nodes[t->node_count++];
    *n = (struct json_node){.kind = (uint8_t)kind, .parent = parent, .name = name};
    if (parent != NULL)
        n->depth = parent->depth + 1;
    if (kind != NODE_START)
        resolve(t, n);
    return n;
}

void json_trie_clear(struct json_trie *t)
{
    t->node_count = t->edge_count = 0;
    t->text_used = 0;
    memset(t->table, 0, TABLE * sizeof(struct json_node *));
    t->start = new_node(t, NULL, NODE_START, SLICE_NULL);
    t->root = new_node(t, NULL, NODE_ROOT, SLICE_NULL);
}

void json_trie_make_room(struct json_trie *t)
{
    if (CANH_UNLIKELY(t->node_count > JSON_NODES - JSON_NODES_SPARE ||
                      t->edge_count == JSON_EDGES || t->text_used > JSON_TEXT - JSON_TEXT_SPARE))
        json_trie_clear(t);
}

struct json_node *json_trie_element(struct json_trie *t, struct json_node *parent)
{
    if (parent->element == NULL)
        parent->element = new_node(t, parent, NODE_ELEMENT, SLICE_NULL);
    return parent->element;
}

struct json_node *json_trie_member(struct json_trie *t, struct json_node *parent, struct slice name)
{
    uint64_t hash = hash_slice(name, t->seed ^ (uintptr_t)parent);
    size_t at = hash & (TABLE - 1);
    struct json_node *n;
    uint8_t *copy;

    for (; (n = t->table[at]) != NULL; at = (at + 1) & (TABLE - 1)) {
        if (n->parent == parent && slice_eq(n->name, name))
            return n;
    }
    copy = take_text(t, name.n);
    if (copy == NULL)
        return NULL;
    if (name.n > 0)
        memcpy(copy, name.p, name.n);
    n = new_node(t, parent, NODE_MEMBER, slice_of(copy, name.n));
    if (n != NULL)
        t->table[at] = n;
    return n;
}

static struct json_edge_more *learn_more(struct json_trie *t, const uint8_t *text, size_t n,
                                         const struct json_gap *gap)
{
    struct json_edge_more *more = take_text(t, sizeof(*more));
    uint8_t *rest = n > EDGE_HEAD ? take_text(t, n - EDGE_HEAD) : NULL;

    if (more == NULL || (n > EDGE_HEAD && rest == NULL))
        return NULL;
    if (rest != NULL)
        memcpy(rest, text + EDGE_HEAD, n - EDGE_HEAD);
    more->rest = rest;
    more->group_count = gap->group_count;
    memcpy(more->groups, gap->groups, sizeof(more->groups));
    return more;
}

void json_trie_learn(struct json_trie *t, struct json_node *from, const uint8_t *text,
                     const struct json_gap *gap)
{
    size_t n = (size_t)(gap->end - text), head = CANH_MIN(n, (size_t)EDGE_HEAD);
    struct json_edge_more *more = NULL;
    struct json_edge *e;

    if (!gap->keep || n > JSON_GAP_MAX || t->edge_count == JSON_EDGES ||
        from->edge_count == JSON_EDGES_OF_NODE)
        return;
    if (n > EDGE_HEAD || gap->flags != 0) {
        more = learn_more(t, text, n, gap);
        if (more == NULL)
            return;
    }
    e = &t->edges[t->edge_count++];
    *e = (struct json_edge){.mask = head == 32 ? UINT32_MAX : (UINT32_C(1) << head) - 1,
                            .n = (uint16_t)n,
                            .kind = gap->kind,
                            .flags = gap->flags,
                            .to = gap->to,
                            .next = from->edges,
                            .more = more};
    memcpy(e->head, text, head);
    from->edges = e;
    from->edge_count++;
}
