/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/reasons.h"

#include <stdlib.h>

#include "base/array.h"
#include "sigma/comparison.h"

enum { BYTES_MAX = 512 * 1024 * 1024 };

/* An expression with its tests known, as it stands: nothing is folded away. */
struct node {
    uint8_t op;
    uint16_t field; /* of an atom: a number for its name */
    uint32_t count, test;
    struct node **kids;
    const struct atom *atom;
};

struct variant {
    struct node *route, *condition;
    struct slice mapping;
};

struct reasons {
    const struct ruleset *rules;
    struct program program; /* tests of the rules that have alerted, without an index */
    struct program_build build;
    struct err err;
    struct runner runner;
    struct variant **variants; /* by rule; NULL until it alerts */
    struct map fields;         /* name → number */
    uint32_t field_count;
    uint32_t channels[2]; /* by enum event_view: the first value of Channel */
    uint32_t *told_at;    /* by field: the turn in which it was told */
    uint32_t told_cap, turn;
    struct reason reasons[REASONS_MAX];
    uint32_t count;
};

struct reasons *reasons_new(const struct ruleset *rs)
{
    struct reasons *r = calloc(1, sizeof(*r));
    struct program *p;

    if (r == NULL)
        return NULL;
    r->rules = rs;
    p = &r->program;
    p->arena = ARENA_INIT(BYTES_MAX);
    p->slot_count = 1;
    p->key_count = keys_count(ruleset_keys(rs));
    p->slot_of = arena_new_array(&p->arena, (size_t)p->key_count + 1, uint16_t);
    p->number_slot_of = arena_new_array(&p->arena, 2 * ((size_t)p->key_count + 1), uint16_t);
    r->build = (struct program_build){.program = p,
                                      .keys = ruleset_keys(rs),
                                      .err = &r->err,
                                      .scratch = ARENA_INIT(BYTES_MAX),
                                      .identity = BUF_INIT(1 << 20)};
    map_init(&r->build.tests, TESTS_MAX);
    map_init(&r->fields, UINT16_MAX);
    r->variants = calloc((size_t)ruleset_count(rs) + 1, sizeof(struct variant *));
    if (runner_init(&r->runner) < 0 || p->slot_of == NULL || p->number_slot_of == NULL ||
        r->variants == NULL)
        return reasons_free(r);
    return r;
}

struct reasons *reasons_free(struct reasons *r)
{
    if (r == NULL)
        return NULL;
    for (uint32_t i = 0; i < r->program.regex_count; i++)
        (void)regex_free(r->program.regexes[i]);
    free(r->program.regexes);
    free(r->program.tests);
    arena_done(&r->program.arena);
    map_done(&r->build.tests);
    buf_done(&r->build.identity);
    arena_done(&r->build.scratch);
    runner_done(&r->runner);
    map_done(&r->fields);
    free(r->told_at);
    free(r->variants);
    free(r);
    return NULL;
}

void reasons_begin(struct reasons *r, const struct event *e)
{
    r->runner.event = e;
    r->runner.program = NULL; /* values are made when a rule asks for them */
}

/* A number for a field's name; the same name has the same one in all rules. */
static uint16_t field_number(struct reasons *r, struct slice name)
{
    uint32_t number = 0;

    if (map_get(&r->fields, name, &number))
        return (uint16_t)number;
    if (!array_room(r->told_at, r->field_count, r->told_cap, TESTS_MAX) ||
        map_put(&r->fields, name, r->field_count) < 0) {
        r->build.failed = true;
        return 0;
    }
    r->told_at[r->field_count] = 0;
    return (uint16_t)r->field_count++;
}

static struct node *make_node(struct reasons *r, const struct expr *e)
{
    struct arena *arena = &r->program.arena;
    struct node *n = arena_new(arena, struct node);

    if (n == NULL) {
        r->build.failed = true;
        return NULL;
    }
    n->op = e->op;
    if (e->op == EXPR_ATOM) {
        n->atom = e->atom;
        n->test = program_test(&r->build, e->atom);
        n->field = field_number(r, e->atom->field);
        return n;
    }
    n->kids = arena_new_array(arena, (size_t)e->count + 1, struct node *);
    r->build.failed |= n->kids == NULL;
    for (; n->count < e->count && !r->build.failed; n->count++)
        n->kids[n->count] = make_node(r, e->kids[n->count]);
    return n;
}

/* The rule's variants with their tests, made when it first alerts. NULL without memory. */
static const struct variant *find_variants(struct reasons *r, uint32_t rule, uint32_t *ret_count)
{
    const struct rule_variant *from = ruleset_variants(r->rules, rule, ret_count);
    struct variant *to = r->variants[rule];

    if (to != NULL)
        return to;
    to = arena_new_array(&r->program.arena, (size_t)*ret_count + 1, struct variant);
    for (uint32_t i = 0; to != NULL && i < *ret_count && !r->build.failed; i++)
        to[i] = (struct variant){make_node(r, from[i].route), make_node(r, from[i].condition),
                                 from[i].mapping};
    if (to == NULL || r->build.failed) {
        r->build.failed = false; /* this rule is told without reasons; the next may have them */
        return NULL;
    }
    r->runner.program = NULL; /* new tests may ask for fields that have no value yet */
    return r->variants[rule] = to;
}

/* Which values Channel has for whom. */
static void keep_channels(struct reasons *r)
{
    const struct slot_state *s = &r->runner.slots[r->program.slot_of[KEY_CHANNEL]];

    r->channels[VIEW_ROUTE] = s->turn == r->runner.turn ? s->first : 0;
    if (r->channels[VIEW_CONDITION] == 0)
        r->channels[VIEW_CONDITION] = r->channels[VIEW_ROUTE];
}

