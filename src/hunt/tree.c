/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "hunt/tree.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/time.h"
#include "hunt/ordered.h"
#include "hunt/pack.h"

enum {
    KEEP = 4 * 1024 * 1024,
    TEXT_MAX = 1024 * 1024,
    COMMAND_MAX = 4096,
    ARENA_BYTES = 16 * 1024 * 1024,
    SEED = 0x74726565,
    FLAG_HIT = 1, /* of a record's part */
    FLAG_GUID = 2,
};

/* A start of a process as a worker writes it. */
struct start {
    int64_t time;
    bool local, guid;
    uint32_t rules[TREE_RULES];
    uint32_t rule_count;
    struct slice host, self, parent, process, command, user, pid, parent_process, parent_pid;
};

/* What write_in_order() works with; a number a node each. */
struct walk_job {
    uint32_t stack[TREE_NODES], kids[TREE_NODES];
    uint32_t place[TREE_NODES]; /* by old place: the new one */
    struct tree_node out[TREE_NODES];
};

/*
 * In `starts` and `kids` a record is a start: group is the process's own id (its parent's in
 * `kids`), value the other of the two, time its start, offset its number, value_text where the
 * start is.
 */
struct tree {
    struct spill_budget budget;
    struct spill texts;
    struct ordered starts, kids;
    struct ordered hits;  /* group: number of the top's record; the hits below it */
    struct ordered order; /* group 0; time: of a top's first hit; offset: the top's number */
    struct buf text;
    struct arena arena;
    struct tree_node *nodes;
    struct correlation_record *records; /* one a node */
    struct walk_job *walk;
    uint32_t count;
    uint64_t next; /* in `order` */
    uint64_t number, dropped, left_out;
};

static void write_label(const struct kind *kind, const struct event *e, enum label label,
                        struct buf *out)
{
    size_t began = pack_begin(out);

    (void)kind_write(kind, e, label, out);
    out->len = CANH_MIN(out->len, began + COMMAND_MAX);
    pack_text_end(out, began);
}

static void write_host(const struct event *e, struct buf *out)
{
    const struct field *f = alert_field(e, KEY_COMPUTER);
    size_t began = pack_begin(out);

    if (f == NULL)
        f = alert_field(e, KEY_HOST);
    if (f)
        field_text(f, out);
    pack_text_end(out, began);
}

/* The rules that alert by themselves, not those that only correlations count. */
static uint32_t pick_rules(const struct hunt_session *s, const struct match_result *found,
                           uint32_t ret[TREE_RULES])
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < found->count && n < TREE_RULES; i++) {
        if (s->rules == NULL || ruleset_alone(s->rules, found->rules[i]))
            ret[n++] = found->rules[i];
    }
    return n;
}

void tree_write(void *session, const struct scan_event *e, struct buf *out)
{
    struct hunt_session *s = session;
    struct hit_scratch *scratch = &s->scratch[e->worker];
    const struct kind *kind = kind_of(&s->kinds, e->event, &scratch->text);
    uint32_t picked[TREE_RULES], rules;
    bool guid;
    size_t began;

    if (kind == NULL || kind->role != ROLE_PROCESS)
        return;
    buf_clear(&scratch->text);
    guid = kind_write(kind, e->event, LABEL_GUID, &scratch->text);
    rules = pick_rules(s, e->found, picked);
    began = pack_begin(out);
    pack_u64(out, (uint64_t)e->time);
    pack_u64(out, (e->local ? 1u : 0u) | (guid ? 2u : 0u));
    pack_u64(out, rules);
    for (uint32_t i = 0; i < rules; i++)
        pack_u64(out, picked[i]);
    write_host(e->event, out);
    write_label(kind, e->event, guid ? LABEL_GUID : LABEL_PID, out);
    write_label(kind, e->event, guid ? LABEL_PARENT_GUID : LABEL_PARENT_PID, out);
    write_label(kind, e->event, LABEL_PROCESS, out);
    write_label(kind, e->event, LABEL_COMMAND, out);
    write_label(kind, e->event, LABEL_USER, out);
    write_label(kind, e->event, LABEL_PID, out);
    write_label(kind, e->event, LABEL_PARENT, out);
    write_label(kind, e->event, LABEL_PARENT_PID, out);
    pack_end(out, began);
}

