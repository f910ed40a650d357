/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/program.h"

#include <stdlib.h>

#include "base/fold.h"
#include "base/hash.h"
#include "base/map.h"
#include "sigma/program_build.h"

enum {
    PROGRAM_BYTES_MAX = 512 * 1024 * 1024,
    TESTS_MAX = 8 * 1024 * 1024,
    NODES_MAX = (1 << 29) - 1
};

/* Below this it is cheaper to look at each test than to tell the group of every one that fires. */
enum { GROUP_MIN = 16 };

struct program *program_free(struct program *p)
{
    if (p == NULL)
        return NULL;
    for (uint32_t i = 0; i < p->regex_count; i++)
        (void)regex_free(p->regexes[i]);
    free(p->regexes);
    free(p->tests);
    free(p->nodes);
    free(p->any);
    (void)text_index_free(p->index);
    arena_done(&p->arena);
    free(p);
    return NULL;
}

/* Makes room for one more item of a growing array. */
bool grow_array(void **array, uint32_t count, uint32_t *cap, size_t size)
{
    uint32_t more = *cap ? *cap * 2 : 64;
    void *bigger;

    if (count < *cap)
        return true;
    if (more > TESTS_MAX)
        return false;
    bigger = realloc(*array, (size_t)more * size);
    if (bigger == NULL)
        return false;
    *array = bigger;
    *cap = more;
    return true;
}

/* The slot of a field name; 0 for the empty name (keywords), -1 for one that no event has. */
static int32_t slot_for(struct build *b, struct slice field)
{
    uint32_t key;

    if (field.n == 0)
        return SLOT_KEYWORD;
    key = keys_find(b->keys, field);
    if (key == KEY_NONE)
        return -1;
    if (b->program->slot_of[key] == 0 && b->program->slot_count >= PROGRAM_SLOTS_MAX) {
        b->failed = true;
        return -1;
    }
    if (b->program->slot_of[key] == 0)
        b->program->slot_of[key] = (uint16_t)b->program->slot_count++;
    return b->program->slot_of[key];
}

static struct slice fold_into(struct build *b, struct slice s, bool cased)
{
    uint8_t *to;

    if (cased)
        return s.p ? s : SLICE("");
    to = arena_alloc(&b->program->arena, fold_max(s.n));
    if (to == NULL) {
        b->failed = true;
        return SLICE("");
    }
    return slice_of(to, fold_text(s, to));
}

static const struct pattern *fold_pattern(struct build *b, const struct pattern *from, bool cased)
{
    struct pattern *to = arena_new(&b->program->arena, struct pattern);
    struct part *parts = arena_new_array(&b->program->arena, from->count, struct part);

    if (to == NULL || parts == NULL) {
        b->failed = true;
        return from;
    }
    for (uint32_t i = 0; i < from->count; i++)
        parts[i] = (struct part){from->parts[i].kind, fold_into(b, from->parts[i].text, cased)};
    *to = (struct pattern){parts, from->count};
    return to;
}

/* Which of the plain kinds a pattern is, and its one text. */
static enum test_kind pattern_kind(const struct pattern *p, struct slice *ret_text)
{
    const struct part *at = p->parts;
    uint32_t n = p->count;
    bool any_first, any_last;

    *ret_text = SLICE("");
    if (n == 0)
        return TEST_EXACT;
    any_first = at[0].kind == PART_ANY;
    any_last = at[n - 1].kind == PART_ANY;
    if (n == 1 && any_first)
        return TEST_TEXT;
    if (n != 1u + any_first + any_last || at[any_first].kind != PART_TEXT)
        return TEST_GLOB;
    *ret_text = at[any_first].text;
    if (any_first)
        return any_last ? TEST_CONTAINS : TEST_SUFFIX;
    return any_last ? TEST_PREFIX : TEST_EXACT;
}

/* The longest text of a pattern; every match contains it. */
static struct slice longest_text(const struct pattern *p)
{
    struct slice best = SLICE("");

