/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expressions as steps: each makes one test and goes on to the step that its outcome leads to, so
 * that AND, OR and NOT cost nothing when an event is tried. Cheap tests come first.
 */
#include <stdlib.h>

#include "base/array.h"
#include "base/err.h"
#include "sigma/program_build.h"

/* More than TESTS_MAX. */
enum { STEP_TEST_MASK = (1 << 30) - 1 };

/* A test that the index has not decided; a keyword is sought in all values. */
static unsigned test_cost(const struct test *t)
{
    return t->cost * (t->slot == SLOT_KEYWORD ? 20u : 1u);
}

static bool is_indexed(const struct program_build *b, const struct tree *t)
{
    return t->op == EXPR_ATOM && b->program->tests[t->test].indexed;
}

/* What an index decides costs little, and least what it has already decided. */
static unsigned atom_cost(const struct program_build *b, const struct tree *t)
{
    const struct test *test = &b->program->tests[t->test];

    if (test->indexed)
        return test->late ? 3 : 1;
    return test_cost(test);
}

/* Tests of an OR that an index decides cost together what one does. */
static unsigned tree_cost(const struct program_build *b, struct tree *t)
{
    unsigned sum = 0, indexed = 0;

    if (t->op == EXPR_ATOM)
        return t->cost = atom_cost(b, t);
    for (uint32_t i = 0; i < t->count; i++) {
        unsigned cost = tree_cost(b, t->kids[i]);

        if (t->op == EXPR_OR && is_indexed(b, t->kids[i]))
            indexed = CANH_MAX(indexed, cost);
        else
            sum += cost;
    }
    return t->cost = CANH_MIN(sum + indexed, 1000000u);
}

static int by_cost(const void *a, const void *b)
{
    const struct tree *x = *(struct tree *const *)a, *y = *(struct tree *const *)b;

    return (x->cost > y->cost) - (x->cost < y->cost);
}

/* Most have few kids, or such as cost the same. */
static void sort_kids(struct tree *t)
{
    for (uint32_t i = 1; i < t->count; i++) {
        if (t->kids[i - 1]->cost > t->kids[i]->cost) {
            qsort(t->kids, t->count, sizeof(struct tree *), by_cost);
            return;
        }
    }
}

static void sort_tree(struct tree *t)
{
    sort_kids(t);
    for (uint32_t i = 0; i < t->count; i++)
        sort_tree(t->kids[i]);
}

/* The slot whose values must be looked up before the test is decided; 0 when that has been done. */
static uint32_t late_slot(const struct program_build *b, const struct tree *t)
{
    const struct test *test = &b->program->tests[t->test];

    return test->late ? test->slot : 0;
}

/* Whether an index decides both after the same look. */
static bool go_together(const struct program_build *b, const struct tree *t,
                        const struct tree *other)
{
    return is_indexed(b, other) && late_slot(b, other) == late_slot(b, t);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* The numbers, in order, of the tests among kids[0..count) that go together with the first. */
static uint32_t *program_steps_together(struct program_build *b, struct tree *const *kids,
                                        uint32_t count, uint32_t *ret_count)
{
    uint32_t *tests = arena_alloc(&b->scratch, count * sizeof(*tests)), n = 0;
    bool ordered = true;

    *ret_count = 0;
    if (tests == NULL) {
        b->failed = true;
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!go_together(b, kids[0], kids[i]))
            continue;
        ordered = ordered && (n == 0 || tests[n - 1] <= kids[i]->test);
        tests[n++] = kids[i]->test;
    }
    if (!ordered)
        qsort(tests, n, sizeof(*tests), by_number);
    *ret_count = n;
    return tests;
}

/* Makes a list of tests in the order of their numbers; returns its first part. */
static uint32_t write_list(struct program_build *b, const uint32_t *tests, uint32_t count)
{
    struct program *p = b->program;
    uint32_t first = p->list_count;

    for (uint32_t i = 0; i < count; i++) {
        struct listed *last = p->list_count > first ? &p->lists[p->list_count - 1] : NULL;

        if (last == NULL || last->word != tests[i] / 64) {
            if (!array_room(p->lists, p->list_count, b->list_cap, TESTS_MAX)) {
                b->failed = true;
                return 0;
            }
            last = &p->lists[p->list_count++];
            *last = (struct listed){.word = tests[i] / 64};
        }
        last->tests |= UINT64_C(1) << tests[i] % 64;
    }
    for (uint32_t i = first; i < p->list_count; i++)
        p->lists[i].more = p->list_count - 1 - i;
    return first;
}

