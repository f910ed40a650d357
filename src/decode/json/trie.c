/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/sparse.h"
#include "decode/json/ecs.h"
#include "decode/json/internal.h"

enum {
    TABLE = 2 * JSON_NODES,
    NODES_SIZE = JSON_NODES * sizeof(struct json_node),
    EDGES_SIZE = JSON_EDGES * sizeof(struct json_edge),
};

_Static_assert(JSON_NODES <= 1 << 16, "json_trie.table holds numbers of nodes");

int json_trie_init(struct json_trie *t, const struct keys *keys)
{
    t->keys = keys;
    t->seed = hash_seed();
    t->nodes = sparse_new(NODES_SIZE);
    t->edges = sparse_new(EDGES_SIZE);
    t->traces = aligned_alloc(128, JSON_TRACES * 2 * sizeof(*t->traces));
    t->table = calloc(TABLE, sizeof(*t->table));
    t->text = sparse_new(JSON_TEXT);
    if (t->nodes == NULL || t->edges == NULL || t->traces == NULL || t->table == NULL ||
        t->text == NULL) {
        json_trie_done(t);
        return -CE_NOMEM;
    }
    json_trie_clear(t);
    return 0;
}

void json_trie_done(struct json_trie *t)
{
    sparse_free(t->nodes, NODES_SIZE);
    sparse_free(t->edges, EDGES_SIZE);
    free(t->traces);
    free(t->table);
    sparse_free(t->text, JSON_TEXT);
    *t = (struct json_trie){0};
}

/* Aligned to 32. */
static void *read_text(struct json_trie *t, size_t n)
{
    void *p = t->text + t->text_used;

    n = (n + 31) & ~(size_t)31;
    if (n > JSON_TEXT - t->text_used)
        return NULL;
    t->text_used += n;
    return p;
}

/* Whether an element is one of a list that is the event's data itself. */
static bool is_datum(const struct json_node *n)
{
    return n->kind == NODE_ELEMENT && n->parent->kind == NODE_MEMBER &&
           shape_holds_data(n->parent->name);
}

static bool is_attribute(const struct json_node *n)
{
    return n->parent != NULL && n->parent->kind == NODE_MEMBER &&
           slice_is(n->parent->name, "#attributes") && is_datum(n->parent->parent);
}

/* The names from the root; listed: with Data for each element of such a list. */
static size_t path_of(const struct json_node *n, bool listed, struct slice path[JSON_PATH_MAX])
{
    size_t count = 0, at;

    for (const struct json_node *i = n; i != NULL; i = i->parent)
        count += i->kind == NODE_MEMBER || (listed && is_datum(i));
    canh_assert(count <= JSON_PATH_MAX); /* no more than there are containers around it */
    at = count;
    for (const struct json_node *i = n; i != NULL; i = i->parent) {
        if (i->kind == NODE_MEMBER)
            path[--at] = i->name;
        else if (listed && is_datum(i))
            path[--at] = SLICE("Data");
    }
    return count;
}

static uint8_t find_ecs(const struct slice *path, size_t n)
{
    struct slice bare[SHAPE_PATH_MAX];
    size_t count = shape_unwrap(path, n, bare);

    return count > 0 ? ecs_find(bare, count) : ecs_find(path, n);
}

static void trie_resolve(struct json_trie *t, struct json_node *n)
{
    struct slice path[JSON_PATH_MAX];
    size_t count = path_of(n, true, path), listed;
    struct shape_names names;
    enum shape_role role;

    /* a datum's attributes are an element's of XML, and a text without a name is its own */
    role = is_attribute(n) ? SHAPE_PLAIN : shape_role(path, count);
    listed = count;
    if (role != SHAPE_PAIR_NAME)
        count = path_of(n, false, path);
    names = shape_resolve(t->keys, path, count);
    memcpy(n->keys, names.keys, sizeof(n->keys));
    n->names = (uint8_t)CANH_MAX(names.count, 1u);
    if (role == SHAPE_PLAIN && (count != listed || is_attribute(n)))
        role = shape_role(path, count);
    n->role = (uint8_t)role;
    n->ecs = find_ecs(path, count);
    if ((n->role == SHAPE_PLAIN || n->role == SHAPE_MARK) && n->ecs != ECS_NONE)
        n->role = SHAPE_ECS;
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
        trie_resolve(t, n);
    return n;
}

void json_trie_clear(struct json_trie *t)
{
    t->node_count = 0;
    t->edge_count = JSON_EDGE_FIRST;
    t->text_used = 0;
    memset(t->table, 0, TABLE * sizeof(*t->table));
    t->edges[JSON_EDGE_NEVER] = (struct json_edge){.flags = EDGE_NEVER};
    t->edges[JSON_EDGE_ORIGIN] =
        (struct json_edge){.flags = EDGE_NEVER, .to = new_node(t, NULL, NODE_START, SLICE_NULL)};
    for (size_t i = 0; i < JSON_TRACES * 2; i++) {
        t->traces[i].from = t->traces[i].misses = 0;
        t->traces[i].edges[0] = JSON_EDGE_NEVER;
    }
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

    for (; t->table[at] != 0; at = (at + 1) & (TABLE - 1)) {
        n = &t->nodes[t->table[at]];
        if (n->parent == parent && slice_eq(n->name, name))
            return n;
    }
    copy = read_text(t, name.n);
    if (copy == NULL)
        return NULL;
    if (name.n > 0)
        memcpy(copy, name.p, name.n);
    n = new_node(t, parent, NODE_MEMBER, slice_of(copy, name.n));
    if (n != NULL)
        t->table[at] = (uint16_t)(n - t->nodes);
    return n;
}

