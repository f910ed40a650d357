/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Atoms made ready: fields as slots, texts folded, equal atoms shared.
 */
#include "base/fold.h"
#include "base/hash.h"
#include "sigma/program_build.h"

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

struct slice build_text(struct build *b, struct slice s, bool cased)
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
        parts[i] = (struct part){from->parts[i].kind, build_text(b, from->parts[i].text, cased)};
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

/* Texts with a zero byte between them as a pattern, folded unless cased. */
static const struct pattern *texts_pattern(struct build *b, struct slice texts, bool cased)
{
    struct pattern *p = arena_new(&b->program->arena, struct pattern);

    texts = arena_dup(&b->program->arena, texts);
    if (p == NULL || texts.p == NULL ||
        regex_texts_pattern(&b->program->arena, build_text(b, texts, cased), p) < 0) {
        b->failed = true;
        return NULL;
    }
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
        t.text = build_text(b, text, a->cased);
        if (t.kind == TEST_GLOB) {
            t.pattern = fold_pattern(b, &a->pattern, a->cased);
            t.text = build_text(b, longest_text(t.pattern), false);
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

uint32_t build_test(struct build *b, const struct atom *a)
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