static void read_start(struct slice in, struct start *ret)
{
    uint64_t flags;

    ret->time = (int64_t)unpack_u64(&in);
    flags = unpack_u64(&in);
    ret->local = flags & 1;
    ret->guid = flags & 2;
    ret->rule_count = (uint32_t)unpack_u64(&in);
    for (uint32_t i = 0; i < ret->rule_count; i++)
        ret->rules[i] = (uint32_t)unpack_u64(&in);
    ret->host = unpack_text(&in);
    ret->self = unpack_text(&in);
    ret->parent = unpack_text(&in);
    ret->process = unpack_text(&in);
    ret->command = unpack_text(&in);
    ret->user = unpack_text(&in);
    ret->pid = unpack_text(&in);
    ret->parent_process = unpack_text(&in);
    ret->parent_pid = unpack_text(&in);
}

struct tree *tree_new(uint64_t spill_max)
{
    struct tree *t = calloc(1, sizeof(*t));

    if (t == NULL)
        return NULL;
    t->budget.left = spill_max;
    t->text = BUF_INIT(TEXT_MAX);
    t->arena = ARENA_INIT(ARENA_BYTES);
    spill_init(&t->texts, &t->budget, KEEP);
    ordered_init(&t->starts, &t->budget);
    ordered_init(&t->kids, &t->budget);
    ordered_init(&t->hits, &t->budget);
    ordered_init(&t->order, &t->budget);
    t->nodes = calloc(TREE_NODES, sizeof(*t->nodes));
    t->records = calloc(TREE_NODES, sizeof(*t->records));
    t->walk = calloc(1, sizeof(*t->walk));
    return t->nodes && t->records && t->walk ? t : tree_free(t);
}

struct tree *tree_free(struct tree *t)
{
    if (t == NULL)
        return NULL;
    ordered_done(&t->starts);
    ordered_done(&t->kids);
    ordered_done(&t->hits);
    ordered_done(&t->order);
    spill_done(&t->texts);
    buf_done(&t->text);
    arena_done(&t->arena);
    free(t->nodes);
    free(t->records);
    free(t->walk);
    free(t);
    return NULL;
}

static uint64_t id_of(struct slice host, struct slice id)
{
    return hash_bytes(id.p, id.n, hash_bytes(host.p, host.n, SEED));
}

static int add_start(struct tree *t, struct slice record)
{
    struct correlation_record r = {.offset = t->number++}, kid;
    struct start s;
    uint64_t at;
    int e;

    read_start(record, &s);
    if (s.self.n == 0)
        return 0;
    at = spill_add_text(&t->texts, record);
    if (at >> CORRELATION_TEXT_BITS) {
        t->dropped++;
        return 0;
    }
    r.time = s.time == TIME_NONE ? 0 : s.time;
    r.group = id_of(s.host, s.self);
    r.value = s.parent.n ? id_of(s.host, s.parent) : 0;
    r.value_text = at & (((uint64_t)1 << CORRELATION_TEXT_BITS) - 1);
    r.part = (s.rule_count ? FLAG_HIT : 0) | (s.guid ? FLAG_GUID : 0);
    kid = r;
    kid.group = r.value;
    kid.value = r.group;
    e = ordered_add(&t->starts, &r);
    return e == 0 && r.value ? ordered_add(&t->kids, &kid) : e;
}

int tree_add(struct tree *t, struct slice records)
{
    int e = 0;

    while (records.n && e == 0)
        e = add_start(t, unpack_text(&records));
    return e;
}

/* The start of the process that started r: by id, the last one not after it. */
static bool find_parent(struct tree *t, const struct correlation_record *r,
                        struct correlation_record *ret)
{
    uint64_t i;

    if (r->value == 0 || r->value == r->group)
        return false;
    i = ordered_find(&t->starts, r->value, r->part & FLAG_GUID ? INT64_MIN : r->time + 1);
    if (!(r->part & FLAG_GUID)) {
        if (i == 0)
            return false;
        i--;
    }
    return ordered_get(&t->starts, i, ret) && ret->group == r->value && ret->offset != r->offset;
}