static struct json_edge_more *learn_more(struct json_trie *t, const uint8_t *text, size_t n,
                                         const struct json_gap *gap)
{
    size_t rest = n > EDGE_HEAD ? n - EDGE_HEAD : 0;
    struct json_edge_more *more = read_text(t, sizeof(*more) + rest + EDGE_HEAD);

    if (more == NULL)
        return NULL;
    more->group_count = gap->group_count;
    memcpy(more->groups, gap->groups, sizeof(more->groups));
    memcpy(more->rest, text + (n - rest), rest);
    return more;
}

/* Byte i of the gap. */
static uint8_t edge_byte(const struct json_edge *e, size_t i)
{
    return i < EDGE_HEAD ? e->head[i] : e->more->rest[i - EDGE_HEAD];
}

static size_t edge_slot(const struct json_fork *fork, const struct json_edge *e)
{
    uint8_t window[8];

    for (size_t i = 0; i < sizeof(window); i++)
        window[i] = edge_byte(e, fork->at + i);
    return json_fork_slot(fork, window);
}

/* Fills the slots; returns how many edges got one of their own. */
static unsigned fill_fork(const struct json_trie *t, struct json_fork *fork,
                          const struct json_node *n)
{
    unsigned filled = 0;

    memset(fork->slots, 0, sizeof(fork->slots[0]) << fork->bits);
    for (uint32_t i = n->edges; i != 0; i = t->edges[i].next) {
        const struct json_edge *e = &t->edges[i];
        size_t slot;

        if (e->n < fork->at + 8)
            continue;
        slot = edge_slot(fork, e);
        filled += fork->slots[slot] == NULL;
        fork->slots[slot] = e;
    }
    return filled;
}

/* A fork twice as large as there are edges, at the place that tells most of them apart. */
static void make_fork(struct json_trie *t, struct json_node *n)
{
    unsigned bits = 33 - (unsigned)__builtin_clz(n->edge_count), best = 0;
    struct json_fork *fork = read_text(t, sizeof(*fork) + (sizeof(fork->slots[0]) << bits));
    uint32_t best_at = 0;

    if (fork == NULL)
        return;
    fork->bits = bits;
    for (fork->at = 0; fork->at < JSON_FORK_AT_MAX; fork->at++) {
        unsigned filled = fill_fork(t, fork, n);

        if (filled > best) {
            best = filled;
            best_at = fork->at;
        }
    }
    fork->at = best_at;
    (void)fill_fork(t, fork, n);
    n->fork = fork;
}

static void add_edge(struct json_trie *t, struct json_node *n, struct json_edge *e)
{
    e->next = n->edges;
    n->edges = (uint32_t)(e - t->edges);
    n->edge_count++;
    if (n->edge_count >= JSON_FORK_FROM && (n->edge_count & (n->edge_count - 1)) == 0)
        make_fork(t, n);
    else if (n->fork != NULL && e->n >= n->fork->at + 8)
        n->fork->slots[edge_slot(n->fork, e)] = e;
}

static void set_value(struct json_edge *e, struct json_node *to)
{
    e->to = to;
    if (to == NULL)
        return;
    e->key = to->keys[0];
    if (to->names != 1 || to->role != SHAPE_PLAIN)
        e->flags |= EDGE_NOT_PLAIN;
    if (to->keys[0] == KEY_EVENT_ID)
        e->flags |= EDGE_KIND;
}

const struct json_edge *json_trie_learn(struct json_trie *t, struct json_node *from,
                                        const uint8_t *text, const struct json_gap *gap)
{
    size_t n = (size_t)(gap->end - text), head = CANH_MIN(n, (size_t)EDGE_HEAD);
    struct json_edge_more *more = NULL;
    struct json_edge *e;

    if (!gap->keep || n > JSON_GAP_MAX || t->edge_count == JSON_EDGES ||
        from->edge_count == JSON_EDGES_OF_NODE)
        return NULL;
    if (n > EDGE_HEAD || (gap->flags & EDGE_EFFECTS)) {
        more = learn_more(t, text, n, gap);
        if (more == NULL)
            return NULL;
    }
    canh_assert(t->edge_count < JSON_EDGES && head <= EDGE_HEAD);
    e = &t->edges[t->edge_count++];
    *e = (struct json_edge){.mask = (uint32_t)((UINT64_C(1) << head) - 1),
                            .n = (uint16_t)n,
                            .flags = (uint8_t)(gap->flags | (n > EDGE_HEAD ? EDGE_LONG : 0)),
                            .more = more};
    memcpy(e->head, text, head);
    set_value(e, gap->to);
    add_edge(t, from, e);
    return e;
}