    for (uint32_t i = 0; i < p->count; i++) {
        if (p->parts[i].text.n > best.n)
            best = p->parts[i].text;
    }
    return best;
}

/* Texts with a zero byte between them as a pattern: *one*two*three*. */
static const struct pattern *texts_pattern(struct build *b, struct slice texts, bool cased)
{
    struct pattern *p = arena_new(&b->program->arena, struct pattern);
    struct part *parts = arena_new_array(&b->program->arena, texts.n + 2, struct part);
    struct slice text;
    uint32_t n = 0;

    if (p == NULL || parts == NULL) {
        b->failed = true;
        return NULL;
    }
    parts[n++].kind = PART_ANY;
    while (texts.n && slice_cut(&texts, 0, &text)) {
        text = arena_dup(&b->program->arena, text);
        parts[n++] = (struct part){PART_TEXT, fold_into(b, text, cased)};
        parts[n++].kind = PART_ANY;
    }
    *p = (struct pattern){parts, n};
    return p;
}

/* What a regex cannot match without, or, where it says no more than that, what it means. */
static void use_texts(struct build *b, struct test *t, const struct atom *a)
{
    struct buf texts = BUF_INIT(2 * REGEX_TEXT_MAX);
    const struct pattern *folded;

    t->texts = regex_is_texts(a->regex.text, &texts);
    t->cased = t->texts && !(a->regex.flags & REGEX_NOCASE);
    if (!t->texts) {
        buf_clear(&texts);
        regex_required_texts(a->regex.text, &texts);
    }
    t->pattern = texts_pattern(b, buf_slice(&texts), t->cased);
    folded = texts_pattern(b, buf_slice(&texts), false);
    t->text = folded ? longest_text(folded) : SLICE("");
    buf_done(&texts);
}

static uint32_t add_regex(struct build *b, const struct atom *a)
{
    struct program *p = b->program;
    struct regex *r;

    if (!grow_array((void **)&p->regexes, p->regex_count, &b->regex_cap, sizeof(struct regex *)) ||
        regex_new(a->regex.text, a->regex.flags, b->jit, &r, b->err) < 0) {
        b->failed = true;
        return 0;
    }
    p->regexes[p->regex_count] = r;
    return p->regex_count++;
}

/* Numbers that every double holds exactly, so that text and number say the same. */
static bool is_whole(double d)
{
    return d > -9007199254740992.0 && d < 9007199254740992.0 && d == (double)(int64_t)d;
}

/* Gives a test for a whole number the twin slot of its field, where numbers are looked up. */
static void use_twin(struct build *b, struct test *t, double number)
{
    struct program *p = b->program;
    struct buf text = BUF_INIT(32);

    if (t->slot == SLOT_KEYWORD || !is_whole(number) || p->slot_count >= PROGRAM_SLOTS_MAX)
        return;
    if (p->twin_of[t->slot] == 0)
        p->twin_of[t->slot] = (uint16_t)p->slot_count++;
    t->twin = p->twin_of[t->slot];
    buf_put_i64(&text, (int64_t)number);
    t->text = arena_dup(&p->arena, buf_slice(&text));
    b->failed = b->failed || t->text.p == NULL || text.err != 0;
    buf_done(&text);
}

static const uint8_t kind_of_op[] = {
    [ATOM_NUMBER] = TEST_NUMBER,     [ATOM_LT] = TEST_NUMBER,         [ATOM_LTE] = TEST_NUMBER,
    [ATOM_GT] = TEST_NUMBER,         [ATOM_GTE] = TEST_NUMBER,        [ATOM_REGEX] = TEST_REGEX,
    [ATOM_CIDR] = TEST_CIDR,         [ATOM_NULL] = TEST_NULL,         [ATOM_EXISTS] = TEST_EXISTS,
    [ATOM_FIELDREF] = TEST_FIELDREF, [ATOM_TIMEPART] = TEST_TIMEPART,
};

