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

/* A part of a condition that holds whenever the condition does; told one after the other. */
struct piece {
    struct slice name; /* of the only field that it asks of; empty: of several, or keywords */
    const struct expr *expr;
    struct node *node; /* of expr; NULL until it must be evaluated */
    uint16_t field, slot;
};

struct plan {
    struct slice mapping;
    uint32_t count;
    struct piece pieces[];
};

struct reasons {
    const struct ruleset *rules;
    struct program program; /* tests that had to be made, without an index; a slot for each key */
    struct program_build build;
    struct err err;
    struct runner runner;
    bool linked;         /* the event's values are */
    struct plan **plans; /* by variant; NULL until it alerts */
    struct map fields;   /* name → number */
    uint32_t field_count;
    uint32_t *told_at; /* by field: the turn in which it was told */
    uint32_t told_cap, turn;
    struct reason reasons[REASONS_MAX];
    uint32_t count;
};

/* Each key has the slot of its number, whoever asks for it. */
static bool make_slots(struct program *p, const struct keys *keys)
{
    p->key_count = keys_count(keys);
    p->slot_count = p->key_count + 1;
    p->slot_of = arena_new_array(&p->arena, p->slot_count, uint16_t);
    p->number_slot_of = arena_new_array(&p->arena, 2 * (size_t)p->slot_count, uint16_t);
    for (uint32_t i = 0; p->slot_of && i < p->slot_count; i++)
        p->slot_of[i] = (uint16_t)i;
    return p->slot_of && p->number_slot_of;
}

struct reasons *reasons_new(const struct ruleset *rs)
{
    struct reasons *r = calloc(1, sizeof(*r));
    struct program *p;

    if (r == NULL)
        return NULL;
    r->rules = rs;
    p = &r->program;
    p->arena = ARENA_INIT(BYTES_MAX);
    program_build_init(&r->build, p, ruleset_keys(rs), &r->err);
    map_init(&r->fields, UINT16_MAX);
    r->plans = calloc((size_t)ruleset_variant_count(rs) + 1, sizeof(struct plan *));
    if (runner_init(&r->runner) < 0 || r->plans == NULL || !make_slots(p, r->build.keys) ||
        runner_fit(&r->runner, p) < 0)
        return reasons_free(r);
    r->runner.program = p;
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
    program_build_done(&r->build);
    runner_done(&r->runner);
    map_done(&r->fields);
    free(r->told_at);
    free(r->plans);
    free(r);
    return NULL;
}

