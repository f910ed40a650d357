/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Atoms made ready: fields as slots, texts folded, equal atoms shared.
 */
#include "base/array.h"
#include "base/fold.h"
#include "base/hash.h"
#include "sigma/comparison.h"

/* The slot of a field name; 0 for the empty name (keywords), -1 for one that no event has. */
static int32_t slot_for(struct program_build *b, struct slice field)
{
    uint32_t key;

    if (field.n == 0)
        return SLOT_KEYWORD;
    if (field.p != b->field.p || field.n != b->field.n) {
        b->field = field;
        b->key = keys_find(b->keys, field);
    }
    key = b->key;
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

    if (cased || s.n == 0)
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

/* A byte string that is the same for atoms that mean the same. */
static void atom_identity(const struct atom *a, uint16_t slot, uint16_t other, struct buf *out)
{
    uint16_t head[4] = {(uint16_t)a->op, a->cased, slot, other};

    buf_clear(out);
    buf_append(out, head, sizeof(head));
    buf_append(out, &a->same, sizeof(a->same));
    if (a->same == 0 && comparison_of(a)->identify)
        comparison_of(a)->identify(a, out);
}

uint32_t program_test(struct program_build *b, const struct atom *a)
{
    struct program *p = b->program;
    int32_t slot = slot_for(b, a->field), other = slot_for(b, comparison_other(a));
    struct slice identity;
    uint32_t id = 0;

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
        !array_room(p->tests, p->test_count, b->test_cap, TESTS_MAX)) {
        b->failed = true;
        return TEST_NONE;
    }
    p->tests[p->test_count] = make_test(b, a, (uint16_t)slot, (uint16_t)other);
    return p->test_count++;
}