/* Adds a step; returns its number. */
static uint32_t write_step(struct program_build *b, struct step step)
{
    struct program *p = b->program;

    if (!array_room(p->steps, p->step_count, b->step_cap, TESTS_MAX)) {
        b->failed = true;
        return STEP_FAIL;
    }
    p->steps[p->step_count] = step;
    return p->step_count++;
}

/* One step for all kids that an index decides after the same look as the first. */
static uint32_t write_listed(struct program_build *b, struct tree *const *kids, uint32_t count,
                             uint32_t yes, uint32_t no)
{
    uint32_t n, *tests = program_steps_together(b, kids, count, &n);
    uint32_t test = n == 1 ? tests[0] : write_list(b, tests, n);

    return write_step(b, (struct step){.test = test & STEP_TEST_MASK,
                                       .indexed = true,
                                       .list = n != 1,
                                       .slot = late_slot(b, kids[0]),
                                       .yes = yes,
                                       .no = no});
}

/* An earlier kid's step has decided this one too. */
static bool is_covered(const struct program_build *b, const struct tree *t, uint32_t kid)
{
    for (uint32_t i = 0; i < kid; i++) {
        if (go_together(b, t->kids[kid], t->kids[i]))
            return true;
    }
    return false;
}

/*
 * Adds the steps of a tree, the last first, because each must know where the next begins. Returns
 * the step to begin with: `yes` and `no` are where to go on.
 */
static uint32_t program_steps_emit(struct program_build *b, struct tree *t, uint32_t yes,
                                   uint32_t no)
{
    uint32_t next = t->op == EXPR_AND ? yes : no;

    switch (t->op) {
    case EXPR_ATOM:
        if (is_indexed(b, t))
            return write_listed(b, &t, 1, yes, no);
        return write_step(b, (struct step){.test = t->test & STEP_TEST_MASK, .yes = yes, .no = no});
    case EXPR_NOT:
        return program_steps_emit(b, t->kids[0], no, yes);
    case EXPR_AND:
        for (uint32_t i = t->count; i-- > 0 && !b->failed;)
            next = program_steps_emit(b, t->kids[i], next, no);
        return next;
    case EXPR_OR:
        for (uint32_t i = t->count; i-- > 0 && !b->failed;) {
            if (!is_indexed(b, t->kids[i]))
                next = program_steps_emit(b, t->kids[i], yes, next);
            else if (!is_covered(b, t, i))
                next = write_listed(b, t->kids + i, t->count - i, yes, next);
        }
        return next;
    default:
        return t->op == EXPR_TRUE ? yes : no;
    }
}

static uint32_t program_steps_mirror(uint32_t at, uint32_t first, uint32_t last)
{
    return at < STEP_FAIL ? first + last - at : at;
}

/* Turns an entry's steps round, so that they are taken in the order of memory. */
static uint32_t turn_round(struct program *p, uint32_t first, uint32_t root)
{
    uint32_t last = p->step_count - 1;

    for (uint32_t i = first, k = last; p->step_count > first && i < k; i++, k--) {
        struct step s = p->steps[i];

        p->steps[i] = p->steps[k];
        p->steps[k] = s;
    }
    for (uint32_t i = first; i < p->step_count; i++) {
        p->steps[i].yes = program_steps_mirror(p->steps[i].yes, first, last);
        p->steps[i].no = program_steps_mirror(p->steps[i].no, first, last);
    }
    return program_steps_mirror(root, first, last);
}

int program_steps(struct program_build *b)
{
    struct program *p = b->program;

    for (uint32_t i = 0; i < p->entry_count; i++) {
        uint32_t first = p->step_count, root;

        (void)tree_cost(b, b->trees[i]);
        sort_tree(b->trees[i]);
        root = program_steps_emit(b, b->trees[i], STEP_MATCH, STEP_FAIL);
        p->entries[i].root = turn_round(p, first, root);
    }
    return b->failed ? -CE_NOMEM : 0;
}