static struct test make_test(struct build *b, const struct atom *a, uint16_t slot, uint16_t other)
{
    struct test t = {
        .slot = slot, .other = other, .cased = a->cased, .atom = a, .kind = kind_of_op[a->op]};
    struct slice text;

    if (a->op == ATOM_PATTERN) {
        t.kind = (uint8_t)pattern_kind(&a->pattern, &text);
        t.text = fold_into(b, text, a->cased);
        if (t.kind == TEST_GLOB) {
            t.pattern = fold_pattern(b, &a->pattern, a->cased);
            t.text = fold_into(b, longest_text(t.pattern), false);
        }
    } else if (a->op == ATOM_REGEX) {
        t.regex = add_regex(b, a);
        use_texts(b, &t, a);
    } else if (a->op == ATOM_NUMBER) {
        use_twin(b, &t, a->number);
    }
    if (t.text.n >= 2)
        pairs_of_text(t.text, t.pairs);
    return t;
}

/* A byte string that is the same for atoms that mean the same. */
static void atom_identity(const struct atom *a, uint16_t slot, uint16_t other, struct buf *out)
{
    uint16_t head[4] = {(uint16_t)a->op, (uint16_t)(a->cased | a->ref.kind << 1), slot, other};

    if (a->op != ATOM_FIELDREF)
        head[1] = a->cased;
    buf_clear(out);
    buf_put(out, head, sizeof(head));
    switch (a->op) {
    case ATOM_PATTERN:
        for (uint32_t i = 0; i < a->pattern.count; i++) {
            struct slice text = a->pattern.parts[i].text;
            uint8_t *to;

            buf_putc(out, (uint8_t)a->pattern.parts[i].kind);
            buf_put_u64(out, text.n);
            buf_putc(out, ':');
            to = buf_reserve(out, fold_max(text.n));
            if (to == NULL)
                return;
            if (a->cased && text.n)
                memcpy(to, text.p, text.n);
            out->len += a->cased ? text.n : fold_text(text, to);
        }
        break;
    case ATOM_REGEX:
        buf_put_u64(out, a->regex.flags);
        buf_put_slice(out, a->regex.text);
        break;
    case ATOM_CIDR:
        buf_put(out, a->cidr.address, sizeof(a->cidr.address));
        buf_putc(out, a->cidr.bits);
        buf_putc(out, a->cidr.v6);
        break;
    case ATOM_TIMEPART:
        buf_putc(out, (uint8_t)a->time.part);
        buf_put_i64(out, a->time.value);
        break;
    case ATOM_NULL:
    case ATOM_EXISTS:
    case ATOM_FIELDREF:
        break;
    default:
        buf_put(out, &a->number, sizeof(a->number));
    }
}

/* The test for an atom, shared with equal ones; TEST_NONE when its field is in no event. */
static uint32_t intern_test(struct build *b, const struct atom *a)
{
    struct program *p = b->program;
    int32_t slot = slot_for(b, a->field), other = 0;
    struct slice identity;
    uint32_t id = 0;

    if (a->op == ATOM_FIELDREF)
        other = slot_for(b, a->ref.other);
    if (slot < 0 || other < 0)
        return TEST_NONE;
    atom_identity(a, (uint16_t)slot, (uint16_t)other, &b->identity);
    if (b->identity.err != 0) {
        b->failed = true;
        return TEST_NONE;
    }
    if (map_get(&b->tests, buf_slice(&b->identity), &id))
        return id;
    identity = arena_dup(&b->scratch, buf_slice(&b->identity));
    if (identity.p == NULL || map_put(&b->tests, identity, p->test_count) < 0 ||
        !grow_array((void **)&p->tests, p->test_count, &b->test_cap, sizeof(struct test))) {
        b->failed = true;
        return TEST_NONE;
    }
    p->tests[p->test_count] = make_test(b, a, (uint16_t)slot, (uint16_t)other);
    return p->test_count++;
}