/* The topmost start above r that the logs know; a circle ends at TREE_DEPTH. */
static struct correlation_record find_top(struct tree *t, const struct correlation_record *r)
{
    struct correlation_record at = *r, above;

    for (unsigned i = 0; i < TREE_DEPTH && find_parent(t, &at, &above); i++)
        at = above;
    return at;
}

/* Hits by their tops, and the tops by their first hits. */
static int group_hits(struct tree *t)
{
    struct correlation_record r, top;
    int e = 0;

    for (uint64_t i = 0; e == 0 && ordered_get(&t->starts, i, &r); i++) {
        if (!(r.part & FLAG_HIT))
            continue;
        top = find_top(t, &r);
        r.group_text = i & (((uint64_t)1 << CORRELATION_TEXT_BITS) - 1); /* place among starts */
        r.group = top.offset;
        e = ordered_add(&t->hits, &r);
    }
    if (e == 0)
        e = ordered_end(&t->hits);
    for (uint64_t i = 0, last = UINT64_MAX; e == 0 && ordered_get(&t->hits, i, &r); i++) {
        if (r.group == last)
            continue;
        last = r.group;
        e = ordered_add(&t->order, &(struct correlation_record){.time = r.time, .offset = i});
    }
    return e == 0 ? ordered_end(&t->order) : e;
}

int tree_end(struct tree *t)
{
    int e = ordered_end(&t->starts);

    if (e == 0)
        e = ordered_end(&t->kids);
    return e == 0 ? group_hits(t) : e;
}

static uint32_t node_of(const struct tree *t, uint64_t number)
{
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->records[i].offset == number && !t->nodes[i].unseen)
            return i;
    }
    return UINT32_MAX;
}

static void fill_node(struct tree *t, struct tree_node *n, const struct start *s)
{
    n->time = s->time;
    n->local = s->local;
    n->host = arena_dup(&t->arena, s->host);
    n->process = arena_dup(&t->arena, s->process);
    n->command = arena_dup(&t->arena, s->command);
    n->user = arena_dup(&t->arena, s->user);
    n->pid = arena_dup(&t->arena, s->pid);
    n->rule_count = s->rule_count;
    memcpy(n->rules, s->rules, sizeof(n->rules));
    n->hit = s->rule_count > 0;
}

/* Adds the start, unless it is there. Its place, or UINT32_MAX: no room. */
static uint32_t add_node(struct tree *t, const struct correlation_record *r, uint32_t parent)
{
    uint32_t at = node_of(t, r->offset);
    struct start s;

    if (at != UINT32_MAX)
        return at;
    if (t->count == TREE_NODES || !spill_get_text(&t->texts, r->value_text, &t->text)) {
        t->left_out++;
        return UINT32_MAX;
    }
    read_start(buf_slice(&t->text), &s);
    at = t->count++;
    t->nodes[at] = (struct tree_node){.parent = parent == UINT32_MAX ? at : parent};
    t->records[at] = *r;
    fill_node(t, &t->nodes[at], &s);
    return at;
}

/* The process that started the top, as the top's own start names it. */
static uint32_t add_unseen(struct tree *t, const struct correlation_record *top)
{
    struct start s;

    if (!spill_get_text(&t->texts, top->value_text, &t->text))
        return UINT32_MAX;
    read_start(buf_slice(&t->text), &s);
    if (s.parent_process.n == 0)
        return UINT32_MAX;
    t->records[0] = (struct correlation_record){.offset = UINT64_MAX};
    t->nodes[0] = (struct tree_node){.unseen = true,
                                     .time = TIME_NONE,
                                     .host = arena_dup(&t->arena, s.host),
                                     .process = arena_dup(&t->arena, s.parent_process),
                                     .pid = arena_dup(&t->arena, s.parent_pid)};
    t->count = 1;
    return 0;
}

