/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Atoms made ready: fields as slots, texts folded, equal atoms shared.
 */
#include <stdlib.h>

#include "base/array.h"
#include "base/fold.h"
#include "base/hash.h"
#include "sigma/comparison.h"

/* Above all numbers that atoms come with. */
enum { OPERANDS_OWN = 1 << 30 };

/* Where the test that asks a question is noted, or is to be: 0 there. */
static uint32_t *place_of(const struct program_build *b, uint64_t question)
{
    uint32_t at = (uint32_t)hash_u64(question, b->operands.seed) & b->question_mask;

    while (b->by_question[at] != 0 && b->questions[b->by_question[at] - 1] != question)
        at = (at + 1) & b->question_mask;
    return &b->by_question[at];
}

int program_tests_reserve(struct program_build *b, size_t count)
{
    struct program *p = b->program;
    size_t places = 16;
    void *tests = realloc(p->tests, count * sizeof(*p->tests));
    void *questions = realloc(b->questions, count * sizeof(*b->questions));

    p->tests = tests ? tests : p->tests;
    b->questions = questions ? questions : b->questions;
    while (places < count + count / 2)
        places *= 2;
    free(b->by_question);
    b->by_question = calloc(places, sizeof(*b->by_question));
    if (tests == NULL || questions == NULL || b->by_question == NULL)
        return -CE_NOMEM;
    b->test_cap = (uint32_t)count;
    b->question_mask = (uint32_t)places - 1;
    for (uint32_t i = 0; i < p->test_count; i++)
        *place_of(b, b->questions[i]) = i + 1;
    return 0;
}

/* Room for one more. */
static bool has_room(struct program_build *b)
{
    const uint32_t least = 16, most = TESTS_MAX;

    if (b->program->test_count < b->test_cap)
        return true;
    return b->test_cap < most &&
           program_tests_reserve(b, CANH_MIN(CANH_MAX(2 * b->test_cap, least), most)) == 0;
}

/* The number of a field's name, or KEY_NONE. */
static uint32_t key_of(struct program_build *b, struct slice name)
{
    struct known_field *known = &b->fields[(uintptr_t)name.p / 8 % FIELDS_REMEMBERED];

    if (name.p != known->name.p || name.n != known->name.n)
        *known = (struct known_field){name, keys_find(b->keys, name)};
    return known->key;
}

/* The slot of a field name; 0 for the empty name (keywords), -1 for one that no event has. */
static int32_t slot_for(struct program_build *b, struct slice field)
{
    uint32_t key;

    if (field.n == 0)
        return SLOT_KEYWORD;
    key = key_of(b, field);
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

struct slice program_text(struct program_build *b, struct slice s, bool cased)
{
    uint8_t *to;
    size_t n;

    if (cased || fold_keeps(s))
        return s.p ? s : SLICE("");
    to = arena_alloc(&b->program->arena, fold_max(s.n));
    if (to == NULL) {
        b->failed = true;
        return SLICE("");
    }
    n = fold_text(s, to);
    if (n == s.n && memcmp(to, s.p, n) == 0) {
        arena_shrink(&b->program->arena, to, 0);
        return s;
    }
    arena_shrink(&b->program->arena, to, n);
    return slice_of(to, n);
}

static struct test make_test(struct program_build *b, const struct atom *a, uint16_t slot,
                             uint16_t other)
{
    const struct comparison *c = comparison_of(a);
    struct test t = {
        .kind = c->holds_of_field ? TEST_FIELD : TEST_VALUE,
        .slot = slot,
        .other = other,
        .cased = a->cased,
        .cost = c->cost,
        .holds = c->holds,
        .atom = a,
    };

    if (c->prepare)
        c->prepare(b, &t);
    if (t.text.n >= 2)
        pairs_of_text(t.text, t.pairs);
    return t;
}

/* A byte string that is the same for atoms that mean the same of a value. */
static void atom_identity(const struct atom *a, struct buf *out)
{
    buf_clear(out);
    buf_putc(out, (uint8_t)a->op);
    buf_putc(out, a->cased);
    if (comparison_of(a)->identify)
        comparison_of(a)->identify(a, out);
}

/* The number of what an atom says of a value, for one that comes without; 0 without memory. */
static uint32_t own_number(struct program_build *b, const struct atom *a)
{
    uint32_t number = OPERANDS_OWN + (uint32_t)b->operands.count;
    struct slice identity;

    atom_identity(a, &b->identity);
    if (b->identity.err != 0)
        return 0;
    if (map_get(&b->operands, buf_slice(&b->identity), &number))
        return number;
    identity = arena_dup(&b->scratch, buf_slice(&b->identity));
    if (identity.p == NULL || map_put(&b->operands, identity, number) < 0)
        return 0;
    return number;
}

uint32_t program_test(struct program_build *b, const struct atom *a)
{
    struct program *p = b->program;
    int32_t slot = slot_for(b, a->field), other = slot_for(b, comparison_other(a));
    uint32_t operand, *place;
    uint64_t question;

    if (slot < 0 || other < 0)
        return TEST_NONE;
    operand = a->same ? a->same : own_number(b, a);
    if (operand == 0 || !has_room(b)) {
        b->failed = true;
        return TEST_NONE;
    }
    question = (uint64_t)operand << 32 | (uint64_t)slot << 16 | (uint64_t)other;
    place = place_of(b, question);
    if (*place != 0)
        return *place - 1;
    p->tests[p->test_count] = make_test(b, a, (uint16_t)slot, (uint16_t)other);
    b->questions[p->test_count] = question;
    *place = ++p->test_count;
    return *place - 1;
}
