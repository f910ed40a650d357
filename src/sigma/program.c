/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/program.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/fold.h"
#include "base/hash.h"
#include "base/map.h"
#include "sigma/comparison.h"

enum { PROGRAM_BYTES_MAX = 512 * 1024 * 1024, IDENTITY_MAX = 1 << 20 };

void program_build_init(struct program_build *b, struct program *p, const struct keys *keys,
                        struct err *err)
{
    *b = (struct program_build){.program = p,
                                .keys = keys,
                                .err = err,
                                .scratch = ARENA_INIT(PROGRAM_BYTES_MAX),
                                .identity = BUF_INIT(IDENTITY_MAX)};
    map_init(&b->operands, TESTS_MAX);
}

void program_build_done(struct program_build *b)
{
    free(b->questions);
    free(b->by_question);
    map_done(&b->operands);
    buf_done(&b->identity);
    arena_done(&b->scratch);
}

struct program *program_free(struct program *p)
{
    if (p == NULL)
        return NULL;
    for (uint32_t i = 0; i < p->regex_count; i++)
        (void)regex_free(p->regexes[i]);
    free(p->regexes);
    free(p->tests);
    free(p->steps);
    free(p->lists);
    (void)text_index_free(p->index);
    (void)text_index_free(p->late);
    arena_done(&p->arena);
    free(p);
    return NULL;
}

static struct tree *new_tree(struct program_build *b, enum expr_op op, uint32_t count)
{
    struct tree *t = arena_new(&b->scratch, struct tree);

    if (t != NULL && count > 0)
        t->kids = arena_alloc(&b->scratch, count * sizeof(struct tree *));
    if (t == NULL || (count > 0 && t->kids == NULL)) {
        static struct tree none = {.op = EXPR_FALSE};

        b->failed = true;
        return &none;
    }
    t->op = op;
    t->test = TEST_NONE;
    return t;
}

static struct tree *atom_tree(struct program_build *b, const struct atom *a)
{
    uint32_t test = program_test(b, a);
    struct tree *t;

    /* a field that no event has */
    if (test == TEST_NONE)
        return new_tree(b, comparison_absent(a) ? EXPR_TRUE : EXPR_FALSE, 0);
    t = new_tree(b, EXPR_ATOM, 0);
    t->test = test;
    return t;
}

/*
 * The expression as a tree with tests, constants folded away. AND and OR keep only children that
 * can still change the result.
 */
static struct tree *build_tree(struct program_build *b, const struct expr *e)
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

static size_t count_atoms(const struct expr *e)
{
    size_t n = e->op == EXPR_ATOM;

    for (uint32_t i = 0; i < e->count; i++)
        n += count_atoms(e->kids[i]);
    return n;
}

/* Room for all tests at once: at most as many as there are atoms. */
static int make_room(struct program_build *b, const struct program_input *inputs, uint32_t count)
{
    size_t atoms = 0;

    for (uint32_t i = 0; i < count; i++)
        atoms += count_atoms(inputs[i].expr);
    return atoms > 0 ? program_tests_reserve(b, CANH_MIN(atoms, (size_t)TESTS_MAX)) : 0;
}

static int build_entries(struct program_build *b, const struct program_input *inputs,
                         uint32_t count)
{
    struct program *p = b->program;

    p->entries = arena_new_array(&p->arena, count ? count : 1, struct entry);
    b->trees = arena_new_array(&b->scratch, count ? count : 1, struct tree *);
    if (p->entries == NULL || b->trees == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        struct tree *t = build_tree(b, inputs[i].expr);

        if (b->failed)
            return b->err->code ? -b->err->code : err_nomem(b->err);
        if (t->op == EXPR_FALSE)
            continue; /* can never match */
        b->trees[p->entry_count] = t;
        p->entries[p->entry_count++].id = inputs[i].id;
    }
    return 0;
}

/* Nothing is added any more: a program may stay for long. */
static void fit_lists(struct program *p)
{
    p->tests = array_fit(p->tests, sizeof(*p->tests), p->test_count);
    p->steps = array_fit(p->steps, sizeof(*p->steps), p->step_count);
    p->lists = array_fit(p->lists, sizeof(*p->lists), p->list_count);
    p->regexes = array_fit(p->regexes, sizeof(*p->regexes), p->regex_count);
}

static int build_all(struct program_build *b, const struct program_input *inputs, uint32_t count)
{
    struct program *p = b->program;
    int r;

    p->key_count = keys_count(b->keys);
    p->slot_of = arena_new_array(&p->arena, (size_t)p->key_count + 1, uint16_t);
    p->number_slot_of = arena_new_array(&p->arena, 2 * ((size_t)p->key_count + 1), uint16_t);
    if (p->slot_of == NULL || p->number_slot_of == NULL || make_room(b, inputs, count) < 0)
        return -CE_NOMEM;
    r = build_entries(b, inputs, count);
    if (r < 0)
        return r;
    r = program_triggers(b);
    /* what the data says of Channel goes where conditions look for it: runner.c chooses */
    p->slot_of[KEY_DATA_CHANNEL] = p->slot_of[KEY_CHANNEL];
    r = r < 0 ? r : program_steps(b);
    fit_lists(p);
    return r;
}

int program_new(const struct program_input *inputs, uint32_t count, const struct keys *keys,
                const struct background *background, bool jit, struct program **ret,
                struct err *err)
{
    struct err local = ERR_INIT;
    struct program *p = calloc(1, sizeof(*p));
    struct program_build b;
    int r;

    if (p == NULL)
        return err_nomem(err);
    program_build_init(&b, p, keys, err ? err : &local);
    b.background = background;
    b.jit = jit;
    b.err->code = 0;
    p->arena = ARENA_INIT(PROGRAM_BYTES_MAX);
    p->slot_count = 1;
    r = build_all(&b, inputs, count);
    program_build_done(&b);
    if (r < 0) {
        if (b.err->code == 0)
            (void)err_code(b.err, r);
        (void)program_free(p);
        return r;
    }
    *ret = p;
    return 0;
}