/* The way from the top down to r. */
static uint32_t add_path(struct tree *t, const struct correlation_record *r)
{
    struct correlation_record path[TREE_DEPTH + 1];
    uint32_t n = 0, at;

    path[n++] = *r;
    while (n <= TREE_DEPTH && find_parent(t, &path[n - 1], &path[n]))
        n++;
    n = CANH_MIN(n, (uint32_t)TREE_DEPTH + 1);
    at = t->count ? 0 : add_unseen(t, &path[n - 1]);
    while (n-- > 0) {
        at = add_node(t, &path[n], at);
        if (at == UINT32_MAX)
            break;
    }
    return at;
}

/* What the process of node `at` started, as far as it is its own and not an earlier one's of the
 * same id. */
static void add_kids(struct tree *t, uint32_t at)
{
    struct correlation_record self = t->records[at], kid, above;
    uint64_t i = ordered_find(&t->kids, self.group, self.part & FLAG_GUID ? INT64_MIN : self.time);

    for (unsigned n = 0; ordered_get(&t->kids, i, &kid) && kid.group == self.group; i++) {
        struct correlation_record r = kid;

        r.group = kid.value;
        r.value = kid.group;
        if (!find_parent(t, &r, &above) || above.offset != self.offset)
            continue;
        if (n++ == TREE_KIDS) {
            t->left_out++;
            break;
        }
        (void)add_node(t, &r, at);
    }
}

static int by_time(const void *a, const void *b, void *arg)
{
    const struct tree *t = arg;
    uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    const struct tree_node *x = &t->nodes[i], *y = &t->nodes[k];

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return t->records[i].offset < t->records[k].offset ? -1 : 1;
}

/* The kids of an old place in the order of time. */
static uint32_t find_kids(const struct tree *t, struct walk_job *w, uint32_t parent)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < t->count; i++) {
        if (i != parent && t->nodes[i].parent == parent)
            w->kids[n++] = i;
    }
    qsort_r(w->kids, n, sizeof(*w->kids), by_time, (void *)(uintptr_t)t);
    return n;
}

/* Parents before kids, kids in the order of time: a walk from the top. */
static void write_in_order(struct tree *t)
{
    struct walk_job *w = t->walk;
    uint32_t depth = 0, n = 0, kids;

    w->stack[depth++] = 0;
    while (depth > 0) {
        uint32_t old = w->stack[--depth];
        struct tree_node *node = &w->out[n];

        *node = t->nodes[old];
        node->parent = n ? w->place[t->nodes[old].parent] : 0;
        node->depth = n ? w->out[node->parent].depth + 1 : 0;
        w->place[old] = n++;
        kids = find_kids(t, w, old);
        for (uint32_t i = kids; i-- > 0;)
            w->stack[depth++] = w->kids[i];
        if (kids)
            t->nodes[w->kids[kids - 1]].last = true;
    }
    memcpy(t->nodes, w->out, n * sizeof(*w->out));
    t->count = n;
}

/* A tree that is full grows no more: what it does not hold is left out. */
static void grow_tree(struct tree *t, const struct correlation_record *start)
{
    uint32_t at;

    if (t->count == TREE_NODES) {
        t->left_out += node_of(t, start->offset) == UINT32_MAX;
        return;
    }
    at = add_path(t, start);
    if (at != UINT32_MAX)
        add_kids(t, at);
}

static void make_tree(struct tree *t, uint64_t first)
{
    struct correlation_record r, start;
    uint64_t top = 0;

    t->count = 0;
    t->left_out = 0;
    arena_clear(&t->arena);
    for (uint64_t i = first; ordered_get(&t->hits, i, &r); i++) {
        if (i > first && r.group != top)
            break;
        top = r.group;
        if (ordered_get(&t->starts, r.group_text, &start))
            grow_tree(t, &start);
    }
}

bool tree_next(struct tree *t, struct tree_shown *ret)
{
    struct correlation_record r;

    if (!ordered_get(&t->order, t->next++, &r))
        return false;
    make_tree(t, r.offset);
    if (t->count)
        write_in_order(t);
    *ret = (struct tree_shown){t->nodes, t->count, t->left_out};
    return true;
}

uint64_t tree_dropped(const struct tree *t)
{
    return t->dropped + t->starts.dropped + t->kids.dropped + t->hits.dropped + t->order.dropped;
}