static struct tree *new_tree(struct build *b, enum expr_op op, uint32_t count)
{
    struct tree *t = arena_new(&b->scratch, struct tree);

    if (t != NULL && count > 0)
        t->kids = arena_new_array(&b->scratch, count, struct tree *);
    if (t == NULL || (count > 0 && t->kids == NULL)) {
        static struct tree none = {.op = EXPR_FALSE};

        b->failed = true;
        return &none;
    }
    t->op = op;
    t->test = TEST_NONE;
    return t;
}

static struct tree *atom_tree(struct build *b, const struct atom *a)
{
    uint32_t test = intern_test(b, a);
    struct tree *t;

    /* a field that no event has: absent, so only "is null" holds */
    if (test == TEST_NONE)
        return new_tree(b, a->op == ATOM_NULL ? EXPR_TRUE : EXPR_FALSE, 0);
    t = new_tree(b, EXPR_ATOM, 0);
    t->test = test;
    return t;
}

/*
 * The expression as a tree with tests, constants folded away. AND and OR keep only children that
 * can still change the result.
 */
static struct tree *build_tree(struct build *b, const struct expr *e)
{
    enum expr_op unit = e->op == EXPR_AND ? EXPR_TRUE : EXPR_FALSE;
    enum expr_op zero = e->op == EXPR_AND ? EXPR_FALSE : EXPR_TRUE;
    struct tree *t;

    if (e->op == EXPR_TRUE || e->op == EXPR_FALSE)
        return new_tree(b, e->op, 0);
    if (e->op == EXPR_ATOM)
        return atom_tree(b, e->atom);
    t = new_tree(b, e->op, e->count);
    for (uint32_t i = 0; i < e->count && !b->failed; i++) {
        struct tree *kid = build_tree(b, e->kids[i]);

        if (e->op == EXPR_NOT) {
            if (kid->op == EXPR_TRUE || kid->op == EXPR_FALSE)
                return new_tree(b, kid->op == EXPR_TRUE ? EXPR_FALSE : EXPR_TRUE, 0);
            t->kids[t->count++] = kid;
        } else if (kid->op == zero) {
            return new_tree(b, zero, 0);
        } else if (kid->op != unit) {
            t->kids[t->count++] = kid;
        }
    }
    if (t->count == 0)
        return new_tree(b, e->op == EXPR_NOT ? EXPR_FALSE : unit, 0);
    return t->count == 1 && e->op != EXPR_NOT ? t->kids[0] : t;
}

/* Rough nanoseconds to decide a test that the index has not decided. */
static unsigned test_cost(const struct test *t)
{
    static const uint8_t costs[] = {
        [TEST_EXACT] = 4,     [TEST_PREFIX] = 4, [TEST_SUFFIX] = 4,  [TEST_CONTAINS] = 20,
        [TEST_GLOB] = 60,     [TEST_TEXT] = 2,   [TEST_NUMBER] = 10, [TEST_REGEX] = 200,
        [TEST_CIDR] = 30,     [TEST_NULL] = 2,   [TEST_EXISTS] = 2,  [TEST_FIELDREF] = 20,
        [TEST_TIMEPART] = 80,
    };

    return costs[t->kind] * (t->slot == SLOT_KEYWORD ? 20u : 1u);
}

static bool is_indexed(const struct build *b, const struct tree *t)
{
    return t->op == EXPR_ATOM && b->program->tests[t->test].indexed;
}

/* Tests of an OR that the index decides cost together what one does. */
static unsigned tree_cost(const struct build *b, struct tree *t)
{
    bool indexed = false;
    unsigned sum = 0;

    if (t->op == EXPR_ATOM)
        return t->cost = is_indexed(b, t) ? 1 : test_cost(&b->program->tests[t->test]);
    for (uint32_t i = 0; i < t->count; i++) {
        unsigned cost = tree_cost(b, t->kids[i]);

        if (t->op == EXPR_OR && is_indexed(b, t->kids[i])) {
            cost = indexed ? 0 : cost;
            indexed = true;
        }
        sum += cost;
    }
    return t->cost = CANH_MIN(sum, 1000000u);
}