void reasons_begin(struct reasons *r, const struct event *e)
{
    r->runner.event = e;
    r->linked = false;
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

/* The only field that an expression asks of, whether some value satisfies it; or empty. */
static struct slice sole_field(const struct expr *e)
{
    struct slice name = SLICE("");

    if (e->op == EXPR_ATOM)
        return e->atom->field;
    for (uint32_t i = 0; (e->op == EXPR_AND || e->op == EXPR_OR) && i < e->count; i++) {
        struct slice of = sole_field(e->kids[i]);

        if (of.n == 0 || (name.n && !slice_eq(of, name)))
            return SLICE("");
        name = of;
    }
    return name;
}

static struct piece make_piece(struct reasons *r, const struct expr *e)
{
    struct piece ret = {.name = sole_field(e), .expr = e};

    if (ret.name.n) {
        ret.field = field_number(r, ret.name);
        ret.slot = (uint16_t)keys_find(r->build.keys, ret.name);
    }
    return ret;
}

/* The pieces of an expression that holds when the condition does, from to on; how many. to NULL:
 * they are only counted. */
static uint32_t make_pieces(struct reasons *r, const struct expr *e, struct piece *to)
{
    uint32_t n = 0;

    if (e->op == EXPR_ATOM || e->op == EXPR_OR) {
        if (to)
            *to = make_piece(r, e);
        return 1;
    }
    for (uint32_t i = 0; e->op == EXPR_AND && i < e->count; i++)
        n += make_pieces(r, e->kids[i], to ? to + n : NULL);
    return n;
}

static struct plan *make_plan(struct reasons *r, const struct rule_variant *variant)
{
    uint32_t count = make_pieces(r, variant->condition, NULL);
    struct plan *plan =
        arena_alloc(&r->program.arena, sizeof(*plan) + count * sizeof(*plan->pieces));

    if (plan == NULL)
        return NULL;
    plan->mapping = variant->mapping;
    plan->count = make_pieces(r, variant->condition, plan->pieces);
    return plan;
}

/* How a variant is told, laid out when it first alerts. NULL without memory. */
static struct plan *find_plan(struct reasons *r, uint32_t variant)
{
    struct plan *made;

    if (r->plans[variant] != NULL)
        return r->plans[variant];
    made = make_plan(r, ruleset_variant(r->rules, variant));
    if (!r->build.failed)
        r->plans[variant] = made;
    r->build.failed = false; /* it is told without reasons; the next may have them */
    return r->plans[variant];
}

/* What Channel is to conditions: the data's values, where it has some (enum event_view). */
static void prefer_data_channel(struct runner *run, uint32_t first)
{
    if (first != 0)
        run->slots[KEY_CHANNEL] = (struct slot_state){.turn = run->turn, .first = first};
}

/* All values of the event, in its order, those of a field one after the other. */
static void link_all(struct reasons *r)
{
    struct runner *run = &r->runner;
    uint32_t data_channel = 0;

    if (r->linked)
        return;
    r->linked = true;
    if (++run->turn == UINT32_MAX) {
        memset(run->slots, 0, run->slot_cap * sizeof(*run->slots));
        run->turn = 1;
    }
    scratch_reset(&run->scratch);
    run->value_count = run->event->count;
    run->rest_turn = run->turn;
    for (uint32_t i = run->event->count; i > 0; i--) {
        const struct field *f = &run->event->fields[i - 1];
        struct slot_state *s = &run->slots[f->key <= r->program.key_count ? f->key : KEY_NONE];

        if (f->key == KEY_DATA_CHANNEL) {
            value_begin(&run->values[i], f, data_channel);
            data_channel = i;
            continue;
        }
        if (s->turn != run->turn)
            *s = (struct slot_state){.turn = run->turn};
        value_begin(&run->values[i], f, s->first);
        s->first = f->key != KEY_NONE ? i : 0;
    }
    prefer_data_channel(run, data_channel);
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

static void reasons_report(struct reasons *r, struct slice name, uint16_t field, struct value *v)
{
    r->told_at[field] = r->turn;
    r->reasons[r->count++] =
        (struct reason){name, v != NULL && value_has_text(v) ? v->field : NULL};
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
            reasons_report(r, n->atom->field, n->field, v);
        return;
    }
    if (n->op == EXPR_AND && !known && !node_holds(r, n))
        return;
    for (uint32_t i = 0; i < n->count; i++)
        report_node(r, n->kids[i], n->op == EXPR_AND);
}

/* Made when it must first be evaluated. NULL without memory. */
static const struct node *piece_node(struct reasons *r, struct piece *piece)
{
    if (piece->node == NULL) {
        struct node *made = make_node(r, piece->expr);

        piece->node = r->build.failed ? NULL : made;
        r->build.failed = false;
    }
    return piece->node;
}

/* The piece holds, so a field's only value is what made it: nothing is to be evaluated. */
static void report_piece(struct reasons *r, struct piece *piece)
{
    struct value *v = piece->slot ? runner_first(&r->runner, piece->slot) : NULL;
    const struct node *n;

    if (r->count == REASONS_MAX || (piece->name.n && r->told_at[piece->field] == r->turn))
        return;
    if (v != NULL && v->next == 0)
        reasons_report(r, piece->name, piece->field, v);
    else if ((n = piece_node(r, piece)) != NULL)
        report_node(r, n, true);
}

struct match_reasons reasons_find(struct reasons *r, uint32_t variant)
{
    struct plan *plan = find_plan(r, variant);

    if (plan == NULL)
        return (struct match_reasons){0};
    r->count = 0;
    if (++r->turn == 0) {
        memset(r->told_at, 0, r->field_count * sizeof(*r->told_at));
        r->turn = 1;
    }
    link_all(r);
    for (uint32_t i = 0; i < plan->count; i++)
        report_piece(r, &plan->pieces[i]);
    return (struct match_reasons){r->reasons, r->count, plan->mapping};
}