/* From now on tests see the event so. */
static void look_as(struct reasons *r, enum event_view view)
{
    uint32_t slot = r->program.slot_of[KEY_CHANNEL];

    if (slot != 0)
        r->runner.slots[slot] =
            (struct slot_state){.turn = r->runner.turn, .first = r->channels[view]};
}

/* All values of the event, in its order, those of a field one after the other. */
static bool link_all(struct reasons *r)
{
    struct runner *run = &r->runner;

    if (run->program != NULL)
        return true;
    if (runner_fit(run, &r->program) < 0)
        return false;
    if (++run->turn == UINT32_MAX) {
        memset(run->slots, 0, run->slot_cap * sizeof(*run->slots));
        run->turn = 1;
    }
    scratch_reset(&run->scratch);
    run->program = &r->program;
    run->value_count = run->event->count;
    run->rest_turn = run->turn;
    r->channels[VIEW_CONDITION] = 0;
    for (uint32_t i = run->event->count; i > 0; i--) {
        const struct field *f = &run->event->fields[i - 1];
        uint32_t slot = f->key <= r->program.key_count ? r->program.slot_of[f->key] : 0;
        struct slot_state *s = &run->slots[slot];

        if (f->key == KEY_DATA_CHANNEL) {
            run->values[i] = (struct value){.field = f, .next = r->channels[VIEW_CONDITION]};
            r->channels[VIEW_CONDITION] = i;
            continue;
        }

        if (s->turn != run->turn)
            *s = (struct slot_state){.turn = run->turn};
        run->values[i] = (struct value){.field = f, .next = s->first};
        s->first = slot ? i : 0;
    }
    keep_channels(r);
    return true;
}

/* The first value of the event that satisfies an atom over values, or NULL. */
static struct value *find_value(struct reasons *r, const struct test *t)
{
    struct runner *run = &r->runner;

    if (t->slot == SLOT_KEYWORD) {
        for (uint32_t i = 1; i <= run->value_count; i++) {
            if (test_holds_of(run, t, &run->values[i]))
                return &run->values[i];
        }
        return NULL;
    }
    for (struct value *v = runner_first(run, t->slot); v != NULL; v = runner_next(run, v)) {
        if (test_holds_of(run, t, v))
            return v;
    }
    return NULL;
}

/* Whether an atom holds, and by which value (of one about the field the first, or NULL). */
static bool atom_holds(struct reasons *r, const struct node *n, struct value **ret)
{
    const struct test *t;

    *ret = NULL;
    if (n->test == TEST_NONE) /* no event has the field */
        return comparison_absent(n->atom);
    t = &r->program.tests[n->test];
    if (t->kind == TEST_FIELD) {
        *ret = runner_first(&r->runner, t->slot);
        return test_holds(&r->runner, t);
    }
    return (*ret = find_value(r, t)) != NULL;
}

static bool node_holds(struct reasons *r, const struct node *n)
{
    struct value *value;

    if (n->op == EXPR_ATOM)
        return atom_holds(r, n, &value);
    if (n->op == EXPR_TRUE || n->op == EXPR_FALSE)
        return n->op == EXPR_TRUE;
    for (uint32_t i = 0; i < n->count; i++) {
        bool held = node_holds(r, n->kids[i]);

        if (n->op == EXPR_NOT || held != (n->op == EXPR_AND))
            return n->op == EXPR_NOT ? !held : held;
    }
    return n->op == EXPR_AND;
}

static void reasons_report(struct reasons *r, const struct node *n, struct value *v)
{
    struct reason *to = &r->reasons[r->count++];
    bool failed = false;

    r->told_at[n->field] = r->turn;
    *to = (struct reason){.field = n->atom->field};
    if (v != NULL && value_has_text(v))
        to->value = value_plain(v, &r->runner.scratch, &failed);
}

/*
 * Tells of the atoms in a node that is known to hold, or, where it is not known, of those in it if
 * it does.
 */
static void report_node(struct reasons *r, const struct node *n, bool known)
{
    struct value *v;

    if (r->count == REASONS_MAX || n->op == EXPR_NOT)
        return;
    if (n->op == EXPR_ATOM) {
        if (r->told_at[n->field] != r->turn && atom_holds(r, n, &v))
            reasons_report(r, n, v);
        return;
    }
    if (n->op == EXPR_AND && !known && !node_holds(r, n))
        return;
    for (uint32_t i = 0; i < n->count; i++)
        report_node(r, n->kids[i], n->op == EXPR_AND);
}

static bool holds_as(struct reasons *r, const struct node *n, enum event_view view)
{
    look_as(r, view);
    return node_holds(r, n);
}

/* The first variant whose route and condition hold: one that is alone needs no second look. */
static const struct variant *reasons_choose(struct reasons *r, const struct variant *all,
                                            uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (count == 1 || (holds_as(r, all[i].route, VIEW_ROUTE) &&
                           holds_as(r, all[i].condition, VIEW_CONDITION)))
            return &all[i];
    }
    return NULL;
}

struct match_reasons reasons_find(struct reasons *r, uint32_t rule)
{
    uint32_t count;
    const struct variant *all = find_variants(r, rule, &count), *held;

    if (all == NULL || !link_all(r) || (held = reasons_choose(r, all, count)) == NULL)
        return (struct match_reasons){0};
    r->count = 0;
    if (++r->turn == 0) {
        memset(r->told_at, 0, r->field_count * sizeof(*r->told_at));
        r->turn = 1;
    }
    look_as(r, VIEW_CONDITION);
    report_node(r, held->condition, true);
    return (struct match_reasons){r->reasons, r->count, held->mapping};
}