static int by_cost(const void *a, const void *b)
{
    const struct tree *x = *(struct tree *const *)a, *y = *(struct tree *const *)b;

    return (x->cost > y->cost) - (x->cost < y->cost);
}

/* Cheap children first: the rest is often never needed. */
static void sort_tree(struct tree *t)
{
    if (t->count > 1)
        qsort(t->kids, t->count, sizeof(struct tree *), by_cost);
    for (uint32_t i = 0; i < t->count; i++)
        sort_tree(t->kids[i]);
}

static uint32_t emit_node(struct build *b, enum node_op op, uint32_t test)
{
    struct program *p = b->program;

    if (p->node_count >= NODES_MAX ||
        !grow_array((void **)&p->nodes, p->node_count, &b->node_cap, sizeof(struct node))) {
        b->failed = true;
        return 0;
    }
    p->nodes[p->node_count] = (struct node){.op = op, .end = p->node_count + 1, .test = test};
    return p->node_count++;
}

static void put_any(struct build *b, uint32_t value)
{
    struct program *p = b->program;

    if (grow_array((void **)&p->any, p->any_count, &b->any_cap, sizeof(*p->any)))
        p->any[p->any_count++] = value;
    else
        b->failed = true;
}

static void put_member(struct build *b, uint32_t test, uint32_t group)
{
    if (grow_array((void **)&b->members, b->member_count, &b->member_cap, sizeof(struct member)))
        b->members[b->member_count++] = (struct member){test, group};
    else
        b->failed = true;
}

static uint32_t count_indexed(const struct build *b, const struct tree *t)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < t->count && t->op == EXPR_OR; i++)
        n += is_indexed(b, t->kids[i]);
    return n;
}

/* One node for all kids of an OR that the index decides. */
static void emit_any(struct build *b, const struct tree *t, uint32_t count)
{
    bool group = count >= GROUP_MIN;

    (void)emit_node(b, NODE_ANY, b->program->any_count);
    put_any(b, group ? 0 : count);
    if (group)
        put_any(b, b->program->group_count);
    for (uint32_t i = 0; i < t->count; i++) {
        if (!is_indexed(b, t->kids[i]))
            continue;
        if (group)
            put_member(b, t->kids[i]->test, b->program->group_count);
        else
            put_any(b, t->kids[i]->test);
    }
    b->program->group_count += group;
}

static void emit(struct build *b, const struct tree *t)
{
    static const uint8_t ops[] = {
        [EXPR_FALSE] = NODE_FALSE, [EXPR_TRUE] = NODE_TRUE, [EXPR_NOT] = NODE_NOT,
        [EXPR_AND] = NODE_AND,     [EXPR_OR] = NODE_OR,     [EXPR_ATOM] = NODE_TEST};
    uint32_t indexed = count_indexed(b, t);
    uint32_t at;

    if (indexed > 1 && indexed == t->count) {
        emit_any(b, t, indexed);
        return;
    }
    at = emit_node(b, is_indexed(b, t) ? NODE_FIRED : (enum node_op)ops[t->op], t->test);
    if (indexed > 1)
        emit_any(b, t, indexed);
    for (uint32_t i = 0; i < t->count && !b->failed; i++) {
        if (indexed < 2 || !is_indexed(b, t->kids[i]))
            emit(b, t->kids[i]);
    }
    if (!b->failed)
        b->program->nodes[at].end = b->program->node_count & NODES_MAX;
}

static int by_test(const void *a, const void *b)
{
    const struct member *x = a, *y = b;

    return (x->test > y->test) - (x->test < y->test);
}

/* Tells each trigger the groups that its test belongs to. */
static int finish_groups(struct build *b)
{
    struct program *p = b->program;
    uint32_t *first = arena_new_array(&b->scratch, (size_t)p->test_count + 2, uint32_t);

    p->group = arena_new_array(&p->arena, (size_t)b->member_count + 1, uint32_t);
    if (first == NULL || p->group == NULL)
        return -CE_NOMEM;
    if (b->member_count > 0)
        qsort(b->members, b->member_count, sizeof(struct member), by_test);
    for (uint32_t i = 0; i < b->member_count; i++) {
        p->group[i] = b->members[i].group;
        first[b->members[i].test + 1]++;
    }
    for (uint32_t i = 0; i < p->test_count; i++)
        first[i + 1] += first[i];
    for (uint32_t i = 0; i < p->trigger_count; i++) {
        struct trigger *t = &p->triggers[i];

        if (t->test == TEST_NONE)
            continue;
        t->groups = first[t->test];
        t->group_count = first[t->test + 1] - first[t->test];
    }
    return 0;
}

static int build_entries(struct build *b, const struct program_input *inputs, uint32_t count)
{
    struct program *p = b->program;

    p->entries = arena_new_array(&p->arena, count ? count : 1, struct entry);
    b->trees = arena_new_array(&b->scratch, count ? count : 1, struct tree *);
    if (p->entries == NULL || b->trees == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        struct tree *t = build_tree(b, inputs[i].expr);

        if (b->failed)
            return b->err->code ? -b->err->code : err_set(b->err, CE_NOMEM, "out of memory");
        if (t->op == EXPR_FALSE)
            continue; /* can never match */
        b->trees[p->entry_count] = t;
        p->entries[p->entry_count++].id = inputs[i].id;
    }
    return 0;
}

static int emit_entries(struct build *b)
{
    struct program *p = b->program;

    for (uint32_t i = 0; i < p->entry_count; i++) {
        (void)tree_cost(b, b->trees[i]);
        sort_tree(b->trees[i]);
        p->entries[i].root = p->node_count;
        emit(b, b->trees[i]);
    }
    return b->failed ? -CE_NOMEM : finish_groups(b);
}

static int build_all(struct build *b, const struct program_input *inputs, uint32_t count)
{
    struct program *p = b->program;
    int r;

    p->key_count = keys_count(b->keys);
    p->slot_of = arena_new_array(&p->arena, (size_t)p->key_count + 1, uint16_t);
    p->twin_of = arena_new_array(&p->arena, 2 * ((size_t)p->key_count + 1), uint16_t);
    if (p->slot_of == NULL || p->twin_of == NULL)
        return -CE_NOMEM;
    r = build_entries(b, inputs, count);
    if (r < 0)
        return r;
    r = build_triggers(b);
    return r < 0 ? r : emit_entries(b);
}

int program_new(const struct program_input *inputs, uint32_t count, const struct keys *keys,
                const struct background *background, bool jit, struct program **ret,
                struct err *err)
{
    struct err local = ERR_INIT;
    struct program *p = calloc(1, sizeof(*p));
    struct build b = {.program = p,
                      .keys = keys,
                      .background = background,
                      .jit = jit,
                      .err = err ? err : &local,
                      .scratch = ARENA_INIT(PROGRAM_BYTES_MAX),
                      .identity = BUF_INIT(1 << 20)};
    int r;

    if (p == NULL)
        return err_set(err, CE_NOMEM, "out of memory");
    b.err->code = 0;
    p->arena = ARENA_INIT(PROGRAM_BYTES_MAX);
    p->slot_count = 1;
    map_init(&b.tests, TESTS_MAX);
    r = build_all(&b, inputs, count);
    map_done(&b.tests);
    free(b.members);
    buf_done(&b.identity);
    arena_done(&b.scratch);
    if (r < 0) {
        if (b.err->code == 0)
            (void)err_set(b.err, (enum ce) - r, "%s", ce_to_str(r));
        (void)program_free(p);
        return r;
    }
    *ret = p;
    return 0;
}
